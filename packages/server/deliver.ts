import { sql } from 'kysely'
import type { Context } from './context.ts'
import type { Listener, Meta } from './events.ts'
import { type House, inHospital } from './house.ts'
import { locks } from './locks.ts'
import { savepoint } from './transaction.ts'

const BATCH = 500
const POLL_MS = 100
const GATHER_MS = 200
const GIVE_UP_AFTER = 20

type EventRow = { id: string; name: string; payload: unknown; at: Date }

export type Deliverer = { stop(): Promise<void>; lastRound: () => number }

/**
 * Delivers the outbox for as long as it runs: woken after a commit, else ten times a second. The first event after a quiet moment is delivered at once;
 * while more come, a round gathers what 200 ms bring, since ten events together cost hardly more than one, and whoever asks for something meanwhile is answered.
 */
export function startDeliverer(house: House): Deliverer {
  let isStopping = false
  let isWoken = false
  let poke: (() => void) | undefined
  let lastRound = performance.now()
  house.wake = () => {
    isWoken = true // also in the middle of a round, which may have looked already
    poke?.()
  }

  const round = async () => {
    while (!isStopping) {
      let delivered = 0
      const began = performance.now()
      isWoken = false
      try {
        delivered = await deliverOnce(house)
        lastRound = performance.now()
      } catch (error) {
        house.log.error({ err: error }, 'delivering events failed')
        await pause(1000)
      }
      if (isStopping) return
      if (delivered === 0 && !isWoken) await pause(POLL_MS)
      else if (delivered < BATCH) await gather(began + GATHER_MS - performance.now())
    }
  }
  const gather = async (ms: number) => {
    for (const until = performance.now() + ms; !isStopping && performance.now() < until; ) await pause(until - performance.now())
  }
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      poke = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const running = round()
  return {
    lastRound: () => lastRound,
    stop: async () => {
      isStopping = true
      poke?.()
      await running
    },
  }
}

/** One batch for every hospital that has something waiting, or for one of them; answers how many events were handled. */
export async function deliverOnce(house: House, only?: number): Promise<number> {
  const { rows } = await house.pool.query('select h from house.hospitals_with_events($1) h', [house.now()])
  let count = 0
  for (const { h } of rows) if (only === undefined || h === only) count += await deliverIn(house, h)
  return count
}

/** All listeners without a net first, which is nearly always well; where one fails nothing of it is left, and each is given its own savepoint. */
async function deliverIn(house: House, hospitalId: number): Promise<number> {
  const visit = { isRepeated: true } // the event and what came of it are committed together: lost together, they are made again together
  try {
    return await inHospital(house, hospitalId, (ctx) => deliverBatch(house, ctx, takeAll), visit)
  } catch {
    return inHospital(house, hospitalId, (ctx) => deliverBatch(house, ctx, takeApart), visit)
  }
}

type Take = (ctx: Context, module: string, listener: Listener, events: EventRow[]) => Promise<void>

async function deliverBatch(house: House, ctx: Context, take: Take): Promise<number> {
  const taken = await sql<EventRow>`
    with mine as materialized (select pg_try_advisory_xact_lock(${sql.lit(locks.deliver)}, ${ctx.hospital.id}) as is_mine)
    update house.events e set pending = false
    from (select id from house.events where pending and (select is_mine from mine) order by seq limit ${sql.lit(BATCH)} for update skip locked) due
    where e.id = due.id
    returning e.id, e.name, e.payload, e.at, e.seq`.execute(ctx.db)
  const events = (taken.rows as (EventRow & { seq: number })[]).sort((a, b) => a.seq - b.seq)
  for (const { module, listener } of listenersOf(house)) {
    const heard = events.filter((e) => e.name === listener.event)
    if (heard.length > 0) await take(ctx, module, listener, heard)
  }
  const retried = await retryFailed(house, ctx)
  return events.length + retried
}

const listenersOf = (house: House) => house.modules.flatMap((m) => m.listeners.map((listener) => ({ module: m.name, listener })))
const keyOf = (module: string, listener: Listener) => `${module}:${listener.event}:${listener.name}`
const delivered = (e: EventRow): { payload: unknown; meta: Meta } => ({ payload: e.payload, meta: { id: e.id, at: e.at } })

const takeAll: Take = async (ctx, module, listener, events) => {
  await listener.take(ctx, events.map(delivered))
  ctx.touched.add(module)
}

const takeApart: Take = async (ctx, module, listener, events) => {
  try {
    await savepoint(ctx, (inner) => listener.take(inner, events.map(delivered)))
    ctx.touched.add(module)
    return
  } catch (error) {
    if (events.length === 1) return noteFailure(ctx, keyOf(module, listener), events[0], error)
  }
  for (const event of events) await takeApart(ctx, module, listener, [event]) // a bad event stops only itself
}

async function noteFailure(ctx: Context, listener: string, event: EventRow | undefined, error: unknown): Promise<void> {
  if (!event) return
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  ctx.log.error({ eventId: event.id, event: event.name, listener, err: error }, 'a listener failed')
  await sql`
    insert into house.deliveries as d (event_id, listener, attempts, error, next_at)
    values (${event.id}, ${listener}, 1, ${text.slice(0, 4000)}, ${new Date(ctx.clock.now().getTime() + 5_000)})
    on conflict (hospital_id, event_id, listener) do update
      set attempts = d.attempts + 1, error = excluded.error, is_given_up = d.attempts + 1 >= ${GIVE_UP_AFTER},
          next_at = ${ctx.clock.now()}::timestamptz + least(interval '5 s' * power(2, d.attempts), interval '1 h')`.execute(ctx.db)
}

async function retryFailed(house: House, ctx: Context): Promise<number> {
  const due = await sql<EventRow & { listener: string }>`
    select e.id, e.name, e.payload, e.at, d.listener from house.deliveries d join house.events e on e.id = d.event_id
    where not d.is_given_up and d.next_at <= ${ctx.clock.now()} order by d.next_at limit 50 for update of d skip locked`.execute(ctx.db)
  for (const row of due.rows) {
    const found = listenersOf(house).find(({ module, listener }) => keyOf(module, listener) === row.listener)
    try {
      if (found) await savepoint(ctx, (inner) => found.listener.take(inner, [delivered(row)]))
      await sql`delete from house.deliveries where event_id = ${row.id} and listener = ${row.listener}`.execute(ctx.db)
      if (found) ctx.touched.add(found.module)
    } catch (error) {
      await noteFailure(ctx, row.listener, row, error)
    }
  }
  return due.rows.length
}
