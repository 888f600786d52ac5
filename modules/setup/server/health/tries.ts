import { randomBytes } from 'node:crypto'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { tryProvider } from '@renxin/access'
import { type Context, type ProcessRow, probeAudit, probeOutbox, readAnchors, sql } from '@renxin/server'
import { faultOf } from '@renxin/server/backup'
import type { BackupFault } from '../../backup-faults.ts'
import type { Finding, HealthItem, Tried } from '../../health-contract.ts'
import { healthTried } from '../events.ts'
import type { Machine } from './facts.ts'
import { ofSso } from './rules.ts'

type Outcome = { ok: boolean; what: string; fault?: BackupFault; finding?: Finding }

/** Tries one item for real. What goes wrong is the answer, not an error. */
export async function tryItem(ctx: Context, machine: Machine, item: HealthItem): Promise<Tried> {
  const began = performance.now()
  const { ok, what, fault = null, finding = null } = await tries[item](ctx, machine).catch((error: unknown) => failed(item, error))
  return { item, ok, what, fault, finding, seconds: (performance.now() - began) / 1000 }
}

const failed = (item: HealthItem, error: unknown): Outcome => ({
  ok: false,
  what: error instanceof Error ? error.message : String(error),
  ...(item === 'backup' && { fault: faultOf(error) }),
})

const tries: Readonly<Record<HealthItem, (ctx: Context, machine: Machine) => Promise<Outcome>>> = {
  database: writeRow,
  disk: (_, machine) => writeFiles(machine.places),
  backup: async (_, machine) => ({ ok: true, what: await machine.readBackup() }),
  audit: checkAudit,
  jobs: waitForBeat,
  queue: async (ctx) => {
    const { rows } = await sql<ProcessRow>`select * from house.process_list()`.execute(ctx.db)
    const stuck = rows.filter((p) => p.roles.includes('worker') && (p.facts.delivererSeconds ?? 0) > 10)
    return stuck.length > 0 ? { ok: false, what: stuck.map((p) => `${p.host} (${p.pid})`).join('、') } : writeRow(ctx)
  },
  doors: (ctx, machine) => machine.knock(ctx),
  processes: waitForBeat,
  clock: compareClocks,
  memory: (_, machine) => useMemory(machine),
  certificate: async (_, machine) => {
    const until = await machine.certificateUntil()
    return { ok: until === null || until > machine.now(), what: until?.toISOString().slice(0, 10) ?? '—' }
  },
  sso: askProvider,
}

/** A fact in the outbox: it is written, read back, and delivered once the transaction has ended, to nobody. */
async function writeRow(ctx: Context): Promise<Outcome> {
  const { isThere, waiting } = await probeOutbox(ctx, healthTried, (tryId) => ({ tryId }))
  return { ok: isThere, what: String(waiting) }
}

async function writeFiles(places: readonly string[]): Promise<Outcome> {
  const bytes = randomBytes(2 ** 20)
  for (const place of places) {
    const path = join(place, `.renxin-try-${randomBytes(4).toString('hex')}`)
    try {
      const file = await open(path, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      if (!(await readFile(path)).equals(bytes)) return { ok: false, what: place }
    } finally {
      await rm(path, { force: true })
    }
  }
  return { ok: true, what: places.join('、') }
}

/** The newest blocks, whose rows are hashed again, and every line of the anchor file. */
async function checkAudit(ctx: Context, { auditPlace }: Machine): Promise<Outcome> {
  const { blocks, broken } = await probeAudit(ctx)
  const { badLine, anchors } = await readAnchors(ctx, auditPlace)
  return { ok: broken === null && badLine === null, what: broken === null ? `${blocks} · ${anchors.length}` : `#${broken}` }
}

/** Whether each process says within ten seconds that it lives. */
async function waitForBeat(ctx: Context, machine: Machine): Promise<Outcome> {
  const until = performance.now() + 10_000
  for (;;) {
    const { rows } = await sql<ProcessRow>`select * from house.process_list()`.execute(ctx.db)
    const silent = rows.filter((p) => p.secondsSilent > 6)
    const isLed = rows.some((p) => p.leads && p.secondsSilent <= 6)
    if (silent.length === 0 && isLed) return { ok: true, what: String(rows.length) }
    if (performance.now() > until) return { ok: false, what: silent.map((p) => `${p.host} (${p.pid})`).join('、') || machine.auditPlace }
    await pause(500)
  }
}

async function compareClocks(ctx: Context, machine: Machine): Promise<Outcome> {
  const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(ctx.db)
  const offMs = Math.abs(machine.now().getTime() - (rows[0]?.at.getTime() ?? 0))
  return { ok: offMs < 2000 && (await machine.isClockKept()) !== false, what: `${(offMs / 1000).toFixed(1)} s` }
}

/** Asks the provider of single sign-on what it is, for its keys, and what time it has; whatever is found has its sentence. */
async function askProvider(ctx: Context, machine: Machine): Promise<Outcome> {
  const { state, finding, what } = ofSso({ sso: await tryProvider(ctx, machine.now) })
  return { ok: state === 'good', what, finding }
}

/** Takes 64 MB and fills them, and sees how late the process comes meanwhile. */
async function useMemory(machine: Machine): Promise<Outcome> {
  const began = performance.now()
  const filled = Buffer.alloc(64 * 2 ** 20, 1)
  await pause(10)
  const late = performance.now() - began - 10
  const { availableBytes } = machine.memory()
  return { ok: filled.at(-1) === 1 && late < 1000 && availableBytes > filled.length, what: `${Math.round(late)} ms` }
}
