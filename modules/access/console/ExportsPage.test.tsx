import { answer, renderPage } from '@renxin/client/testing'
import { screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { accessErrors, type ExportEntry, exportsApi } from '../contract.ts'
import { words } from '../words.ts'
import { ExportButton } from './ExportButton.tsx'
import { ExportsPage } from './ExportsPage.tsx'

const entry: ExportEntry = {
  serial: 'EX-000042',
  at: '2026-09-04T01:00:00.000Z',
  actorId: '0190a000-0000-7000-8000-0000000000aa',
  actorName: '王丽',
  route: 'analytics.export',
  title: '总览',
  format: 'xlsx',
  reason: '质控例会',
  filters: [['筛选', '2026-09']],
  rows: 1160,
  address: '10.1.2.3',
  requestId: 'r1',
}

test('the auditor reads who took what and why, and finds a file by the number that stands in it', async () => {
  const page = renderPage(<ExportsPage />, {
    answers: [
      answer(exportsApi.exports, { rows: [entry], next: null }),
      answer(exportsApi.exportChoices, { kinds: [{ route: entry.route, title: entry.title }], actors: [] }),
    ],
  })
  const row = await screen.findByRole('row', { name: /EX-000042/ })
  for (const text of ['王丽', '总览', '质控例会', '筛选：2026-09', '1,160']) expect(within(row).getByText(text)).toBeDefined()

  await page.user.type(screen.getByLabelText('编号'), 'EX-42x')
  await page.user.click(screen.getByRole('button', { name: '查询' }))
  expect(await screen.findByText('编号是 EX- 加数字')).toBeDefined()
  expect(page.sentTo(exportsApi.exports).every((asked) => !('serial' in asked))).toBe(true)

  await page.user.clear(screen.getByLabelText('编号'))
  await page.user.type(screen.getByLabelText('编号'), 'EX-000042')
  await page.user.click(screen.getByRole('button', { name: '查询' }))
  await vi.waitFor(() => expect(page.sentTo(exportsApi.exports).at(-1)).toMatchObject({ serial: 'EX-000042' }))

  await page.user.click(await screen.findByRole('row', { name: /EX-000042/ }))
  expect(within(await screen.findByRole('dialog', { name: '导出详情' })).getByText('10.1.2.3')).toBeDefined()
})

test('nothing is taken before somebody says why, and a refusal stays on the page with its sentence', async () => {
  const taken: unknown[] = []
  const refusing = async (how: unknown) => {
    taken.push(how)
    if (taken.length === 1) throw accessErrors.tooManyRows({ most: 50_000 })
  }
  const page = renderPage(<ExportButton label="导出审计" onTake={refusing} sentence={words.of} />, { answers: [] })

  await page.user.click(screen.getByRole('button', { name: '导出审计' }))
  const dialog = within(await screen.findByRole('dialog', { name: '导出审计' }))
  const take = dialog.getByRole('button', { name: '导出' })
  expect(take).toHaveProperty('disabled', true)
  await page.user.type(dialog.getByLabelText(/理由/), ' 年度检查 ')
  await page.user.click(dialog.getByText('CSV'))
  await page.user.click(take)
  expect(await dialog.findByText(/50000|50,000/)).toBeDefined()
  await page.user.click(take)

  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBe(null))
  expect(taken).toEqual([1, 2].map(() => ({ format: 'csv', reason: '年度检查' })))
})
