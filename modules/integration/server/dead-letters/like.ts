import { type Context, sql } from '@renxin/server'
import type { Like } from '../../dead-letters-contract.ts'
import { firstIdOf } from '../inbox.ts'

const DAY_MS = 86_400_000

/** The condition for the messages `m` that are meant. What a person has set aside is read again by nobody but a person, one at a time. */
export function isLike(ctx: Pick<Context, 'clock'>, like: Like) {
  const { senderId, cause, detail, field, code, events, from, to } = like
  const conditions = [
    cause === 'notes'
      ? sql`m.notes is not null and m.status = 'applied'`
      : cause
        ? sql`m.status in ('waiting', 'failed') and m.reason = ${cause}`
        : sql`(m.reason is null or m.reason not in ('setAside', 'erased'))`,
    ...(senderId ? [sql`m.sender_id = ${senderId}::uuid`] : []),
    ...(detail === undefined ? [] : [sql`m.detail is not distinct from ${detail}`]),
    ...(field === undefined ? [] : [sql`m.notes @> ${JSON.stringify([{ field, ...(code !== undefined && { value: code }) }])}::jsonb`]),
    ...(events && events.length > 0 ? [ofEvents(events)] : []),
    ...(from ? [sql`m.id >= ${firstIdOf(ctx.clock.at(from))}::uuid`] : []),
    ...(to ? [sql`m.id < ${firstIdOf(new Date(ctx.clock.at(to).getTime() + DAY_MS))}::uuid`] : []),
  ]
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

/** `A08`, `ADT^A08` or `ADT`. */
function ofEvents(events: readonly string[]) {
  const parts = events.map((e) => e.toUpperCase().split('^'))
  const both = parts.flatMap(([type, event]) => (type && event ? [`${type}^${event}`] : []))
  const single = parts.flatMap(([only, event]) => (only && !event ? [only] : []))
  return sql`(m.event = any(${single}::text[]) or m.type = any(${single}::text[]) or (m.type || '^' || m.event) = any(${both}::text[]))`
}

/** Messages from `after` on, in the order of their arrival. */
export async function idsLike(ctx: Context, like: Like, { after, until, limit }: { after: string; until: string; limit: number }) {
  const { rows } = await sql<{ id: string }>`
    select m.id from integration.messages m where ${isLike(ctx, like)} and m.id > ${after}::uuid and m.id <= ${until}::uuid
    order by m.id limit ${sql.lit(limit)}`.execute(ctx.db)
  return rows.map((r) => r.id)
}

export async function countLike(ctx: Context, like: Like, most: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select from integration.messages m where ${isLike(ctx, like)} limit ${sql.lit(most)}) c`.execute(ctx.db)
  return rows[0]?.n ?? 0
}
