import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { followupsApi, type Worker } from '../contract.ts'
import { Assign } from './Assign.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const id = (n: number) => `01990000-0000-7000-8000-00000000000${n}`
const ward = id(5)
const worker = (n: number, name: string, more: Partial<Worker> = {}): Worker => ({
  id: id(n),
  name,
  title: null,
  startedOn: null,
  openTasks: 9,
  dueToday: 3,
  overdue: 0,
  reach: 'units',
  departmentIds: [ward],
  awayUntil: null,
  ...more,
})
const workers = answer(followupsApi.workers, {
  rows: [
    worker(1, '李秀英', { title: '主管护师', startedOn: '2010-01-01' }),
    worker(2, '新来的', { dueToday: 1, overdue: 1 }),
    worker(3, '别科的', { dueToday: 0, departmentIds: [] }),
    worker(5, '休假的', { dueToday: 0, openTasks: 0, awayUntil: '2099-01-01' }),
    worker(4, '院领导', { dueToday: 0, openTasks: 0, reach: 'none' }),
  ],
})
const given = answer(followupsApi.assign, { rows: [{ id: id(7), patientId: id(9), assigneeId: id(1) }] })
const draw = () =>
  renderPage(<Assign rows={[{ id: id(7), departmentId: ward }]} onDone={() => {}} onClose={() => {}} />, { answers: [workers, given] })

test('whoever of the department has the least to do today is proposed, with what they have in hand, and given it by one key', async () => {
  const page = draw()
  expect(await screen.findByText(/建议：新来的，手里最少（今天 1 项 · 逾期 1 项 · 手里 9 项）/)).toBeTruthy()

  await page.user.click(screen.getByRole('button', { name: '分配 1 项' }))

  expect(page.sentTo(followupsApi.assign)).toEqual([{ ids: [id(7)], among: [id(2)], seniority: { minYears: 0, titles: [] } }])
})

test('only who is senior enough is offered and proposed, and what was asked for is sent along', async () => {
  const page = draw()
  const people = await screen.findByRole('combobox', { name: '随访人员' })
  await page.user.click(people)
  expect(await screen.findByText(/别科的 · /)).toBeTruthy()

  await page.user.type(screen.getByRole('textbox', { name: '院龄至少' }), '5')
  await page.user.click(people)
  expect(screen.queryByText(/别科的 · /)).toBeNull()
  expect(await screen.findByText(/建议：李秀英/)).toBeTruthy()
  await page.user.click(screen.getByRole('button', { name: '分配 1 项' }))

  expect(page.sentTo(followupsApi.assign)).toEqual([{ ids: [id(7)], among: [id(1)], seniority: { minYears: 5, titles: [] } }])
})
