import { newId } from '@renxin/kernel'
import { mergePatients, patients, registerPatient } from '@renxin/patients'
import { patientsApi } from '@renxin/patients/contract'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyEncounterFacts, type EncounterFacts, encounters } from './index.ts'

const house = await openHouse([staff, patients, encounters], { now: '2026-09-04T09:00+08:00' })
const nurse = house.who('patients.read', 'patients.names')
const tell = (...facts: EncounterFacts[]) => house.inside((ctx) => applyEncounterFacts(ctx, facts))
const standingOf = async (id: string) => (await nurse.call(patientsApi.file, { id })).standing
const codesOf = async (id: string) =>
  (await house.sql<{ code: string }>('select code from patients.diagnosed where patient_id = $1 order by code', [id])).map((r) => r.code)
const at = (day: string, time = '10:00') => new Date(`2026-${day}T${time}:00+08:00`)

async function newPatient() {
  const id = newId()
  await house.inside((ctx) => registerPatient(ctx, { id, name: '赵建国' }))
  return id
}

let count = 0
const number = () => `V${String(++count).padStart(6, '0')}`

function stayOf(patientId: string, from: string, to: string) {
  const said = {
    number: number(),
    patientId,
    class: 'inpatient' as const,
    departmentName: '心血管内科',
    wardName: '心内一病区',
    bed: '12床',
  }
  const diagnoses = [{ code: 'I21.401', name: '急性非ST段抬高型心肌梗死', system: 'ICD10CN', type: 'final' as const, rank: 1 }]
  return {
    admit: { ...said, event: 'admit', sourceAt: at(from), admittedAt: at(from), attending: { name: '王志强' }, condition: '病危' },
    home: { ...said, event: 'discharge', sourceAt: at(to), dischargedAt: at(to), disposition: '1', diagnoses },
    recall: { ...said, event: 'cancelDischarge', sourceAt: at(to, '11:00') },
    cancel: { ...said, event: 'cancelAdmit', sourceAt: at(from, '11:00') },
  } satisfies Record<string, EncounterFacts>
}

const visitOn = (patientId: string, day: string, more: Partial<EncounterFacts> = {}): EncounterFacts => ({
  number: number(),
  patientId,
  class: 'outpatient',
  event: 'register',
  departmentName: '内分泌科',
  sourceAt: at(day),
  admittedAt: at(day),
  ...more,
})

describe('where a patient stands', () => {
  test('who lies in a bed is in hospital, with ward and doctor; who has gone home is discharged, and since when', async () => {
    const id = await newPatient()
    expect((await standingOf(id)).state).toBe('known')
    const stay = stayOf(id, '09-01', '09-03')

    await tell(stay.admit)
    expect(await standingOf(id)).toMatchObject({
      state: 'inHospital',
      class: 'inpatient',
      ward: '心内一病区',
      department: '心血管内科',
      attending: '王志强',
      dischargedOn: null,
    })
    await tell(stay.home)

    expect(await standingOf(id)).toMatchObject({
      state: 'discharged',
      dischargedOn: '2026-09-03',
      seenOn: '2026-09-01',
      mainDiagnosis: '急性非ST段抬高型心肌梗死',
    })
    expect(await codesOf(id)).toEqual(['I21.401'])
  })

  test('a discharge that is withdrawn puts them back into hospital, a cancelled admission leaves nothing', async () => {
    const id = await newPatient()
    const stay = stayOf(id, '09-01', '09-03')
    await tell(stay.admit, stay.home)

    await tell(stay.recall)
    expect(await standingOf(id)).toMatchObject({ state: 'inHospital', dischargedOn: null })
    await tell({ ...stay.cancel, sourceAt: at('09-03', '12:00') })

    expect(await standingOf(id)).toMatchObject({ state: 'known', class: null, ward: null, seenOn: null })
    expect(await codesOf(id)).toEqual([])
  })

  test('a visit without an end counts as visiting on its day, and as a visit from the next day on', async () => {
    const id = await newPatient()
    house.setNow('2026-09-04T09:00+08:00')

    await tell(visitOn(id, '09-04'))

    expect(await standingOf(id)).toMatchObject({ state: 'visiting', class: 'outpatient', department: '内分泌科' })
    house.advance({ days: 1 })
    expect((await standingOf(id)).state).toBe('visited')
    house.setNow('2026-09-04T09:00+08:00')
  })

  test('who has a bed promised is booked, unless in hospital or seen since', async () => {
    const id = await newPatient()
    const planned = { ...visitOn(id, '09-10'), event: 'update' as const, class: 'inpatient' as const, admittedAt: undefined }

    await tell(visitOn(id, '09-02'), planned)
    expect((await standingOf(id)).state).toBe('booked')
    await tell(stayOf(id, '09-03', '09-20').admit)

    expect((await standingOf(id)).state).toBe('inHospital')
  })

  test('an older stay that becomes known late changes nothing of the present one, and leaves the bed', async () => {
    const id = await newPatient()
    await tell(stayOf(id, '09-01', '09-20').admit)
    const older = stayOf(id, '07-01', '07-05')

    await tell(older.admit, older.home)

    expect(await standingOf(id)).toMatchObject({ state: 'inHospital', dischargedOn: '2026-07-05' })
    expect((await nurse.call(patientsApi.card, { id })).bed).toBe('12床')
  })

  test('two files that become one stand where both together do, and the retired one nowhere', async () => {
    const [survivorId, retiredId] = [await newPatient(), await newPatient()]
    const stay = stayOf(survivorId, '08-01', '08-05')
    await tell(stay.admit, stay.home, stayOf(retiredId, '09-01', '09-20').admit)

    await house.inside((ctx) => mergePatients(ctx, { survivorId, retiredId }))
    await house.settle()

    expect(await standingOf(survivorId)).toMatchObject({ state: 'inHospital', dischargedOn: '2026-08-05', seenOn: '2026-09-01' })
    const [retired] = await house.sql('select state, encounter_id, stays from patients.standings where patient_id = $1', [retiredId])
    expect(retired).toEqual({ state: null, encounter_id: null, stays: 0 })
  })

  test('ends the same in whatever order the messages come', async () => {
    const factsOf = (id: string) => {
      const [first, second] = [stayOf(id, '07-01', '07-05'), stayOf(id, '09-01', '09-03')]
      return [first.admit, first.home, second.admit, second.home, second.recall, visitOn(id, '08-01')]
    }
    const rowOf = async (id: string) =>
      (
        await house.sql(
          'select state, class, department_id, ward_id, ever_critical, days_since_prior, seen_on, first_seen_on, discharged_on, visits, stays from patients.standings where patient_id = $1',
          [id],
        )
      )[0]
    const right = await newPatient()
    await tell(...factsOf(right))
    const expected = await rowOf(right)
    expect(expected).toMatchObject({ state: 'inHospital', discharged_on: '2026-07-05', days_since_prior: 58, visits: 1, stays: 2 })

    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), async (order) => {
        const id = await newPatient()
        const facts = factsOf(id)
        for (const i of order) await tell(...facts.slice(i, i + 1))
        expect(await rowOf(id)).toEqual(expected)
      }),
      { numRuns: 12 },
    )
  })
})
