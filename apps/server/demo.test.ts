import { connectOnly, withDatabase } from '@renxin/server/postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { forget, makeDataDir, type Product, runCommand, signIn, startProduct } from './testing.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 }) // the demo is filled first, on a machine that may be busy

let folder: string
let product: Product

beforeAll(async () => {
  folder = await makeDataDir('demo')
  await runCommand(folder, ['demo', 'fill', '--patients', '300'])
  product = await startProduct(folder)
})
afterAll(() => forget(folder, product))

type Listed = { rows: Record<string, unknown>[] }

async function visitor(name: string) {
  const cookie = await signIn(product.url, name, 'renxin-demo')
  return async (path: string, method = 'GET'): Promise<Listed> => {
    const reply = await fetch(`${product.url}/api${path}`, { method, headers: { cookie, 'x-renxin': '1' } })
    expect(reply.status, `${path}: ${reply.ok ? '' : await reply.clone().text()}`).toBeLessThan(300)
    return (await reply.json()) as Listed // the lists of the contract
  }
}

async function asSuper<T extends pg.QueryResultRow>(sql: string, as = 'postgres', database = 'renxin'): Promise<T[]> {
  const running = await connectOnly({ dataDir: folder })
  const url = new URL(withDatabase(running?.superUrl ?? '', database))
  url.username = as
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    return (await client.query<T>(sql)).rows
  } finally {
    await client.end()
  }
}

const views = async (get: Awaited<ReturnType<typeof visitor>>) => {
  const [source] = (await get('/integration/view-sources')).rows
  return (source?.views ?? []) as {
    subject: string
    rows: number
    failing: unknown
    lastOkAt: string | null
    waiting: number
    noted: number
  }[] // as the contract has them
}

test('the views of the imaginary HIS are read by the poller itself: what is known changes nothing, and the count of each day tells the row that nobody can read', async () => {
  const get = await visitor('system')
  await expect.poll(async () => (await views(get)).every((v) => v.lastOkAt), { timeout: 90_000 }).toBe(true)

  const read = await views(get)
  expect(read.map((v) => [v.subject, v.failing]).sort()).toEqual([
    ['discharges', null],
    ['places', null],
    ['reports', null],
    ['staff', null],
  ])
  for (const view of read) expect(view.rows, view.subject).toBeGreaterThan(0)
  expect(read.find((v) => v.subject === 'discharges')).toMatchObject({ waiting: 1, noted: 1 })
  await expect.poll(async () => (await get('/integration/view-counts')).rows.length, { timeout: 30_000 }).toBeGreaterThan(10)
  const differing = (await get('/integration/view-counts')).rows.filter((r) => r.theirs !== r.ours)
  expect(differing).toHaveLength(1)
  expect(Number(differing[0]?.theirs) - Number(differing[0]?.ours)).toBe(1)
  const [doubled] = await asSuper<{ n: number }>('select (count(*) - count(distinct (kind, name)))::int as n from staff.units')
  expect(doubled?.n).toBe(0)
})

test('every door has something to show, and somebody is to go home or to be moved', async () => {
  const get = await visitor('system')
  const { rows: doors } = await get('/integration/doors')
  expect(new Set(doors.map((d) => d.kind))).toEqual(new Set(['sender', 'destination', 'view', 'fhir']))

  const lines = async (kind: string) => (await get(`/integration/outgoing?limit=100&kind=${kind}`)).rows
  await expect.poll(async () => (await lines('followup')).map((l) => l.status), { timeout: 30_000 }).toContain('sent')
  // Of so few patients it may be that no complaint of any is closed on the day.
  const closed = await asSuper(
    `select from feedback.opinion_rows where kind = 'complaint' and status = 'closed' and patient_id is not null limit 1`,
  )
  const isWritten = async () => (await lines('complaint')).some((l) => l.destinationName === 'HIS 结果表')
  await expect.poll(isWritten, { timeout: 30_000 }).toBe(closed.length > 0)

  const admin = await visitor('admin')
  const { rows: leaving } = await admin('/encounters/stays?leaving=yes&limit=100')
  expect(leaving.filter((s) => s.dischargePlannedSince).length).toBeGreaterThan(0)
  const { rows: hooks } = await get('/integration/fhir/subscriptions')
  expect(hooks).toMatchObject([{ criteria: 'Encounter?class=IMP', state: 'paused', isAllowed: true }])
  const { rows: fhir } = { rows: await asSuper('select distinct type from integration.fhir_resources') }
  expect(fhir.map((r) => r.type)).toEqual(expect.arrayContaining(['Patient', 'Encounter', 'Condition', 'Flag']))
})

test('the roles of the imaginary HIS reach its views and what is written back to it, and nothing else', async () => {
  expect(await asSuper('select 1 as n from v_cyhz limit 1', 'demo_his_reader', 'demo_his')).toEqual([{ n: 1 }])
  await expect(asSuper('select from cy', 'demo_his_reader', 'demo_his')).rejects.toThrow('permission denied')
  await expect(asSuper('select 1', 'demo_his_reader')).rejects.toThrow('permission denied')
  expect((await asSuper('select kind from integration_out.results', 'demo_his_results')).length).toBeGreaterThan(0)
  await expect(asSuper('select from patients.patients', 'demo_his_results')).rejects.toThrow('permission denied')
})

test('the demo erased on its page leaves nothing: no row, no database beside ours, no role', async () => {
  const say = await visitor('system')
  const [demo] = await asSuper<{ id: number }>('select id from house.hospitals where is_demo')
  await say('/setup/demo/erase', 'POST')

  const left = () =>
    asSuper(
      `select datname as name from pg_database where datname like 'demo%' union all select rolname from pg_roles where rolname like 'demo%'`,
    )
  await expect.poll(left, { timeout: 20_000 }).toEqual([])
  const tables = await asSuper<{ name: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'hospital_id' where c.relkind in ('r', 'p') and not c.relispartition`)
  expect(tables.length).toBeGreaterThan(100)
  const counted = await asSuper<{ name: string; n: number }>(
    tables
      .map(({ name }) => `select '${name}' as name, count(*)::int as n from ${name} where hospital_id = ${demo?.id}`)
      .join(' union all '),
  )
  expect(counted.filter(({ n }) => n > 0)).toEqual([])
})
