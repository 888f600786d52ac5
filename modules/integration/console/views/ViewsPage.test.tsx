import { answer, renderPage } from '@renxin/client/testing'
import { configure, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { type Source, type View, viewsApi } from '../../views-contract.ts'
import { ViewsPage } from './ViewsPage.tsx'

configure({ asyncUtilTimeout: 8000 }) // the first drawing of a page takes its time on a busy machine

const at = '2026-03-10T01:00:00.000Z'
const view: View = {
  id: '01990000-0000-7000-8000-0000000000b1',
  sourceId: '01990000-0000-7000-8000-0000000000a1',
  subject: 'discharges',
  from: { schema: 'HIS', name: 'V_CYBR' },
  keys: ['ZYH'],
  update: 'GXSJ',
  mapping: { visitNumber: { column: 'ZYH' }, recordNumber: { column: 'BAH', width: 8 }, class: { constant: '住院' } },
  codes: {},
  everySeconds: 300,
  startOn: null,
  isActive: true,
  lastRunAt: at,
  lastOkAt: at,
  mark: '2026-03-10 08:59:58',
  isReading: false,
  readRows: 0,
  rows: 7031,
  waiting: 2,
  noted: 0,
  failing: { code: 'noRelation', detail: 'ORA-00942', since: at, nextAt: at },
  missingColumns: ['HLJB'],
  rowsWithoutKey: 0,
  hasFutureRows: false,
}
const source: Source = {
  id: view.sourceId,
  name: '老 HIS',
  kind: 'oracle',
  host: '10.0.0.8',
  port: 1521,
  database: 'orcl',
  username: 'crm_read',
  tls: false,
  charset: 'declared',
  authority: '',
  isActive: true,
  views: [view],
}
const patientId = '01990000-0000-7000-8000-000000000001'
const answers = [
  answer(viewsApi.sources, { rows: [source] }),
  answer(viewsApi.viewCounts, {
    rows: [
      { viewId: view.id, day: '2026-03-09', wardId: null, wardName: null, theirs: 3, ours: 3, countedAt: at },
      { viewId: view.id, day: '2026-03-09', wardId: patientId, wardName: '心内一病区', theirs: 12, ours: 11, countedAt: at },
    ],
  }),
  answer(viewsApi.viewRows, {
    rows: [
      {
        viewId: view.id,
        key: '["Z1001"]',
        status: 'waiting' as const,
        problems: [{ field: 'recordNumber', column: 'BAH', code: 'lostZeros' as const, value: '12345', stops: true }],
        failure: null,
        readAt: at,
        patientId: null,
        encounterId: null,
      },
    ],
    next: null,
  }),
  answer(viewsApi.reread, { settled: 1, unsettled: 1, next: null }),
  answer(viewsApi.ask, { id: patientId }),
  answer(viewsApi.answer, {
    answer: {
      what: 'columns' as const,
      columns: [
        { name: 'ZYH', type: 'text' as const },
        { name: 'XM', type: 'text' as const },
      ],
      rows: [{ ZYH: 'Z1001', XM: '赵*国' }],
      mapping: { visitNumber: { column: 'ZYH' }, name: { column: 'XM' } },
      keys: ['ZYH'],
      update: null,
    },
  }),
  answer(viewsApi.saveView, { id: view.id }),
]

test('a view that fails says why and what to do, and which ward is counted otherwise there', async () => {
  renderPage(<ViewsPage />, { answers })

  expect(await screen.findByText(/老 HIS · 出院 · 视图不存在，或账号看不到它。.*ORA-00942/)).toBeTruthy()
  const counts = await screen.findByRole('table', { name: '出院人数核对' })
  expect(await within(counts).findByText('心内一病区')).toBeTruthy()
  expect(within(counts).getByText('-1')).toBeTruthy()
  expect(within(counts).queryByText('没有写病区')).toBeNull()
  expect(screen.getByText('列不见了：HLJB')).toBeTruthy()
})

test('a row that waits tells its reason and is read again', async () => {
  const { user, sentTo } = renderPage(<ViewsPage />, { answers })

  await user.click(await screen.findByRole('button', { name: /没有完全读懂的行/ }))
  expect(await screen.findByText('病案号：位数不够，前面的零可能丢了（12345）')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: '重新读取' }))

  await waitFor(() => expect(sentTo(viewsApi.reread)).toEqual([{ id: view.id, status: 'waiting' }]))
  expect(await screen.findByText('1 行已生效，1 行仍不能。')).toBeTruthy()
})

test('for a new view the columns are looked at, and what was guessed of them is put in', async () => {
  const { user, sentTo } = renderPage(<ViewsPage />, { answers })

  await user.click(await screen.findByRole('button', { name: '新增视图 老 HIS' }))
  await user.click(await screen.findByRole('checkbox', { name: '用自己的查询语句' }))
  await user.type(screen.getByRole('textbox', { name: /查询语句/ }), 'select * from V_CYBR')
  await user.click(screen.getByRole('button', { name: '查看列和数据' }))
  expect(await screen.findByText('赵*国')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: /^保存/ }))

  await waitFor(() =>
    expect(sentTo(viewsApi.saveView)).toMatchObject([
      { from: { select: 'select * from V_CYBR' }, keys: ['ZYH'], mapping: { visitNumber: { column: 'ZYH' }, name: { column: 'XM' } } },
    ]),
  )
})
