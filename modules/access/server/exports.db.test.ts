import { contract, exportAsk, post } from '@renxin/kernel'
import { defineModule, serve } from '@renxin/server'
import { exportTables } from '@renxin/server/export'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { exportsApi } from '../contract.ts'
import { access } from './index.ts'

const spec = { may: 'wares.take', reply: z.unknown(), file: 'application/octet-stream', isQuiet: true } as const
const waresApi = contract('wares', {
  apples: post('/apples', { ...spec, input: z.object(exportAsk) }),
  pears: post('/pears', { ...spec, input: z.object(exportAsk) }),
  plums: post('/plums', { ...spec, input: z.object(exportAsk) }),
  /** Asks for no reason by its contract, and hands on whatever came. */
  careless: post('/careless', { ...spec, input: z.object({ reason: z.string() }) }),
})
const table = { name: '表', columns: [{ name: '名称' }], rows: [['甲'], ['乙'], ['丙']] }
const wares = defineModule({
  name: 'wares',
  migrations: new URL('../../../packages/server/testing-migrations/', import.meta.url),
  routes: serve(waresApi, {
    apples: (ctx, how) =>
      exportTables(ctx, {
        ...how,
        route: waresApi.apples,
        title: '苹果',
        fileName: '苹果',
        filters: [['品种', '红']],
        asked: {},
        tables: [table],
      }),
    pears: (ctx, how) =>
      exportTables(ctx, {
        ...how,
        route: waresApi.pears,
        title: '梨',
        fileName: '梨',
        filters: [],
        asked: {},
        tables: [table, { ...table, name: '另一表' }],
      }),
    plums: (ctx, how) =>
      exportTables(ctx, {
        ...how,
        route: waresApi.plums,
        title: '李子',
        fileName: '李子',
        filters: [],
        asked: {},
        tables: [{ ...table, rows: Array.from({ length: 2001 }, (_, i) => [`第${i}个`]) }],
      }),
    careless: (ctx, { reason }) =>
      exportTables(ctx, {
        reason,
        format: 'csv',
        route: waresApi.careless,
        title: '梨',
        fileName: '梨',
        filters: [],
        asked: {},
        tables: [],
      }),
  }),
})
const house = await openHouse([staff, access, wares], { prepare: true, now: '2026-09-04T09:00+08:00' })
const auditor = house.who('access.exports')
const [wang, li] = [house.who('wares.take', { name: '王护士' }), house.who('wares.take', { name: '李医生' })]
type File = { name: string; body: Buffer }
const taken = (reply: Promise<unknown>) => reply as Promise<File> // the answer of a route with a file is its name, type and body
const serials = async (asked: object) => (await auditor.call(exportsApi.exports, asked)).rows.map((r) => r.serial)

test('each file has the next number, and the auditor finds by it, by person, kind and day who took what and why', async () => {
  const first = await taken(wang.call(waresApi.apples, { format: 'csv', reason: ' 月度盘点 ' }))
  house.advance({ days: 1 })
  const second = await taken(wang.call(waresApi.pears, { format: 'xlsx', reason: '复核' }))
  const third = await taken(li.call(waresApi.apples, { format: 'csv', reason: '复核' }))

  expect([first, second, third].map((f) => f.name)).toEqual(['苹果 EX-000001.csv', '梨 EX-000002.xlsx', '苹果 EX-000003.csv'])
  expect(String(first.body).split('\r\n').slice(0, 6)).toEqual([
    '\u{feff}仁心示范医院 · 苹果', '品种,红', '导出人,王护士', '导出时间,2026-09-04 09:00', '理由,月度盘点', '编号 EX-000001 · 内部资料，请妥善保管',
  ]) // biome-ignore format: a table
  const { rows } = await auditor.call(exportsApi.exports, {})
  expect(rows.map((r) => [r.serial, r.actorName, r.route, r.title, r.format, r.reason, r.filters, r.rows])).toEqual([
    ['EX-000003', '李医生', 'wares.apples', '苹果', 'csv', '复核', [['品种', '红']], 3],
    ['EX-000002', '王护士', 'wares.pears', '梨', 'xlsx', '复核', [], 6],
    ['EX-000001', '王护士', 'wares.apples', '苹果', 'csv', '月度盘点', [['品种', '红']], 3],
  ])
  expect(await serials({ actorId: wang.id })).toEqual(['EX-000002', 'EX-000001'])
  expect(await serials({ route: 'wares.apples' })).toEqual(['EX-000003', 'EX-000001'])
  expect(await serials({ to: '2026-09-04' })).toEqual(['EX-000001'])
  expect(await serials({ from: '2026-09-05', route: 'wares.apples' })).toEqual(['EX-000003'])
  expect(await serials({ serial: 'ex-000002' })).toEqual(['EX-000002'])
  expect(await serials({ serial: '3' })).toEqual(['EX-000003'])
  const page = await auditor.call(exportsApi.exports, { limit: 2 })
  expect(await serials({ limit: 2, after: page.next ?? '' })).toEqual(['EX-000001'])
  expect(await auditor.call(exportsApi.exportChoices, {})).toEqual({
    kinds: [
      { route: 'wares.apples', title: '苹果' },
      { route: 'wares.pears', title: '梨' },
    ],
    actors: expect.arrayContaining([
      { id: wang.id, name: '王护士' },
      { id: li.id, name: '李医生' },
    ]),
  })
})

test('an export stands in the audit with its number and reason', async () => {
  const { name } = await taken(li.call(waresApi.apples, { format: 'csv', reason: '年度检查' }))

  const [row] = await house.sql(
    `select actor_id, object_id, detail from house.audit where action = 'house.exported' and reason = '年度检查'`,
  )
  expect(row).toEqual({
    actor_id: li.id,
    object_id: /EX-\d+/.exec(name)?.[0],
    detail: { route: 'wares.apples', filters: [['品种', '红']], format: 'csv', rows: 3 },
  })
})

test('nothing is taken without a reason, not even over a route that forgot to ask for one', async () => {
  const before = (await serials({})).length

  await expect(wang.call(waresApi.apples, { format: 'csv', reason: ' 1 ' })).rejects.toMatchObject({ code: 'house.invalid' })
  await expect(wang.call(waresApi.careless, { reason: '  ' })).rejects.toMatchObject({ code: 'house.invalid' })

  expect(await serials({})).toHaveLength(before)
})

test('many who export at the same moment get numbers of their own, without a gap', async () => {
  const before = (await serials({})).length

  await Promise.all(Array.from({ length: 8 }, (_, i) => (i % 2 ? wang : li).call(waresApi.apples, { format: 'csv', reason: '并发' })))

  const numbers = (await serials({ limit: 200 })).map((s) => Number(s.slice(3))).toSorted((a, b) => a - b)
  expect(numbers).toEqual(Array.from({ length: before + 8 }, (_, i) => i + 1))
})

test('what was noted cannot be changed or taken away, another hospital has numbers of its own, and who audits not at all sees none', async () => {
  await expect(house.sql(`update house.exports set reason = '别的理由'`)).rejects.toThrow('permission denied')
  await expect(house.sql('delete from house.exports')).rejects.toThrow('permission denied')
  const stranger = await house.stranger('access.exports', 'wares.take')
  expect((await stranger.call(exportsApi.exports, {})).rows).toEqual([])
  expect((await taken(stranger.call(waresApi.pears, { format: 'csv', reason: '盘点' }))).name).toBe('梨 EX-000001.csv')
  await expect(house.who('access.audit').call(exportsApi.exports, {})).rejects.toMatchObject({ code: 'house.forbidden' })
})

test('a document to print is noted like any file; one that is too long to print is not made, and leaves no number', async () => {
  const { name, body } = await taken(li.call(waresApi.pears, { format: 'pdf', reason: '复核' }))
  await expect(li.call(waresApi.plums, { format: 'pdf', reason: '复核' })).rejects.toMatchObject({
    code: 'house.exportTooLong',
    details: { most: 2000, rows: 2001 },
  })

  const [last] = (await auditor.call(exportsApi.exports, {})).rows
  expect(last).toMatchObject({ route: 'wares.pears', format: 'pdf', rows: 6 })
  expect(name).toBe(`梨 ${last?.serial}.pdf`)
  expect(body.subarray(0, 5).toString()).toBe('%PDF-')
})
