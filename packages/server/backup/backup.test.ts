import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { hashOf, printOf } from '../audit-block.ts'
import { silentLog } from '../log.ts'
import { migrate } from '../migrate.ts'
import { type Embedded, startEmbedded } from '../postgres/embedded.ts'
import { nodeThatReadsTypes } from '../postgres/test-cluster.ts'
import { suiteOfAll } from '../secrets/key-list.ts'
import type { Suite } from '../secrets/suites.ts'
import { type Archiver, startArchiver } from './archive.ts'
import { checkDatabase } from './check.ts'
import { type BackupKey, backupKey } from './keys.ts'
import { clearAway, drill, makeBackup, type Source } from './make.ts'
import { restore } from './restore.ts'
import { type Backup, listBackups, readOutcome, readReached, type Store } from './store.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 }) // each restore starts a PostgreSQL, on a machine that may be busy

const master = createHash('sha256').update('a master key for tests').digest()
const keyOf = (from: Parameters<typeof backupKey>[0]): BackupKey => backupKey(from) ?? expect.fail('a key was given')

let folder: string
let server: Embedded
let owner: pg.Pool
let store: Store
let suite: Suite = 'aes'
let source: Source
let archiver: Archiver
let first: Backup
/** The whole second in the run of writes to which is restored. */
let wanted: Date

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renxin-backup-'))
  await chmod(folder, 0o755)
  server = await startEmbedded({ dataDir: join(folder, 'data'), settings: { track_commit_timestamp: 'on' } }) // what a restore goes by
  owner = new pg.Pool({ connectionString: server.ownerUrl, max: 4 })
  owner.on('error', () => {})
  await migrate(owner, [])
  await owner.query(
    `insert into house.hospitals (name, short_name, time_zone, created_at) values ('仁心示范医院', '仁心', 'Asia/Shanghai', now())`,
  )
  await owner.query('create table public.payments (n int primary key, fen int not null, at timestamptz not null)')
  await owner.query('create table public.totals (fen bigint not null); ')
  await owner.query('insert into public.totals values (0)')
  store = { folder: join(folder, 'backups'), key: keyOf({ master }), suite: async () => suite }
  source = { url: server.superUrl, product: 'test', scratch: join(folder, 'data/scratch') }

  first = (await makeBackup(store, source)).backup
  archiver = startArchiver({ store, url: server.superUrl, log: silentLog, retryMs: 200 })
  wanted = await writeForSeconds(4)
  const ended = Date.now()
  await vi.waitFor(async () => expect(await reachedAt()).toBeGreaterThan(ended), patience)
})
afterAll(async () => {
  await archiver.stop()
  await owner.end()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Pays again and again, each time with its trace in the audit trail; answers a whole second in the middle. */
async function writeForSeconds(seconds: number): Promise<Date> {
  const until = performance.now() + seconds * 1000
  const { rows } = await owner.query('select clock_timestamp() as now')
  for (let n = 1; performance.now() < until; n += 1) {
    await owner.query(`begin; select set_config('house.hospital', '1', true);
      insert into public.payments values (${n}, ${n * 7}, clock_timestamp()); update public.totals set fen = fen + ${n * 7};
      insert into house.audit (id, at, actor_name, action, request_id) values (gen_random_uuid(), clock_timestamp(), '张敏', 'test.paid', '${n}'); insert into house.unsealed_audit (id) select id from house.audit where request_id = '${n}'; commit`)
    if (n % 5 === 0)
      await owner.query(`begin; select set_config('house.hospital', '1', true); select house.seal_audit(clock_timestamp()); commit`)
  }
  return new Date(Math.ceil((rows[0].now.getTime() + (seconds * 1000) / 2) / 1000) * 1000)
}

const patience = { timeout: 60_000, interval: 200 }
const reachedAt = async () => new Date((await readReached(store))?.at ?? 0).getTime()
const rowsOf = async (pool: { query: pg.Pool['query'] }, text: string, values: unknown[] = []) => (await pool.query(text, values)).rows

async function inRestored<T>(dataDir: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const again = await startEmbedded({ dataDir })
  const client = new pg.Client({ connectionString: again.ownerUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
    await again.stop()
  }
}

/** A copy of the store that may be spoilt. */
async function copied(): Promise<Store & { base: string; log: string }> {
  const copy = await mkdtemp(join(folder, 'copy-'))
  await cp(store.folder, copy, { recursive: true, filter: (from) => !from.endsWith('.new') }) // the archiver writes meanwhile
  return { ...store, folder: copy, base: join(copy, 'base', first.id), log: join(copy, 'log') }
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path)
  bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at)
  await writeFile(path, bytes)
}

test('a restore to a second within a run of writes has every row of before and none of after; audit chain and totals verify', async () => {
  const { findings } = await restore(store, join(folder, 'restored'), wanted)

  expect(findings).toMatchObject({ hospitals: 1, problems: [] })
  expect(findings.auditBlocks).toBeGreaterThan(2)
  const committed = 'pg_xact_commit_timestamp(xmin)'
  const expected = await rowsOf(owner, `select n, fen, at from public.payments where ${committed} <= $1 order by n`, [wanted])
  const after = await rowsOf(owner, `select count(*)::int as n from public.payments where ${committed} > $1`, [wanted])
  expect([expected.length, after[0].n].every((n) => n > 10)).toBe(true) // the second lies within the run
  await inRestored(join(folder, 'restored'), async (restored) => {
    const there = await rowsOf(restored, 'select n, fen, at from public.payments order by n')
    expect(there).toEqual(expected)
    expect(await rowsOf(restored, 'select fen = (select sum(fen) from public.payments) as fits from public.totals')).toEqual([
      { fits: true },
    ])
  })
})

test('without a moment everything comes back that was committed until the archive last wrote', async () => {
  const count = (await rowsOf(owner, 'select count(*)::int as n from public.payments'))[0].n

  await restore(store, join(folder, 'latest'), 'latest')

  expect(await inRestored(join(folder, 'latest'), (c) => rowsOf(c, 'select count(*)::int as n from public.payments'))).toEqual([
    { n: count },
  ])
})

test('a drill brings the newest backup back beside the data, verifies it, says how long it took, and leaves nothing behind', async () => {
  const { seconds, tried } = await drill(store, source)

  expect(seconds).toBeGreaterThan(0)
  expect(tried).toMatchObject({ hospitals: 1, problems: [] })
  expect(await readOutcome(store, 'drill')).toMatchObject({ ok: true, problem: null, backupId: first.id, detail: { hospitals: 1 } })
  expect(await stat(source.scratch).catch(() => 'gone')).toBe('gone')
})

test('nothing of what was written can be read in a backup, and the master key is not in it', async () => {
  const files = (await readdir(store.folder, { recursive: true, withFileTypes: true })).filter((f) => f.isFile())
  const all = Buffer.concat(await Promise.all(files.map((f) => readFile(join(f.parentPath, f.name)))))

  for (const secret of ['张敏', '仁心示范医院', master, master.toString('hex'), ...Object.values(store.key.roots)])
    expect(all.includes(secret)).toBe(false)
})

test.each([
  [
    'a byte that flipped in the database',
    (s: { base: string }) => flip(join(s.base, 'base.tar.sealed'), 200_000),
    /spoilt: the bytes of base\.tar\.sealed are not those/,
  ],
  [
    'a database that is cut short',
    (s: { base: string }) => truncate(join(s.base, 'base.tar.sealed'), 300_000),
    /cut short: base\.tar\.sealed has 300000 bytes of \d+/,
  ],
  ['a file that is missing', (s: { base: string }) => rm(join(s.base, 'manifest.sealed')), /not whole: manifest\.sealed is missing/],
  [
    'facts that were changed',
    async (s: { base: string }) => {
      const facts = join(s.base, 'backup.json')
      await writeFile(facts, (await readFile(facts, 'utf8')).replace('"timeline": 1', '"timeline": 2'))
    },
    /spoilt: its backup\.json was changed/,
  ],
  ['no facts', (s: { base: string }) => rm(join(s.base, 'backup.json')), /not whole: its backup\.json is missing/],
])('a backup with %s is refused, and it says what, why and what next', async (_, spoil, said) => {
  const spoilt = await copied()
  await spoil(spoilt)

  const refusal = await restore(spoilt, join(folder, 'never'), 'latest').catch((error: Error) => error.message)

  expect(refusal).toMatch(said)
  expect(refusal).toMatch(/Use an earlier one \("npx renxin backup list"/)
  expect(await stat(join(folder, 'never/postgres')).catch(() => 'gone')).toBe('gone')
})

test('a backup sealed with another key is refused with both prints, and one with a key of its own needs that key', async () => {
  const [stranger, own] = [keyOf({ master: Buffer.alloc(32, 1) }), keyOf({ master, own: Buffer.alloc(32, 2) })]

  const refusal = await restore({ ...store, key: stranger }, join(folder, 'never'), 'latest').catch((error: Error) => error.message)

  expect(refusal).toContain(
    `its print is ${store.key.print}, and the print of the key in use is ${stranger.print}. It needs the master key`,
  )
  await expect(restore({ ...store, key: own }, join(folder, 'never'), 'latest')).rejects.toThrow(/sealed with another key/)
})

test('a log that is spoilt or has a gap is refused, and so is a moment that is not in it', async () => {
  const spoilt = await copied()
  const gappy = await copied()
  for (const file of await readdir(spoilt.log)) await flip(join(spoilt.log, file), 5000)
  for (const file of await readdir(gappy.log)) await cp(join(gappy.log, file), join(gappy.log, file.replace(/^(.{16}).{8}/, '$1000000FF')))
  const never = join(folder, 'never')

  await expect(restore(spoilt, never, 'latest')).rejects.toThrow(/The log file .* is spoilt in piece \d+/)
  await expect(restore(gappy, never, 'latest')).rejects.toThrow(/has a gap: [0-9A-F]{24} is missing.* restored with --to 2/)
  await expect(restore(store, never, new Date(Date.now() + 3_600_000))).rejects.toThrow(/The log here reaches to 2.*: name a moment before/)
  await expect(restore(store, never, new Date('2020-01-01T00:00:00Z'))).rejects.toThrow(/nothing of before can be brought back/)
  await expect(restore(store, join(folder, 'data'), 'latest')).rejects.toThrow(/has a database already/)
})

test('a moment after the last write and before the end of the log brings everything back', async () => {
  const last = (await rowsOf(owner, 'select max(at) as at from public.payments'))[0].at
  const quiet = new Date(last.getTime() + 1000)
  await vi.waitFor(async () => expect(await reachedAt()).toBeGreaterThan(quiet.getTime()), patience)

  await restore(store, join(folder, 'quiet'), quiet)

  expect(await inRestored(join(folder, 'quiet'), (c) => rowsOf(c, 'select max(at) as at from public.payments'))).toEqual([{ at: last }])
})

test('kill -9 during a backup leaves the last good one, and no half one counts; the next backup goes through', async () => {
  const program = join(import.meta.dirname, 'make-and-hang.fixture.ts')
  const base = join(store.folder, 'base')
  const halves = async () => (await readdir(base)).filter((n) => n.startsWith('.unfinished-'))
  const child = spawn(nodeThatReadsTypes(), [program, store.folder, server.superUrl, source.scratch, master.toString('hex')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await expect.poll(halves, { timeout: 60_000, interval: 2 }).toHaveLength(1)
  child.kill('SIGKILL')
  await once(child, 'exit')

  expect((await listBackups(store)).good.map((b) => b.id)).toEqual([first.id])
  expect((await listBackups(store)).bad).toEqual([])
  expect(await halves()).toHaveLength(1)
  await expect.poll(() => makeBackup(store, source).then((m) => m.tried?.problems), { timeout: 60_000 }).toEqual([])
  expect(await halves()).toEqual([])
  expect((await listBackups(store)).good).toHaveLength(2)
})

async function asSuper(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.superUrl })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

/** Seals the audit trail with SM3, as the server does for a hospital of 国密. */
async function sealBySm3(): Promise<number> {
  await owner.query(
    `insert into house.keys (hospital_id, purpose, number, suite, usable_at) values (1, 'seal', 1, 'sm', now()) on conflict do nothing`,
  )
  const client = await owner.connect()
  try {
    await client.query(`begin; select set_config('house.hospital', '1', true)`)
    const { rows } = await client.query<{ number: number; previous_hash: Buffer; ids: string[]; said: string[] }>(
      'select * from house.next_audit_block()',
    )
    const next = rows[0] ?? expect.fail('nothing is to be sealed')
    const hash = hashOf({ algorithm: 'sm3', previousHash: next.previous_hash }, next.said)
    const prints = Buffer.concat(next.said.map((said) => printOf({ algorithm: 'sm3' }, said)))
    await client.query('select house.seal_audit_sm3(clock_timestamp(), $1, $2, $3, $4)', [next.number, next.ids, hash, prints])
    await client.query('commit')
    return Number(next.number)
  } finally {
    client.release()
  }
}

test('once a hospital has chosen 国密 backups and the log are written by SM4 and SM3, in one store with what was written by AES before', async () => {
  expect(await suiteOfAll(owner)).toBe('aes')
  await owner.query(`begin; select set_config('house.hospital', '1', true);
    insert into house.audit (id, at, actor_name, action, request_id) values (gen_random_uuid(), clock_timestamp(), '张敏', 'test.paid', 'sm'); insert into house.unsealed_audit (id) select id from house.audit where request_id = 'sm'; commit`)
  const block = await sealBySm3()
  expect(await suiteOfAll(owner)).toBe('sm')
  suite = 'sm'

  const { backup } = await makeBackup(store, source, { tryIt: false })
  await asSuper('select pg_switch_wal()') // what comes now goes into a new file
  await owner.query('insert into public.payments values (0, 0, clock_timestamp())')
  const written = Date.now()
  await vi.waitFor(async () => expect(await reachedAt()).toBeGreaterThan(written), patience)

  expect(Object.values(backup.files).map((f) => Object.keys(f))).toEqual([['bytes', 'sm3'], ['bytes', 'sm3']]) // biome-ignore format: one thought
  const heads = async (of: string) =>
    Promise.all((await readdir(of)).filter((n) => !n.endsWith('.json')).map(async (n) => (await readFile(join(of, n)))[8]))
  expect(await heads(join(store.folder, 'base', backup.id))).toEqual([2, 2])
  expect(new Set(await heads(join(store.folder, 'log')))).toEqual(new Set([1, 2]))
  expect((await listBackups(store)).good.map((b) => b.id)).toContain(first.id)
  const change = (to: string) => owner.query(`begin; select set_config('house.hospital', '1', true); update house.audit set actor_name = '${to}' where request_id = 'sm'; commit`) // biome-ignore format: one thought
  await change('别人')
  expect((await checkDatabase(server.superUrl)).problems).toEqual([`the audit chain of hospital 1 breaks at block ${block}`])
  await change('张敏')
})

test('of two backups at one moment, one is told that the other is under way', async () => {
  const outcomes = await Promise.allSettled([makeBackup(store, source, { tryIt: false }), makeBackup(store, source, { tryIt: false })])

  expect(outcomes.map((o) => o.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes).toContainEqual(
    expect.objectContaining({ reason: expect.objectContaining({ message: expect.stringMatching(/under way already/) }) }),
  )
})

test('old backups go with the log that only they needed, and the newest two stay however old', async () => {
  const { good } = await listBackups(store)

  const gone = await clearAway(store, 14, new Date(Date.now() + 30 * 86_400_000))

  expect(gone).toEqual(good.slice(2).map((b) => b.id))
  expect((await listBackups(store)).good.map((b) => b.id)).toEqual(good.slice(0, 2).map((b) => b.id))
  expect(good[0]?.files['base.tar.sealed']).toHaveProperty('sm3') // by SM4 and SM3 since the test before, its log too
  await expect(drill(store, source)).resolves.toMatchObject({ tried: { problems: [] } })
})
