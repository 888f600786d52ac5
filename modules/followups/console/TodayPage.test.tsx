import { answer, renderPage } from '@renxin/client/testing'
import { feedbackApi } from '@renxin/feedback/contract'
import { Refusal } from '@renxin/kernel'
import { configure, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { contentApi, followupsApi } from '../contract.ts'
import { TodayPage } from './TodayPage.tsx'
import { answers, counts, id, row, second, task, tenQuestions } from './today.fixture.ts'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

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

test('an answer that calls for a doctor shows at once what to say, and what was told goes with the answers', async () => {
  const redFlag = {
    url: 'urn:renxin:fhir:red-flag',
    extension: [
      { url: 'id', valueString: 'worse' },
      { url: 'title', valueString: '恢复很差' },
      { url: 'say', valueString: '我马上报告医生。' },
      { url: 'tell', valueString: '请今天到医院来。' },
      {
        url: 'when',
        extension: [
          { url: 'question', valueString: 'q0' },
          { url: 'operator', valueCode: '=' },
          { url: 'answer', valueCoding: { code: '1' } },
        ],
      },
    ],
  }
  const questionnaire = { versionId: id(7), title: tenQuestions.title, definition: { ...tenQuestions, extension: [redFlag] }, filled: null }
  const { user, sentTo } = renderPage(<TodayPage />, { answers: [answer(followupsApi.task, { ...task, questionnaire }), ...answers] })
  await screen.findByText('第 1 问')
  expect(screen.queryByText('我马上报告医生。', { exact: false })).toBeNull()

  await user.keyboard('{F2}')
  await screen.findByRole('link', { name: '138 0013 8000' })
  await user.keyboard('5')
  expect(await screen.findByText('我马上报告医生。', { exact: false })).toBeDefined()
  await user.click(screen.getByRole('checkbox', { name: '已告知患者' }))
  await user.click(screen.getAllByRole('radio', { name: /很好/ })[1] ?? document.body)
  await user.keyboard('111111111')
  await user.keyboard('{Control>}{Enter}{/Control}')

  await waitFor(() => expect(sentTo(followupsApi.complete)).toHaveLength(1))
  expect(sentTo(followupsApi.complete)[0]).toMatchObject({ told: ['worse'] })
})

test('what is asked and told beside the questionnaire goes with it: the extra answers that were begun, and the news that was ticked', async () => {
  const small = {
    resourceType: 'Questionnaire' as const,
    title: '老干部附加',
    item: [
      { linkId: 'visit', type: 'boolean', text: '需要上门吗？', required: true },
      { linkId: 'other', type: 'string', text: '还有什么需要？' },
    ],
  }
  const extra = { id: id(5), name: '老干部附加', versionId: id(4), definition: small, responseId: null }
  const news = { id: id(3), title: '新技术', text: '开展了新的微创手术。', isTold: false }
  const content = answer(contentApi.taskContent, { patientId: row.patientId, extras: [extra], news: [news] })
  const bare = answer(followupsApi.task, { ...task, questionnaire: null })
  const { user, sentTo } = renderPage(<TodayPage />, { answers: [content, bare, ...answers] })
  const panel = await screen.findByRole('region', { name: '附加：老干部附加' })

  await user.type(within(panel).getByRole('textbox', { name: /还有什么需要/ }), '轮椅')
  await waitFor(() => expect(sentTo(followupsApi.saveDraft).at(-1)).toMatchObject({ extras: { [extra.id]: { other: ['轮椅'] } } }))
  await user.click(screen.getByRole('checkbox', { name: '已告知：新技术' }))
  await user.click(screen.getByRole('button', { name: /完成并下一位/ }))
  expect(sentTo(followupsApi.complete)).toEqual([]) // what was begun must be right: one answer is missing
  await user.click(within(panel).getByRole('radio', { name: /否/ }))
  await user.click(screen.getByRole('button', { name: /完成并下一位/ }))

  await waitFor(() => expect(sentTo(followupsApi.complete)).toHaveLength(1))
  expect(sentTo(followupsApi.complete)[0]).toMatchObject({
    response: null,
    extras: [{ extraId: extra.id, versionId: extra.versionId, answers: { visit: [false], other: ['轮椅'] } }],
    toldNews: [news.id],
  })
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
