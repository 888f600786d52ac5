import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { integrationApi } from '../contract.ts'
import { deadLettersApi, type Group, type Run } from '../dead-letters-contract.ts'
import { DeadLettersPage } from './DeadLettersPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const at = '2026-09-04T01:00:00.000Z'
const senderId = '01990000-0000-7000-8000-0000000000a1'
const group: Group = {
  senderId,
  senderName: '主 HIS',
  cause: 'noVisitNumber',
  detail: null,
  field: null,
  code: null,
  messages: 300,
  firstAt: at,
  lastAt: at,
  meanings: [],
  place: { field: 'visitNo', text: 'PV1-19.1' },
}
const code = {
  senderId,
  senderName: '主 HIS',
  field: 'nursingLevel',
  code: '9',
  times: 12,
  firstAt: at,
  lastAt: at,
  meanings: ['特级', '一级'],
}
const run: Run = {
  id: '01990000-0000-7000-8000-0000000000b1',
  kind: 'replay',
  what: { senderId, cause: 'noVisitNumber' },
  reason: '换了字段',
  startedBy: '吴工',
  startedAt: at,
  finishedAt: at,
  total: 300,
  settled: 299,
  unsettled: 1,
  status: 'done',
}
const answers = [
  answer(deadLettersApi.groups, { rows: [group] }),
  answer(deadLettersApi.unmapped, { rows: [code] }),
  answer(deadLettersApi.runs, { rows: [] }),
  answer(deadLettersApi.tryRemedy, {
    total: 300,
    rows: [
      {
        id: run.id,
        patientId: null,
        lines: [],
        before: { status: 'waiting', reason: 'noVisitNumber' },
        after: { status: 'applied', reason: null },
        notes: [],
      },
    ],
  }),
  answer(deadLettersApi.remedy, run),
  answer(deadLettersApi.countReplay, { messages: 812 }),
  answer(deadLettersApi.startReplay, { ...run, status: 'running' as const, finishedAt: null }),
  answer(integrationApi.senders, { rows: [] }),
]

test('a group is put right by a place in the mapping, tried first, and all of it settled in one action', async () => {
  const page = renderPage(<DeadLettersPage />, { answers })

  await page.user.click(await screen.findByText('没有就诊号'))
  const drawer = await screen.findByRole('dialog')
  const place = within(drawer).getByRole('textbox', { name: /就诊号.*在哪里/ })
  await page.user.clear(place)
  await page.user.type(place, 'PV1-50.1')
  await page.user.click(within(drawer).getByRole('button', { name: '试读前几条' }))
  expect(await within(drawer).findByText('已生效')).toBeTruthy()
  expect(page.sentTo(deadLettersApi.remedy)).toEqual([])
  await page.user.type(within(drawer).getByRole('textbox', { name: /^原因/ }), '换了字段')
  await page.user.click(within(drawer).getByRole('button', { name: '一并处理 300 条' }))

  expect(await within(drawer).findByText('已处理 299 条 · 仍未解决 1 条')).toBeTruthy()
  expect(page.sentTo(deadLettersApi.remedy)).toMatchObject([
    {
      like: { senderId, cause: 'noVisitNumber', detail: null },
      remedy: { kind: 'place', field: 'visitNo', text: 'PV1-50.1' },
      reason: '换了字段',
    },
  ])
})

test('who may not manage interfaces is offered no change of a mapping', async () => {
  const page = renderPage(<DeadLettersPage />, { answers, me: { may: ['integration.read', 'integration.mend'] } })

  await page.user.click(await screen.findByText('没有就诊号'))

  const drawer = await screen.findByRole('dialog')
  expect(within(drawer).queryByRole('radio', { name: '改字段位置' })).toBeNull()
  expect(within(drawer).getByRole('radio', { name: '替换文字' })).toBeTruthy()
})

test('a code without a meaning is given one', async () => {
  const page = renderPage(<DeadLettersPage />, { answers, search: { tab: 'codes' } })

  await page.user.click(await screen.findByRole('button', { name: '给出含义' }))

  const drawer = await screen.findByRole('dialog')
  expect(within(drawer).getByText(/“9”的含义/)).toBeTruthy()
  expect(within(drawer).getByRole('button', { name: '一并处理 12 条' }).hasAttribute('disabled')).toBe(true)
})

test('a replay is counted before it can be started', async () => {
  const page = renderPage(<DeadLettersPage />, { answers, search: { tab: 'replays' } })

  const begin = await screen.findByRole('button', { name: /^重新读取 0 条/ })
  expect(begin.hasAttribute('disabled')).toBe(true)
  await page.user.type(screen.getByRole('textbox', { name: /^事件/ }), 'ADT^A08 A31')
  await page.user.type(screen.getByRole('textbox', { name: /^原因/ }), '新的对应关系')
  await page.user.click(screen.getByRole('button', { name: '先数一数' }))
  await page.user.click(await screen.findByRole('button', { name: '重新读取 812 条' }))

  expect(page.sentTo(deadLettersApi.startReplay)).toMatchObject([{ like: { events: ['ADT^A08', 'A31'] }, reason: '新的对应关系' }])
})
