import { answer, renderPage } from '@renxin/client/testing'
import { type Response, surveysApi } from '@renxin/surveys/contract'
import { configure, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Review, reviewsApi } from '../../contract.ts'
import { Returned } from './Returned.tsx'
import { ReviewPanel } from './ReviewPanel.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const id = (n: number) => `01990000-0000-7000-8000-00000000000${n}`
const myId = '0190a000-0000-7000-8000-000000000001'
const definition = {
  resourceType: 'Questionnaire' as const,
  title: '换药随访',
  item: [
    {
      linkId: 'wound',
      type: 'choice',
      required: true,
      text: '伤口怎么样？',
      answerOption: ['愈合', '裂开'].map((display, n) => ({ valueCoding: { code: String(n), display } })),
    },
  ],
}
const response: Response = {
  id: id(3),
  patientId: id(2),
  patientName: '李娜',
  encounterId: null,
  questionnaireId: id(4),
  questionnaireTitle: '换药随访',
  versionNumber: 1,
  channel: 'phone',
  respondent: 'patient',
  completedAt: '2025-11-04T02:00:00.000Z',
  wardName: null,
  departmentName: null,
  scoreMean: null,
  definition,
  answers: { wound: ['0'] },
  filled: null,
}
const step = {
  id: id(5),
  at: '2025-11-05T02:00:00.000Z',
  kind: 'returned',
  byName: '高建国',
  note: '伤口没有问清',
  formerId: null,
  responseId: null,
} as const
const review: Review = {
  id: id(1),
  patientId: id(2),
  review: 'returned',
  ownerId: id(9),
  ownerName: '陈静',
  answers: [{ responseId: id(3), title: '换药随访' }],
  steps: [step],
  mayReview: true,
}
const first = { id: id(3), at: response.completedAt, byName: null, reason: null, answers: response.answers, filled: null }
const answers = [
  answer(reviewsApi.review, review),
  answer(surveysApi.response, response),
  answer(surveysApi.answerVersions, {
    patientId: id(2),
    definition,
    versions: [{ ...first, id: id(7), at: step.at, byName: '高建国', reason: '听录音', answers: { wound: ['1'] } }, first],
  }),
  answer(reviewsApi.mendTask, { patientId: id(2), nextId: null }),
  answer(reviewsApi.returnTask, review),
  answer(reviewsApi.acceptTask, review),
  answer(reviewsApi.correctTask, review),
]

test('whoever gets a call back reads why, mends the answers and says what he did', async () => {
  const me = { may: ['followups.work', 'followups.read', 'encounters.read'] }
  const { user, sentTo } = renderPage(
    <Returned task={{ id: id(1), status: 'done', assigneeId: myId, review: 'returned' }} onNext={() => {}} />,
    {
      answers,
      me,
    },
  )
  await screen.findByText(/高建国 .*退回：伤口没有问清/)
  const send = await screen.findByRole('button', { name: '重新提交' })
  expect(send).toHaveProperty('disabled', true)

  await user.click(await screen.findByText('裂开'))
  await user.type(screen.getByRole('textbox', { name: '说明' }), '已再问患者')
  await user.click(send)

  await waitFor(() =>
    expect(sentTo(reviewsApi.mendTask)).toMatchObject([
      { id: id(1), note: '已再问患者', response: { formerId: id(3), answers: { wound: ['1'] } } },
    ]),
  )
})

test('who supervises sees both versions with who and why, and returns only with a reason', async () => {
  const { user, sentTo } = renderPage(<ReviewPanel id={id(1)} />, {
    answers: [answer(reviewsApi.review, { ...review, review: 'resubmitted' }), ...answers.slice(1)],
  })

  const now = await screen.findByRole('region', { name: '现在的回答' })
  expect(within(now).getByText('裂开')).toBeDefined()
  expect(within(now).getByText('更正原因：听录音')).toBeDefined()
  expect(within(await screen.findByRole('region', { name: '原来的回答' })).getByText('愈合')).toBeDefined()

  await user.click(screen.getByRole('button', { name: '退回' }))
  const dialog = await screen.findByRole('dialog')
  await user.click(within(dialog).getByRole('button', { name: '退回' }))
  expect(sentTo(reviewsApi.returnTask)).toHaveLength(0)
  await user.type(within(dialog).getByRole('textbox'), '漏问用药')
  await user.click(within(dialog).getByRole('button', { name: '退回' }))
  await waitFor(() => expect(sentTo(reviewsApi.returnTask)).toEqual([{ id: id(1), reason: '漏问用药' }]))
})

test('whoever may not supervise reads the review and changes nothing', async () => {
  const other = { ...review, mayReview: false }
  renderPage(<ReviewPanel id={id(1)} />, {
    answers: [answer(reviewsApi.review, other), ...answers.slice(1)],
    me: { may: ['followups.read'] },
  })

  await screen.findByText('已退回')
  for (const name of ['通过', '退回', '更正回答']) expect(screen.queryByRole('button', { name })).toBeNull()
})
