import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { mergePatients, patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bookingCancelled, bookingChanged, bookingMade, criticalValueFound, criticalValueWithdrawn } from '../events.ts'
import { applyEncounterFacts, applyRecords, encounters, type RecordFacts, type ReportFacts } from '../index.ts'

const house = await openHouse([staff, files, patients, encounters], { now: '2026-09-04T09:00+08:00' })
const apply = (...facts: RecordFacts[]) => house.inside((ctx) => applyRecords(ctx, facts))
const at = (minute: number) => new Date(Date.UTC(2026, 8, 1, 0, minute))
const newPatient = async (name = '赵建国') => (await registerPatient(house.ctx, { id: newId(), name })).id

let counter = 0
const newNumber = () => `R${String(++counter).padStart(6, '0')}`
const potassium = (amount: number, flag: string | null) => ({
  code: 'K',
  name: '钾',
  value: String(amount),
  amount,
  unit: 'mmol/L',
  range: '3.5-5.3',
  flag,
  observedAt: null,
})
const report = (patientId: string, fields: Partial<ReportFacts> = {}): ReportFacts => ({
  is: 'report',
  source: 'LIS',
  number: newNumber(),
  sourceAt: at(1),
  patientId,
  kind: 'laboratory',
  status: 'final',
  title: '电解质',
  departmentName: '检验科',
  author: { number: 'T01', name: '周检验' },
  observedAt: at(0),
  items: [potassium(4.1, null)],
  ...fields,
})
const rowOf = async (table: string, number: string) =>
  (await house.sql(`select * from encounters.${table} where number = $1`, [number]))[0] ?? {}
const comparable = ({ id: _, number: __, patient_id: ___, said_patient_id: ____, changed_at: _____, ...row }: Record<string, unknown>) =>
  row
const ofPatient = <T extends { patientId: string }>(events: T[], patientId: string) => events.filter((e) => e.patientId === patientId)

describe('what sources say', () => {
  test('of each kind of record is kept, and views show it', async () => {
    const patientId = await newPatient()
    const said = { source: 'HIS', sourceAt: at(1), patientId }

    await apply(
      report(patientId, { number: 'ALL-1' }),
      { ...said, is: 'document', number: 'ALL-1', status: 'current', title: '出院记录', text: '患者好转出院。', writtenAt: at(0) },
      { ...said, is: 'order', number: 'ALL-1', kind: 'medication', status: 'active', name: '阿司匹林', instruction: '100mg qd 口服' },
      { ...said, is: 'charge', number: 'ALL-1', kind: 'charge', status: 'current', name: '床位费', quantity: 2.5, amountCents: 12_345_678_901 },
      { ...said, is: 'booking', number: 'ALL-1', status: 'booked', name: '心内科门诊', startsAt: at(9), doctor: { name: '王志强' } },
      { ...said, is: 'procedure', number: 'ALL-1', status: 'current', code: '36.0601', name: '药物洗脱支架置入术', performedAt: at(0) },
    ) // biome-ignore format: a record a line

    for (const view of ['report', 'document', 'order', 'charge', 'booking', 'procedure'])
      expect(await house.sql(`select patient_id from encounters.${view}_cards where number = 'ALL-1'`)).toEqual([{ patient_id: patientId }])
    expect(
      await house.sql(`select name, value, amount, position from encounters.report_item_cards where patient_id = $1`, [patientId]),
    ).toEqual([{ name: '钾', value: '4.1', amount: 4.1, position: 1 }])
    expect(Number((await rowOf('charges', 'ALL-1')).amount_cents)).toBe(12_345_678_901)
    expect(await rowOf('documents', 'ALL-1')).toMatchObject({ text: '患者好转出院。', happened_at: at(0) })
  })

  test('ends in the same rows in every order, with every doubling, in whatever batches it comes', async () => {
    const file = { name: '报告.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n第一份') }
    const statements = (patientId: string, number: string): ReportFacts[] => [
      report(patientId, { number, sourceAt: at(1), status: 'preliminary', items: [potassium(6.9, 'HH')], findings: '待复核', file }),
      report(patientId, { number, sourceAt: at(2), title: undefined, items: undefined, findings: null, accessionNumber: 'A1' }),
      report(patientId, { number, sourceAt: at(3), status: 'corrected', items: [potassium(4.9, null)], observedAt: null, file: null }),
      report(patientId, {
        number,
        sourceAt: at(4),
        status: 'corrected',
        items: undefined,
        title: null,
        author: null,
        departmentName: '急诊检验',
      }),
    ]
    const expected = newNumber()
    await apply(...statements(await newPatient(), expected))
    const end = comparable(await rowOf('reports', expected))

    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        fc.array(fc.tuple(fc.nat(3), fc.nat(8)), { maxLength: 3 }),
        fc.integer({ min: 1, max: 7 }),
        async (order, doublings, size) => {
          const number = newNumber()
          const all = statements(await newPatient(), number)
          const heard = [...order]
          for (const [which, where] of doublings) heard.splice(where % (heard.length + 1), 0, which)
          const facts = heard.map((i) => all[i]).filter((f) => f !== undefined)
          while (facts.length > 0) await apply(...facts.splice(0, size))
          expect(comparable(await rowOf('reports', number))).toEqual(end)
        },
      ),
      { numRuns: 25 },
    )
    expect(end).toMatchObject({ status: 'corrected', title: null, findings: null, accession_number: 'A1', file_id: null, author_id: null })
  })

  test('of some hundreds of records costs no more statements than of one', async () => {
    const patientId = await newPatient()
    const spent = (facts: RecordFacts[]) =>
      house.inside(async (ctx) => {
        let statements = 0
        const countOne = <T>(node: T): T => {
          statements += 1
          return node
        }
        const db = ctx.db.withPlugin({ transformQuery: ({ node }) => countOne(node), transformResult: async (a) => a.result })
        await applyRecords({ ...ctx, db }, facts)
        return statements
      })
    await apply(report(patientId))

    expect(await spent(Array.from({ length: 400 }, () => report(patientId)))).toBe(await spent([report(patientId)]))
  })

  test('with signs that no database keeps is kept without them', async () => {
    const number = newNumber()

    await apply(
      report(await newPatient(), { number, findings: 'a\u0000b\ud800', items: [{ ...potassium(Number.NaN, ' hh '), value: '\u0000' }] }),
    )

    expect(await rowOf('reports', number)).toMatchObject({ findings: 'ab\ufffd', items: [{ value: '', amount: null, flag: 'HH' }] })
  })
})

describe('a critical value', () => {
  test('is told once, however often it comes, and withdrawn when it is put right', async () => {
    const patientId = await newPatient()
    const found = report(patientId, { items: [potassium(6.9, 'HH')], visitNumber: 'V-CRIT' })
    await house.inside((ctx) =>
      applyEncounterFacts(ctx, [{ number: 'V-CRIT', patientId, event: 'admit', sourceAt: at(0), class: 'inpatient', admittedAt: at(0) }]),
    )

    await apply(found, found)
    await apply(found, { ...found, sourceAt: at(2), status: 'corrected' })
    const told = ofPatient(await house.events(criticalValueFound), patientId)
    await apply({ ...found, sourceAt: at(3), items: [potassium(5.1, null)] })
    await apply(found)

    const { id } = await rowOf('reports', found.number)
    expect(told).toEqual([{ patientId, encounterId: expect.any(String), reportId: id, code: 'K' }])
    expect(ofPatient(await house.events(criticalValueFound), patientId)).toHaveLength(1)
    expect(ofPatient(await house.events(criticalValueWithdrawn), patientId)).toEqual(told)
  })

  test('that is put right before it was ever heard is not told', async () => {
    const patientId = await newPatient()
    const found = report(patientId, { items: [potassium(6.9, 'HH')] })

    await apply({ ...found, sourceAt: at(3), items: [potassium(5.1, null)] })
    await apply(found)

    expect(ofPatient(await house.events(criticalValueFound), patientId)).toEqual([])
  })
})

test('an appointment is announced when it is made, moved and cancelled', async () => {
  const patientId = await newPatient()
  const booked = {
    is: 'booking',
    source: 'HIS',
    number: newNumber(),
    patientId,
    status: 'booked',
    sourceAt: at(1),
    startsAt: at(600),
  } as const

  await apply(booked, booked)
  await apply({ ...booked, sourceAt: at(2), startsAt: at(700) })
  await apply({ ...booked, sourceAt: at(3), status: 'cancelled' })
  await apply({ ...booked, sourceAt: at(2), startsAt: at(700) })

  const counts = await Promise.all(
    [bookingMade, bookingChanged, bookingCancelled].map(async (e) => ofPatient(await house.events(e), patientId).length),
  )
  expect(counts).toEqual([1, 1, 1])
})

test('a record finds its visit whether the visit is known before or after', async () => {
  const patientId = await newPatient()
  const late = report(patientId, { visitNumber: 'V-LATE' })
  const encounterOf = async () => (await house.sql('select encounter_id from encounters.report_cards where number = $1', [late.number]))[0]

  await apply(late)
  const before = await encounterOf()
  const [id] = await house.inside((ctx) =>
    applyEncounterFacts(ctx, [{ number: 'V-LATE', patientId, event: 'admit', sourceAt: at(0), class: 'inpatient', admittedAt: at(0) }]),
  )

  expect([before, await encounterOf()]).toEqual([{ encounter_id: null }, { encounter_id: id }])
})

test('records go with a merge, whether they were there before or come after', async () => {
  const [first, second, survivor] = [await newPatient('甲'), await newPatient('乙'), await newPatient('丙')]
  const [early, late] = [report(first), report(first)]

  await apply(early)
  await mergePatients(house.ctx, { survivorId: second, retiredId: first })
  await mergePatients(house.ctx, { survivorId: survivor, retiredId: second })
  await apply(late)
  await house.settle()

  for (const { number } of [early, late])
    expect(await rowOf('reports', number)).toMatchObject({ patient_id: survivor, said_patient_id: first })
})

describe('a file', () => {
  const pdf = (text: string) => ({ name: '报告.pdf', type: 'application/pdf', bytes: Buffer.from(`%PDF-1.7\n${text}`) })
  const shown = (id: string) =>
    house.sql('select name, removed_at is null as shown from files.files where about_id = $1 order by removed_at is null', [id])

  test('that comes twice is kept once, and one that takes its place hides it', async () => {
    const said = report(await newPatient(), { file: pdf('一') })

    await apply(said)
    await apply(said, { ...said, sourceAt: at(2) })
    const { id } = await rowOf('reports', said.number)
    const once = await shown(String(id))
    await apply({ ...said, sourceAt: at(3), file: pdf('二') })

    expect(once).toEqual([{ name: '报告.pdf', shown: true }])
    expect((await shown(String(id))).map((f) => f.shown)).toEqual([false, true])
  })

  test('of a kind that we do not take leaves its name and the reason', async () => {
    const said = report(await newPatient(), { file: { name: '影像.dcm', type: 'application/dicom', bytes: Buffer.from([0, 1, 2, 3]) } })

    await apply(said)

    expect(await rowOf('reports', said.number)).toMatchObject({ file_id: null, file_name: '影像.dcm', file_problem: 'unknownType' })
  })
})
