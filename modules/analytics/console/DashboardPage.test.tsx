import { answer, renderPage } from '@renxin/client/testing'
import { staffApi } from '@renxin/staff/contract'
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { analyticsApi, type Dashboard, type Revisits, revisitsApi, type WardFigures } from '../contract.ts'
import { DashboardPage } from './DashboardPage.tsx'
import { monthsOfSpan } from './period.ts'

const heart = '01990000-0000-7000-8000-0000000000c1'
const bones = '01990000-0000-7000-8000-0000000000c2'
const department = '01990000-0000-7000-8000-0000000000d1'

const hidden = {
  n: null,
  standing: 'hidden',
  score: null,
  low: null,
  high: null,
  promoters: null,
  passives: null,
  detractors: null,
} as const
const satisfaction = { n: 90, standing: 'sound', share: 0.9, low: 0.82, high: 0.95, satisfied: 81, noOpinion: 6, dissatisfied: 3 } as const
const nps = { n: 64, standing: 'sound', score: -12.5, low: -33, high: 9, promoters: 20, passives: 16, detractors: 28 } as const
const ward = (wardId: string, wardName: string, of: Partial<WardFigures>): WardFigures => ({
  departmentId: department,
  wardId,
  departmentName: '心血管内科',
  wardName,
  discharged: 120,
  coverage: { base: 100, covered: 71, share: 0.71 },
  satisfaction,
  nps,
  ...of,
})

const dashboard: Dashboard = {
  period: {
    fromMonth: '2026-09',
    toMonth: '2026-09',
    days: { from: '2026-09-01', to: '2026-09-20' },
    prior: { from: '2026-08-01', to: '2026-08-20' },
    isPartial: true,
    coveredUntil: '2026-09-13',
  },
  least: 5,
  countedAt: '2026-09-20T01:00:00.000Z',
  discharged: { n: 1284, before: 1200 },
  coverage: { base: 900, covered: 657, share: 0.73, before: 0.7, band: { low: 60, high: 80 } },
  contacts: { reached: 820, notReached: 180, share: 0.82, before: 0.8, outcomes: [] },
  satisfaction: { ...satisfaction, before: 0.92 },
  nps: { ...nps, n: 812, score: 42.4, low: 37, high: 47, before: 40 },
  wards: [ward(bones, '骨科病区', {}), ward(heart, '心内一病区', { nps: hidden })],
  worst: { wardId: bones, wardName: '骨科病区', by: 'nps' },
  opinions: {
    kinds: [
      { kind: 'praise', n: 30, before: 25 },
      { kind: 'complaint', n: 8, before: 5 },
      { kind: 'suggestion', n: 12, before: 12 },
      { kind: 'remark', n: 0, before: 0 },
    ],
    categories: [{ kind: 'complaint', categoryId: heart, category: '等候时间', n: 5 }],
    departments: [{ departmentId: department, departmentName: '心血管内科', praise: 3, complaint: 8, suggestion: 1, remark: 0 }],
  },
  trend: [{ month: '2026-09', discharged: 1284, coverage: 0.73, satisfaction: 0.9, nps: 42.4, complaints: 8, praise: 30 }],
}
const detractor = {
  id: `${heart}.0`, responseId: heart, patientId: heart, patientName: '王*明', departmentName: '骨科', wardName: '骨科病区',
  questionnaireTitle: '推荐意愿(NPS)', day: '2026-09-12', verdict: 'detractor', score: 3, text: null,
} as const // biome-ignore format: a row
const low = { base: 120, came: 72, share: 0.6, low: 0.51, high: 0.68, standing: 'sound', expected: 96, expectedShare: 0.8, ratio: 0.75, ratioLow: 0.64, ratioHigh: 0.85, alarm: 'surelyBelow' } as const // biome-ignore format: a row
const revisits: Revisits = {
  period: {
    fromMonth: '2026-07',
    toMonth: '2026-07',
    days: { from: '2026-07-01', to: '2026-07-31' },
    dueUntil: '2026-08-20',
    isPartial: false,
    reference: { fromMonth: '2025-07', toMonth: '2026-06', base: 100 },
  },
  countedAt: '2026-09-20T01:00:00.000Z',
  threshold: 0.8,
  total: low,
  leftOut: { died: 0, transferred: 0, readmitted: 0, notYet: 0 },
  rows: [{ departmentId: department, doctorId: null, chapter: null, name: '骨科', doctorNumber: null, leftOut: 0, figure: low }],
  trend: [],
}
const answers = [
  answer(revisitsApi.revisits, revisits),
  answer(analyticsApi.dashboard, dashboard),
  answer(analyticsApi.answers, { rows: [detractor], next: null }),
  answer(analyticsApi.discharges, { rows: [], next: null }),
  answer(staffApi.units, { rows: [] }),
]

test('the five numbers stand on top, each with its sample and its change', async () => {
  renderPage(<DashboardPage />, { answers })

  expect(await screen.findByText('1,284')).toBeDefined()
  const coverage = screen.getByRole('button', { name: /7 日随访覆盖率/ })
  expect(coverage.textContent).toContain('73.0%')
  expect(coverage.textContent).toContain('n=900')
  expect(coverage.textContent).toContain('达标')
  expect(coverage.textContent).toContain('▲ 3.0 个百分点')
  expect(screen.getByRole('button', { name: /随访接通/ }).textContent).toContain('已接通 820 · 未接通 180')
  expect(screen.getByRole('button', { name: /^满意度/ }).textContent).toContain('不满意 3.3%')
  expect(screen.getByRole('button', { name: /^净推荐值/ }).textContent).toContain('+37 ~ +47')
})

test('the worst ward is named in one line, and leads to the answers behind it', async () => {
  const { user, sentTo } = renderPage(<DashboardPage />, { answers })

  const line = (await screen.findByText('净推荐值明显低于全院', { exact: false })).closest('.rx-banner') as HTMLElement // the line a word stands in
  expect(within(line).getByText('骨科病区')).toBeDefined()
  await user.click(within(line).getByRole('button', { name: '查看明细' }))

  expect(await screen.findByText('王*明')).toBeDefined()
  expect(sentTo(analyticsApi.answers).at(-1)).toMatchObject({ measure: 'nps', verdict: 'detractor', wardId: bones })
})

test('whose discharged patients come back less than asked for is named, and leads to the page of it', async () => {
  renderPage(<DashboardPage />, { answers })

  const line = (await screen.findByText('骨科 60.0%')).closest('.rx-banner') as HTMLElement // the line a word stands in
  expect(line.textContent).toContain('2026-07 1 个科室的复诊率低于警戒线 80.0%')
  expect(within(line).getByRole('link', { name: '复诊率' })).toBeDefined()
})

test('below five answers a ward shows no score, only that there are too few', async () => {
  renderPage(<DashboardPage />, { answers })

  const row = (await screen.findByText('心内一病区')).closest('tr') as HTMLElement // the row of a cell

  expect(within(row).getByText('不足 5 份或可推算，不显示')).toBeDefined()
})

test('each figure opens its rows with its definition, and the address keeps which', async () => {
  const { user, sentTo, address } = renderPage(<DashboardPage />, { answers, search: { from: '2026-08', to: '2026-08', department } })

  await user.click(await screen.findByRole('button', { name: /7 日随访覆盖率/ }))

  const drawer = await screen.findByRole('dialog')
  expect(within(drawer).getByText(/分母：时间内出院/)).toBeDefined()
  expect(sentTo(analyticsApi.discharges).at(-1)).toMatchObject({
    from: '2026-08',
    to: '2026-08',
    departmentId: department,
    coverage: 'base',
  })
  await user.click(within(drawer).getByText('未覆盖'))
  expect(address()).toContain('open=coverage')
  expect(sentTo(analyticsApi.discharges).at(-1)).toMatchObject({ coverage: 'open' })
})

test('who may not export has no button for it', async () => {
  renderPage(<DashboardPage />, { answers, me: { may: ['analytics.read'] } })

  await screen.findByText('1,284')
  expect(screen.queryByText('导出 Excel')).toBeNull()
})

test('the buttons stand for whole months', () => {
  expect(monthsOfSpan('thisMonth', '2026-01-31')).toEqual({ from: '2026-01', to: '2026-01' })
  expect(monthsOfSpan('lastMonth', '2026-01-31')).toEqual({ from: '2025-12', to: '2025-12' })
  expect(monthsOfSpan('lastQuarter', '2026-03-31')).toEqual({ from: '2025-12', to: '2026-02' })
  expect(monthsOfSpan('lastYear', '2026-03-31')).toEqual({ from: '2025-03', to: '2026-02' })
})
