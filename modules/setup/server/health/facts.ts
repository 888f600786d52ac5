import { statfs } from 'node:fs/promises'
import { type WatchedProvider, watchProvider } from '@renxin/access'
import { type Context, type ProcessRow, readAnchors, sql } from '@renxin/server'
import type { Backups } from '../../contract.ts'

type Place = { path: string; freeBytes: number | null; totalBytes: number | null }
type Door = { name: string; state: string }

/** The machine and the process around the room, as the server hands them to it. */
export type Machine = {
  /** Folders that must not fill up. */
  places: readonly string[]
  auditPlace: string
  now: () => Date
  memory: () => { availableBytes: number; totalBytes: number }
  /** The folder in which the system says that its clock is kept right, where it says so at all. */
  isClockKept: () => Promise<boolean | null>
  certificateUntil: () => Promise<Date | null>
  doors: (ctx: Context) => Promise<{ rows: Door[] }>
  /** Looks whether whoever takes what we send is there, and our own listener; nothing is sent. */
  knock: (ctx: Context) => Promise<{ ok: boolean; what: string }>
  /** Reads the newest backup for some seconds. */
  readBackup: () => Promise<string>
}

export type Facts = {
  now: Date
  database: { milliseconds: number; bytes: number }
  places: Place[]
  backups: Pick<Backups, 'mode' | 'alarms' | 'lastGoodAt'>
  audit: { oldestUnsealed: Date | null; anchoredAt: Date | null; anchors: number; badLine: number | null; anchorPlace: string }
  processes: ProcessRow[]
  queue: { pending: number; oldestPending: Date | null; givenUp: number; retrying: number }
  doors: Door[]
  clock: { offMs: number; isSynchronised: boolean | null }
  memory: { availableBytes: number; totalBytes: number }
  certificate: { until: Date | null; isPlain: boolean }
  sso: WatchedProvider | undefined
}

type Backlog = {
  pending: number
  oldestPending: Date | null
  givenUp: number
  retrying: number
  oldestUnsealed: Date | null
}

/** Everything that is judged, asked in the transaction of whoever looks. */
export async function gatherFacts(ctx: Context, machine: Machine, backups: () => Promise<Backups>): Promise<Facts & { backups: Backups }> {
  const began = performance.now()
  const asked = await sql<{
    at: Date
    bytes: number
  }>`select clock_timestamp() as at, pg_database_size(current_database()) as bytes`.execute(ctx.db)
  const milliseconds = performance.now() - began
  const at = machine.now()
  const offMs = at.getTime() - milliseconds / 2 - (asked.rows[0]?.at ?? at).getTime()
  const backlog = (
    await sql<Backlog>`select pending, oldest_pending, given_up, retrying, oldest_unsealed from house.backlog()`.execute(ctx.db)
  ).rows[0]
  const processes = (await sql<ProcessRow>`select * from house.process_list()`.execute(ctx.db)).rows
  const anchors = await readAnchors(ctx, machine.auditPlace)
  const last = anchors.anchors.at(-1)
  const [places, shown, isSynchronised, until] = await Promise.all([
    Promise.all(machine.places.map(spaceOf)),
    backups(),
    machine.isClockKept(),
    machine.certificateUntil(),
  ])
  return {
    now: at,
    database: { milliseconds, bytes: asked.rows[0]?.bytes ?? 0 },
    places,
    backups: shown,
    audit: {
      oldestUnsealed: backlog?.oldestUnsealed ?? null,
      anchoredAt: last ? new Date(last.at) : null,
      anchors: anchors.anchors.length,
      badLine: anchors.badLine,
      anchorPlace: machine.auditPlace,
    },
    processes,
    queue: {
      pending: backlog?.pending ?? 0,
      oldestPending: backlog?.oldestPending ?? null,
      givenUp: backlog?.givenUp ?? 0,
      retrying: backlog?.retrying ?? 0,
    },
    doors: (await machine.doors(ctx)).rows,
    clock: { offMs, isSynchronised },
    memory: machine.memory(),
    certificate: { until, isPlain: isPlain(ctx) },
    sso: await watchProvider(ctx, machine.now),
  }
}

/** Whether whoever looks came over the network without TLS. */
const isPlain = ({ door }: Context): boolean => door !== undefined && !door.isSecure && !/^(127\.|::1$|::ffff:127\.)/.test(door.address)

async function spaceOf(path: string): Promise<Place> {
  const found = await statfs(path).catch(() => null)
  return { path, freeBytes: found && found.bavail * found.bsize, totalBytes: found && found.blocks * found.bsize }
}
