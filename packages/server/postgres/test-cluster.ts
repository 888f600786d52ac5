import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, openSync, statfsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { isAlive } from './running.ts'
import type { ClusterUrls } from './urls.ts'

/**
 * One PostgreSQL for all tests that run on this machine from this clone, however many runs there are at once. It belongs to a process of its
 * own (test-cluster-main.ts), which ends it a moment after its last user has left or died.
 */
export type TestCluster = ClusterUrls & { leave(): Promise<void> }

const clone = resolve(import.meta.dirname, '../../..')
export const inClone = join(clone, '.cache/test-postgres')
const MEMORY = '/dev/shm'
const ROOM_BYTES = 6 * 2 ** 30

/** In memory where there is room, since nothing of it outlives a run: to make and drop a database for each file is much work for a disk. */
export const testClusterFolder = hasRoom(MEMORY)
  ? join(MEMORY, `renxin-tests-${createHash('sha256').update(clone).digest('hex').slice(0, 12)}`)
  : inClone

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize > ROOM_BYTES
  } catch {
    return false // no such place on this machine
  }
}

export async function testCluster(folder = testClusterFolder, idleMilliseconds = 5_000): Promise<TestCluster> {
  const users = join(folder, 'users')
  await mkdir(users, { recursive: true })
  const ticket = join(users, String(process.pid))
  await writeFile(ticket, '')
  const leave = () => rm(ticket, { force: true })

  const until = performance.now() + 90_000
  let keeper: ReturnType<typeof spawn> | undefined
  let failures = 0
  while (performance.now() < until) {
    const ready = await readReady(folder)
    if (ready && (await answers(ready.superUrl))) return { ...ready, leave }
    if (!keeper || keeper.exitCode !== null || keeper.signalCode !== null) {
      if (keeper?.exitCode && ++failures > 100) break // a few are right: of two keepers that start at once, one gives up
      keeper = startKeeper(folder, idleMilliseconds)
    }
    await pause(50)
  }
  await leave()
  throw new Error(`The PostgreSQL of the tests did not start; see ${join(folder, 'keeper.log')}`)
}

/** For vitest's globalSetup: the addresses go to the workers by environment. */
export async function setup(): Promise<() => Promise<void>> {
  const { ownerUrl, appUrl, superUrl, leave } = await testCluster()
  process.env.RENXIN_TEST_OWNER_URL = ownerUrl
  process.env.RENXIN_TEST_APP_URL = appUrl
  process.env.RENXIN_TEST_SUPER_URL = superUrl
  return leave
}

export async function countUsers(folder: string): Promise<number> {
  const tickets = await readdir(join(folder, 'users')).catch(() => [])
  const dead = tickets.filter((pid) => !isAlive(Number(pid)))
  await Promise.all(dead.map((pid) => rm(join(folder, 'users', pid), { force: true })))
  return tickets.length - dead.length
}

export const readyFile = (folder: string) => join(folder, 'ready.json')

async function readReady(folder: string): Promise<ClusterUrls | undefined> {
  const text = await readFile(readyFile(folder), 'utf8').catch(() => '')
  return text ? (JSON.parse(text) as ClusterUrls) : undefined
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

function startKeeper(folder: string, idleMilliseconds: number) {
  mkdirSync(folder, { recursive: true })
  const log = openSync(join(folder, 'keeper.log'), 'w')
  const main = fileURLToPath(new URL('./test-cluster-main.ts', import.meta.url))
  const keeper = spawn(nodeThatReadsTypes(), [main, folder, String(idleMilliseconds)], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
  })
  keeper.unref()
  return keeper
}

/** Somebody who types `node_modules/.bin/vitest` may be running it on an older Node, which cannot run our source. */
export function nodeThatReadsTypes(): string {
  const pinned = resolve(import.meta.dirname, '../../../node_modules/.bin/node')
  return process.features.typescript || !existsSync(pinned) ? process.execPath : pinned
}
