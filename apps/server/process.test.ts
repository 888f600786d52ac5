import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { openPool } from '@renxin/server'
import { withDatabase } from '@renxin/server/postgres'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Ended, forget, isAlive, makeDataDir, postgresOf, runWords } from './testing.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 }) // each starts the product, on a machine that may be busy

const ROOT = resolve(import.meta.dirname, '../..')
const withoutPages = { PORT: 'off', MLLP_PORT: '0', RENXIN_DEMO: 'off' }
let folder: string
let launched: ChildProcess[] = []

beforeAll(async () => {
  folder = await makeDataDir('process')
})
afterAll(async () => {
  for (const child of launched) if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  await forget(folder)
})

/** `npm start`, in a group of its own as a terminal gives it one. `closed` comes when all who could write to its output have ended. */
async function npmStart() {
  const began = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    detached: true,
    env: { ...process.env, RENXIN_DATA: folder, ...withoutPages },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  launched = [...launched, child]
  let said = ''
  const closed = once(child, 'close').then(([code]) => code as number | null)
  await new Promise<void>((ready, failed) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        said += piece
        if (said.includes('Ctrl+C')) ready()
      })
    }
    void closed.then((code) => failed(new Error(`npm start ended with ${code}: ${said}`)))
  })
  const postgres = await postgresOf(folder)
  if (!postgres || !child.pid) throw new Error('no PostgreSQL runs')
  return { pid: child.pid, postgres, closed, seconds: (performance.now() - began) / 1000 }
}

/** What a refused start says: one line for the person at the keyboard, no stack, and nothing that goes on running. */
async function expectOneLine({ code, err }: Ended, line: RegExp): Promise<void> {
  expect(err.trim()).toMatch(line)
  expect(err.trim().split('\n')).toHaveLength(1)
  expect(code).toBe(1)
}

test('a second server on the same data folder refuses at once, and SIGTERM to npm stops everything', async () => {
  const first = await npmStart()
  const from = performance.now()

  const second = await runWords(folder, ['start'], withoutPages)

  await expectOneLine(second, /^renxin: Renxin is already running on this data folder\./)
  expect(performance.now() - from).toBeLessThan(10_000)
  expect(isAlive(first.postgres)).toBe(true)
  process.kill(first.pid, 'SIGTERM')
  await first.closed
  expect(isAlive(first.postgres)).toBe(false)
})

test('the second start is ready within seconds, and Ctrl-C stops everything', async () => {
  const again = await npmStart()

  process.kill(-again.pid, 'SIGINT')

  await again.closed
  expect(isAlive(again.postgres)).toBe(false)
  expect(again.seconds).toBeLessThan(15)
})

test.each(['PORT', 'MLLP_PORT'])('%s in use gives one clear line, and nothing is left running', async (setting) => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = String(typeof address === 'object' ? address?.port : '')

  const ended = await runWords(folder, ['start'], { ...withoutPages, [setting]: port })

  other.close()
  await expectOneLine(ended, new RegExp(`^renxin: Port ${port} is in use by another program\\. Choose another with ${setting}\\.$`))
  expect(await postgresOf(folder)).toBeUndefined()
})

test('a key that is not this database’s stops the start', async () => {
  const ended = await runWords(folder, ['start'], { ...withoutPages, RENXIN_KEY: randomBytes(32).toString('hex') })

  await expectOneLine(ended, /^renxin: RENXIN_KEY is not the key that this database was encrypted with\./)
  expect(await postgresOf(folder)).toBeUndefined()
})

test.each([
  [{ PORT: '99999' }, /^renxin: PORT must be a port/],
  [{ RENXIN_ROLES: 'cook' }, /^renxin: RENXIN_ROLES may name/],
  [{ TZ: 'Mars/Olympus' }, /^renxin: TZ must be a time zone/],
  [{ RENXIN_DEMO: 'perhaps' }, /^renxin: RENXIN_DEMO must be on or off/],
])('a value that cannot be used is told in one line: %o', async (environment, line) => {
  await expectOneLine(await runWords(folder, ['start'], { ...withoutPages, ...environment }), line)
})

test('a database of the hospital’s own is refused to a role that could look over the walls, and named where it cannot be reached', async () => {
  const [superUrl = '', ownerUrl = ''] = ['RENXIN_TEST_SUPER_URL', 'RENXIN_TEST_OWNER_URL'].map((name) => process.env[name])
  const id = randomBytes(6).toString('hex')
  const admin = openPool(superUrl, { max: 1 })
  const as = (user: string) => withDatabase(superUrl.replace('postgres@', `${user}@`), `outside_${id}`)
  const start = (environment: NodeJS.ProcessEnv) =>
    runWords(folder, ['start'], { ...withoutPages, RENXIN_KEY: 'ab'.repeat(32), ...environment })
  await admin.query(`create database outside_${id} owner renxin_owner`)
  await admin.query(`create role peeping_${id} login bypassrls`)
  try {
    const owner = { DATABASE_OWNER_URL: withDatabase(ownerUrl, `outside_${id}`) }

    const peeping = await start({ ...owner, DATABASE_URL: as(`peeping_${id}`) })
    const itself = await start({ ...owner, DATABASE_URL: as('renxin_owner') })
    const nowhere = await start({ ...owner, DATABASE_URL: 'postgresql://renxin_app@127.0.0.1:1/none' })

    await expectOneLine(peeping, /^renxin: DATABASE_URL connects as peeping_\w+, which bypasses row-level security/)
    await expectOneLine(itself, /^renxin: DATABASE_URL connects as renxin_owner, which owns tables/)
    await expectOneLine(nowhere, /^renxin: The database of DATABASE_URL cannot be reached: .*ECONNREFUSED/)
  } finally {
    await admin.query(`drop database outside_${id} with (force)`)
    await admin.query(`drop role peeping_${id}`)
    await admin.end()
  }
})
