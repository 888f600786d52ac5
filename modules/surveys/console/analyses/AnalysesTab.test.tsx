import { answer, renderPage } from '@renxin/client/testing'
import type { Reply } from '@renxin/kernel'
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type AnalysisResult, analysesApi } from '../../contract.ts'
import { console as pages } from '../index.tsx'
import { AnalysesTab } from './AnalysesTab.tsx'

const id = '01990000-0000-7000-8000-00000000000a'
const asked = { questionnaireId: id, from: '2026-08-01', to: '2026-08-31' }
const figures = (n: number, counts: number[]) => ({ n, counts, mean: null, smallest: null, largest: null })
const cross: AnalysisResult = {
  kind: 'cross',
  least: 5,
  item: 'medication',
  itemText: '服药吗？',
  unit: null,
  by: 'sex',
  byText: null,
  isKept: false,
  isHidden: false,
  options: [
    { key: 'told', label: '按时' },
    { key: 'missed', label: '漏服' },
  ],
  total: figures(24, [18, 6]),
  rows: [
    { key: 'female', label: null, shown: figures(14, [11, 3]) },
    { key: 'male', label: null, shown: null },
  ],
}
const kept: Reply<typeof analysesApi.analyses> = {
  title: '高血压随访',
  analyses: [{ name: '男女服药', kind: 'cross', item: 'medication', by: 'sex' }],
  questions: [
    { linkId: 'medication', text: '服药吗？', kinds: ['distribution', 'cross'], isSpread: true },
    { linkId: 'systolic', text: '高压是多少？', kinds: ['mean'], isSpread: false },
  ],
}
const open = (result: AnalysisResult = cross) =>
  renderPage(<AnalysesTab asked={asked} />, {
    path: '/surveys/x/results',
    consoles: [pages],
    answers: [
      answer(analysesApi.analyses, kept),
      answer(analysesApi.analysis, result),
      answer(analysesApi.analysisRows, {
        rows: [
          {
            id, patientId: id, patientName: '王*明', encounterId: null, questionnaireId: id, questionnaireTitle: '高血压随访', versionNumber: 1, channel: 'phone', respondent: 'patient',
            completedAt: '2026-08-20T02:00:00.000Z', wardName: null, departmentName: '心内科', scoreMean: null,
          },
        ],
        next: null,
      }), // biome-ignore format: a row
    ],
  })

test('a kept analysis stands as a table with its shares; what is of too few says so', async () => {
  open()
  const table = await screen.findByRole('table')

  expect(within(table).getByRole('row', { name: /^女 14 .*11.* 78.6% 3.* 21.4%/ })).toBeTruthy()
  expect(within(table).getByRole('row', { name: '男 不足 5' })).toBeTruthy()
  expect(within(table).getByRole('row', { name: /^合计 24/ })).toBeTruthy()
  expect(screen.getByText('交叉表 · 服药吗？ · 性别 · n=24')).toBeTruthy()
  expect(screen.getByRole('button', { name: '导出分析' })).toBeTruthy()
})

test('a figure opens the responses that it counts', async () => {
  const page = open()
  await page.user.click(await screen.findByRole('button', { name: '11 查看答卷：女 按时' }))

  expect(await screen.findByText('王*明')).toBeTruthy()
  expect(page.sentTo(analysesApi.analysisRows)[0]).toMatchObject({ item: 'medication', by: 'sex', row: 'female', option: 'told' })
})

test('another question is looked at for now, by what one chooses', async () => {
  const page = open()
  await screen.findByRole('table')
  await page.user.click(screen.getByRole('combobox', { name: /^题目/ }))
  await page.user.click(await screen.findByTitle('服药吗？'))

  await waitFor(() =>
    expect(page.sentTo(analysesApi.analysis).at(-1)).toMatchObject({ kind: 'cross', item: 'medication', by: 'department' }),
  )
})

test('of records that are kept from one’s role it says so and shows nothing', async () => {
  open({ ...cross, isKept: true, total: null, rows: [], options: [] })

  expect(await screen.findByText('这项分析用到的记录，您的权限看不到。')).toBeTruthy()
  expect(screen.queryByRole('table')).toBeNull()
})
