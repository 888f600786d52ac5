import { sql, tick } from '@renxin/server'
import { getRetention } from '../retention.ts'
import { sealLine } from './bodies.ts'
import { db } from './tables.ts'

const MOST_AT_ONCE = 2000

/** Lets go of the text of what was sent once its time is over: that it went, and when, stays. What an older version kept open is sealed. */
export const clearOutgoing = tick('integration.clearOutgoing', { everySeconds: 60 }, async (ctx) => {
  const { keepDays } = await getRetention(ctx)
  const until = new Date(ctx.clock.now().getTime() - keepDays * 86_400_000)
  await sql`
    update integration.outgoing o set body = null, message = null
    where o.status = 'sent' and (o.destination_id, o.event_id) in (
      select c.destination_id, c.event_id from integration.outgoing c
      where c.status = 'sent' and (c.body is not null or c.message is not null) and c.created_at < ${until} order by c.created_at limit ${MOST_AT_ONCE})`.execute(
    ctx.db,
  )
  await sql`select integration.clear_published(${until}::timestamptz)`.execute(ctx.db)
  const open = await db(ctx)
    .selectFrom('integration.outgoing')
    .where('message', 'is not', null)
    .select(['destinationId', 'eventId', 'message'])
    .limit(MOST_AT_ONCE)
    .execute()
  if (open.length === 0) return
  await sql`
    update integration.outgoing o set body = s.body, message = null
    from unnest(${open.map((o) => o.destinationId)}::uuid[], ${open.map((o) => o.eventId)}::uuid[],
                ${open.map((o) => sealLine(ctx, o.message ?? ''))}::bytea[]) as s (destination_id, event_id, body)
    where o.destination_id = s.destination_id and o.event_id = s.event_id`.execute(ctx.db)
})
