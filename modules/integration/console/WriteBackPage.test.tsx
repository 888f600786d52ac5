import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Destination, type Outgoing, writeBackApi } from '../write-back-contract.ts'
import { WriteBackPage } from './WriteBackPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const at = '2025-11-20T01:00:00.000Z'
const destination: Destination = {
  id: '01990000-0000-7000-8000-0000000000d1',
  name: '主 HIS',
  way: 'hl7',
  host: '10.0.0.8',
  port: 2576,
  baseUrl: null,
  identifierSystem: '',
  auth: 'none',
  authUser: '',
  hasSecret: false,
  readerRole: null,
  application: 'HIS',
  facility: '甲院',
  charset: 'utf-8',
  followupsAs: 'oru',
  takesFollowups: true,
  takesComplaints: false,
  takesPhones: false,
  takesComplaintFlag: false,
  flagTags: [],
  isActive: true,
  waiting: 4,
  waitingSince: at,
  refused: 1,
  lastSentAt: at,
  lastError: 'mllp: unreachable',
}
const line: Outgoing = {
  eventId: '01990000-0000-7000-8000-0000000000e1',
  destinationId: destination.id,
  destinationName: destination.name,
  kind: 'followup',
  objectId: '01990000-0000-7000-8000-0000000000f1',
  patientId: '01990000-0000-7000-8000-000000000001',
  patientName: '赵*国',
  status: 'refused',
  createdAt: at,
  nextAt: at,
  sentAt: null,
  attempts: 3,
  answer: 'AR',
  error: 'AR 没有这个患者',
  isCleared: false,
}
const open = `${line.destinationId}.${line.eventId}`
const answers = [
  answer(writeBackApi.destinations, { rows: [destination] }),
  answer(writeBackApi.outgoing, { rows: [line], next: null }),
  answer(writeBackApi.outgoingLine, line),
  answer(writeBackApi.outgoingText, {
    patientId: line.patientId,
    message: 'MSH|^~\\&|RENXIN',
    segments: [{ name: 'MSH', label: { zh: '消息头', en: 'Header' }, text: 'MSH|^~\\&|RENXIN', fields: [] }],
  }),
  answer(writeBackApi.testDestination, { outcome: 'dropped', milliseconds: 4, says: null }),
  answer(writeBackApi.flagTags, { rows: [{ id: '01990000-0000-7000-8000-0000000000a1', name: '老干部' }] }),
  answer(writeBackApi.saveDestination, destination),
  answer(writeBackApi.sendAgain, { ...line, status: 'waiting', attempts: 0, answer: null, error: null }),
]

test('a destination whose line stands still says so, since when, and why', async () => {
  renderPage(<WriteBackPage />, { answers })

  const table = await screen.findByRole('table', { name: '接收系统' })
  expect(within(table).getByText('没有写成')).toBeTruthy()
  expect(within(table).getByText(/^4 条 · 最早/)).toBeTruthy()
  expect(screen.getByText(/^主 HIS：4 条没有写成。连不上对方的地址/)).toBeTruthy()
})

test('a refused message tells what the other side said and is sent again', async () => {
  const page = renderPage(<WriteBackPage />, { answers, search: { open } })

  const drawer = await screen.findByRole('dialog')
  expect(await within(drawer).findByText(/对方拒绝了这条消息：AR 没有这个患者/)).toBeTruthy()
  expect(await within(drawer).findByText(/MSH 消息头/)).toBeTruthy()
  await page.user.click(within(drawer).getByRole('button', { name: '再次发送' }))

  expect(page.sentTo(writeBackApi.sendAgain)).toEqual([{ destinationId: line.destinationId, eventId: line.eventId }])
})

test('who may only read is shown neither the text nor what changes anything', async () => {
  const page = renderPage(<WriteBackPage />, { answers, search: { open }, me: { may: ['integration.read'] } })

  const drawer = await screen.findByRole('dialog')
  expect(await within(drawer).findByText(/消息原文含患者资料/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: '再次发送' })).toBeNull()
  expect(screen.queryByRole('button', { name: '新增接收系统' })).toBeNull()
  expect(page.sentTo(writeBackApi.outgoingText)).toEqual([])
})

test('the address is tested as it stands in the form, before anything is saved', async () => {
  const page = renderPage(<WriteBackPage />, { answers, search: { edit: destination.id } })

  const host = await screen.findByRole('textbox', { name: /主机/ })
  await page.user.clear(host)
  await page.user.type(host, '10.0.0.9')
  await page.user.click(screen.getByRole('button', { name: '测试连接' }))

  expect(await screen.findByText(/对方马上断开/)).toBeTruthy()
  expect(page.sentTo(writeBackApi.testDestination)).toEqual([{ way: 'hl7', host: '10.0.0.9', port: 2576 }])
  expect(page.sentTo(writeBackApi.saveDestination)).toEqual([])

  await page.user.type(host, '9')
  expect(screen.queryByText(/对方马上断开/)).toBeNull()
  await page.user.click(screen.getByRole('button', { name: /保存/ }))
  expect(page.sentTo(writeBackApi.saveDestination)).toMatchObject([{ id: destination.id, host: '10.0.0.99', port: 2576 }])
})

test('a FHIR server is a destination: its address, its token, and what a follow-up becomes there', async () => {
  const fhir = answer(writeBackApi.testDestination, { outcome: 'fhir', milliseconds: 12, says: '平台 · FHIR 4.0.1' })
  const page = renderPage(<WriteBackPage />, { answers: [fhir, ...answers], search: { edit: 'new' } })

  await page.user.click(await screen.findByRole('radio', { name: 'FHIR R4' }))
  await page.user.type(screen.getByRole('textbox', { name: /名称/ }), '区域平台')
  await page.user.type(screen.getByRole('textbox', { name: /FHIR 服务地址/ }), 'https://platform.example/fhir')
  await page.user.click(screen.getByRole('button', { name: '测试连接' }))

  expect(await screen.findByText(/是 FHIR 服务，验证通过。 平台 · FHIR 4.0.1（12 毫秒）/)).toBeTruthy()
  await page.user.click(screen.getByRole('button', { name: /保存/ }))
  expect(page.sentTo(writeBackApi.saveDestination)).toMatchObject([
    { name: '区域平台', way: 'fhir', baseUrl: 'https://platform.example/fhir', followupsAs: 'response', takesFollowups: true },
  ])
})

test('what a destination refused goes again all at once, after a question', async () => {
  const again = answer(writeBackApi.sendAllAgain, { lines: 1 })
  const page = renderPage(<WriteBackPage />, { answers: [again, ...answers] })

  await page.user.click(await screen.findByRole('button', { name: '全部再次发送' }))
  await page.user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: '全部再次发送' }))

  expect(page.sentTo(writeBackApi.sendAllAgain)).toEqual([{ destinationId: destination.id }])
})
