import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { noteCare, patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { beforeAll, describe, expect, test } from 'vitest'
import { encountersApi } from '../../contract.ts'
import { recordsApi } from '../../records-contract.ts'
import { applyEncounterFacts, applyRecords, encounters, type RecordFacts, type ReportFacts } from '../index.ts'

const house = await openHouse([staff, files, patients, encounters], { now: '2026-09-10T09:00+08:00' })
const doctor = house.who('encounters.read', 'encounters.results')
const apply = (...facts: RecordFacts[]) => house.inside((ctx) => applyRecords(ctx, facts))
const at = (day: string, time = '08:00') => new Date(`2026-09-${day}T${time}:00+08:00`)
const patientId = newId()
const cardiology = newId()

const item = (code: string, name: string, amount: number, flag: string | null, range = '3.5-5.3') => ({
  code, name, value: String(amount), amount, unit: 'mmol/L', range, flag, observedAt: null,
}) // biome-ignore format: a line of a report
const laboratory = (number: string, day: string, ...items: ReturnType<typeof item>[]): ReportFacts => ({
  is: 'report', source: 'LIS', number, sourceAt: at(day), patientId, kind: 'laboratory', status: 'final', title: '电解质', visitNumber: 'V1',
  departmentName: '检验科', author: { number: 'T01', name: '周检验' }, observedAt: at(day), items,
}) // biome-ignore format: a report
const said = { source: 'HIS', sourceAt: at('01'), patientId }
const pdf = { name: '出院记录.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n出院') }

let encounterId = ''
beforeAll(async () => {
  await registerPatient(house.ctx, { id: patientId, name: '赵建国' })
  const stay = { number: 'V1', patientId, event: 'admit', sourceAt: at('01'), class: 'inpatient', admittedAt: at('01', '07:00') } as const
  encounterId = (await house.inside((ctx) => applyEncounterFacts(ctx, [stay])))[0] ?? ''
  await house.inside((ctx) => noteCare(ctx, [{ patientId, unitIds: [cardiology] }]))
  await apply(
    laboratory('L1', '01', item('K', '钾', 6.9, 'HH'), item('NA', '钠', 131, 'L', '137-147')),
    laboratory('L2', '03', item('K', '钾', 5.6, 'H')),
    laboratory('L3', '05', item('K', '钾', 4.1, null)),
    { ...laboratory('L4', '06', item('K', '钾', 9.9, 'HH')), status: 'cancelled' },
    { ...laboratory('I1', '02'), kind: 'imaging', title: '胸部CT', findings: '右下肺斑片影。', conclusion: '炎症。', accessionNumber: 'CT1', link: 'javascript:alert(1)' },
    { ...said, is: 'document', number: 'D1', status: 'current', title: '出院记录（初稿）', text: '好转。', writtenAt: at('05', '09:00') },
    { ...said, is: 'document', number: 'D2', status: 'current', title: '出院记录', replaces: 'D1', writtenAt: at('06', '09:00'), file: pdf, visitNumber: 'V1' },
    { ...said, is: 'order', number: 'O1', kind: 'medication', status: 'active', name: '阿司匹林肠溶片', instruction: '100mg qd' },
    { ...said, is: 'charge', number: 'C1', kind: 'charge', status: 'current', name: '床位费', amountCents: 12_000 },
    { ...said, is: 'charge', number: 'C2', kind: 'charge', status: 'current', name: '检验费', amountCents: 8_050 },
    { ...said, is: 'charge', number: 'C3', kind: 'credit', status: 'current', name: '检验费', amountCents: -8_050 },
    { ...said, is: 'charge', number: 'C4', kind: 'charge', status: 'cancelled', name: '护理费', amountCents: 99_900 },
    { ...said, is: 'booking', number: 'B1', status: 'booked', name: '心内科复诊', startsAt: at('20'), place: '门诊3楼' },
    { ...said, is: 'procedure', number: 'P1', status: 'current', name: '冠状动脉造影', code: '88.5501', performedAt: at('02', '10:00') },
  ) // biome-ignore format: a record a line
})

describe('a patient’s records', () => {
  test('stand as a table: one row an analyte, the days beside one another, abnormal values marked', async () => {
    const { days, analytes } = await doctor.call(recordsApi.results, { patientId, days: 2 })

    expect(days).toEqual(['2026-09-05', '2026-09-03'])
    expect(analytes.map((a) => [a.name, a.latest.value, a.cells.map((c) => c && [c.value, c.mark])])).toEqual([
      ['钾', '4.1', [['4.1', null], ['5.6', 'H']]],
      ['钠', '131', [null, null]],
    ]) // biome-ignore format: a table
    expect(analytes[0]?.hasTrend).toBe(true)
  })

  test('show how an analyte went, oldest first, with its limits; what was withdrawn is not in it', async () => {
    const trend = await doctor.call(recordsApi.trend, { patientId, analyte: 'K' })

    expect(trend).toMatchObject({ name: '钾', unit: 'mmol/L', low: 3.5, high: 5.3 })
    expect(trend.points.map((p) => [p.amount, p.mark])).toEqual([
      [6.9, 'HH'],
      [5.6, 'H'],
      [4.1, null],
    ])
  })

  test('show a corrected value with what it was, and a withdrawn one in the report alone', async () => {
    const other = newId()
    await registerPatient(house.ctx, { id: other, name: '钱多多' })
    await house.inside((ctx) => noteCare(ctx, [{ patientId: other, unitIds: [cardiology] }]))
    const { items: _, ...parts } = { ...laboratory('L9', '07'), patientId: other, visitNumber: null }
    const line = (status: 'final' | 'corrected' | 'withdrawn', { value, ...of }: ReturnType<typeof item>) => ({
      ...of, status, subId: null, value: status === 'withdrawn' ? null : value,
    }) // biome-ignore format: a line of a report
    const panel = (...lines: ReturnType<typeof line>[]) => [{ code: 'E', status: 'final' as const, lines }]
    await apply(
      { ...parts, panels: panel(line('final', item('K', '钾', 6.8, 'HH')), line('final', item('NA', '钠', 131, 'L'))) },
      { ...parts, sourceAt: at('07', '10:00'), panels: panel(line('corrected', item('K', '钾', 4.1, null))) },
    )
    await apply({ ...parts, sourceAt: at('07', '11:00'), panels: panel(line('withdrawn', item('NA', '钠', 0, null))) })

    const [card] = (await doctor.call(recordsApi.reports, { patientId: other })).rows
    const { lines } = await doctor.call(recordsApi.report, { id: card?.id ?? '' })
    const { analytes } = await doctor.call(recordsApi.results, { patientId: other, days: 2 })

    expect(card).toMatchObject({ items: 1, abnormalItems: 0, isCritical: false })
    expect(lines.map((l) => [l.name, l.value, l.status, l.former.map((f) => [f.value, f.mark])])).toEqual([
      ['钾', '4.1', 'corrected', [['6.8', 'HH']]],
      ['钠', null, 'withdrawn', [['131', 'L']]],
    ])
    expect(analytes.map((a) => [a.name, a.latest.value])).toEqual([['钾', '4.1']])
  })

  test('are reports with findings and conclusion, page by page, and no link that a browser would run', async () => {
    const first = await doctor.call(recordsApi.reports, { patientId, limit: 3 })
    const rest = await doctor.call(recordsApi.reports, { patientId, limit: 3, after: first.next ?? '' })
    const [imaging] = (await doctor.call(recordsApi.reports, { patientId, group: 'examinations' })).rows

    expect([...first.rows, ...rest.rows].map((r) => r.number)).toEqual(['L4', 'L3', 'L2', 'I1', 'L1'])
    expect(imaging).toMatchObject({ title: '胸部CT', conclusion: '炎症。', department: { name: '检验科' }, encounterId, link: null })
  })

  test('are a report with its lines and their marks', async () => {
    const critical = (await doctor.call(recordsApi.reports, { patientId })).rows.find((r) => r.number === 'L1')
    const report = await doctor.call(recordsApi.report, { id: critical?.id ?? '' })

    expect(critical).toMatchObject({ isCritical: true, items: 2, abnormalItems: 2, author: { name: '周检验' } })
    expect(report.lines.map((l) => [l.name, l.mark, l.range])).toEqual([
      ['钾', 'HH', '3.5-5.3'],
      ['钠', 'L', '137-147'],
    ])
  })

  test('are documents, of which a newer one takes the place, and their files', async () => {
    const { rows } = await doctor.call(recordsApi.documents, { patientId })
    const [newer, older] = rows
    const file = await doctor.call(recordsApi.documentFile, { id: newer?.id ?? '' })

    expect(rows.map((d) => [d.title, d.isReplaced, d.hasFile])).toEqual([
      ['出院记录', false, true],
      ['出院记录（初稿）', true, false],
    ])
    expect(await doctor.call(recordsApi.document, { id: older?.id ?? '' })).toMatchObject({ text: '好转。' })
    expect(file).toMatchObject({ name: '出院记录.pdf', type: 'application/pdf', body: pdf.bytes })
    await expect(doctor.call(recordsApi.documentFile, { id: older?.id ?? '' })).rejects.toMatchObject({ code: 'encounters.noFile' })
    expect(await house.sql('select patient_id from house.audit where action = $1', ['encounters.documentFile'])).toEqual([
      { patient_id: patientId },
    ])
  })

  test('are charges with what they come to, cancelled ones left out', async () => {
    expect((await doctor.call(recordsApi.charges, { patientId })).rows).toHaveLength(4)
    expect((await doctor.call(recordsApi.chargeTotals, { patientId })).totals).toEqual([
      { kind: 'charge', count: 2, amountCents: 20_050 },
      { kind: 'credit', count: 1, amountCents: -8_050 },
    ])
  })

  test('are orders, appointments and operations', async () => {
    expect((await doctor.call(recordsApi.orders, { patientId })).rows).toMatchObject([{ name: '阿司匹林肠溶片', instruction: '100mg qd' }])
    expect((await doctor.call(recordsApi.bookings, { patientId })).rows).toMatchObject([{ name: '心内科复诊', place: '门诊3楼' }])
    expect((await doctor.call(recordsApi.procedures, { patientId })).rows).toMatchObject([{ name: '冠状动脉造影', code: '88.5501' }])
  })

  test('are counted by kind, with the critical values of the last thirty days', async () => {
    const counts = await doctor.call(recordsApi.recordCounts, { patientId })

    expect(counts).toMatchObject({ laboratory: 4, examinations: 1, documents: 2, orders: 1, charges: 4, bookings: 1, procedures: 1 })
    expect(counts.critical.map((c) => c.title)).toEqual(['电解质'])
  })

  test('of one visit are those that bear its number', async () => {
    expect((await doctor.call(recordsApi.documents, { patientId, encounterId })).rows.map((d) => d.number)).toEqual(['D2'])
    expect((await doctor.call(recordsApi.recordCounts, { patientId, encounterId })).orders).toBe(0)
  })
})

describe('the time line', () => {
  test('tells of records by their titles, what lies ahead too, and a critical value in red', async () => {
    const { rows } = await doctor.call(encountersApi.timeline, { patientId })

    expect(rows.map((r) => [r.kind, r.title, r.tone])).toEqual([
      ['booking.booked', '心内科复诊', 'plain'],
      ['document', '出院记录', 'plain'],
      ['reportCancelled', '电解质', 'plain'],
      ['document', '出院记录（初稿）', 'plain'],
      ['laboratory', '电解质', 'plain'],
      ['laboratory', '电解质', 'plain'],
      ['procedureDone', '冠状动脉造影', 'plain'],
      ['imaging', '胸部CT', 'plain'],
      ['criticalValue', '电解质', 'bad'],
      ['inpatient', '', 'plain'],
    ])
    expect(JSON.stringify(rows)).not.toContain('6.9')
  })

  test('keeps results from whoever may not see them', async () => {
    const { rows } = await house.who('encounters.read').call(encountersApi.timeline, { patientId })

    expect(rows.map((r) => r.kind)).toEqual(['booking.booked', 'procedureDone', 'inpatient'])
  })
})

describe('records are shown', () => {
  const grants = { 'encounters.read': 'department', 'encounters.results': 'department' } as const
  const ours = house.who(grants, { departments: [cardiology] })
  const theirs = house.who(grants, { departments: [newId()] })

  test('to the departments that cared for the patient, and to no other', async () => {
    const [report] = (await ours.call(recordsApi.reports, { patientId })).rows
    const id = report?.id ?? ''

    expect(await ours.call(recordsApi.report, { id })).toMatchObject({ patientId })
    for (const list of [recordsApi.reports, recordsApi.results, recordsApi.recordCounts])
      await expect(theirs.call(list, { patientId })).rejects.toMatchObject({ code: 'patients.notFound', id: patientId })
    await expect(theirs.call(recordsApi.report, { id })).rejects.toMatchObject({ code: 'encounters.recordNotFound' })
    await expect(theirs.call(recordsApi.reportFile, { id })).rejects.toMatchObject({ code: 'encounters.recordNotFound' })
  })

  test('results and documents only to whoever has the permission for them', async () => {
    await expect(house.who('encounters.read').call(recordsApi.reports, { patientId })).rejects.toMatchObject({ code: 'house.forbidden' })
  })

  test('never to another hospital', async () => {
    const stranger = await house.stranger('encounters.read', 'encounters.results')

    await expect(stranger.call(recordsApi.reports, { patientId })).rejects.toMatchObject({ code: 'patients.notFound' })
  })
})
