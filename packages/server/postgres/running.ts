import { readFile, rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { StartRefused } from './errors.ts'
import type { Folders } from './folders.ts'
import { isLockTaken } from './lock.ts'
import { type ClusterUrls, databaseName, urlsOf, withDatabase } from './urls.ts'

export type Running = ClusterUrls & { pid: number }

/** The server that works on this cluster now, by its own pid file. */
export async function findRunning({ cluster }: Folders): Promise<Running | undefined> {
  const [pid, , , , socketFolder] = await readPidFile(cluster)
  if (!pid || !isAlive(Number(pid)) || !(await isPostgres(Number(pid), cluster))) return undefined
  return socketFolder ? { ...urlsOf(socketFolder), pid: Number(pid) } : undefined
}

/**
 * Makes way for a start. A kill -9 of our process leaves PostgreSQL running: nobody holds its lock, so it is stopped and
 * started afresh. Where the lock is held another server lives here, and we refuse.
 */
export async function clearTheWay(folders: Folders, log: (line: string) => void): Promise<void> {
  const [written] = await readPidFile(folders.cluster)
  const pid = Number(written)
  if (!pid || !isAlive(pid)) return // PostgreSQL clears up after the dead by itself

  if (!(await isPostgres(pid, folders.cluster))) {
    // The number was given to another program since (after a reboot, in a container), and PostgreSQL would take it for itself. Children of
    // the dead server vanish within a second of it.
    await pause(2000)
    await rm(`${folders.cluster}/postmaster.pid`, { force: true })
    return
  }
  const running = await findRunning(folders)
  if (running && (await isSomebodysServer(running))) {
    throw new StartRefused('Renxin is already running on this data folder. Stop it first, or name another folder with RENXIN_DATA.')
  }
  log('PostgreSQL was left running by a server that died: stopping it')
  await stopPostgres(pid)
}

const ways = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const

/**
 * Stops as PostgreSQL calls "fast": connections are closed, nothing committed is lost. Firmer if it does not obey; `atOnce` where it fell already, and must recover
 * in any case: in the midst of that it would not obey.
 */
export async function stopPostgres(pid: number, { atOnce = false } = {}): Promise<void> {
  for (const [signal, patience] of ways.slice(atOnce ? 1 : 0)) {
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    const until = performance.now() + patience
    while (performance.now() < until) {
      if (!isAlive(pid)) return
      await pause(10)
    }
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function isSomebodysServer({ superUrl }: Running): Promise<boolean> {
  const until = performance.now() + 60_000
  const lockUrl = withDatabase(superUrl, databaseName) // the superuser gets in even where every other place is taken
  for (;;) {
    try {
      return await isLockTaken(lockUrl)
    } catch (error) {
      const code = (error as { code?: string }).code
      const isPassing = code === '57P03' || code === 'ENOENT' || code === 'ECONNREFUSED' // starting up, or shutting down
      if (!isPassing || performance.now() > until) return false // without the database there is no server of ours in it
      await pause(100)
    }
  }
}

async function readPidFile(cluster: string): Promise<string[]> {
  return (await readFile(`${cluster}/postmaster.pid`, 'utf8').catch(() => '')).split('\n')
}

/** Where the system tells, whether this process is a PostgreSQL, and this cluster's: its working folder is the cluster. */
async function isPostgres(pid: number, cluster: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  if (command === undefined) return process.platform !== 'linux'
  const words = command.split('\0')
  return /postgres$/.test(words[0] ?? '') && words.includes(cluster)
}
