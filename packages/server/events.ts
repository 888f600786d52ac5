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

export const emitMany = <E extends HouseEvent>(ctx: Context, event: E, payloads: readonly EventOf<E>[]): Promise<void> =>
  emitFacts(ctx, payloads.map((payload) => factOf(event, payload))) // biome-ignore format: one thought

export type Fact = { name: string; payload: string }

export const factOf = <E extends HouseEvent>(event: E, payload: EventOf<E>): Fact => ({
  name: event.name,
  payload: JSON.stringify(event.shape.parse(payload)),
})

/** Facts of several kinds in one statement, in this order. */
export async function emitFacts(ctx: Context, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return
  if (!ctx.inTransaction) throw new Error(`${facts[0]?.name} was emitted outside a transaction`)
  const at = ctx.clock.now()
  const ids = facts.map(() => newId(at.getTime()))
  await sql`insert into house.events (id, name, payload, at)
            select id, name, payload::jsonb, ${at}
              from unnest(${ids}::uuid[], ${facts.map((f) => f.name)}::text[], ${facts.map((f) => f.payload)}::text[]) as e (id, name, payload)`.execute(
    ctx.db,
  )
  for (const { name } of facts) ctx.touched.add(name.split('.')[0] ?? '')
  ctx.touched.add(OUTBOX)
  for (const joiner of ctx.joiners) {
    const heard = facts.flatMap((f, n) =>
      f.name === joiner.event ? [{ payload: JSON.parse(f.payload), meta: { id: ids[n] ?? '', at } }] : [],
    )
    if (heard.length > 0) await joiner.take(ctx, heard)
  }
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
