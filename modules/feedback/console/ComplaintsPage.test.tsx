import { answer, renderPage } from '@renxin/client/testing'
import { filesApi } from '@renxin/files/contract'
import { Refusal } from '@renxin/kernel'
import { staffApi } from '@renxin/staff/contract'
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Complaint, type ComplaintRow, feedbackApi } from '../contract.ts'
import { ComplaintDetails } from './ComplaintDetails.tsx'
import { ComplaintsPage } from './ComplaintsPage.tsx'

const id = (n: number) => `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`
const ward = { id: id(5), name: '心内一病区', kind: 'ward' as const }
const row: ComplaintRow = {
  id: id(1),
  kind: 'complaint',
  categoryId: id(2),
  category: '等候时间',
  grade: null,
  isImportant: false,
  text: '等了两个小时',
  patientId: id(3),
  patientName: '王*',
  encounterId: null,
  source: 'call',
  units: [ward],
  people: [],
  receivedAt: '2026-09-04T01:00:00.000Z',
  recordedByName: '李护士',
  speakerName: null,
  answerBy: '2026-09-11',
  daysLeft: 0,
  urgency: 'dueSoon',
  isAnnounced: true,
  number: 'TS2026-0042',
  status: 'assigned',
  closedAt: null,
  asked: [{ ...ward, hasAnswered: false }],
}
const complaint: Complaint = {
  ...row,
  speakerPhone: null,
  days: 5,
  outcome: null,
  result: null,
  toldBy: null,
  toldAt: null,
  answers: [
    {
      unit: ward,
      assignedAt: row.receivedAt,
      cause: null,
      measure: null,
      answeredAt: null,
      answeredByName: null,
      returnReason: null,
      mayAnswer: true,
    },
  ],
  rectifications: [],
  history: [{ id: id(8), at: row.receivedAt, actorName: '李护士', kind: 'accepted', unitName: null, note: null }],
}
const counts = answer(feedbackApi.counts, { open: 1, dueSoon: 1, overdue: 0, toAnswer: 1 })
const common = [counts, answer(staffApi.units, { rows: [] }), answer(filesApi.list, { rows: [] })]

test('the work list says in words how much time is left', async () => {
  const rows = [
    { ...row, daysLeft: -2, urgency: 'overdue' as const, number: 'TS2026-0001', id: id(11) },
    row,
    { ...row, daysLeft: 3, urgency: 'calm' as const, number: 'TS2026-0003', id: id(13), isAnnounced: false },
  ]
  renderPage(<ComplaintsPage />, { answers: [...common, answer(feedbackApi.complaints, { rows, next: null })] })

  expect(await screen.findByText('已逾期 2 个工作日')).toBeDefined()
  expect(screen.getByText('今天到期')).toBeDefined()
  expect(screen.getByTitle(/该年节假日尚未公布/).textContent).toContain('还剩 3 个工作日')
})

test('with nothing to do the list says so and leads to what was closed', async () => {
  const page = renderPage(<ComplaintsPage />, { answers: [...common, answer(feedbackApi.complaints, { rows: [], next: null })] })

  expect(await screen.findByText('目前没有待处理的投诉。')).toBeDefined()
  await page.user.click(screen.getByRole('button', { name: '查看已办结' }))

  expect(page.address()).toContain('list=closed')
})

test('the functional department answers with cause and measure, and has no button of the officer', async () => {
  const page = renderPage(<ComplaintDetails id={row.id} />, {
    me: { may: { 'feedback.read': 'department', 'feedback.answer': 'department' } },
    answers: [...common, answer(feedbackApi.complaint, complaint), answer(feedbackApi.answer, { ...complaint, status: 'answered' })],
  })

  await page.user.type(await screen.findByLabelText(/原因/), '人手不足')
  await page.user.click(screen.getByRole('button', { name: /提交答复/ }))
  expect(page.sentTo(feedbackApi.answer)).toEqual([])
  await page.user.type(screen.getByLabelText(/改进措施/), '增加午班')
  await page.user.click(screen.getByRole('button', { name: /提交答复/ }))

  expect(page.sentTo(feedbackApi.answer)).toEqual([{ id: row.id, unitId: ward.id, cause: '人手不足', measure: '增加午班' }])
  expect(screen.queryByRole('button', { name: '增派科室' })).toBeNull()
})

test('who closes second is told why and what to do, and keeps what he typed', async () => {
  const page = renderPage(<ComplaintDetails id={row.id} />, {
    answers: [
      ...common,
      answer(feedbackApi.complaint, { ...complaint, status: 'verified' }),
      answer(feedbackApi.close, () => {
        throw new Refusal('feedback.alreadyClosed', 'conflict')
      }),
    ],
  })

  await page.user.click(await screen.findByRole('button', { name: '办结' }))
  const dialog = within(await screen.findByRole('dialog'))
  await page.user.type(dialog.getByLabelText(/处理结果/), '已致歉')
  await page.user.click(dialog.getByRole('button', { name: /办结/ }))

  expect(await dialog.findByText(/刚才已经办结/)).toBeDefined()
  expect(dialog.getByLabelText(/处理结果/)).toHaveProperty('value', '已致歉')
})

test('the officer answers for a unit only when asked to', async () => {
  const page = renderPage(<ComplaintDetails id={row.id} />, { answers: [...common, answer(feedbackApi.complaint, complaint)] })

  const button = await screen.findByRole('button', { name: '代为答复 心内一病区' })
  expect(screen.queryByLabelText(/改进措施/)).toBeNull()
  await page.user.click(button)

  expect(screen.getByLabelText(/改进措施/)).toBeDefined()
})
