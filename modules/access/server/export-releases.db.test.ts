import { contract, type ExportWaits, exportAsk, post } from '@renxin/kernel'
import { defineModule, serve } from '@renxin/server'
import { exportPreset, exportTables, releasedAsOf } from '@renxin/server/export'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { exportsApi } from '../contract.ts'
import { access } from './index.ts'

const spec = { may: 'wares.take', reply: z.unknown(), file: 'application/octet-stream', isQuiet: true } as const
const waresApi = contract('wares', {
  apples: post('/apples', { ...spec, input: z.object({ sort: z.string().optional(), ...exportAsk }) }),
  /** With whole numbers in it. */
  people: post('/people', { ...spec, input: z.object(exportAsk) }),
  /** A list that only grows. */
  diary: post('/diary', { ...spec, input: z.object(exportAsk) }),
})
/** What there is to take, and what stands on its columns. */
const stock = { rows: 20, column: '名称', diary: [] as Date[] }
const rowsOf = (n: number) => Array.from({ length: n }, (_, i) => [`第${i + 1}`])
const wares = defineModule({
  name: 'wares',
  migrations: new URL('../../../packages/server/testing-migrations/', import.meta.url),
  routes: serve(waresApi, {
    apples: (ctx, { sort, ...how }) =>
      exportTables(ctx, {
        ...how,
        route: waresApi.apples,
        title: '苹果',
        fileName: '苹果',
        filters: [['品种', sort ?? '全部']],
        asked: { sort },
        tables: [{ name: '表', columns: [{ name: stock.column }], rows: rowsOf(stock.rows) }],
      }),
    people: (ctx, how) =>
      exportTables(ctx, {
        ...how,
        route: waresApi.people,
        title: '人员',
        fileName: '人员',
        filters: [],
        asked: {},
        tables: [{ name: '表', columns: [{ name: '电话', isPlain: true }, { name: '备注' }], rows: [['13800138000', '']] }],
      }),
    diary: async (ctx, how) => {
      const asOf = ctx.clock.now()
      const released = await releasedAsOf(ctx, { route: waresApi.diary, asked: {} })
      const days = stock.diary.filter((at) => !released || at < released)
      const table = { name: '表', columns: [{ name: '时间' }], rows: days.map((at) => [at.toISOString()]) }
      return exportTables(ctx, {
        ...how,
        route: waresApi.diary,
        title: '日记',
        fileName: '日记',
        filters: [],
        asked: {},
        asOf,
        tables: [table],
      })
    },
  }),
})
const house = await openHouse([staff, access, wares], { prepare: true, now: '2026-09-04T09:00+08:00' })
const [wang, li] = [house.who('wares.take', { name: '王护士' }), house.who('wares.take', { name: '李医生' })]
const releaser = house.who('access.releaseExports', { name: '赵主任' })
const both = house.who('access.releaseExports', 'wares.take', { name: '钱主任' })
const security = house.who('access.rules')
const auditor = house.who('access.exports')

const how = { format: 'csv', reason: '月度盘点' } as const
type Taken = ExportWaits | { name: string; body: Buffer }
const apples = (who: typeof wang, input = {}) => who.call(waresApi.apples, { ...how, ...input }) as Promise<Taken> // a file's handler answers so
const waitsOf = (reply: Taken): string => {
  if (!('waits' in reply)) throw new Error('a file came')
  return reply.waits.id
}
const nameOf = (reply: Taken): string => ('name' in reply ? reply.name : 'waits')
const release = (id: string, isReleased = true) => releaser.call(exportsApi.decideExport, { id, isReleased, reason: '已核对' })
const own = async (who: typeof wang) => (await who.call(exportsApi.ownExportRequests, {})).rows
const left = async () => (await auditor.call(exportsApi.exports, { limit: 200 })).rows.length

beforeEach(async () => {
  Object.assign(stock, { rows: 20, column: '名称', diary: [] })
  await security.call(exportsApi.saveExportLimits, { ...exportPreset, aloneRows: 10, mostRows: 100 })
  house.advance({ days: 2 }) // what an earlier test was released is too late
})

test('up to the limit one person takes alone; above it nothing leaves, and whoever asked is told that it waits', async () => {
  const before = await left()
  stock.rows = 10
  expect(nameOf(await apples(wang))).toMatch(/^苹果 EX-\d+\.csv$/)
  stock.rows = 11

  expect(await apples(wang)).toEqual({ waits: { id: expect.any(String), rows: 11 } })

  expect(await left()).toBe(before + 1)
})

test('whoever releases sees who wants what, how much and why, and what he decides with its reason is seen by the one who asked', async () => {
  const id = waitsOf(await apples(wang, { sort: '红' }))

  const { rows } = await releaser.call(exportsApi.exportRequests, {})
  expect(rows.find((r) => r.id === id)).toMatchObject({
    actorName: '王护士', title: '苹果', reason: '月度盘点', filters: [['品种', '红']], columns: ['名称'], rows: 20, state: 'waiting', isOwn: false,
  }) // biome-ignore format: a table
  expect(await releaser.call(exportsApi.exportNotices, {})).toMatchObject({ waiting: expect.any(Number), ready: 0 })
  await releaser.call(exportsApi.decideExport, { id, isReleased: false, reason: '与工作无关' })

  expect((await own(wang))[0]).toMatchObject({ id, state: 'refused', decidedByName: '赵主任', decision: '与工作无关' })
  expect(waitsOf(await apples(wang, { sort: '红' }))).not.toBe(id) // a refusal is no release
  expect(await house.sql(`select action, reason from house.audit where object_id = $1 order by action`, [id])).toEqual([
    { action: 'access.decideExport', reason: '与工作无关' },
    { action: 'access.exportRefused', reason: '与工作无关' },
    { action: 'house.exportAsked', reason: '月度盘点' },
  ])
})

test('what was released is taken once, by whoever asked, and the list of exports says by whose release', async () => {
  const id = waitsOf(await apples(wang))
  await release(id)
  expect(await wang.call(exportsApi.exportNotices, {})).toEqual({ waiting: 0, ready: 1 })

  expect(nameOf(await apples(li))).toBe('waits') // released to another
  const file = await apples(wang)
  const again = await apples(wang)

  expect(nameOf(file)).toMatch(/EX-/)
  expect(nameOf(again)).toBe('waits')
  expect((await own(wang)).find((r) => r.id === id)).toMatchObject({ state: 'taken', serial: /EX-\d+/.exec(nameOf(file))?.[0] })
  expect(await house.sql('select rows from house.exports where release_id = $1', [id])).toEqual([{ rows: 20 }])
})

test('of many who take the same release at once, one gets the file', async () => {
  await release(waitsOf(await apples(wang)))

  const replies = await Promise.all(Array.from({ length: 5 }, () => apples(wang)))

  expect(replies.filter((r) => 'name' in r)).toHaveLength(1)
  expect(new Set(replies.filter((r) => 'waits' in r).map(waitsOf)).size).toBe(1) // the others wait for one more
})

test('a release is for the question, its columns and no more rows than were released; fewer are', async () => {
  await release(waitsOf(await apples(wang, { sort: '红' })))
  expect(nameOf(await apples(wang, { sort: '青' }))).toBe('waits')
  stock.column = '身份证号'
  expect(nameOf(await apples(wang, { sort: '红' }))).toBe('waits')
  Object.assign(stock, { column: '名称', rows: 21 })
  expect(nameOf(await apples(wang, { sort: '红' }))).toBe('waits')
  stock.rows = 19

  expect(nameOf(await apples(wang, { sort: '红', reason: '另一句话' }))).toMatch(/EX-/)
})

test('a list that only grows is taken as it was when it was asked for', async () => {
  const day = (n: number) => new Date(Date.parse('2026-08-01T00:00:00Z') + n * 86_400_000)
  stock.diary = Array.from({ length: 15 }, (_, n) => day(n))
  await release(waitsOf((await wang.call(waresApi.diary, how)) as Taken))
  stock.diary.push(new Date(house.clock().now().getTime() + 1000))
  house.advance({ minutes: 5 })

  const file = (await wang.call(waresApi.diary, how)) as { body: Buffer }

  expect(String(file.body).match(/2026-08-/g)).toHaveLength(15)
  expect(String(file.body).match(/T\d\d:/g)).toHaveLength(15)
})

test('released is not for ever: after the hours that the hospital gives it is too late', async () => {
  const id = waitsOf(await apples(wang))
  await release(id)
  house.advance({ hours: 25 })

  expect(nameOf(await apples(wang))).toBe('waits')
  expect((await own(wang)).find((r) => r.id === id)?.state).toBe('lapsed')
})

test('nobody releases his own export, nobody decides twice, and the database itself refuses both', async () => {
  const id = waitsOf(await apples(both))
  await expect(both.call(exportsApi.decideExport, { id, isReleased: true, reason: '自己放行' })).rejects.toMatchObject({
    code: 'access.ownExport',
  })
  const decide = `insert into house.export_decisions (request_id, asked_by, is_released, at, decided_by, decided_by_name, reason, take_until) values ($1, $2, true, now(), $3, '某', '理由', now())`
  await expect(house.sql(decide, [id, both.id, both.id])).rejects.toThrow('nobody_releases_his_own')
  await expect(house.sql(decide, [id, wang.id, releaser.id])).rejects.toThrow('foreign key') // of another's asking
  const outcomes = await Promise.allSettled([release(id), release(id, false)])

  expect(outcomes.map((o) => o.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  await expect(house.sql(decide, [id, both.id, releaser.id])).rejects.toThrow('export_decisions_pkey')
  await expect(house.sql('update house.export_decisions set is_released = true')).rejects.toThrow('permission denied')
  await expect(house.sql('delete from house.export_requests')).rejects.toThrow('permission denied')
  await expect(wang.call(exportsApi.decideExport, { id, isReleased: true, reason: '没有权限' })).rejects.toMatchObject({
    code: 'house.forbidden',
  })
})

test('the database takes no export for a release that was refused, that is another’s, or that was taken', async () => {
  const [refused, good] = [waitsOf(await apples(wang, { sort: '红' })), waitsOf(await apples(wang, { sort: '青' }))]
  await release(refused, false)
  await release(good)
  const take = (number: number, release: string, actor: string) =>
    house.sql(
      `insert into house.exports (number, at, actor_id, actor_name, route, title, format, reason, filters, rows, request_id, release_id, is_released)
       values ($1, now(), $2, '某', 'wares.apples', '苹果', 'csv', '理由', '[]', 1, 'r', $3, true)`,
      [number, actor, release],
    )

  await expect(take(9001, refused, wang.id)).rejects.toThrow('taken_where_released')
  await expect(take(9002, good, li.id)).rejects.toThrow('taken_by_whoever_asked')
  await apples(wang, { sort: '青' })
  await expect(take(9003, good, wang.id)).rejects.toThrow('taken_once')
})

test('more than the most leaves in no way, released or not', async () => {
  stock.rows = 101

  await expect(apples(wang)).rejects.toMatchObject({ code: 'house.exportTooLarge', most: 100 })
})

test('whole numbers need their own permission, and wait however few they are where the hospital says so', async () => {
  const plain = house.who('wares.take', 'access.exportPlain', { name: '孙工' })
  const people = (who: typeof wang) => who.call(waresApi.people, how) as Promise<Taken>
  await expect(people(wang)).rejects.toMatchObject({ code: 'house.forbidden', permission: 'access.exportPlain' })
  expect(nameOf(await people(plain))).toMatch(/EX-/)
  await security.call(exportsApi.saveExportLimits, { ...exportPreset, aloneRows: 10, plainWaits: true })

  const id = waitsOf(await people(plain))

  expect((await releaser.call(exportsApi.exportRequests, {})).rows.find((r) => r.id === id)).toMatchObject({ isPlain: true, rows: 1 })
  await release(id)
  expect(nameOf(await people(plain))).toMatch(/EX-/)
})

test('who asks the same again while it waits is not listed twice, and another hospital sees nothing of it', async () => {
  const first = waitsOf(await apples(li))

  expect(waitsOf(await apples(li))).toBe(first)
  const stranger = await house.stranger('access.releaseExports')
  expect((await stranger.call(exportsApi.exportRequests, { state: 'all' })).rows).toEqual([])
  await expect(stranger.call(exportsApi.decideExport, { id: first, isReleased: true, reason: '别院' })).rejects.toMatchObject({
    code: 'access.exportRequestNotFound',
  })
})
