import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { standingApi } from '../../contract.ts'
import { console as followups } from '../index.tsx'
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
const draw = (may: Record<string, 'hospital' | 'department' | 'own'>) =>
  renderPage(<StandingPage />, { answers: [standing], me: { may }, consoles: [followups] })

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
