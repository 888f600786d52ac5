import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { saveUnit, staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { patientsApi, reachApi } from '../contract.ts'
import { applyPatientFacts, noteCare, noteStandings, type PatientFacts, patients, takeStandings } from './index.ts'

const house = await openHouse([staff, patients], { now: '2026-09-04T09:00+08:00' })
const clerk = house.who('patients.read', 'patients.names', 'patients.edit')
const unit = (kind: 'department' | 'ward', name: string, departmentId: string | null) =>
  house.inside((ctx) => saveUnit(ctx, { id: newId(), kind, code: null, name, departmentId, campusId: null, isActive: true }))
const heart = await unit('department', '心血管内科', null)
const ward = await unit('ward', '心内一病区', heart.id)
const period = { from: '2026-08-05', until: '2026-09-04' }
let count = 0

type Said = Pick<PatientFacts, 'name' | 'phones' | 'kin'>
/** Somebody who went home on 1 September. */
async function wentHome(said: Said, more: { ward?: string | null } = {}): Promise<string> {
  count += 1
  const fact = {
    identifiers: [{ system: 'HIS', type: 'MR', value: `R${count}` }],
    sourceAt: new Date('2026-09-01T00:00Z'),
    name: '王芳',
    ...said,
  }
  const [id = ''] = await house.inside((ctx) => applyPatientFacts(ctx, [fact]))
  await house.inside(async (ctx) => {
    await takeStandings(ctx, [id])
    await noteStandings(ctx, [
      {
        patientId: id, state: 'discharged', visitingOn: null, bookedAt: null, encounterId: null, class: 'inpatient', departmentId: heart.id,
        wardId: more.ward === undefined ? ward.id : more.ward, attendingId: null, nursingLevel: null, condition: null, mainDiagnosisCode: null,
        mainDiagnosisName: null, everCritical: false, everLevelOne: false, daysSincePrior: null, seenOn: '2026-08-28', firstSeenOn: '2026-08-28',
        dischargedOn: '2026-09-01', visits: 0, stays: 1,
      },
    ]) // biome-ignore format: a row
  })
  return id
}
const son = { name: '王小军', relation: '儿子', phones: [{ number: '13900000009' }] }

test('gaps are counted by ward: no number, all void, only one, no relative, and the landline that is wished for', async () => {
  const none = await wentHome({})
  const voided = await wentHome({ phones: [{ number: '13800000021' }] })
  const one = await wentHome({ phones: [{ number: '13800000022' }] })
  const whole = await wentHome({ phones: [{ number: '13800000023' }, { number: '0510-12345678' }], kin: [son] })
  await wentHome({}, { ward: null })
  const { contacts } = await clerk.call(patientsApi.file, { id: voided })
  await clerk.call(patientsApi.changeContact, { contactId: contacts[0]?.id ?? '', isVoid: true })

  const { rows } = await clerk.call(reachApi.contactGaps, period)

  expect(rows).toEqual([
    { wardId: ward.id, ward: '心内一病区', patients: 4, noPhone: 1, allVoid: 1, onePhone: 1, noRelative: 3, noLandline: 3 },
    { wardId: null, ward: null, patients: 1, noPhone: 1, allVoid: 0, onePhone: 0, noRelative: 1, noLandline: 1 },
  ])
  const of = async (gap: 'noPhone' | 'allVoid' | 'onePhone') =>
    (await clerk.call(reachApi.gapPatients, { ...period, gap, wardId: ward.id })).rows.map((r) => r.id)
  expect([await of('noPhone'), await of('allVoid'), await of('onePhone')]).toEqual([[none], [voided], [one]])
  expect((await clerk.call(reachApi.gapPatients, { ...period, gap: 'noLandline' })).rows.map((r) => r.id)).not.toContain(whole)
  expect((await clerk.call(reachApi.contactGaps, { from: '2026-09-02', until: '2026-09-04' })).rows).toEqual([])
})

test('who shares a telephone is told, and who answers for whom', async () => {
  const father = await wentHome({
    name: '赵建国',
    phones: [{ number: '13811110001' }],
    kin: [{ name: '赵小军', relation: '儿子', phones: [{ number: '13811110002' }] }],
  })
  const mother = await wentHome({ name: '李秀英', phones: [{ number: '13811110001' }] })
  const child = await wentHome({ name: '赵小军', phones: [{ number: '13811110002' }] })
  const of = async (id: string) =>
    (await clerk.call(reachApi.household, { patientId: id })).rows.map((r) => [r.person.name, r.tie, r.relation, r.masked]).sort()

  expect(await of(father)).toEqual([
    ['李秀英', 'sharesPhone', null, '138****0001'],
    ['赵小军', 'answersForThis', 'son', '138****0002'],
  ])
  expect(await of(child)).toEqual([['赵建国', 'thisAnswersFor', 'son', '138****0002']])
  expect((await of(mother)).map((r) => r[0])).toEqual(['赵建国'])
})

test('of a household only those are shown whom the reader may see', async () => {
  const [mine, theirs] = [newId(), newId()]
  const a = await wentHome({ name: '周一', phones: [{ number: '13811110009' }] })
  const b = await wentHome({ name: '周二', phones: [{ number: '13811110009' }] })
  await house.inside((ctx) =>
    noteCare(ctx, [
      { patientId: a, unitIds: [mine] },
      { patientId: b, unitIds: [theirs] },
    ]),
  )
  const doctor = house.who({ 'patients.read': 'department' }, { departments: [mine] })

  expect((await doctor.call(reachApi.household, { patientId: a })).rows).toEqual([])
  await expect(doctor.call(reachApi.household, { patientId: b })).rejects.toMatchObject({ code: 'patients.notFound' })
})
