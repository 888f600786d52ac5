import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, patients } from '@renxin/patients'
import { type Found, sql } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { beforeAll, describe, expect, test } from 'vitest'
import { applyEncounterFacts, applyRecords, encounters, type RecordFacts } from '../index.ts'
import { sources } from './index.ts'
import { sourceList } from './list.ts'
import { analytesAsked, resultsAsked } from './read-results.ts'

const house = await openHouse([staff, files, patients, encounters], { now: '2026-09-10T09:00+08:00' })
const at = (day: string, time = '08:00') => new Date(`2026-09-${day}T${time}:00+08:00`)
const patientId = newId()
const apply = (...facts: RecordFacts[]) => house.inside((ctx) => applyRecords(ctx, facts))
const said = { source: 'HIS', sourceAt: at('01'), patientId, visitNumber: 'V1' }
const potassium = (number: string, day: string, amount: number, flag: string | null, visitNumber: string | null) => ({
  ...said, is: 'report' as const, source: 'LIS', number, sourceAt: at(day), visitNumber, kind: 'laboratory' as const, status: 'final' as const, title: '电解质', observedAt: at(day),
  items: [{ code: 'K', name: '钾', value: String(amount), amount, unit: 'mmol/L', range: '3.5-5.3', flag, observedAt: null }],
}) // biome-ignore format: a report

let encounterId = ''
beforeAll(async () => {
  await house.inside((ctx) =>
    applyPatientFacts(ctx, [
      {
        id: patientId,
        identifiers: [],
        sourceAt: at('01'),
        name: '赵建国',
        sex: 'male',
        birthOn: '1960-05-01',
        ethnic: '汉族',
        marital: '已婚',
        job: '退休',
        nationality: '中国',
        payer: '职工医保',
        identityClass: '离休',
        allergies: [{ code: null, name: '青霉素', kind: null, severity: null, reaction: null }],
      },
    ]),
  )
  const stay = {
    number: 'V1', patientId, class: 'inpatient' as const, departmentName: '心内科', wardName: '心内一病区', bed: '3床', attending: { number: 'D1', name: '张伟' },
    nurse: { number: 'N1', name: '李静' }, nursingLevel: '一级' as const, condition: '病重' as const, payer: '职工医保', identityClass: '离休',
  } // biome-ignore format: a stay
  await house.inside(
    (ctx) =>
    applyEncounterFacts(ctx, [
      { ...stay, number: 'V0', event: 'discharge', sourceAt: new Date('2026-08-10T08:00+08:00'), admittedAt: new Date('2026-08-05T08:00+08:00'), dischargedAt: new Date('2026-08-10T08:00+08:00') },
    ]), // biome-ignore format: an earlier stay
  )
  const [id = ''] = await house.inside((ctx) =>
    applyEncounterFacts(ctx, [
      { ...stay, event: 'admit', sourceAt: at('01'), admittedAt: at('01', '07:00') },
      {
        ...stay,
        event: 'discharge',
        sourceAt: at('06'),
        dischargedAt: at('06', '10:00'),
        disposition: '1',
        diagnoses: [
          { code: 'I21.401', name: '急性心肌梗死', system: null, type: 'final', rank: 1 },
          { code: 'I10.x00', name: '高血压', system: null, type: 'final', rank: 2 },
        ],
      },
    ]),
  )
  encounterId = id
  await apply(
    potassium('L1', '02', 5.6, 'H', 'V1'),
    potassium('L2', '09', 4.1, null, null),
    { ...said, is: 'report', source: 'RIS', number: 'I1', kind: 'imaging', status: 'final', title: '胸部CT', findings: '右下肺斑片影。', conclusion: '炎症。', observedAt: at('02') },
    { ...said, is: 'order', number: 'O1', kind: 'medication', status: 'active', name: '阿司匹林肠溶片', instruction: '100mg 每日一次', orderedAt: at('05') },
    { ...said, is: 'order', number: 'O2', kind: 'medication', status: 'cancelled', name: '不再用的药', orderedAt: at('05') },
    { ...said, is: 'booking', number: 'B0', visitNumber: null, status: 'booked', name: '上周的复诊', startsAt: at('08') },
    { ...said, is: 'booking', number: 'B1', visitNumber: null, status: 'booked', name: '心内科复诊', startsAt: at('20', '09:30') },
    { ...said, is: 'procedure', number: 'P1', status: 'current', name: '冠状动脉造影', performedAt: at('02', '10:00'), doctor: { number: 'D2', name: '刘洋' }, anaesthesia: '局部麻醉' },
    { ...said, is: 'procedure', number: 'P2', status: 'current', name: '冠状动脉支架植入', performedAt: at('02', '11:00'), doctor: { number: 'D2', name: '刘洋' }, anaesthesia: '局部麻醉' },
  ) // biome-ignore format: a record a line
  await house.settle()
})

const choices: Readonly<Record<string, string>> = { 'order.list': 'medication', laboratory: 'K', report: 'imaging' }
const named = (path: string) => {
  const choice = choices[path] ?? choices[path.split('.')[0] ?? '']
  return choice ? `${path}:${choice}` : path
}
const read = async (...paths: string[]): Promise<readonly Found[]> => {
  const [found = []] = await house.inside((ctx) => sources.read(ctx, [{ patientId, encounterId }], paths))
  return found
}

describe('what a form may be filled with', () => {
  test('is there under every path that the editor offers', async () => {
    const paths = sourceList.map((s) => named(s.path))

    const found = await read(...paths)

    expect(found.map((f) => f.path).sort()).toEqual(paths.sort())
  })

  test('of the visit: its times, its people, how it went', async () => {
    expect(await read('encounter.dischargedAt', 'encounter.attending', 'encounter.lengthOfStayDays', 'encounter.course', 'encounter.priorDischargeOn')).toEqual([
      { path: 'encounter.dischargedAt', value: at('06', '10:00').toISOString(), at: at('06'), of: '住院号 V1', system: null },
      { path: 'encounter.attending', value: '张伟', at: at('06'), of: '住院号 V1', system: null },
      { path: 'encounter.lengthOfStayDays', value: 5, at: at('06'), of: '住院号 V1', system: null },
      { path: 'encounter.course', value: '曾病重、曾一级护理', at: at('06'), of: '住院号 V1', system: null },
      { path: 'encounter.priorDischargeOn', value: '2026-08-10', at: at('06'), of: '住院号 V1', system: null },
    ]) // biome-ignore format: a value a line
  })

  test('of diagnoses and operations: all of them, the main one, the last one', async () => {
    const found = await read('diagnosis.main', 'diagnosis.all', 'operation.names', 'operation.last', 'operation.lastOn')

    expect(found.map((f) => [f.path, f.value, f.of])).toEqual([
      ['diagnosis.main', '急性心肌梗死', '出院诊断'],
      ['diagnosis.all', '急性心肌梗死、高血压', '出院诊断'],
      ['operation.names', '冠状动脉造影、冠状动脉支架植入', '冠状动脉支架植入'],
      ['operation.last', '冠状动脉支架植入', '冠状动脉支架植入'],
      ['operation.lastOn', '2026-09-02', '冠状动脉支架植入'],
    ])
  })

  test('a result is that of the visit or the latest of all, with its mark, its report, its system and its time', async () => {
    expect(await read('laboratory.visit:K', 'laboratory.latest:K', 'laboratory.latestAmount:K', 'laboratory.latest:NA')).toEqual([
      { path: 'laboratory.visit:K', value: '5.6 mmol/L（↑ 偏高）', at: at('02'), of: '电解质', system: 'LIS' },
      { path: 'laboratory.latest:K', value: '4.1 mmol/L', at: at('09'), of: '电解质', system: 'LIS' },
      { path: 'laboratory.latestAmount:K', value: 4.1, at: at('09'), of: '电解质（mmol/L）', system: 'LIS' },
    ])
  })

  test('orders that were cancelled are not told, nor an appointment that is past', async () => {
    expect((await read('order.list:medication', 'booking.nextName')).map((f) => f.value)).toEqual([
      '阿司匹林肠溶片 100mg 每日一次',
      '心内科复诊',
    ])
  })

  test('of many visits at once each gets its own', async () => {
    const stranger = newId()
    const visits = [
      { patientId: stranger, encounterId: null },
      { patientId, encounterId },
      { patientId, encounterId: null },
    ]

    const found = await house.inside((ctx) => sources.read(ctx, visits, ['encounter.bed', 'laboratory.visit:K', 'laboratory.latest:K']))

    expect(found.map((all) => all.map((f) => `${f.path} ${f.value}`))).toEqual([
      [],
      ['encounter.bed 3床', 'laboratory.visit:K 5.6 mmol/L（↑ 偏高）', 'laboratory.latest:K 4.1 mmol/L'],
      ['laboratory.latest:K 4.1 mmol/L'],
    ])
  })

  test('the analytes to choose from are those that the laboratory measured lately, found by name or code', async () => {
    const search = (text: string) => house.inside((ctx) => sources.choices(ctx, 'laboratory.latest', text))

    expect(await search('钾')).toEqual([{ value: 'K', title: ['钾 K（mmol/L）', '钾 K（mmol/L）'] }])
    expect(await search('k')).toHaveLength(1)
    expect(await search('钠')).toEqual([])
  })
})

describe('however many patients there are', () => {
  const plan = (query: (ctx: typeof house.ctx) => ReturnType<typeof sql>) =>
    house.inside(async (ctx) => {
      await sql`set local enable_seqscan = off`.execute(ctx.db)
      const { rows } = await sql<Record<string, string>>`explain ${query(ctx)}`.execute(ctx.db)
      return rows.flatMap((r) => Object.values(r)).join('\n')
    })

  test('the results of one are found by his id', async () => {
    const found = await plan(() => resultsAsked([{ patientId, encounterId }], ['K']))

    expect(found).toMatch(/reports_hospital_id_patient_id\S*\s[\s\S]*?Index Cond: .*hospital_id.* AND \(\(?(r\.)?patient_id = /)
    expect(found).not.toContain('Seq Scan on reports')
  })

  test('the analytes to choose from are read off the end of the reports that arrived', async () => {
    expect(await plan(() => analytesAsked())).toMatch(/Limit[\s\S]*Index (Only )?Scan Backward using reports_pkey/)
  })
})
