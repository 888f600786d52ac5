import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type BulkAssignment, bulkApi, followupsApi } from '../../contract.ts'
import { BulkAssign, BulkProgress } from './Bulk.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const id = (n: number) => `01990000-0000-7000-8000-00000000000${n}`
const bulk: BulkAssignment = {
  id: id(1),
  status: 'running',
  among: ['陈静', '林芳'],
  total: 1284,
  given: 320,
  passed: 0,
  undone: 0,
  kept: 0,
  startedAt: '2025-11-04T02:00:00.000Z',
  startedByName: '何静',
  finishedAt: null,
  undoUntil: '2025-11-05T02:00:00.000Z',
}
const filter = { show: 'overdue', departmentId: id(5) } as const
const load = { openTasks: 3, dueToday: 1, overdue: 0, reach: 'hospital' as const, departmentIds: [], awayUntil: null }
const workers = answer(followupsApi.workers, { rows: [{ id: id(2), name: '陈静', title: null, startedOn: null, ...load }] })

test('everything that the filter shows is given out, and the button says how many', async () => {
  const { user, sentTo } = renderPage(<BulkAssign filter={filter} onClose={() => {}} />, {
    answers: [workers, answer(bulkApi.bulkCount, { n: 1284 }), answer(bulkApi.beginBulk, bulk)],
  })
  const send = await screen.findByRole('button', { name: '分配 1,284 项' })
  await user.click(screen.getByRole('combobox', { name: /随访人员/ }))
  await user.click(await screen.findByText(/陈静/))
  await user.click(send)

  await waitFor(() => expect(sentTo(bulkApi.beginBulk)).toMatchObject([{ filter, among: [id(2)] }]))
})

test('of more than can be given out at once it says so, and of nothing too', async () => {
  const { unmount } = renderPage(<BulkAssign filter={filter} onClose={() => {}} />, {
    answers: [workers, answer(bulkApi.bulkCount, { n: 5001 })],
  })
  await screen.findByText(/超过 5,000 项/)
  expect(screen.getByRole('button', { name: '分配 5,000 项' })).toBeDefined()
  unmount()
  renderPage(<BulkAssign filter={filter} onClose={() => {}} />, { answers: [workers, answer(bulkApi.bulkCount, { n: 0 })] })
  await screen.findByText('当前筛选没有任务可以分配。')
})

test('how far it is stands over the list, and it can be taken back', async () => {
  const { user, sentTo } = renderPage(<BulkProgress />, {
    answers: [answer(bulkApi.bulkAssignments, { rows: [bulk] }), answer(bulkApi.undoBulk, { ...bulk, status: 'undoing' })],
  })
  await screen.findByText('正在分配给陈静、林芳：320 / 1,284 项')
  await user.click(screen.getByRole('button', { name: '撤销这次分配' }))
  await waitFor(() => expect(sentTo(bulkApi.undoBulk)).toEqual([{ id: id(1) }]))
})
