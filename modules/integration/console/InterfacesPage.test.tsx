import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Door, healthApi } from '../health-contract.ts'
import { InterfacesPage } from './InterfacesPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const at = '2026-09-04T06:01:00.000Z'
const door: Door = {
  door: 'sender:01990000-0000-7000-8000-0000000000a1',
  kind: 'sender',
  objectId: '01990000-0000-7000-8000-0000000000a1',
  name: 'HIS 接口',
  subject: null,
  state: 'silent',
  lastAt: at,
  silentSince: at,
  thisHour: 0,
  usual: 48,
  lagSeconds: 3,
  troubles: 2,
  quietSeconds: 600,
  floorMinutes: 30,
}
const answers = [
  answer(healthApi.doors, { rows: [door] }),
  answer(healthApi.throughput, { rows: [{ at, messages: 12, troubles: 1 }] }),
  answer(healthApi.inboxSize, { messages: 4200, bytes: 3_145_728, oldestAt: at, keepDays: 90 }),
  answer(healthApi.saveFloor, { door: door.door, floorMinutes: 45 }),
]

test('a door that is silent says so in red: since when, and until when pages are right', async () => {
  renderPage(<InterfacesPage />, { answers })

  expect(await screen.findByText(/^HIS 接口 .*14:01 起没有数据，页面显示的是 .*14:01 之前的情况/)).toBeTruthy()
  const table = screen.getByRole('table', { name: '接口' })
  for (const text of ['没有数据', '48', '3 秒', '10 分钟']) expect(within(table).getByText(text)).toBeTruthy()
  expect(await screen.findByText(/收件箱：4200 条 · 3.0 MB/)).toBeTruthy()
})

test('how long a silence may be is set by door', async () => {
  const page = renderPage(<InterfacesPage />, { answers })

  await page.user.click(await screen.findByRole('button', { name: '报警设置' }))
  const minutes = within(await screen.findByRole('dialog')).getByRole('textbox')
  await page.user.clear(minutes)
  await page.user.type(minutes, '45')
  await page.user.click(screen.getByRole('button', { name: '保存' }))

  expect(page.sentTo(healthApi.saveFloor)).toEqual([{ door: door.door, floorMinutes: 45 }])
})

test('a view is called by its source and what it is about', async () => {
  const view: Door = { ...door, door: 'view:1', kind: 'view', name: 'HIS 视图库', subject: 'discharges', state: 'fine', silentSince: null }
  renderPage(<InterfacesPage />, { answers: [answer(healthApi.doors, { rows: [view] }), ...answers.slice(1)] })

  expect(within(await screen.findByRole('table', { name: '接口' })).getByText('HIS 视图库 · 出院')).toBeTruthy()
})
