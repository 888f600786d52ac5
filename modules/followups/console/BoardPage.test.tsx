import { answer, renderPage } from '@renxin/client/testing'
import { staffApi } from '@renxin/staff/contract'
import { configure, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { followupsApi, ProgrammeBody, programmesApi, type TaskRow } from '../contract.ts'
import { BoardPage } from './BoardPage.tsx'
import { ProgrammesPage } from './ProgrammesPage.tsx'

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
  assigneeId: null,
  assigneeName: null,
  claimedAt: null,
  tries: 0,
  lastOutcome: null,
  lastTriedAt: null,
  outcome: null,
  closeReason: null,
  closedAt: null,
})
const answers = [
  answer(followupsApi.board, { rows: [row(1, '李娜'), row(2, '王小明')], next: null }),
  answer(programmesApi.programmeNames, { rows: [{ id: id(7), name: '科室一周随访' }] }),
  answer(staffApi.units, { rows: [] }),
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

const saved = answer(programmesApi.saveProgramme, ({ id: said, body }) => ({
  ...ProgrammeBody.parse(body),
  id: said,
  key: null,
  status: 'draft' as const,
  version: 1,
  activeFrom: null,
}))

test('a programme is written, and a code that cannot be read is told at its field', async () => {
  const { user, sentTo } = renderPage(<ProgrammesPage />, {
    answers: [answer(programmesApi.programmes, { rows: [] }), saved, ...answers],
    search: { open: 'new' },
  })
  await user.type(await screen.findByRole('textbox', { name: /^名称/ }), '心梗随访')
  await user.type(screen.getByRole('textbox', { name: /步骤名称/ }), '用药')
  await user.type(screen.getByRole('textbox', { name: /主要诊断编码/ }), 'I21，心梗')
  await user.click(screen.getByRole('button', { name: /保存/ }))
  expect(await screen.findByText('有的编码看不懂。例子：I21、I20-I25、C34.1')).toBeDefined()

  await user.clear(screen.getByRole('textbox', { name: /主要诊断编码/ }))
  await user.type(screen.getByRole('textbox', { name: /主要诊断编码/ }), 'i21，I20-I25')
  await user.click(screen.getByRole('button', { name: /保存/ }))

  await waitFor(() => expect(sentTo(programmesApi.saveProgramme)).toHaveLength(1))
  expect(sentTo(programmesApi.saveProgramme)[0]).toMatchObject({
    version: 0,
    body: { name: '心梗随访', rule: { diagnoses: ['I21', 'I20-I25'] } },
  })
})
