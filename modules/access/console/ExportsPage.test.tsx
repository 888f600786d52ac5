import { answer, renderPage } from '@renxin/client/testing'
import { contract, houseErrors, post } from '@renxin/kernel'
import { screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type ExportEntry, exportsApi, type OwnRequest } from '../contract.ts'
import { words } from '../words.ts'
import { ExportButton } from './ExportButton.tsx'
import { ExportsPage } from './ExportsPage.tsx'
import { OwnExportsPage } from './OwnExportsPage.tsx'

const waresApi = contract('wares', { apples: post('/apples', { may: 'wares.take', input: z.looseObject({}), reply: z.unknown() }) })
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
    me: { may: ['access.exports'] },
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
    if (taken.length === 1) throw houseErrors.exportTooLarge({ most: 50_000 })
    return undefined
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

const request: OwnRequest = {
  id: '0190a000-0000-7000-8000-0000000000e1',
  at: '2026-09-04T01:00:00.000Z',
  actorId: '0190a000-0000-7000-8000-0000000000aa',
  actorName: '王丽',
  route: 'wares.apples',
  path: '/apples',
  asked: { from: '2026-09' },
  title: '总览',
  format: 'xlsx',
  reason: '质控例会',
  filters: [['筛选', '2026-09']],
  columns: ['病区', '满意度'],
  rows: 2300,
  isPlain: false,
  state: 'waiting',
  isOwn: false,
  decidedAt: null,
  decidedByName: null,
  decision: null,
  takeUntil: null,
  serial: null,
}

test('an export that is more than one person takes alone says that it waits, and where to find it', async () => {
  const page = renderPage(<ExportButton label="导出审计" onTake={async () => ({ waits: { id: request.id, rows: 2300 } })} />, {
    answers: [],
  })

  await page.user.click(screen.getByRole('button', { name: '导出审计' }))
  await page.user.type(await screen.findByLabelText(/理由/), '年度检查')
  await page.user.click(screen.getByRole('button', { name: '导出' }))

  const told = await screen.findByRole('dialog', { name: '等待放行' })
  expect(within(told).getByText(/2,300 行.*另一位.*放行/)).toBeDefined()
})

test('whoever releases reads who, what, how much and why, and says why he releases; of his own he is only told', async () => {
  const own = { ...request, id: '0190a000-0000-7000-8000-0000000000e2', actorName: '本人', isOwn: true }
  const page = renderPage(<ExportsPage />, {
    me: { may: ['access.releaseExports'] },
    answers: [
      answer(exportsApi.exportRequests, { rows: [request, own], next: null }),
      answer(exportsApi.decideExport, { ...request, state: 'released' }),
    ],
  })
  const row = await screen.findByRole('row', { name: /王丽/ })
  for (const text of ['总览', '质控例会', '筛选：2026-09', '2,300', '病区、满意度']) expect(within(row).getByText(text)).toBeDefined()

  await page.user.click(await screen.findByRole('row', { name: /本人/ }))
  expect(await screen.findByText('您本人的申请，由别人处理')).toBeDefined()
  await page.user.click(row)
  await page.user.click(await screen.findByRole('button', { name: '放行' }))
  const asked = within(screen.getAllByRole('dialog').at(-1) ?? document.body)
  await page.user.type(asked.getByRole('textbox'), '质控例会要用')
  await page.user.click(asked.getByRole('button', { name: /^放行/ }))

  await vi.waitFor(() =>
    expect(page.sentTo(exportsApi.decideExport)).toEqual([{ id: request.id, isReleased: true, reason: '质控例会要用' }]),
  )
})

test('of one’s own exports the released one can be taken, and a refusal says why', async () => {
  const released = { ...request, state: 'released' as const, takeUntil: '2026-09-05T01:00:00.000Z' }
  const refused = {
    ...request,
    id: '0190a000-0000-7000-8000-0000000000e3',
    state: 'refused' as const,
    decidedByName: '赵主任',
    decision: '与工作无关',
  }
  const page = renderPage(<OwnExportsPage />, {
    answers: [answer(exportsApi.ownExportRequests, { rows: [released, refused], next: null }), answer(waresApi.apples, {})],
  })

  expect(await screen.findAllByRole('button', { name: '领取' })).toHaveLength(1)
  await page.user.click(screen.getByRole('row', { name: /不予放行/ }))
  expect(within(await screen.findByRole('dialog', { name: '导出申请' })).getByText('与工作无关')).toBeDefined()
  await page.user.click(screen.getByRole('button', { name: '领取' }))
  await vi.waitFor(() =>
    expect(page.sent).toContainEqual({ module: 'wares', name: 'apples', input: { from: '2026-09', format: 'xlsx', reason: '质控例会' } }),
  )
})
