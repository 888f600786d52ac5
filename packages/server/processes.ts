import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '@renxin/kernel'
import type pg from 'pg'
import type { House } from './house.ts'

const BEAT_MS = 5000
/** A leader of whom nothing is heard for so long is followed by another. */
const LEASE_SECONDS = 20
/** Whoever could not say that he lives stops leading before another begins. */
const SURE_MS = LEASE_SECONDS * 1000 - 2 * BEAT_MS

export type Processes = {
  readonly id: string
  stop(): Promise<void>
}

export type ProcessFacts = {
  rssMegabytes?: number
  /** How late the process came to what it had to do, at worst, since it last said so. */
  loopMs?: number
  /** Work by the clock that failed the last time, or is overdue. */
  troubled?: string[]
  delivererSeconds?: number
  tlsUntil?: string | null
  /** The print of the master key that it works with. */
  master?: string
}

export type ProcessRow = {
  id: string
  host: string
  pid: number
  roles: string[]
  version: string
  startedAt: Date
  secondsSilent: number
  leads: boolean
  facts: ProcessFacts
}

/** What this process has called itself; a container that was started again has the same number as before. */
const ours = new Set<string>()

type Options = { house: House; roles: readonly string[]; version: string; facts: () => ProcessFacts; beatMs?: number }

/**
 * Tells the other processes on this database that this one lives, and asks whether it leads: of all workers one does what must be done once. Until the first
 * answer it does not. `house.isLeader` is set by it.
 */
export async function startProcess({ house, roles, version, facts, beatMs = BEAT_MS }: Options): Promise<Processes> {
  const id = newId()
  ours.add(id)
  const since = house.now()
  const stopping = new AbortController()
  let leadsUntil = 0
  house.isLeader = () => performance.now() < leadsUntil

  const beat = async () => {
    const asked = performance.now()
    const { rows } = await house.pool.query<{ leads: boolean }>('select house.beat($1, $2, $3, $4, $5, $6, $7, $8) as leads', [
      id,
      hostname(),
      process.pid,
      [...roles],
      version,
      since,
      JSON.stringify(facts()),
      `${LEASE_SECONDS} seconds`,
    ])
    leadsUntil = rows[0]?.leads && !stopping.signal.aborted ? asked + SURE_MS : 0
  }
  const run = async () => {
    while (!stopping.signal.aborted) {
      await pause(beatMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      await beat().catch((error: unknown) => house.log.warn({ err: error }, 'this process could not say that it lives'))
    }
  }
  for (const dead of (await listProcesses(house.pool)).filter(isDeadHere)) await house.pool.query('select house.leave($1)', [dead.id])
  await beat()
  const running = run()
  return {
    id,
    stop: async () => {
      stopping.abort()
      leadsUntil = 0
      await running
      await house.pool.query('select house.leave($1)', [id]).catch(() => undefined) // with the database gone it is forgotten by itself
    },
  }
}

/** One of this machine that was killed: nobody waits for it to be missed. Our own number is another's no more. */
function isDeadHere({ id, host, pid }: ProcessRow): boolean {
  if (host !== hostname()) return false
  if (pid === process.pid) return !ours.has(id)
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

export async function listProcesses(pool: pg.Pool): Promise<ProcessRow[]> {
  const { rows } = await pool.query('select * from house.process_list()')
  return rows.map((r) => ({
    id: r.id,
    host: r.host,
    pid: r.pid,
    roles: r.roles,
    version: r.version,
    startedAt: r.started_at,
    secondsSilent: r.seconds_silent,
    leads: r.leads,
    facts: r.facts,
  }))
}

export type Backlog = {
  pending: number
  oldestPending: Date | null
  givenUp: number
  retrying: number
  unsealed: number
  oldestUnsealed: Date | null
}

/** What waits in the whole installation. */
export async function readBacklog(pool: pg.Pool): Promise<Backlog> {
  const { rows } = await pool.query('select * from house.backlog()')
  const r = rows[0]
  return {
    pending: r.pending,
    oldestPending: r.oldest_pending,
    givenUp: r.given_up,
    retrying: r.retrying,
    unsealed: r.unsealed,
    oldestUnsealed: r.oldest_unsealed,
  }
}
