import { sql } from 'kysely'
import { sealAudit } from './audit-seal.ts'
import { type House, inHospital, listHospitals } from './house.ts'
import type { Tick } from './module.ts'

export type Ticker = {
  /** The work that failed the last time it was tried, or has not been done for far too long. */
  troubled(): string[]
  stop(): Promise<void>
}

/** How soon a worker that begins to lead does what is due. */
const STANDBY_MS = 5000
/** A round may take its time; what has not ended within so many of its turns, and a minute, is overdue. */
const OVERDUE_TURNS = 3

/** Does what the modules do by the clock, where this process leads: each tick in each hospital, and never two of one at a time, by an advisory lock. */
export function startTicks(house: House, ticks: readonly Tick[] = house.modules.flatMap((m) => [...m.ticks])): Ticker {
  const timers = new Set<NodeJS.Timeout>()
  const running = new Set<Promise<void>>()
  const failed = new Set<string>()
  const endedAt = new Map<string, number>()
  let isStopping = false

  const plan = (tick: Tick, delayMs: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      if (!house.isLeader()) {
        endedAt.delete(tick.name)
        failed.delete(tick.name)
        return plan(tick, Math.min(STANDBY_MS, tick.everySeconds * 1000))
      }
      if (!endedAt.has(tick.name)) endedAt.set(tick.name, performance.now())
      let hasMore = false
      const done = runTick(house, tick)
        .then((more) => {
          hasMore = more
          failed.delete(tick.name)
        })
        .catch((error) => {
          failed.add(tick.name)
          house.log.error({ err: error, tick: tick.name }, 'a tick failed')
        })
        .finally(() => {
          endedAt.set(tick.name, performance.now())
          running.delete(done)
          if (!isStopping) plan(tick, hasMore ? 0 : tick.everySeconds * 1000)
        })
      running.add(done)
    }, delayMs)
    timers.add(timer)
  }
  for (const tick of ticks) plan(tick, Math.min(1000, tick.everySeconds * 1000))
  const isOverdue = ({ name, everySeconds }: Tick) => {
    const at = endedAt.get(name)
    return at !== undefined && performance.now() - at > Math.max(60_000, everySeconds * 1000 * OVERDUE_TURNS)
  }
  return {
    troubled: () => ticks.filter((t) => failed.has(t.name) || isOverdue(t)).map((t) => t.name),
    stop: async () => {
      isStopping = true
      for (const timer of timers) clearTimeout(timer)
      await Promise.all(running)
    },
  }
}

/** One round of one tick over all hospitals; answers whether any of them has more to do. */
export async function runTick(house: House, tick: Tick): Promise<boolean> {
  let hasMore = false
  for (const hospital of await listHospitals(house)) {
    await inHospital(house, hospital.id, async (ctx) => {
      const lock = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(hashtext(${tick.name}), ${hospital.id}) as mine`.execute(
        ctx.db,
      )
      if (!lock.rows[0]?.mine) return
      if ((await tick.run(ctx)) === 'more') hasMore = true
      if (ctx.touched.has('house.events')) ctx.afterCommit.push(() => house.wake())
    })
  }
  return hasMore
}

/** Seals the audit trail within a second of its rows, and clears delivered events away after a week. */
export const houseTicks: Tick[] = [
  {
    name: 'house.seal',
    everySeconds: 0.5,
    run: sealAudit,
  },
  {
    name: 'house.clearEvents',
    everySeconds: 600,
    run: async (ctx) => {
      const before = new Date(ctx.clock.now().getTime() - 7 * 86_400_000)
      await sql`delete from house.events where not pending and at < ${before}
                and not exists (select from house.deliveries d where d.event_id = events.id)`.execute(ctx.db)
    },
  },
]
