import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Leave, leavesApi } from '../../contract.ts'
import { LeavesPage } from './LeavesPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const id = (n: number) => `01990000-0000-7000-8000-00000000000${n}`
const leave: Leave = {
  id: id(1),
  userId: id(2),
  userName: '宋雪',
  fromOn: '2099-12-01',
  untilOn: '2099-12-03',
  toId: null,
  toName: null,
  note: '年假',
  madeByName: '何静',
  state: 'away',
  handed: 3,
  done: 1,
  back: 0,
  kept: 0,
}
const answers = [
  answer(leavesApi.leaves, { rows: [leave], next: null }),
  answer(leavesApi.colleagues, {
    rows: [
      { id: id(2), name: '宋雪', awayUntil: '2099-12-03' },
      { id: id(3), name: '韩梅', awayUntil: null },
    ],
  }),
  answer(leavesApi.saveLeave, ({ body }) => ({ ...leave, ...body, toName: '韩梅' })),
  answer(leavesApi.endLeave, leave),
]

test('who is away, who has their tasks and what became of them; back early is one click', async () => {
  const { user, sentTo } = renderPage(<LeavesPage />, { answers })
  const row = (await screen.findByText('宋雪')).closest('tr') ?? document.body
  expect(within(row).getByText('待领取')).toBeDefined()

  await user.click(within(row).getByRole('button', { name: '提前返岗' }))

  await waitFor(() => expect(sentTo(leavesApi.endLeave)).toEqual([{ id: leave.id }]))
})

test('a colleague is chosen for the tasks, and what was entered before stays as it was', async () => {
  const { user, sentTo } = renderPage(<LeavesPage />, { answers })
  await user.click(await screen.findByText('宋雪'))
  const drawer = await screen.findByRole('dialog', { name: '修改休假' })
  await user.click(within(drawer).getByRole('combobox', { name: '交给谁' }))

  await user.click(await screen.findByTitle('韩梅'))
  await user.click(within(drawer).getByRole('button', { name: /保存休假/ }))

  await waitFor(() =>
    expect(sentTo(leavesApi.saveLeave)).toEqual([
      { id: leave.id, body: { userId: id(2), fromOn: '2099-12-01', untilOn: '2099-12-03', toId: id(3), note: '年假' } },
    ]),
  )
})
