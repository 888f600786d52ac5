import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Correction, writeBackApi } from '../write-back-contract.ts'
import { CorrectionsPage } from './CorrectionsPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const correction: Correction = {
  id: '01990000-0000-7000-8000-0000000000c1',
  patientId: '01990000-0000-7000-8000-000000000001',
  patientName: '赵*国',
  medicalRecordNumber: 'H0000001',
  change: 'added',
  relation: 'son',
  contactName: '赵*明',
  number: '137****0002',
  known: '138****8000',
  heardBy: '陈静',
  heardAt: '2026-09-04T01:00:00.000Z',
  status: 'open',
  decidedBy: null,
  decidedAt: null,
  reason: null,
}
const answers = [
  answer(writeBackApi.corrections, { rows: [correction], next: null }),
  answer(writeBackApi.confirmCorrection, { ...correction, status: 'confirmed' }),
  answer(writeBackApi.declineCorrection, { ...correction, status: 'declined' }),
]

test('a correction shows the number, the one that the hospital knows and who heard it, and goes only after it was confirmed', async () => {
  const page = renderPage(<CorrectionsPage />, { answers })

  const table = await screen.findByRole('table', { name: '待确认的更正' })
  for (const text of ['儿子 赵*明', '138****8000', '137****0002', '新号码', '陈静']) expect(within(table).getByText(text)).toBeTruthy()
  await page.user.click(within(table).getByRole('button', { name: '确认回写' }))
  expect(page.sentTo(writeBackApi.confirmCorrection)).toEqual([])
  await page.user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: '确认回写' }))

  expect(page.sentTo(writeBackApi.confirmCorrection)).toEqual([{ id: correction.id }])
})

test('what is not written back says why', async () => {
  const page = renderPage(<CorrectionsPage />, { answers })

  await page.user.click(await screen.findByRole('button', { name: '不回写' }))
  const dialog = await screen.findByRole('dialog')
  await page.user.type(within(dialog).getByRole('textbox'), '是邻居的电话')
  await page.user.click(within(dialog).getByRole('button', { name: '不回写' }))

  expect(page.sentTo(writeBackApi.declineCorrection)).toEqual([{ id: correction.id, reason: '是邻居的电话' }])
})
