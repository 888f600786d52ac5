import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { integrationApi, type Sender } from '../contract.ts'
import { deadLettersApi } from '../dead-letters-contract.ts'
import { ownFieldsApi } from '../own-fields-contract.ts'
import { SenderPage } from './SenderPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const sender: Sender = {
  id: '01990000-0000-7000-8000-0000000000b1',
  application: 'HIS',
  facility: '甲院',
  name: 'HIS · 甲院',
  mapping: { _remark: '二期接口', room: null },
  charset: 'auto',
  zone: null,
  replyMode: 'auto',
  isActive: true,
  isNew: true,
  lastMessageAt: null,
  lastDay: { applied: 0, ignored: 0, waiting: 0, failed: 0 },
  unsettled: 0,
  reusedControlIds: 0,
}
const answers = [
  answer(ownFieldsApi.ownFields, {
    rows: [{ name: 'own:patient:living', label: '居住情况', object: 'patient', kind: 'choice', options: ['独居', '与家人同住'] }],
  }),
  answer(integrationApi.senders, { rows: [sender] }),
  answer(integrationApi.saveSender, { id: sender.id }),
  answer(deadLettersApi.unmapped, {
    rows: [
      {
        senderId: sender.id,
        senderName: sender.name,
        field: 'nursingLevel',
        code: '9',
        times: 12,
        meanings: [],
        firstAt: '2025-11-19T01:00:00.000Z',
        lastAt: '2025-11-20T01:00:00.000Z',
      },
    ],
  }),
  answer(integrationApi.testMapping, {
    problems: [],
    segments: [{ name: 'ZPV', label: undefined, text: 'ZPV|3', fields: [{ path: 'ZPV-1', label: undefined, value: '3', parts: [] }] }],
    facts: [{ about: 'encounter', field: 'nursingLevel', value: '二级' }],
    reads: [{ field: 'nursingLevel', path: 'ZPV-1', value: '3' }],
    notes: [],
    outcome: 'applied',
    reason: null,
  }),
]
const draw = () => renderPage(<SenderPage />, { path: '/integration/senders/:id', params: { id: sender.id }, answers })

test('a place is written on its line, and remarks and what is not read stay as they were', async () => {
  const page = draw()

  await page.user.type(await screen.findByRole('textbox', { name: '护理级别' }), 'ZPV-1')
  await page.user.click(screen.getByRole('button', { name: /保存/ }))

  expect(page.sentTo(integrationApi.saveSender)).toMatchObject([{ mapping: { _remark: '二期接口', room: null, nursingLevel: 'ZPV-1' } }])
})

test('a thing that is not read can be read as usual again', async () => {
  const page = draw()

  await page.user.click(await screen.findByRole('button', { name: '按默认 病房' }))
  await page.user.click(screen.getByRole('button', { name: /保存/ }))

  expect(page.sentTo(integrationApi.saveSender)).toMatchObject([{ mapping: { _remark: '二期接口' } }])
  expect(page.sentTo(integrationApi.saveSender)[0]?.mapping).not.toHaveProperty('room')
})

test('a code without a meaning gets one by a choice', async () => {
  const page = draw()

  await page.user.click(await screen.findByRole('combobox', { name: '含义 护理级别 9' }))
  await page.user.click(await screen.findByTitle('二级'))
  await page.user.click(screen.getByRole('button', { name: /保存/ }))

  expect(page.sentTo(integrationApi.saveSender)).toMatchObject([{ mapping: { codes: { nursing: { '9': '二级' } } } }])
})

test('a pasted message is read by the form as it stands: on the line what was found, in the segments where', async () => {
  const page = draw()

  await page.user.type(await screen.findByRole('textbox', { name: '护理级别' }), 'ZPV-1')
  await page.user.type(screen.getByRole('textbox', { name: '粘贴一条消息' }), 'MSH|...')
  await page.user.click(screen.getByRole('button', { name: '试读' }))

  const line = (await screen.findByRole('textbox', { name: '护理级别' })).closest('tr')
  expect(await within(line ?? document.body).findByText('3')).toBeTruthy()
  expect(page.sentTo(integrationApi.testMapping)).toMatchObject([{ mapping: { nursingLevel: 'ZPV-1' }, text: 'MSH|...' }])
  expect(screen.getAllByText('护理级别').length).toBeGreaterThan(1) // the line, the fact, the mark among the segments
})

test('the whole as one text says what is wrong with it and is not taken before it is right', async () => {
  const page = draw()

  await page.user.click(await screen.findByRole('tab', { name: '整份文本' }))
  await page.user.type(screen.getByRole('textbox', { name: '整份文本' }), 'x')

  expect(await screen.findByText(/不是正确的 JSON/)).toBeTruthy()
  expect(screen.getByRole('button', { name: /保存/ })).toHaveProperty('disabled', true)
})

test('a field of the hospital’s own is read where the engineer says, and its codes mean its options', async () => {
  const page = draw()

  await page.user.type(await screen.findByRole('textbox', { name: '居住情况（患者）' }), 'ZCU-1')
  await page.user.click(screen.getByRole('tab', { name: /代码/ }))
  await page.user.click(await screen.findByRole('combobox', { name: /代码表/ }))
  await page.user.keyboard('居住')
  await page.user.click(await screen.findByTitle('居住情况（患者）'))
  await page.user.type(screen.getByRole('textbox', { name: '代码' }), '1')
  await page.user.click(screen.getByRole('combobox', { name: '含义' }))
  await page.user.click(await screen.findByTitle('独居'))
  await page.user.click(screen.getByRole('button', { name: '加入' }))
  await page.user.click(screen.getByRole('button', { name: /保存/ }))

  expect(page.sentTo(integrationApi.saveSender)[0]?.mapping).toMatchObject({
    'own:patient:living': 'ZCU-1',
    codes: { 'own:patient:living': { '1': '独居' } },
  })
})
