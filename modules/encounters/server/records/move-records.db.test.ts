import { newId } from '@renxin/kernel'
import { mergePatients, partPatients, patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyEncounterFacts, applyRecords, encounters, type ReportFacts } from '../index.ts'

const house = await openHouse([staff, patients, encounters], { now: '2026-09-04T09:00+08:00' })
const newPatient = async () => (await registerPatient(house.ctx, { id: newId(), name: '赵建国' })).id

let clock = 0
const next = () => new Date(Date.UTC(2026, 8, 1, 0, ++clock))
const potassium = { code: 'K', name: '钾', value: '6.9', amount: 6.9, unit: 'mmol/L', range: '3.5-5.3', flag: 'HH', observedAt: null }
async function say(patientId: string, visitNumber: string | null, fields: Partial<ReportFacts> = {}): Promise<string> {
  const { number = `R${++clock}` } = fields
  await house.inside((ctx) =>
    applyRecords(ctx, [
      {
        is: 'report',
        source: 'LIS',
        sourceAt: next(),
        patientId,
        kind: 'laboratory',
        status: 'final',
        visitNumber,
        ...fields,
        number,
      },
    ]),
  )
  return number
}
const visit = (number: string, patientId: string, retires: string[] = []) =>
  house.inside((ctx) => applyEncounterFacts(ctx, [{ number, retires, patientId, event: 'update', class: 'inpatient', sourceAt: next() }]))
const merge = (survivorId: string, retiredId: string) => house.inside((ctx) => mergePatients(ctx, { survivorId, retiredId }))
const part = (survivorId: string, retiredId: string) => house.inside((ctx) => partPatients(ctx, { survivorId, retiredId }))
const ownerOf = async (number: string) =>
  (await house.sql('select patient_id, said_patient_id from encounters.reports where number = $1', [number]))[0]?.patient_id

describe('the records of two files', () => {
  test('are one person’s after a merge, and each file’s own again after it is taken back', async () => {
    const [a, b] = [await newPatient(), await newPatient()]
    const [ofA, ofB] = [await say(a, null), await say(b, null)]

    await merge(a, b)
    await house.settle()
    const between = await say(b, null)
    const merged = [await ownerOf(ofA), await ownerOf(ofB), await ownerOf(between)]
    await part(a, b)
    await house.settle()

    expect(merged).toEqual([a, a, a])
    expect([await ownerOf(ofA), await ownerOf(ofB), await ownerOf(between)]).toEqual([a, b, b])
  })
})

test('a file that is found to be yet another’s takes its records along', async () => {
  const [file, first, second] = [await newPatient(), await newPatient(), await newPatient()]
  const record = await say(file, null)

  await merge(first, file)
  await house.settle()
  await merge(second, file)
  await house.settle()

  expect(await ownerOf(record)).toBe(second)
})

test('a report that its laboratory had given to the wrong patient takes its warning along', async () => {
  const [wrong, right] = [await newPatient(), await newPatient()]
  const number = await say(wrong, null, { items: [potassium] })
  await house.settle()

  await say(right, null, { number })
  await house.settle()

  expect(
    await house.sql('select patient_id from patients.cautions where patient_id = any($1) and ended_at is null', [[wrong, right]]),
  ).toEqual([{ patient_id: right }])
})

describe('the records of a visit', () => {
  test('go with it to the patient whose it was found to be, those that come later too', async () => {
    const [wrong, right] = [await newPatient(), await newPatient()]
    await visit('VM1', wrong)
    const early = await say(wrong, 'VM1')
    const other = await say(wrong, null)

    await visit('VM1', right)
    const late = await say(wrong, 'VM1')

    expect([await ownerOf(early), await ownerOf(late), await ownerOf(other)]).toEqual([right, right, wrong])
  })

  test('take the warning of a critical value along, and leave none behind', async () => {
    const [wrong, right] = [await newPatient(), await newPatient()]
    const warned = () =>
      house.sql('select patient_id from patients.cautions where patient_id = any($1) and ended_at is null', [[wrong, right]])
    await visit('VM5', wrong)
    const number = await say(wrong, 'VM5', { items: [potassium] })
    await house.settle()
    const before = await warned()

    await visit('VM5', right)
    await house.settle()
    const after = await warned()
    await say(wrong, 'VM5', { number, items: [{ ...potassium, value: '4.1', amount: 4.1, flag: null }] })
    await house.settle()

    expect([before, after, await warned()]).toEqual([[{ patient_id: wrong }], [{ patient_id: right }], []])
  })

  test('do not go to a patient of whom nobody said that the visit was theirs before: a number that is used twice misleads nobody', async () => {
    const [one, another] = [await newPatient(), await newPatient()]
    await visit('VM2', another)

    expect(await ownerOf(await say(one, 'VM2'))).toBe(one)
  })

  test('go with it when it turns out to be another visit, of another patient', async () => {
    const [wrong, right] = [await newPatient(), await newPatient()]
    await visit('VM3', wrong)
    const early = await say(wrong, 'VM3')
    await visit('VM4', right)

    await visit('VM4', right, ['VM3'])

    expect(await ownerOf(early)).toBe(right)
  })
})

test('whatever comes in whatever order, and whenever it is heard, a record lies with its visit’s patient, else with the survivor of whom it was said', async () => {
  const who = fc.nat(2)
  const where = fc.option(fc.nat(1))
  const deed = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('say' as const), who, where }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('visit' as const), who, where: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('merge' as const), who, whom: who }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('part' as const), who, whom: who }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 6, maxLength: 14 }), async (deeds) => {
      const ids = [await newPatient(), await newPatient(), await newPatient()]
      const id = (n: number) => ids[n] ?? ''
      const numbers = [`VP${++clock}`, `VQ${++clock}`]
      for (const d of deeds) {
        if (d.do === 'say') await say(id(d.who), d.where === null ? null : (numbers[d.where] ?? null))
        if (d.do === 'visit') await visit(numbers[d.where] ?? '', id(d.who))
        if (d.do === 'merge' && d.who !== d.whom) await merge(id(d.who), id(d.whom))
        if (d.do === 'part' && d.who !== d.whom) await part(id(d.who), id(d.whom))
        if (d.do === 'settle') await house.settle()
      }
      await house.settle()

      const rows = await house.sql<{ number: string; patientId: string; said: string; visitOf: string | null; wasSaidOf: string[] }>(
        `select r.number, r.patient_id as "patientId", r.said_patient_id as said, e.patient_id as "visitOf",
                array(select f.said ->> 'patientId' from encounters.facts f where f.encounter_id = e.id) as "wasSaidOf"
           from encounters.reports r left join encounters.encounters e on e.number = r.visit_number where r.said_patient_id = any($1)`,
        [ids],
      )
      const into = new Map(
        (await house.sql('select id, merged_into from patients.cards where id = any($1)', [ids])).map((c) => [c.id, c.merged_into]),
      )
      const rootOf = (patient: string): string => (into.get(patient) ? rootOf(into.get(patient)) : patient)
      for (const { patientId, said, visitOf, wasSaidOf } of rows)
        expect(patientId).toBe(rootOf(visitOf && wasSaidOf.includes(said) ? visitOf : said))
    }),
    { numRuns: 40 },
  )
}, 60_000)
