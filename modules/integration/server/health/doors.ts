import { type Context, sql } from '@renxin/server'
import type { Door, doorKinds } from '../../health-contract.ts'
import { hear } from './silence.ts'

const WEEKS_MS = 28 * 86_400_000
type Kind = (typeof doorKinds)[number]

/** A door with what its past says of this hour. */
export type Heard = Omit<Door, 'lastAt' | 'silentSince'> & { lastAt: Date | null; silentSince: Date | null }

type Row = {
  door: string
  kind: Kind
  objectId: string
  name: string
  subject: Door['subject']
  isActive: boolean
  troubles: number
  lastAt: Date | null
  silentSince: Date | null
  floorMinutes: number | null
  thisHour: number | null
  usual: number | null
  lagSeconds: number | null
  quiet: number[] | null
}

/** Every way in and out of the hospital. What a destination has to say depends on us: it cannot be silent, but it can be stuck. A view that is read is silent where no row says anything new. */
const doors = sql`
  select 'sender:' || s.id as door, 'sender' as kind, s.id::text as object_id, s.name, null as subject, s.is_active,
    (select count(*)::int from (select from integration.messages m where m.sender_id = s.id and m.status in ('waiting', 'failed') limit 10000) w) as troubles,
    (select m.received_at from integration.messages m where m.sender_id = s.id order by m.id desc limit 1) as last_at
  from integration.senders s
  union all
  select 'destination:' || d.id, 'destination', d.id::text, d.name, null, d.is_active,
    (select count(*)::int from integration.outgoing o where o.destination_id = d.id and o.status = 'refused')
      + (select count(*)::int from (select o.error from integration.outgoing o where o.destination_id = d.id and o.status = 'waiting' order by o.seq limit 1) h where h.error is not null),
    (select o.sent_at from integration.outgoing o where o.destination_id = d.id and o.status = 'sent' order by o.seq desc limit 1)
  from integration.destinations d
  union all
  select 'view:' || v.id, 'view', v.source_id::text, c.name, v.subject, v.is_active and c.is_active, (v.failure is not null)::int,
    coalesce((select a.at from integration.view_arrivals a where a.view_id = v.id order by a.at desc limit 1), v.last_ok_at)
  from integration.views v join integration.view_sources c on c.id = v.source_id
  union all
  select 'folder:' || f.id, 'folder', f.id::text, f.path, null, f.is_active, (f.problem is not null)::int,
    (select r.seen_at from integration.drop_runs r where r.folder_id = f.id order by r.id desc limit 1)
  from integration.drop_folders f
  union all
  select 'fhir:all', 'fhir', 'all', 'FHIR', null, true, 0, f.changed_at
  from (select v.changed_at from integration.fhir_versions v order by v.changed_at desc limit 1) f`

/** The doors as they stand now, those that need a look first. */
export async function hearDoors(ctx: Context): Promise<Heard[]> {
  const now = ctx.clock.now()
  const since = new Date(now.getTime() - WEEKS_MS)
  const zone = ctx.hospital.zone
  const { rows } = await sql<Row>`
    select d.*, s.silent_since, s.floor_minutes, past.*, coalesce(this.messages, case when past.quiet is not null then 0 end) as this_hour,
      (select h.lag_seconds from integration.door_hours h where h.door = d.door and h.lag_seconds is not null order by h.hour_at desc limit 1) as lag_seconds
    from (${doors}) d
    left join integration.door_states s on s.door = d.door
    left join integration.door_hours this on this.door = d.door and this.hour_at = date_trunc('hour', ${now}::timestamptz, ${zone})
    left join lateral (
      select percentile_cont(0.5) within group (order by h.messages) as usual, array_agg(h.quiet_seconds) filter (where not h.is_alarm) as quiet
      from integration.door_hours h where h.door = d.door and h.hour_at >= ${since} and h.hour_at < date_trunc('hour', ${now}::timestamptz, ${zone})
        and extract(hour from h.hour_at at time zone ${zone}) = extract(hour from ${now}::timestamptz at time zone ${zone})
    ) past on true
    order by d.kind, d.name, d.subject limit 500`.execute(ctx.db)
  return rows.map(({ isActive, quiet, ...row }) => ({
    ...row,
    quietSeconds: quiet && quiet.length > 0 ? Math.max(...quiet) : null,
    state: stateOf(now, { isActive, quiet, ...row }),
  }))
}

const canBeSilent = new Set<Kind>(['sender', 'view', 'folder', 'fhir'])

function stateOf(now: Date, { kind, isActive, troubles, lastAt, quiet, floorMinutes }: Omit<Row, 'state'>): Door['state'] {
  if (!isActive) return 'off'
  const heard = canBeSilent.has(kind)
    ? hear({ now, lastAt, quietSeconds: quiet ?? [], floorMinutes: floorMinutes ?? 30 })
    : lastAt
      ? 'fine'
      : 'never'
  if (heard === 'silent') return 'silent'
  return troubles > 0 ? 'trouble' : heard
}
