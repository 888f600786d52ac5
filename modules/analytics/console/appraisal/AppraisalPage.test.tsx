import { answer, renderPage } from '@renxin/client/testing'
import { staffApi } from '@renxin/staff/contract'
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Appraisal, type AppraisalCounts, type AppraisalRow, appraisalApi } from '../../contract.ts'
import { AppraisalPage } from './AppraisalPage.tsx'

const bones = '01990000-0000-7000-8000-0000000000d1'
const eyes = '01990000-0000-7000-8000-0000000000d2'
const counts = (of: Partial<AppraisalCounts> = {}): AppraisalCounts => ({
  due: 100, done: 90, doneInTime: 85, reached: 60, reachedInTime: 55, stopped: 7, tries: 130, talks: 61, measured: 120, seconds: 14_400, ...of,
}) // biome-ignore format: a row
const nothing = counts({
  due: 0,
  done: 0,
  doneInTime: 0,
  reached: 0,
  reachedInTime: 0,
  stopped: 0,
  tries: 0,
  talks: 0,
  measured: 0,
  seconds: 0,
})
const row = (of: Partial<AppraisalRow>): AppraisalRow => ({
  key: '', name: null, departmentName: null, counts: counts(), before: counts({ reachedInTime: 50 }), yearAgo: nothing,
  band: { low: 60, high: 80 }, standing: 'below', ...of,
}) // biome-ignore format: a row
const shown: Appraisal = {
  period: {
    span: 'quarter',
    fromMonth: '2026-10',
    toMonth: '2026-12',
    days: { from: '2026-10-01', to: '2026-12-31' },
    before: { from: '2026-07-01', to: '2026-08-28' },
    yearAgo: { from: '2025-10-01', to: '2025-11-28' },
    isPartial: true,
    dueUntil: '2026-11-28',
  },
  countedAt: '2026-11-29T01:00:00.000Z',
  total: row({}),
  rows: [
    row({ key: bones, name: '骨科' }),
    row({ key: eyes, name: '眼科', counts: counts({ reachedInTime: 70, reached: 75 }), standing: 'within' }),
  ],
  levelTwo: [{ departmentId: bones, departmentName: '骨科', urges: 6, called: 4, spots: 5, checked: 2 }],
  notReached: [
    { outcome: 'noAnswer', n: 30 },
    { outcome: 'open', n: 10 },
  ],
}
const task = {
  id: eyes, patientId: bones, patientName: '王*明', departmentName: '骨科', wardName: '骨科病区', programmeName: '出院 7 天随访', nurseName: '李秀英',
  dueOn: '2026-10-08', closedOn: '2026-10-06', state: 'done', outcome: 'noAnswer', isInTime: true, tries: 3,
} as const // biome-ignore format: a row
const answers = [
  answer(appraisalApi.appraisal, shown),
  answer(appraisalApi.appraised, { rows: [task], next: null }),
  answer(appraisalApi.efforts, { rows: [], next: null }),
  answer(appraisalApi.appraisedUrges, { rows: [], next: null }),
  answer(appraisalApi.appraisedSpots, { rows: [], next: null }),
  answer(staffApi.units, { rows: [] }),
]

test('each figure stands with its share, its change and its target, and a period that runs says up to when', async () => {
  renderPage(<AppraisalPage />, { answers, search: { span: 'quarter', level: 'department' } })

  const inTime = await screen.findByRole('button', { name: /^按时联系到55.0%/ })
  expect(inTime.textContent).toContain('低于目标')
  expect(screen.getByRole('button', { name: /^按时联系到 上期 50.0%/ }).textContent).toContain('▲ 5.0')
  expect(screen.queryByRole('button', { name: /^按时联系到 上年同期/ })).toBeNull() // nothing was due then
  expect(screen.getByText(/2026 年第 4 季度 · 期间未完，统计到 2026-11-28/)).toBeDefined()
  expect(screen.getByText('骨科 55.0%')).toBeDefined() // named among those below the target
})

test('a number in the table, and why somebody was not reached, open the very rows', async () => {
  const { user, sentTo, address } = renderPage(<AppraisalPage />, { answers, search: { span: 'month', month: '2026-10' } })

  await user.click(await screen.findByRole('button', { name: '骨科 按时完成 85' }))
  expect(await screen.findByText('王*明')).toBeDefined()
  expect(sentTo(appraisalApi.appraised).at(-1)).toMatchObject({ span: 'month', month: '2026-10', departmentId: bones, part: 'doneInTime' })
  expect(address()).toContain('part=doneInTime')

  await user.click(screen.getByRole('button', { name: '无人接听 30' }))
  expect(sentTo(appraisalApi.appraised).at(-1)).toMatchObject({ part: 'notReached', outcome: 'noAnswer' })
  await user.click(screen.getByRole('button', { name: '眼科 通话时长 4.0 小时' }))
  expect(sentTo(appraisalApi.efforts).at(-1)).toMatchObject({ part: 'measured', departmentId: eyes })
})

test('time on calls opens the calls whose time is known; a change opens those that it is a change from, and they stand beside their days', async () => {
  const { user, sentTo, address } = renderPage(<AppraisalPage />, { answers, search: { span: 'quarter' } })

  await user.click(await screen.findByRole('button', { name: '通话时长 4.0 小时' }))
  expect(sentTo(appraisalApi.efforts).at(-1)).toMatchObject({ part: 'measured', time: 'now' })

  await user.click(screen.getByRole('button', { name: /^骨科 按时联系到 上期 50.0%/ }))
  expect(sentTo(appraisalApi.appraised).at(-1)).toMatchObject({ part: 'reachedInTime', departmentId: bones, time: 'before' })
  expect(screen.getByRole<HTMLInputElement>('radio', { name: '上期 2026-07-01 ~ 2026-08-28' }).checked).toBe(true)

  await user.click(screen.getByRole('radio', { name: '本期 2026-10-01 ~ 2026-11-28' }))
  expect(sentTo(appraisalApi.appraised).at(-1)).toMatchObject({ part: 'reachedInTime', departmentId: bones, time: 'now' })
  expect(address()).toContain('time%3Dnow')
})

test('what level 2 did stands beside it, and each number opens the urges or spot checks of the days that are counted', async () => {
  const { user, sentTo } = renderPage(<AppraisalPage />, { answers, search: { span: 'quarter' } })
  const days = { from: '2026-10-01', to: '2026-11-28', departmentId: bones }

  expect((await screen.findByRole('row', { name: /^骨科 .*40.0%/ })).textContent).toContain('40.0%')
  await user.click(screen.getByRole('button', { name: '骨科 催办后已联系 4' }))
  expect(sentTo(appraisalApi.appraisedUrges).at(-1)).toMatchObject({ ...days, part: 'called' })
  await user.click(screen.getByRole('button', { name: '骨科 两周内未查 3' }))
  expect(sentTo(appraisalApi.appraisedSpots).at(-1)).toMatchObject({ ...days, part: 'unchecked' })
})

test('it is taken apart by level, ward, person or identity class; who may not export has no button for it', async () => {
  const { user, sentTo } = renderPage(<AppraisalPage />, { answers, me: { may: ['analytics.read'] } })

  const table = await screen.findByRole('radio', { name: '按人员' })
  await user.click(table)

  expect(sentTo(appraisalApi.appraisal).at(-1)).toMatchObject({ by: 'nurse' })
  expect(screen.queryByText('导出')).toBeNull()
  expect(within(await screen.findByRole('table', { name: '按人员' })).getAllByRole('row').length).toBeGreaterThan(2)
})
