import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { checksApi, type Figure, standingApi } from '../../contract.ts'
import { console as followups } from '../index.tsx'
import { ResultNotices } from '../levels/PublishedNews.tsx'
import { StandingPage } from './StandingPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const id = (n: number) => `01990000-0000-7000-8000-00000000000${n}`
const total = { dueToday: 1280, overdue: 36, unclaimed: 410, doneToday: 92 }
const standing = answer(standingApi.standing, {
  reckonedAt: '2026-11-29T06:05:00.000Z',
  total,
  departments: [
    { departmentId: id(1), departmentName: '骨科', ...total, overdue: 30 },
    { departmentId: id(2), departmentName: '产科', ...total, overdue: 6 },
  ],
  own: { dueToday: 12, overdue: 3, doneToday: 5 },
})
const figure: Figure = {
  departmentId: id(1), departmentName: '骨科', level: 'department', drawn: 10, reached: 9, checked: 8, confirmed: 4, untrue: 2, unclear: 1, notCalled: 1,
  tooShort: 1, agree: 3, differ: 1, notCompared: 4, truth: { count: 4, n: 6, low: 0.3, high: 0.903 }, agreement: { count: 3, n: 4, low: 0.301, high: 0.954 },
} // biome-ignore format: a row
const published = {
  month: '2026-10',
  version: 2,
  publishedAt: '2026-11-20T02:00:00.000Z',
  publishedByName: '何静',
  note: '更正一例',
  isSeen: false,
}
const news = answer(checksApi.publishedNews, { rows: [{ ...published, figures: [figure] }] })
const draw = (may: Record<string, 'hospital' | 'department' | 'own'>) =>
  renderPage(<StandingPage />, { answers: [standing, news], me: { may }, consoles: [followups] })

test('the director sees the hospital and each department, and each figure opens its tasks', async () => {
  const { user, address } = draw({ 'followups.read': 'hospital' })
  expect(await screen.findByRole('region', { name: '全院' })).toBeDefined()
  expect(screen.getByText('更新于 14:05')).toBeDefined()
  expect(screen.queryByRole('region', { name: '我的随访' })).toBeNull()

  await user.click(screen.getByRole('button', { name: '骨科 逾期 30' }))

  expect(address()).toContain('/followups/tasks?')
  expect(address()).toContain('show=overdue')
  expect(address()).toContain(`department=${id(1)}`)
})

test('a nurse sees what she has in hand, and it opens her own', async () => {
  const { user, address } = draw({ 'followups.read': 'own', 'followups.work': 'own' })
  const own = await screen.findByRole('region', { name: '我的随访' })
  expect(screen.queryByRole('region', { name: '全院' })).toBeNull()

  await user.click(within(own).getByRole('button', { name: /今日待办/ }))

  expect(address()).toContain('show=today')
  expect(address()).toContain('assignee=me')
})

test('a department sees that it was judged, here and on every page, until it looks at the result', async () => {
  draw({ 'followups.read': 'department', 'followups.checks': 'department' })

  const row = (await screen.findByText('2026-10')).closest('tr') as HTMLElement // the row of a cell
  expect(row.textContent).toContain('骨科一级（科室）108266.7%')
  expect(within(row).getByText('未看')).toBeDefined()

  renderPage(<ResultNotices />, { answers: [news], me: { may: { 'followups.checks': 'department' } }, consoles: [followups] })
  const notice = await screen.findByRole('complementary', { name: '三级核查结果' })
  expect(notice.textContent).toContain('2026-10 三级核查结果已公布（第 2 版，何静）。 一级（科室）：抽中 10 例，核查 8 例，真实率 66.7%')
  expect(within(notice).getByRole('link', { name: '查看结果' }).getAttribute('href')).toContain('month=2026-10')
})
