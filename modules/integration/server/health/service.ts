import type { Input } from '@renxin/kernel'
import { audit, type Context, emit, sql, tick } from '@renxin/server'
import { type Door, type DoorState, type healthApi, healthErrors, type Point } from '../../health-contract.ts'
import { getRetention } from '../retention.ts'
import { hearDoors } from './doors.ts'
import { doorHeard, doorSilent } from './events.ts'
import { rollUp } from './roll-up.ts'

type Api = typeof healthApi

const HOUR_MS = 3_600_000
const urgency: readonly DoorState[] = ['silent', 'trouble', 'never', 'learning', 'fine', 'off']

export async function listDoors(ctx: Context): Promise<{ rows: Door[] }> {
  const rows = (await hearDoors(ctx)).map((d) => ({
    ...d,
    lastAt: d.lastAt?.toISOString() ?? null,
    silentSince: d.silentSince?.toISOString() ?? null,
  }))
  return { rows: rows.toSorted((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state)) }
}

/** By the hour for a day, by the day for a month; an hour in which nothing came is a nought, not a gap. */
export async function getThroughput(ctx: Context, { door, span }: Input<Api['throughput']>): Promise<{ rows: Point[] }> {
  const now = ctx.clock.now()
  const unit = span === 'day' ? 'hour' : 'day'
  const from = new Date(now.getTime() - (span === 'day' ? 23 * HOUR_MS : 29 * 24 * HOUR_MS))
  const zone = ctx.hospital.zone
  const { rows } = await sql<{ at: Date; messages: number; troubles: number }>`
    select t.at, coalesce(sum(h.messages), 0)::int as messages, coalesce(sum(h.troubles), 0)::int as troubles
    from generate_series(date_trunc(${unit}, ${from}::timestamptz, ${zone}), ${now}::timestamptz, ${`1 ${unit}`}::interval) as t (at)
    left join integration.door_hours h on h.hour_at >= t.at and h.hour_at < t.at + ${`1 ${unit}`}::interval
      and (${door ?? null}::text is null and h.door not like 'destination:%' or h.door = ${door ?? null}::text)
    group by 1 order by 1`.execute(ctx.db)
  return { rows: rows.map((r) => ({ ...r, at: r.at.toISOString() })) }
}

export async function saveFloor(ctx: Context, { door, floorMinutes }: Input<Api['saveFloor']>) {
  if (!(await hearDoors(ctx)).some((d) => d.door === door)) throw healthErrors.doorNotFound({ door })
  await sql`
    insert into integration.door_states (door, floor_minutes) values (${door}, ${floorMinutes})
    on conflict on constraint door_states_pkey do update set floor_minutes = excluded.floor_minutes`.execute(ctx.db)
  await audit(ctx, { action: 'integration.floorChanged', objectId: door, detail: { floorMinutes } })
  return { door, floorMinutes }
}

export async function getInboxSize(ctx: Context) {
  const { keepDays } = await getRetention(ctx)
  const since = new Date(ctx.clock.now().getTime() - keepDays * 24 * HOUR_MS)
  const { rows } = await sql<{ messages: number; bytes: number; oldestAt: Date | null }>`
    select coalesce(sum(h.messages), 0)::int as messages, coalesce(sum(h.bytes), 0)::float8 as bytes,
      (select m.received_at from integration.messages m order by m.id limit 1) as oldest_at
    from integration.door_hours h where h.hour_at >= ${since} and h.door >= 'sender:' and h.door < 'sender;'`.execute(ctx.db)
  const size = rows[0]
  return { messages: size?.messages ?? 0, bytes: size?.bytes ?? 0, oldestAt: size?.oldestAt?.toISOString() ?? null, keepDays }
}

/** Counts, and tells once when a door falls silent and once when it is heard again. */
export const watchDoors = tick('integration.watchDoors', { everySeconds: 30 }, async (ctx) => {
  await rollUp(ctx)
  for (const { door, kind, state, lastAt, silentSince } of await hearDoors(ctx)) {
    const isSilent = state === 'silent'
    if (isSilent) await markAlarm(ctx, door, lastAt)
    if (isSilent === (silentSince !== null)) continue
    await sql`update integration.door_states set silent_since = ${isSilent ? lastAt : null}::timestamptz where door = ${door}`.execute(
      ctx.db,
    )
    if (isSilent) await emit(ctx, doorSilent, { door, kind, since: (lastAt ?? ctx.clock.now()).toISOString() })
    else await emit(ctx, doorHeard, { door, kind, at: (lastAt ?? ctx.clock.now()).toISOString() })
    ctx.touched.add('integration')
  }
})

/** The hours of an outage teach nothing of how quiet a door may be. */
const markAlarm = (ctx: Context, door: string, lastAt: Date | null) =>
  sql`update integration.door_hours set is_alarm = true
      where door = ${door} and hour_at > ${lastAt}::timestamptz - interval '1 hour' and not is_alarm`.execute(ctx.db)
