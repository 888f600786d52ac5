import { sql } from 'kysely'
import { type House, inHospital, listHospitals } from './house.ts'
import type { Tick } from './module.ts'

export type Ticker = { stop(): Promise<void> }

/** Does what the modules do by the clock: each tick in each hospital, one process at a time, by an advisory lock. */
export function startTicks(house: House, ticks: readonly Tick[] = house.modules.flatMap((m) => [...m.ticks])): Ticker {
  const timers = new Set<NodeJS.Timeout>()
  const running = new Set<Promise<void>>()
  let isStopping = false

  const plan = (tick: Tick, delayMs: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      const done = runTick(house, tick)
        .catch((error) => house.log.error({ err: error, tick: tick.name }, 'a tick failed'))
        .finally(() => {
          running.delete(done)
          if (!isStopping) plan(tick, tick.everySeconds * 1000)
        })
      running.add(done)
    }, delayMs)
    timers.add(timer)
  }
  for (const tick of ticks) plan(tick, Math.min(1000, tick.everySeconds * 1000))
  return {
    stop: async () => {
      isStopping = true
      for (const timer of timers) clearTimeout(timer)
      await Promise.all(running)
    },
  }
}

/** One round of one tick over all hospitals. */
export async function runTick(house: House, tick: Tick): Promise<void> {
  for (const hospital of await listHospitals(house)) {
    await inHospital(house, hospital.id, async (ctx) => {
      const lock = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(hashtext(${tick.name}), ${hospital.id}) as mine`.execute(
        ctx.db,
      )
      if (!lock.rows[0]?.mine) return
      await tick.run(ctx)
      if (ctx.touched.has('house.events')) ctx.afterCommit.push(() => house.wake())
    })
  }
}

/** Seals the audit trail within a second of its rows, and clears delivered events away after a week. */
export const houseTicks: Tick[] = [
  {
    name: 'house.seal',
    everySeconds: 0.5,
    run: async (ctx) => {
      await sql`select house.seal_audit(${ctx.clock.now()})`.execute(ctx.db)
    },
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
