import { answer, renderPage } from '@renxin/client/testing'
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type RecordCounts, type ReportFile, type ResultTable, recordsApi, type Trend } from '../../records-contract.ts'
import { RecordsPanel } from './RecordsPanel.tsx'

const patientId = '01990000-0000-7000-8000-000000000001'
const reportId = '01990000-0000-7000-8000-00000000000a'
const counts: RecordCounts = {
  patientId,
  laboratory: 3,
  examinations: 1,
  documents: 0,
  orders: 0,
  charges: 0,
  bookings: 0,
  procedures: 0,
  critical: [{ reportId, at: '2026-09-01T01:00:00.000Z', title: '电解质' }],
}
const cell = (value: string, mark: 'HH' | 'L' | null, at: string) => ({ value, mark, at, reportId })
const results: ResultTable = {
  patientId,
  days: ['2026-09-03', '2026-09-01'],
  analytes: [
    {
      analyte: 'K',
      name: '钾',
      unit: 'mmol/L',
      range: '3.5-5.3',
      group: '电解质',
      latest: cell('3.2', 'L', '2026-09-03T01:00:00.000Z'),
      cells: [cell('3.2', 'L', '2026-09-03T01:00:00.000Z'), cell('6.9', 'HH', '2026-09-01T01:00:00.000Z')],
      hasTrend: true,
    },
  ],
}
const trend: Trend = {
  patientId,
  analyte: 'K',
  name: '钾',
  unit: 'mmol/L',
  low: 3.5,
  high: 5.3,
  points: [
    { at: '2026-09-01T01:00:00.000Z', amount: 6.9, value: '6.9', mark: 'HH' },
    { at: '2026-09-03T01:00:00.000Z', amount: 3.2, value: '3.2', mark: 'L' },
  ],
}
const imaging: ReportFile = {
  id: reportId,
  patientId,
  encounterId: null,
  visitNumber: null,
  source: 'RIS',
  number: 'CT1',
  department: null,
  happenedAt: '2026-09-01T01:00:00.000Z',
  kind: 'imaging',
  status: 'final',
  title: '胸部CT',
  author: null,
  reportedAt: null,
  findings: '右下肺斑片影。',
  conclusion: '炎症。',
  isCritical: false,
  items: 0,
  abnormalItems: 0,
  accessionNumber: 'CT1',
  link: null,
  hasFile: false,
  fileName: '影像.dcm',
  fileProblem: 'unknownType',
  lines: [],
  hasImages: false,
}
const answers = [
  answer(recordsApi.recordCounts, counts),
  answer(recordsApi.results, results),
  answer(recordsApi.trend, trend),
  answer(recordsApi.reports, { rows: [imaging], next: null }),
  answer(recordsApi.report, imaging),
]
const draw = (may: string[]) => renderPage(<RecordsPanel place={{ patientId }} />, { answers, me: { may } })

test('what is beyond its limits says so in words, and a critical value stands above all', async () => {
  draw(['encounters.read', 'encounters.results'])

  const table = await screen.findByRole('table', { name: '检验' })
  expect(within(table).getByText('↑↑ 危急高值')).toBeTruthy()
  expect(within(table).getAllByText('↓ 偏低')).toHaveLength(2)
  expect(screen.getByText(/近 30 天有危急值 1 份：电解质/)).toBeTruthy()
})

test('a trend has its numbers as a table', async () => {
  const { user } = draw(['encounters.read', 'encounters.results'])

  await user.click(await screen.findByRole('button', { name: '查看钾的趋势' }))

  expect(await screen.findByRole('cell', { name: '6.9' })).toBeTruthy()
})

test('a report opens with what was seen, and says why its file is not there', async () => {
  const { user } = draw(['encounters.read', 'encounters.results'])

  await user.click(await screen.findByRole('tab', { name: /检查报告/ }))
  await user.click(await screen.findByText('炎症。', { selector: 'td *, td' }))

  expect(await screen.findByText('右下肺斑片影。')).toBeTruthy()
  expect(screen.getByText(/附件“影像.dcm”的格式不支持/)).toBeTruthy()
})

test('who may not see results is offered none', async () => {
  draw(['encounters.read'])

  expect((await screen.findAllByRole('tab')).map((t) => t.textContent)).toEqual(['医嘱', '费用', '预约', '手术'])
  expect(screen.queryByText(/危急值/)).toBeNull()
})
