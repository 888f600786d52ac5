import { type EventOf, type HouseEvent, newId } from '@renxin/kernel'
import { sql } from 'kysely'
import type { Context } from './context.ts'

export type Meta = { id: string; at: Date }
type Delivered = { payload: unknown; meta: Meta }
export type Listener = {
  name: string
  event: string
  /** Takes the events of one batch together; where it fails they are tried one by one. */
  take: (ctx: Context, events: Delivered[]) => Promise<void>
}

/** Writes one fact into the outbox, in the transaction of the change that it tells of. */
export const emit = <E extends HouseEvent>(ctx: Context, event: E, payload: EventOf<E>): Promise<void> => emitMany(ctx, event, [payload])

export async function emitMany<E extends HouseEvent>(ctx: Context, event: E, payloads: readonly EventOf<E>[]): Promise<void> {
  if (!ctx.inTransaction) throw new Error(`${event.name} was emitted outside a transaction`)
  if (payloads.length === 0) return
  const at = ctx.clock.now()
  const ids = payloads.map(() => newId(at.getTime()))
  const bodies = payloads.map((p) => JSON.stringify(event.shape.parse(p)))
  await sql`insert into house.events (id, name, payload, at)
            select id, ${event.name}, payload::jsonb, ${at} from unnest(${ids}::uuid[], ${bodies}::text[]) as e (id, payload)`.execute(
    ctx.db,
  )
  ctx.touched.add(event.name.split('.')[0] ?? '')
  ctx.touched.add(OUTBOX)
}

/** The mark in `touched` that says: something waits in the outbox. Browsers do not hear of it. */
export const OUTBOX = 'house.events'

/** Hears one event at a time. `name` tells two listeners of one module to the same event apart. */
export function listen<E extends HouseEvent>(
  event: E,
  hear: (ctx: Context, payload: EventOf<E>, meta: Meta) => Promise<unknown>,
  name = hear.name,
): Listener {
  return {
    name,
    event: event.name,
    take: async (ctx, events) => {
      for (const e of events) await hear(ctx, event.shape.parse(e.payload) as EventOf<E>, e.meta)
    },
  }
}

/** Hears the events of a batch together: for listeners that plan in bulk. */
export function listenMany<E extends HouseEvent>(
  event: E,
  hear: (ctx: Context, payloads: EventOf<E>[], metas: Meta[]) => Promise<unknown>,
  name = hear.name,
): Listener {
  return {
    name,
    event: event.name,
    take: async (ctx, events) => {
      await hear(
        ctx,
        events.map((e) => event.shape.parse(e.payload) as EventOf<E>),
        events.map((e) => e.meta),
      )
    },
  }
}
