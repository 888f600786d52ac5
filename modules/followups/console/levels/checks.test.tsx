import { answer, renderPage } from '@renxin/client/testing'
import { Refusal } from '@renxin/kernel'
import { configure, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Check, type CheckedWork, type CheckFile, checksApi, type Figure } from '../../contract.ts'
import { ChecksPage } from './ChecksPage.tsx'

configure({ asyncUtilTimeout: 8000 })

const id = (n: number) => `01990000-0000-7000-8000-00000000000${n}`
const definition = {
  resourceType: 'Questionnaire' as const,
  item: [
    {
      linkId: 'wound',
      type: 'choice',
      text: '伤口怎么样？',
      answerOption: ['愈合好', '裂开'].map((display) => ({ valueCoding: { code: display, display } })),
    },
  ],
}
const work: CheckedWork = {
  level: 'department',
  recorded: 'short',
  tries: [{ id: id(5), at: '2025-11-04T02:00:00.000Z', byName: '李秀英', channel: 'phone', outcome: 'reached', seconds: 12, note: '' }],
  talk: { at: '2025-11-04T02:00:00.000Z', byName: '李秀英', seconds: 12, isShort: true },
  urges: [],
  spottedOn: null,
  said: { title: '恢复情况', definition, answers: { wound: ['愈合好'] }, now: { wound: ['裂开'] } },
  check: null,
  isCorrectedSince: false,
  earlier: [],
}
const second: CheckedWork = { ...work, level: 'supervisor', recorded: 'none', tries: [], talk: null, said: null }
const file: CheckFile = {
  id: id(1),
  patientId: id(2),
  patientName: '钱*英',
  departmentName: '心血管内科',
  dischargedOn: '2025-11-01',
  leastSeconds: 30,
  centre: { taskId: id(3), reachedAt: '2025-11-20T02:00:00.000Z', byName: '周敏', isAsking: true },
  levels: [work, second],
}
const check: Check = {
  call: 'untrue',
  answers: 'differ',
  note: '没有人打过',
  revision: 1,
  checkedAt: '2025-11-20T03:00:00.000Z',
  checkedByName: '周敏',
}
const figure: Figure = {
  departmentId: null, departmentName: null, level: 'department', drawn: 10, reached: 9, checked: 8, confirmed: 4, untrue: 2, unclear: 1, notCalled: 1,
  tooShort: 1, agree: 3, differ: 1, notCompared: 4, truth: { count: 4, n: 6, low: 0.3, high: 0.903 }, agreement: { count: 3, n: 4, low: 0.301, high: 0.954 },
} // biome-ignore format: a row
const version = (n: number, note: string) => ({ version: n, publishedAt: '2025-12-01T02:00:00.000Z', publishedByName: '何静', note })
const list = answer(checksApi.checks, {
  rows: [
    { ...file, departmentId: id(4), reachedAt: file.centre.reachedAt, levels: [{ level: 'department', recorded: 'short', check: null }] },
  ],
  next: null,
})
const search = { tab: 'list', month: '2025-11', open: file.id }
const drawerOf = (answers: Parameters<typeof renderPage>[1]) => renderPage(<ChecksPage />, { search, ...answers })
const level = async (name: string) => within(await screen.findByRole('region', { name }))

test('the centre sees what level 1 did and what is said now, and what it finds is sent; what the server refuses stays and is told', async () => {
  let refusals = 1
  const save = answer(checksApi.saveCheck, () => {
    if (refusals-- > 0) throw new Refusal('followups.noteNeeded', 'invalid')
    return { ...file, levels: [{ ...work, check }, second] }
  })
  const { user, sentTo } = drawerOf({ answers: [list, answer(checksApi.checkFile, file), save] })
  const first = await level('一级（科室）')

  expect(first.getByText(/最长的一次通话 00:12，短于 30 秒/)).toBeTruthy()
  expect(first.getByRole('row', { name: /伤口怎么样？ 愈合好 裂开 不一致/ })).toBeTruthy()
  await user.click(first.getByRole('radio', { name: '不真实' }))
  await user.click(first.getByRole('radio', { name: '不一致' }))
  await user.click(first.getByRole('button', { name: /保存核查/ }))
  expect(await first.findByText(/必须写说明/)).toBeTruthy()
  await user.type(first.getByRole('textbox', { name: /说明/ }), '没有人打过')
  await user.click(first.getByRole('button', { name: /保存核查/ }))

  await waitFor(() => expect(sentTo(checksApi.saveCheck)).toHaveLength(2))
  expect(sentTo(checksApi.saveCheck)[1]).toEqual({
    id: file.id,
    level: 'department',
    revision: 0,
    call: 'untrue',
    answers: 'differ',
    note: '没有人打过',
  })
})

test('of a level with nothing on record only that can be found, and of whom nobody reached only that nobody can tell', async () => {
  const unheard = { ...file, centre: { ...file.centre, reachedAt: null, isAsking: false } }
  drawerOf({ answers: [list, answer(checksApi.checkFile, unheard)] })

  const choices = async (name: string) => (await level(name)).getAllByRole('radio').map((r) => r.closest('label')?.textContent)
  expect(await choices('一级（科室）')).toEqual(['无法判断', '无法判断'])
  expect(await choices('二级（督导）')).toEqual(['无通话', '无回答'])
})

test('whoever may only read sees what was found and that the answers were put right since, and nothing to change', async () => {
  const checked = { ...file, levels: [{ ...work, check, isCorrectedSince: true }, second] }
  drawerOf({ me: { may: { 'followups.checks': 'department' } }, answers: [list, answer(checksApi.checkFile, checked)] })
  const first = await level('一级（科室）')

  expect(first.getByText(/这次通话：不真实.*回答：不一致.*没有人打过/)).toBeTruthy()
  expect(first.getByText(/原结论针对更正前的回答/)).toBeTruthy()
  expect(first.queryByRole('button', { name: /保存核查/ })).toBeNull()
})

test('a published result is shown by version with what changed, and published again with its reason', async () => {
  const changes = [{ departmentId: id(4), departmentName: '心血管内科', level: 'department' as const, count: 'untrue' as const, before: 3, after: 2 }] // biome-ignore format: a row
  const { user, sentTo } = renderPage(<ChecksPage />, {
    search: { tab: 'result', month: '2025-11' },
    answers: [
      answer(checksApi.levelResult, {
        versions: [version(2, '更正一例'), version(1, '')],
        shown: 2,
        rows: [figure],
        changes,
        now: [figure],
      }),
      answer(checksApi.publishResult, { version: 3 }),
      answer(checksApi.publishedNews, { rows: [{ ...version(2, '更正一例'), month: '2025-11', isSeen: false, figures: [figure] }] }),
      answer(checksApi.seeResult, {}),
    ],
  })
  await waitFor(() => expect(sentTo(checksApi.seeResult)).toEqual([{ month: '2025-11', version: 2 }])) // the notice goes

  const published = within(await screen.findByRole('table', { name: '三级核查结果' }))
  expect(published.getByRole('row', { name: /全院 一级 10 9 8 4 2 1 1 1 3 1 66.7%\s*30.0%–90.3%，n=6/ })).toBeTruthy()
  expect(
    within(screen.getByRole('table', { name: '与上一版不同' })).getByRole('row', { name: /心血管内科 一级（科室） 不真实 3 2/ }),
  ).toBeTruthy()
  await user.click(screen.getByRole('button', { name: '发布结果' }))
  const dialog = within(await screen.findByRole('dialog'))
  await user.type(dialog.getByRole('textbox', { name: /再次发布的原因/ }), '又更正一例')
  await user.click(dialog.getByRole('button', { name: '发布结果' }))

  await waitFor(() => expect(sentTo(checksApi.publishResult)).toEqual([{ month: '2025-11', note: '又更正一例' }]))
})
