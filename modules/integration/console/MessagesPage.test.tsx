import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { integrationApi, type MessageFile, type RawMessage, type Sender } from '../contract.ts'
import { deadLettersApi } from '../dead-letters-contract.ts'
import { MessagesPage } from './MessagesPage.tsx'
import { SenderPage } from './SenderPage.tsx'
import { SendersPage } from './SendersPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const id = '01990000-0000-7000-8000-00000000000a'
const sender: Sender = {
  id: '01990000-0000-7000-8000-0000000000b1',
  application: 'HIS',
  facility: '仁心示范医院',
  name: 'HIS · 仁心示范医院',
  mapping: { ward: 'PV1-3.1' },
  charset: 'auto',
  zone: null,
  replyMode: 'auto',
  isActive: true,
  isNew: true,
  lastMessageAt: '2025-11-20T01:00:00.000Z',
  lastDay: { applied: 12, ignored: 3, waiting: 1, failed: 1 },
  unsettled: 2,
  reusedControlIds: 1,
}
const message: MessageFile = {
  id,
  receivedAt: '2025-11-20T01:00:00.000Z',
  sentAt: '2025-11-20T00:59:00.000Z',
  senderId: sender.id,
  senderName: sender.name,
  type: 'ADT',
  event: 'A01',
  controlId: 'D00001',
  visitNumber: null,
  status: 'waiting',
  reason: 'noVisitNumber',
  hasNotes: true,
  reusesControlId: true,
  patientId: '01990000-0000-7000-8000-000000000001',
  encounterId: null,
  charset: 'utf-8',
  detail: null,
  notes: [{ code: 'unknownCode', field: 'nursingLevel', value: '9' }],
  attempts: 1,
  appliedAt: null,
  isMended: false,
  mendedBy: null,
  mendedAt: null,
  mendReason: null,
}
const raw: RawMessage = {
  id,
  patientId: message.patientId,
  text: 'MSH|^~\\&|HIS\nPID|1||H1^^^HIS^MR',
  mended: null,
  segments: [
    {
      name: 'PID',
      label: { zh: '患者', en: 'Patient' },
      text: 'PID|1||H1^^^HIS^MR',
      fields: [
        {
          path: 'PID-3',
          label: { zh: '患者标识', en: 'Patient identifiers' },
          value: 'H1^^^HIS^MR',
          parts: [{ path: 'PID-3.1', label: { zh: '号码', en: 'Id' }, value: 'H1' }],
        },
      ],
    },
  ],
  facts: [{ about: 'patient', field: 'name', value: '赵建国' }],
  changes: [
    { about: 'encounter', field: 'nursingLevel', before: '二级', value: '一级', outcome: 'changed' },
    { about: 'patient', field: 'sex', before: null, value: 'male', outcome: 'new' },
    { about: 'encounter', field: 'bed', before: null, value: '12床', outcome: 'overtaken' },
  ],
  unchanged: 14,
}
const answers = [
  answer(integrationApi.senders, { rows: [sender] }),
  answer(integrationApi.messages, { rows: [message], next: null }),
  answer(integrationApi.causes, { rows: [{ cause: 'noVisitNumber', messages: 3 }] }),
  answer(integrationApi.retention, { keepDays: 90 }),
  answer(integrationApi.message, message),
  answer(integrationApi.raw, raw),
  answer(integrationApi.unclaimed, { rows: [] }),
]

test('a message that waits says why, shows its fields by name, and is mended', async () => {
  const page = renderPage(<MessagesPage />, {
    search: { open: id },
    answers: [...answers, answer(integrationApi.mend, { ...message, status: 'applied', reason: null, isMended: true })],
  })

  const drawer = await screen.findByRole('dialog')
  expect(await within(drawer).findByText(/没有就诊号（PV1-19）/)).toBeTruthy()
  expect(within(drawer).getByText(/代码“9”没有对应的含义/)).toBeTruthy()
  expect(await within(drawer).findByText('患者标识')).toBeTruthy()

  await page.user.click(await within(drawer).findByRole('button', { name: /修改原文/ }))
  const field = await screen.findByRole('textbox', { name: '原文' })
  await page.user.type(field, '{End}X')
  await page.user.type(screen.getByRole('textbox', { name: /修改原因/ }), '补上患者号')
  await page.user.click(screen.getByRole('button', { name: /保存并读取/ }))

  expect(page.sentTo(integrationApi.mend)).toMatchObject([{ id, text: expect.stringContaining('H1'), reason: '补上患者号' }])
})

test('an applied message shows what it changed, before and after, in words', async () => {
  renderPage(<MessagesPage />, {
    search: { open: id },
    answers: [answer(integrationApi.message, { ...message, status: 'applied', reason: null, notes: [] }), ...answers],
  })

  const table = await screen.findByRole('table', { name: '改了什么' })
  const rows = within(table)
    .getAllByRole('row')
    .slice(1)
    .map((row) =>
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    )
  expect(rows).toEqual([
    ['就诊 · 护理级别', '二级', '一级', '改为'],
    ['患者 · 性别', '—', '男', '新增'],
    ['就诊 · 床号', '—', '12床', '未采用'],
  ])
  expect(screen.getByText(/另有 14 项与之前的消息相同/)).toBeTruthy()
})

test('the work of the morning is chosen by its cause and read again until every message was read', async () => {
  const next = '01990000-0000-7000-8000-0000000000c1'
  const page = renderPage(<MessagesPage />, {
    answers: [
      ...answers,
      answer(integrationApi.replayAll, ({ after }) =>
        after ? { settled: 1, unsettled: 1, next: null } : { settled: 1000, unsettled: 0, next },
      ),
    ],
  })

  await page.user.click(await screen.findByRole('button', { name: '没有就诊号 3' }))
  expect(page.address()).toContain('cause=noVisitNumber')
  await page.user.click(await screen.findByRole('button', { name: '全部重新读取' }))
  const dialog = await screen.findByRole('dialog')
  await page.user.click(within(dialog).getByRole('button', { name: '全部重新读取' }))

  expect(await screen.findByText('已处理 1001 条 · 仍未解决 1 条')).toBeTruthy()
  expect(page.sentTo(integrationApi.replayAll)).toEqual([{ cause: 'noVisitNumber' }, { cause: 'noVisitNumber', after: next }])
})

test('the message that somebody came from is there to try the mapping on', async () => {
  renderPage(<SenderPage />, {
    path: '/integration/senders/:id',
    params: { id: sender.id },
    search: { message: id },
    answers: [answer(deadLettersApi.unmapped, { rows: [] }), ...answers],
  })

  const pasted = await screen.findByRole('textbox', { name: '粘贴一条消息' })
  await waitFor(() => expect(pasted).toHaveProperty('value', raw.text))
})

test('a sender of nobody’s is claimed for this hospital by name, and its settings are opened', async () => {
  const stranger = { application: 'EMR', facility: '何处', messages: 12, firstAt: message.receivedAt, lastAt: message.receivedAt }
  const page = renderPage(<SendersPage />, {
    answers: [
      answer(integrationApi.unclaimed, { rows: [stranger] }),
      answer(integrationApi.assign, { senderId: sender.id, messages: 12 }),
      ...answers,
    ],
  })

  await page.user.click(await screen.findByRole('button', { name: '认领 EMR 何处' }))
  const asked = await screen.findByRole('dialog', { name: '把“EMR · 何处”认领到仁心示范医院？' })
  await page.user.click(within(asked).getByRole('button', { name: '认领 12 条消息' }))

  expect(await screen.findByRole('dialog', { name: /HIS · 仁心示范医院 的设置/ })).toBeTruthy()
  expect(page.sentTo(integrationApi.assign)).toEqual([{ application: 'EMR', facility: '何处' }])
})

test('who may not mend does not ask for the text of a message', async () => {
  const page = renderPage(<MessagesPage />, { search: { open: id }, me: { may: ['integration.read'] }, answers })

  expect(await screen.findByText(/消息原文含患者资料/)).toBeTruthy()
  expect(page.sentTo(integrationApi.raw)).toEqual([])
})

test('a sender that needs a look says so, and leads to its mapping', async () => {
  renderPage(<SendersPage />, { search: { open: sender.id }, answers })

  expect(await screen.findByText('新出现，请核对')).toBeTruthy()
  expect(screen.getByText('1 条控制号重复')).toBeTruthy()
  expect(await screen.findByRole('link', { name: '对应关系' })).toBeTruthy()
})
