import { answer, renderPage } from '@renxin/client/testing'
import { staffApi } from '@renxin/staff/contract'
import { configure, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { bulkApi, followupsApi, programmesApi, type TaskRow } from '../contract.ts'
import { BoardPage } from './BoardPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const id = (n: number) => `01990000-0000-7000-8000-00000000000${n}`
const row = (n: number, patientName: string): TaskRow => ({
  id: id(n),
  patientId: id(9),
  patientName,
  sex: 'female',
  birthOn: '1990-01-01',
  encounterId: id(8),
  departmentId: null,
  departmentName: '产科',
  wardName: null,
  bed: null,
  programmeId: id(7),
  programmeName: '科室一周随访',
  stepName: '一周内电话',
  channel: 'phone',
  status: 'todo',
  isOverdue: n === 1,
  anchorAt: '2025-11-01T02:00:00.000Z',
  dueFrom: '2025-11-02T02:00:00.000Z',
  dueBy: '2025-11-08T02:00:00.000Z',
  nextAt: '2025-11-02T02:00:00.000Z',
  callBackAt: null,
  priority: 3,
  priorityReason: null,
  riskReasons: [],
  assigneeId: null,
  assigneeName: null,
  claimedAt: null,
  tries: 0,
  lastOutcome: null,
  lastTriedAt: null,
  outcome: null,
  closeReason: null,
  closedAt: null,
  review: null,
})
const answers = [
  answer(followupsApi.board, { rows: [row(1, '李娜'), row(2, '王小明')], next: null }),
  answer(programmesApi.programmeNames, { rows: [{ id: id(7), name: '科室一周随访' }] }),
  answer(staffApi.units, { rows: [] }),
  answer(bulkApi.bulkAssignments, { rows: [] }),
  answer(followupsApi.prioritise, ({ ids }) => ({ rows: ids.map((one) => ({ id: one, patientId: id(9) })) })),
  answer(followupsApi.cancel, ({ ids }) => ({ rows: ids.map((one) => ({ id: one, patientId: id(9) })) })),
]

test('what is done with several says how many, and needs its reason', async () => {
  const { user, sentTo } = renderPage(<BoardPage />, { answers })
  await screen.findByText('李娜')
  for (const box of screen.getAllByRole('checkbox').slice(1)) await user.click(box)

  await user.click(screen.getByRole('button', { name: '取消 2 项' }))
  const dialog = await screen.findByRole('dialog')
  await user.click(within(dialog).getByRole('button', { name: /取消 2 项/ }))
  expect(sentTo(followupsApi.cancel)).toHaveLength(0)
  await user.type(within(dialog).getByRole('textbox'), '家属要求')
  await user.click(within(dialog).getByRole('button', { name: /取消 2 项/ }))

  await waitFor(() => expect(sentTo(followupsApi.cancel)).toEqual([{ ids: [id(1), id(2)], note: '家属要求' }]))
})

test('whoever may only read chooses nothing', async () => {
  renderPage(<BoardPage />, { answers, me: { may: ['followups.read'] } })

  await screen.findByText('李娜')

  expect(screen.queryAllByRole('checkbox')).toHaveLength(0)
})
