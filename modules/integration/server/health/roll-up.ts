import { type Context, sql } from '@renxin/server'
import { firstIdOf } from '../inbox.ts'

const HOUR_MS = 3_600_000
const AT_ONCE_MS = 48 * HOUR_MS
const BACK_MS = 30 * 24 * HOUR_MS
const KEEP_DAYS = 400

/**
 * Counts the last hour and this one anew, and what lies between the last count and now, two days at a time: the same rows whatever was counted before,
 * so that a fall, a late message or a second server changes nothing.
 */
export async function rollUp(ctx: Context): Promise<void> {
  const now = ctx.clock.now()
  const from = await startOf(ctx, now)
  const to = new Date(Math.min(from.getTime() + AT_ONCE_MS, now.getTime()))
  const zone = ctx.hospital.zone
  await sql`
    with arrived as (
      select a.*, date_trunc('hour', a.at, ${zone}) as hour_at from (${arrivals(from, to)}) a
    ), known as (
      select d.door, (select h.last_at from integration.door_hours h where h.door = d.door and h.hour_at < ${from} and h.last_at is not null
                      order by h.hour_at desc limit 1) as last_at
      from (select door from arrived union select door from integration.door_states) d
    ), spaced as (
      select a.*, extract(epoch from a.at - coalesce(lag(a.at) over (partition by a.door order by a.at), k.last_at)) as gap
      from arrived a join known k using (door)
    ), counted as (
      select door, hour_at, sum(messages)::int as messages, sum(troubles)::int as troubles, sum(bytes) as bytes,
        percentile_cont(0.5) within group (order by lag_seconds) as lag_seconds, max(at) as last_at, max(gap) as gap
      from spaced group by 1, 2
    ), hours as (
      select k.door, h.hour_at, c.messages, c.troubles, c.bytes, c.lag_seconds, c.last_at, c.gap,
        greatest(max(c.last_at) over (partition by k.door order by h.hour_at), k.last_at) as heard_at
      from known k cross join generate_series(${from}::timestamptz, ${to}::timestamptz, interval '1 hour') as h (hour_at)
      left join counted c on c.door = k.door and c.hour_at = h.hour_at
    )
    insert into integration.door_hours as old (door, hour_at, messages, troubles, bytes, lag_seconds, last_at, quiet_seconds)
    select door, hour_at, coalesce(messages, 0), coalesce(troubles, 0), coalesce(bytes, 0), lag_seconds, last_at,
      greatest(coalesce(gap, 0), extract(epoch from least(hour_at + interval '1 hour', ${to}::timestamptz) - heard_at), 0)::int
    from hours where heard_at is not null
    on conflict on constraint door_hours_pkey do update set messages = excluded.messages, troubles = excluded.troubles, bytes = excluded.bytes,
      lag_seconds = excluded.lag_seconds, last_at = excluded.last_at, quiet_seconds = excluded.quiet_seconds`.execute(ctx.db)
  await sql`insert into integration.door_states (door) select distinct h.door from integration.door_hours h where h.hour_at >= ${from}
            on conflict do nothing`.execute(ctx.db)
  await sql`delete from integration.view_arrivals where at < ${new Date(now.getTime() - BACK_MS)}`.execute(ctx.db)
  await sql`delete from integration.door_hours where hour_at < ${new Date(now.getTime() - KEEP_DAYS * 24 * HOUR_MS)}`.execute(ctx.db)
}

/** The beginning of the hour before this one, or of the last that was counted where that lies further back; of the first message where nothing was. */
async function startOf(ctx: Context, now: Date): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`
    select date_trunc('hour', least(${now}::timestamptz - interval '1 hour', coalesce(
      (select max(h.hour_at) from integration.door_hours h),
      greatest(${new Date(now.getTime() - BACK_MS)}::timestamptz, (select m.received_at from integration.messages m order by m.id limit 1)))), ${ctx.hospital.zone}) as at`.execute(
    ctx.db,
  )
  return rows[0]?.at ?? now
}

/** Everything that came in or went out between two moments, by its door. A door of another kind is one more part here. */
const arrivals = (from: Date, to: Date) => sql`
  select 'sender:' || m.sender_id as door, m.received_at as at, 1 as messages, (m.status in ('waiting', 'failed'))::int as troubles,
    octet_length(m.body)::bigint as bytes, extract(epoch from m.received_at - m.sent_at)::double precision as lag_seconds
  from integration.messages m where m.id >= ${firstIdOf(from)}::uuid and m.id < ${firstIdOf(to)}::uuid
  union all
  select 'destination:' || o.destination_id, o.sent_at, 1, 0, coalesce(octet_length(o.body), 0)::bigint, extract(epoch from o.sent_at - o.created_at)::double precision
  from integration.outgoing o where o.sent_at >= ${from} and o.sent_at < ${to}
  union all
  select 'view:' || a.view_id, a.at, a.rows, a.troubles, 0, null
  from integration.view_arrivals a where a.at >= ${from} and a.at < ${to}
  union all
  select 'fhir:all', v.changed_at, 1, 0, coalesce(octet_length(v.body), 0)::bigint, null
  from integration.fhir_versions v where v.changed_at >= ${from} and v.changed_at < ${to}
  union all
  select 'folder:' || r.folder_id, r.seen_at, 1, (r.result = 'refused')::int, 0, null
  from integration.drop_runs r where r.seen_at >= ${from} and r.seen_at < ${to}`
