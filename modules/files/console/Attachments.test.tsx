import { answer, renderPage } from '@renxin/client/testing'
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { filesApi } from '../contract.ts'
import { Attachments } from './Attachments.tsx'

const about = { kind: 'tests.letter', id: '0190a000-0000-7000-8000-000000000001' }
const file = {
  id: '0190a000-0000-7000-8000-000000000002',
  name: '排班表.pdf',
  type: 'pdf' as const,
  sizeBytes: 2048,
  sha256: 'x',
  attachedAt: '2026-09-04T01:00:00.000Z',
  attachedByName: '李护士',
  isOwn: true,
  patientId: null,
}

test('a file is sent with its bytes, and one that is too large is refused before it is sent', async () => {
  const page = renderPage(<Attachments about={about} />, {
    answers: [answer(filesApi.list, { rows: [file] }), answer(filesApi.attach, file)],
  })
  expect(await screen.findByRole('button', { name: '下载 排班表.pdf' })).toBeDefined()
  const field = screen.getByLabelText('上传附件', { selector: 'input' })

  await page.user.upload(field, new File(['感谢'], '来信.txt', { type: 'text/plain' }))
  const large = new File(['x'], '录像.pdf')
  Object.defineProperty(large, 'size', { value: 52 * 1024 * 1024 })
  await page.user.upload(field, large)

  expect(await screen.findByText(/文件过大（52 MB，上限 20 MB）/)).toBeDefined()
  expect(page.sentTo(filesApi.attach)).toEqual([
    expect.objectContaining({ aboutKind: about.kind, aboutId: about.id, name: '来信.txt', base64: Buffer.from('感谢').toString('base64') }),
  ])
})
