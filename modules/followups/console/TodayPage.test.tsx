import { answer, renderPage } from '@renxin/client/testing'
import { feedbackApi } from '@renxin/feedback/contract'
import { Refusal } from '@renxin/kernel'
import { configure, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { followupsApi, type Task, type TaskRow } from '../contract.ts'
import { TodayPage } from './TodayPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const id = (n: number) => `01990000-0000-7000-8000-00000000000${n}`
const likert = ['很好', '较好', '一般', '较差', '很差'].map((display, n) => ({ valueCoding: { code: String(5 - n), display } }))
const tenQuestions = {
  resourceType: 'Questionnaire' as const,
  status: 'active',
  title: '出院后恢复情况随访',
  item: Array.from({ length: 10 }, (_, n) => ({
    linkId: `q${n}`,
    type: 'choice',
    required: true,
    text: `第 ${n + 1} 问`,
    answerOption: likert,
  })),
}

const row: TaskRow = {
  id: id(1),
  patientId: id(2),
  patientName: '阿卜杜热合曼·买买提江',
  sex: 'male',
  birthOn: '1956-03-12',
  encounterId: id(3),
  departmentId: id(4),
  departmentName: '心血管内科',
  wardName: '心血管内科一病区',
  bed: null,
  programmeId: id(5),
  programmeName: '出院 72 小时回访',
  stepName: '72 小时电话',
  channel: 'phone',
  status: 'todo',
  isOverdue: false,
  anchorAt: '2025-11-01T02:00:00.000Z',
  dueFrom: '2025-11-04T02:00:00.000Z',
  dueBy: '2099-11-06T02:00:00.000Z',
  nextAt: '2025-11-04T02:00:00.000Z',
  callBackAt: null,
  priority: 1,
  priorityReason: 'everCritical',
  assigneeId: null,
  assigneeName: null,
  claimedAt: null,
  tries: 0,
  lastOutcome: null,
  lastTriedAt: null,
  outcome: null,
  closeReason: null,
  closedAt: null,
}
const task: Task = {
  ...row,
  triesAllowed: 3,
  contacts: [{ id: id(6), relation: 'self', name: null, masked: '138****8000', kind: 'mobile', isBad: false }],
  gate: { allowed: true, reason: null, until: null },
  stay: {
    number: 'I202511010001',
    class: 'inpatient',
    admittedAt: '2025-10-25T02:00:00.000Z',
    dischargedAt: '2025-11-01T02:00:00.000Z',
    lengthOfStayDays: 7,
    attendingName: '王志强',
    nurseName: '李秀英',
    nursingLevel: '二级',
    condition: '一般',
    ever: ['everCritical'],
    disposition: '1',
    diagnoses: [{ code: 'I21.401', name: '急性心肌梗死' }],
    priorDischargeOn: null,
  },
  questionnaire: { versionId: id(7), title: tenQuestions.title, definition: tenQuestions },
  draft: null,
  attempts: [],
  previous: [],
}
const second: TaskRow = { ...row, id: id(8), patientName: '王小明', priority: 3, priorityReason: null }
const counts = {
  lists: { today: 2, overdue: 0, callBacks: 0, mine: 0, unclaimed: 2 },
  dueCallBacks: 0,
  hasProgrammes: true,
  doneToday: 0,
  triedToday: 0,
  reachedToday: 0,
}
const answers = [
  answer(followupsApi.queue, { rows: [row, second], next: null }),
  answer(followupsApi.counts, counts),
  answer(followupsApi.task, ({ id: asked }) => ({ ...task, ...(asked === second.id ? second : {}) })),
  answer(followupsApi.dial, ({ attemptId }) => ({
    attemptId,
    patientId: row.patientId,
    contactId: id(6),
    relation: 'self',
    number: '13800138000',
    startedAt: row.nextAt,
  })),
  answer(followupsApi.saveDraft, ({ revision }) => ({
    patientId: row.patientId,
    revision: revision + 1,
    savedAt: '2025-11-04T06:05:00.000Z',
  })),
  answer(followupsApi.complete, ({ response }) => ({ patientId: row.patientId, responseId: response?.id ?? null, nextId: second.id })),
  answer(followupsApi.recordOutcome, {
    patientId: row.patientId,
    status: 'inProgress',
    nextAt: '2099-11-04T08:00:00.000Z',
    tries: 1,
    nextId: second.id,
  }),
  answer(followupsApi.postpone, ({ ids }) => ({
    rows: ids.map((one) => ({ id: one, patientId: row.patientId, wasNextAt: row.nextAt, wasCallBackAt: null })),
  })),
  answer(followupsApi.undoPostpone, { rows: [] }),
  answer(feedbackApi.categories, { rows: [{ id: id(9), key: 'attitude', name: '态度', position: 1, isActive: true }] }),
  answer(feedbackApi.record, (said) => ({
    ...said,
    text: '',
    category: '态度',
    patientName: null,
    units: [],
    people: [],
    receivedAt: row.nextAt,
    recordedByName: '李护士',
    speakerName: null,
    isOwn: true,
    withdrawnAt: null,
    complaint: null,
    grade: null,
    isImportant: false,
    patientId: row.patientId,
    encounterId: row.encounterId,
    categoryId: id(9),
  })),
]

test('the patient comes first: who he is, what he went through, and how urgent it is', async () => {
  renderPage(<TodayPage />, { answers })

  await screen.findByRole('heading', { name: '阿卜杜热合曼·买买提江' })
  const work = screen.getByRole('region', { name: '随访任务' })

  expect(within(work).getByText('急性心肌梗死 I21.401')).toBeDefined()
  expect(within(work).getByText('曾病危')).toBeDefined()
  expect(within(work).getByText('急 · 曾病危')).toBeDefined()
})

test('one key dials, ten answer, one completes and goes on: twelve keys and no mouse', async () => {
  const { user, sentTo, address } = renderPage(<TodayPage />, { answers })
  await screen.findByText('第 1 问')

  await user.keyboard('{F2}')
  const number = await screen.findByRole('link', { name: '138 0013 8000' })
  expect(number.getAttribute('href')).toBe('tel:13800138000')
  await user.keyboard('1111111111')
  await user.keyboard('{Control>}{Enter}{/Control}')

  await waitFor(() => expect(sentTo(followupsApi.complete)).toHaveLength(1))
  expect(sentTo(followupsApi.dial)).toHaveLength(1)
  const [said] = sentTo(followupsApi.complete)
  expect(said).toMatchObject({ id: row.id, outcome: 'reached', attemptId: sentTo(followupsApi.dial)[0]?.attemptId })
  expect(said?.response).toMatchObject({ versionId: id(7), answers: { q0: ['5'], q9: ['5'] } })
  expect(await screen.findByRole('heading', { name: '王小明' })).toBeDefined()
  expect(address()).toContain(second.id)
})

test('what is answered is kept on the server by itself, and the page says when', async () => {
  const { user, sentTo } = renderPage(<TodayPage />, { answers })
  await screen.findByText('第 1 问')
  await user.keyboard('{F2}')
  await screen.findByRole('link', { name: '138 0013 8000' })

  await user.keyboard('2')

  expect(await screen.findByText('已自动保存 14:05', {}, { timeout: 2000 })).toBeDefined()
  expect(sentTo(followupsApi.saveDraft)).toMatchObject([{ revision: 0, answers: { q0: ['4'] } }])
})

test('nobody answers: one letter, once it was dialled, and it says when it comes up again', async () => {
  const { user, sentTo } = renderPage(<TodayPage />, { answers })
  await screen.findByText('第 1 问')
  await user.keyboard('n')
  expect(sentTo(followupsApi.recordOutcome)).toHaveLength(0) // nothing was dialled yet
  await user.keyboard('{F2}')
  await screen.findByRole('link', { name: '138 0013 8000' })

  await user.keyboard('n')

  await waitFor(() => expect(sentTo(followupsApi.recordOutcome)).toMatchObject([{ outcome: 'noAnswer', id: row.id }]))
  expect(await screen.findByText(/无人接听（第 1 次）。将在.+提醒再拨。/)).toBeDefined()
})

test('once something is answered a letter pressed by mistake does not throw the conversation away', async () => {
  const { user, sentTo } = renderPage(<TodayPage />, { answers })
  await screen.findByText('第 1 问')
  await user.keyboard('{F2}')
  await screen.findByRole('link', { name: '138 0013 8000' })

  await user.keyboard('1n')

  expect(sentTo(followupsApi.recordOutcome)).toHaveLength(0)
})

test('a complaint is heard in the middle of the questions: two keys, and the next answer goes where it belongs', async () => {
  const { user, sentTo } = renderPage(<TodayPage />, { answers })
  await screen.findByText('第 1 问')
  await user.keyboard('{F2}')
  await screen.findByRole('link', { name: '138 0013 8000' })

  await user.keyboard('1')
  await user.keyboard('t1')
  await waitFor(() =>
    expect(sentTo(feedbackApi.record)).toMatchObject([
      { kind: 'complaint', origin: { kind: 'followups.task', id: row.id }, source: 'call' },
    ]),
  )
  await waitFor(() => expect(document.activeElement?.closest('[data-question]')?.getAttribute('data-question')).toBe('q1'))
  await user.keyboard('2')

  await waitFor(() => expect(sentTo(followupsApi.saveDraft).at(-1)).toMatchObject({ answers: { q0: ['5'], q1: ['4'] } }), { timeout: 3000 })
})

test('without all answers nothing is sent, and the first that is missing is shown', async () => {
  const { user, sentTo } = renderPage(<TodayPage />, { answers })
  await screen.findByText('第 1 问')
  await user.keyboard('{F2}')
  await screen.findByRole('link', { name: '138 0013 8000' })

  await user.keyboard('11{Control>}{Enter}{/Control}')

  expect(sentTo(followupsApi.complete)).toHaveLength(0)
  expect(document.activeElement?.closest('[data-question]')?.getAttribute('data-question')).toBe('q2')
})

test('put off by two keys, and undone by the bar', async () => {
  const { user, sentTo } = renderPage(<TodayPage />, { answers })
  await screen.findByText('第 1 问')

  await user.keyboard('u')
  await screen.findByText('推迟到什么时候')
  await user.keyboard('2')

  const bar = (await screen.findByText(/已推迟 1 项到/)).parentElement ?? document.body
  await user.click(within(bar).getByRole('button', { name: /撤销/ }))
  await waitFor(() => expect(sentTo(followupsApi.undoPostpone)).toMatchObject([{ tasks: [{ id: row.id, wasNextAt: row.nextAt }] }]))
})

test('whoever may not be called is not dialled, and it says why', async () => {
  const closed = answer(followupsApi.task, { ...task, gate: { allowed: false, reason: 'openComplaint', until: null } })
  const { user, sentTo } = renderPage(<TodayPage />, { answers: [closed, ...answers] })
  expect(await screen.findByText('患者有一件投诉正在处理，暂不随访。')).toBeDefined()

  await user.keyboard('{F2}')

  expect(sentTo(followupsApi.dial)).toHaveLength(0)
})

test('somebody was quicker: the page says so and keeps what was typed', async () => {
  const taken = answer(followupsApi.dial, () => {
    throw new Refusal('followups.taken', 'conflict', { byName: '林芳' })
  })
  const { user } = renderPage(<TodayPage />, { answers: [taken, ...answers] })
  await screen.findByText('第 1 问')

  await user.keyboard('{F2}')

  expect(await screen.findByText('这项随访已由 林芳 领取。请选择其他任务。')).toBeDefined()
})

test('another window wrote in the meantime: the nurse chooses whose words stay', async () => {
  const changed = answer(followupsApi.saveDraft, ({ revision }) => {
    if (revision < 3)
      throw new Refusal('followups.draftChanged', 'conflict', { byName: '陈静', at: '2025-11-04T06:02:00.000Z', revision: 3 })
    return { patientId: row.patientId, revision: revision + 1, savedAt: '2025-11-04T06:05:00.000Z' }
  })
  const { user, sentTo } = renderPage(<TodayPage />, { answers: [changed, ...answers] })
  await screen.findByText('第 1 问')
  await user.keyboard('{F2}')
  await screen.findByRole('link', { name: '138 0013 8000' })
  await user.keyboard('1')

  await screen.findByText('陈静 14:02 改过这份草稿。可以用最新的内容继续，或保留这里填写的内容。', {}, { timeout: 2000 })
  await user.click(screen.getByRole('button', { name: '保留我的' }))

  await screen.findByText('已自动保存 14:05', {}, { timeout: 2000 })
  expect(sentTo(followupsApi.saveDraft).at(-1)).toMatchObject({ revision: 3, answers: { q0: ['5'] } })
})

test('with nothing left it thanks and counts; with no programme it says how to begin', async () => {
  const none = answer(followupsApi.queue, { rows: [], next: null })
  const done = answer(followupsApi.counts, {
    ...counts,
    lists: { ...counts.lists, unclaimed: 0 },
    doneToday: 38,
    triedToday: 50,
    reachedToday: 41,
  })
  const { unmount } = renderPage(<TodayPage />, { answers: [none, done] })
  expect(await screen.findByText('今天的随访都完成了，辛苦了。完成 38 人，接通率 82.0%。')).toBeDefined()
  unmount()

  renderPage(<TodayPage />, { answers: [none, answer(followupsApi.counts, { ...counts, hasProgrammes: false })] })

  expect(await screen.findByText('还没有随访计划，所以没有任务。')).toBeDefined()
  expect(screen.getByRole('button', { name: '从模板新建' })).toBeDefined()
})

test('a task of somebody else is shown and cannot be worked', async () => {
  const others = answer(followupsApi.task, { ...task, assigneeId: id(9), assigneeName: '林芳', claimedAt: '2025-11-04T06:00:00.000Z' })
  renderPage(<TodayPage />, { answers: [others, ...answers] })

  expect(await screen.findByText(/林芳 .+ 领取了这项任务。请选择其他任务。/)).toBeDefined()
  expect(screen.queryByRole('button', { name: /完成并下一位/ })).toBeNull()
})
