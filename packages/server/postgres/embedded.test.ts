import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { connectOnly, type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts'
import { isAlive } from './running.ts'
import { nodeThatReadsTypes, testCluster } from './test-cluster.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 }) // each makes and starts a PostgreSQL, on a machine that may be busy

let folder: string
let started: Embedded[]
let hanging: ChildProcess[]

beforeEach(async () => {
  folder = await openFolder()
  started = []
  hanging = []
})

afterEach(async () => {
  for (const child of hanging) child.kill('SIGKILL')
  await Promise.all(started.map((server) => server.stop()))
  await rm(folder, { recursive: true, force: true })
})

/** Root's temporary folders are closed to the user who runs the database; one that is not stands for a clone where others may pass. */
async function openFolder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'renxin-supervisor-'))
  await chmod(made, 0o755)
  return made
}

async function start(options: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const server = await startEmbedded({ dataDir: folder, ...options })
  started.push(server)
  return server
}

async function ask(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return [await client.query({ text, rowMode: 'array' })].flat().at(-1)?.rows[0]
  } finally {
    await client.end()
  }
}

async function startAndHang() {
  const program = join(import.meta.dirname, 'start-and-hang.fixture.ts')
  const child = spawn(nodeThatReadsTypes(), [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  hanging.push(child)
  const endsEarly = once(child, 'exit').then(() => Promise.reject(new Error('It ended before it had started.')))
  const [line] = await Promise.race([once(child.stdout, 'data'), endsEarly])
  const { ownerUrl, pid } = JSON.parse(String(line)) as { ownerUrl: string; pid: number }
  const killHard = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { ownerUrl, pid, killHard }
}

test('the first start makes everything, the second finds what was written', async () => {
  const first = await start()
  await ask(first.ownerUrl, `create table beds (name text); insert into beds values ('9床')`)
  await first.stop()

  const second = await start()

  expect(await ask(second.ownerUrl, 'select name from beds')).toEqual(['9床'])
  expect(isAlive(first.pid)).toBe(false)
})

describe('while a server runs', () => {
  let home: string
  let server: Embedded

  beforeAll(async () => {
    home = await openFolder()
    server = await startEmbedded({ dataDir: home })
  })

  afterAll(async () => {
    await server.stop()
    await rm(home, { recursive: true, force: true })
  })

  test('what is acknowledged is on the disk, sums guard it, and no network port is open', async () => {
    const told = await ask(
      server.superUrl,
      `select current_setting('fsync'), current_setting('data_checksums'), current_setting('listen_addresses')`,
    )
    const socket = await ask(server.superUrl, `select current_setting('unix_socket_directories')`)

    expect(told).toEqual(['on', 'on', ''])
    expect(((await stat(String(socket))).mode & 0o777).toString(8)).toBe('700') // nobody else of this machine comes to its socket
  })

  test('the locale is the same on every machine, whatever LANG says', async () => {
    const told = await ask(
      server.superUrl,
      `select datlocprovider, datlocale, pg_encoding_to_char(encoding) from pg_database where datname = 'renxin'`,
    )

    expect(told).toEqual(['b', 'C.UTF-8', 'UTF8'])
  })

  test('neither role is a superuser, passes the walls, or makes roles; the application makes no tables', async () => {
    const powers = `select count(*)::int from pg_roles where rolname like 'renxin%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`
    expect(await ask(server.superUrl, powers)).toEqual([0])
    await expect(ask(server.appUrl, 'create table mine ()')).rejects.toThrow('permission denied')
  })

  test('a second server on the same data refuses with one line, and the first goes on', async () => {
    const from = performance.now()

    const second = startEmbedded({ dataDir: home })

    await expect(second).rejects.toThrow(/^Renxin is already running on this data folder\..*$/)
    expect(performance.now() - from).toBeLessThan(2000)
    expect(await ask(server.appUrl, 'select 1')).toEqual([1])
  })
})

test('of two that start at one moment, one lives', async () => {
  const outcomes = await Promise.allSettled([start(), start()])

  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await ask(started[0]?.appUrl ?? '', 'select 1')).toEqual([1])
})

test('of many processes that find a claim left by a dead one, one lives', async () => {
  await mkdir(join(folder, 'postgres'), { recursive: true })
  for (let round = 0; round < 3; round++) {
    await writeFile(join(folder, 'postgres/starting'), '999999999')

    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => startAndHang()))

    const living = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    expect(living).toHaveLength(1)
    expect(await ask(living[0]?.value.ownerUrl ?? '', 'select 1')).toEqual([1])
    await living[0]?.value.killHard()
  }
})

test('the command line finds a running server without its lock, and none where none runs', async () => {
  const before = await connectOnly({ dataDir: folder })
  const server = await start()
  const during = await connectOnly({ dataDir: folder })
  await server.stop()
  const after = await connectOnly({ dataDir: folder })

  expect([before, during?.ownerUrl, after]).toEqual([undefined, server.ownerUrl, undefined])
})

test('a server killed leaves PostgreSQL running; the next start takes its place and has every row', async () => {
  const killed = await startAndHang()
  await ask(killed.ownerUrl, 'create table beds (n int); insert into beds select generate_series(1, 1000)')
  await killed.killHard()
  const wasLeft = isAlive(killed.pid)

  const next = await start()

  expect(wasLeft).toBe(true)
  expect(next.pid).not.toBe(killed.pid)
  expect(await ask(next.ownerUrl, 'select count(*)::int from beds')).toEqual([1000])
})

test('PostgreSQL killed too: the next start waits for its children, recovers, and has every row', async () => {
  const killed = await startAndHang()
  await ask(killed.ownerUrl, 'create table beds (n int); insert into beds select generate_series(1, 1000)')
  await killed.killHard()
  process.kill(killed.pid, 'SIGKILL')

  const next = await start()

  expect(await ask(next.ownerUrl, 'select count(*)::int from beds')).toEqual([1000])
})

test('killed while the database was being made, the next start begins again', async () => {
  await mkdir(join(folder, 'postgres/cluster-unfinished'), { recursive: true })
  await writeFile(join(folder, 'postgres/cluster-unfinished/PG_VERSION'), '18')
  await writeFile(join(folder, 'postgres/starting'), '999999999')

  const server = await start()

  expect(await ask(server.appUrl, 'select 1')).toEqual([1])
})

test('a pid file whose number another program has now is no obstacle', async () => {
  const first = await start()
  const pidFile = join(folder, 'postgres/cluster/postmaster.pid')
  const written = await readFile(pidFile, 'utf8')
  await first.stop()
  await writeFile(pidFile, written.replace(/^\d+/, String(process.pid)))

  const second = await start()

  expect(await ask(second.appUrl, 'select 1')).toEqual([1])
})

test('PostgreSQL ending by itself is told', async () => {
  const told = Promise.withResolvers<Error>()
  const server = await start({ onDeath: told.resolve })

  process.kill(server.pid, 'SIGQUIT')

  expect((await told.promise).message).toMatch(/PostgreSQL ended by itself|lock of this data folder/)
})

test.each([
  ['spaces, Chinese and signs', `the data of 仁心医院, ward "3" o'clock, 50%20 #1?x=y`],
  ['more than a hundred bytes', '很长的名字'.repeat(12)],
])('the data folder may have %s in its name', async (_, name) => {
  const dataDir = join(folder, name)

  const server = await start({ dataDir })

  expect(await ask(server.appUrl, 'select current_user')).toEqual(['renxin_app'])
  expect((await connectOnly({ dataDir }))?.appUrl).toBe(server.appUrl)
  await forgetElsewhere(dataDir)
})

test.runIf(process.getuid?.() === 0)('behind a folder of root the server lives elsewhere, and is found again', async () => {
  await chmod(folder, 0o700)
  const dataDir = join(folder, 'data')
  const first = await start({ dataDir })
  await ask(first.ownerUrl, `create table beds (name text); insert into beds values ('9床')`)
  await first.stop()

  const second = await start({ dataDir })

  expect(await ask(second.ownerUrl, 'select name from beds')).toEqual(['9床'])
  await forgetElsewhere(dataDir)
})

/** What lies outside the folder of this test. */
async function forgetElsewhere(dataDir: string) {
  await Promise.all(started.map((server) => server.stop()))
  const elsewhere = await readFile(join(dataDir, 'postgres/location'), 'utf8').catch(() => '')
  if (elsewhere) await rm(elsewhere, { recursive: true })
}

test('runs of tests share a cluster, which ends when the last has left', async () => {
  const [one, two] = await Promise.all([testCluster(folder, 100), testCluster(folder, 100)])
  const pid = Number(((await ask(one.superUrl, `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)`)) as string[])[0])

  await two.leave() // both are this process, so this is the last

  expect(one.superUrl).toBe(two.superUrl)
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
})
