import { listRolesOf } from '@renxin/access'
import { addDays, newId } from '@renxin/kernel'
import { type Context, readSealed, type SealedLook, sql } from '@renxin/server'
import type { UnusualSettings } from '../../contract.ts'
import { rowsAs } from '../bulk.ts'
import { judgeVolume } from './rules.ts'
import { blockOfHistory, getUnusualSettings } from './settings.ts'
import { type Found, type Seen, weigh } from './weigh.ts'

/** What is weighed in one round; the rest waits for the next. */
const ROWS_A_ROUND = 20_000
/** Days of which it is kept who saw whom. */
const PAIR_DAYS = 3
/** What the auditor does to see the trail is no look at a patient. */
const auditing = new Set([
  'patients.ofTrail',
  'patients.oneOfTrail',
  'patients.emergencies',
  'patients.reviewEmergency',
  'patients.viewers',
  'patients.unusual',
  'patients.decideUnusual',
])

/** Weighs the rows of the trail that were sealed since the last round. They are read by their blocks, so that each counts once and writing them costs nothing more. */
export async function watchLooks(ctx: Context): Promise<void> {
  const settings = await getUnusualSettings(ctx)
  const { last, looks } = await readSealed(ctx, await lastWeighed(ctx, settings), ROWS_A_ROUND)
  if (last === null) return
  const seen = await seenIn(ctx, looks, settings)
  if (seen.length > 0) {
    const found = await weigh(ctx, seen, settings)
    const days = await count(ctx, seen)
    await keep(ctx, [...found, ...(await greatDays(ctx, days, seen, settings))])
  }
  await sql`update patients.unusual_rules set block = ${last}`.execute(ctx.db)
}

async function lastWeighed(ctx: Context, { historyDays }: UnusualSettings): Promise<number> {
  const known = await sql<{ block: number }>`select block from patients.unusual_rules`.execute(ctx.db)
  if (known.rows[0]) return known.rows[0].block
  const block = await blockOfHistory(ctx, historyDays)
  await sql`insert into patients.unusual_rules (block) values (${block}) on conflict do nothing`.execute(ctx.db)
  return block
}

/** A request that shows several patients showed a list; that somebody stood in it is counted, and is no look at them. Keys and accounts that are gone are no people. */
async function seenIn(ctx: Context, looks: readonly SealedLook[], { nightFrom, nightTo }: UnusualSettings): Promise<Seen[]> {
  const weighed = looks.filter((l) => !l.action.startsWith('access.') && !auditing.has(l.action))
  const people = new Set(
    (
      await sql<{
        id: string
      }>`select id from access.user_cards where id = any(${[...new Set(weighed.map((l) => l.actorId))]}::uuid[])`.execute(ctx.db)
    ).rows.map((r) => r.id),
  )
  const shown = new Map([...Map.groupBy(weighed, (l) => l.requestId)].map(([id, rows]) => [id, new Set(rows.map((r) => r.patientId)).size]))
  const isNight = (time: string) => (nightFrom < nightTo ? time >= nightFrom && time < nightTo : time >= nightFrom || time < nightTo)
  const seen = new Map<string, Seen>()
  for (const { at, actorId, actorName, patientId, requestId } of weighed) {
    if (!people.has(actorId)) continue
    const [onDay, night, isOne] = [ctx.clock.dayOf(at), isNight(ctx.clock.timeOf(at)), shown.get(requestId) === 1]
    const key = `${actorId} ${patientId} ${onDay} ${night}`
    const before = seen.get(key) ?? {
      actorId,
      actorName,
      patientId,
      onDay,
      isNight: night,
      isOpened: false,
      firstAt: at,
      lastAt: at,
      looks: 0,
    }
    const isFirst = isOne && !before.isOpened // of the lists before it nothing is told
    seen.set(key, {
      ...before,
      isOpened: before.isOpened || isOne,
      firstAt: isFirst || (isOne && at < before.firstAt) ? at : before.firstAt,
      lastAt: isFirst || (isOne && at > before.lastAt) ? at : before.lastAt,
      looks: before.looks + (isOne ? 1 : 0),
    })
  }
  return [...seen.values()]
}

type DayCount = { actorId: string; onDay: string; seen: number }

/** How many patients each of them has seen on each of these days by now. */
async function count(ctx: Context, seen: readonly Seen[]): Promise<DayCount[]> {
  await sql`
    insert into patients.looked (on_day, actor_id, patient_id)
    select distinct on_day, actor_id, patient_id from ${rowsAs('n', { on_day: 'date', actor_id: 'uuid', patient_id: 'uuid' }, seen)}
    on conflict do nothing`.execute(ctx.db)
  const { rows } = await sql<DayCount>`
    insert into patients.look_counts as c (on_day, actor_id, seen, was_night)
    select n.on_day, n.actor_id, (select count(*) from patients.looked l where l.on_day = n.on_day and l.actor_id = n.actor_id), n.was_night
      from (select on_day, actor_id, bool_or(is_night) as was_night from ${rowsAs('n', { on_day: 'date', actor_id: 'uuid', is_night: 'bool' }, seen)} group by 1, 2) n
    on conflict (hospital_id, on_day, actor_id) do update set seen = excluded.seen, was_night = c.was_night or excluded.was_night
    returning actor_id, on_day, seen`.execute(ctx.db)
  const latest = seen.reduce((day, s) => (s.onDay > day ? s.onDay : day), '')
  await sql`delete from patients.looked where on_day < ${latest}::date - ${PAIR_DAYS}::int`.execute(ctx.db)
  await sql`delete from patients.look_counts where on_day < ${latest}::date - 90`.execute(ctx.db)
  return rows
}

/** The days on which somebody saw far more patients than is usual. */
async function greatDays(
  ctx: Context,
  days: readonly DayCount[],
  seen: readonly Seen[],
  settings: UnusualSettings,
): Promise<(Omit<Found, 'patientId'> & { patientId: null })[]> {
  const great = days.filter((d) => d.seen >= settings.leastSeen)
  if (great.length === 0) return []
  const roles = await listRolesOf(ctx)
  const [first = '', ...later] = great.map((d) => d.onDay).sort()
  const { rows: known } = await sql<DayCount>`
    select actor_id, on_day, seen from patients.look_counts where on_day >= ${addDays(first, -settings.historyDays)} and on_day < ${later.at(-1) ?? first}`.execute(
    ctx.db,
  )
  return great.flatMap(({ actorId, onDay, seen: n }) => {
    const from = addDays(onDay, -settings.historyDays)
    const before = known.filter((d) => d.onDay >= from && d.onDay < onDay)
    const own = before.filter((d) => d.actorId === actorId).map((d) => d.seen)
    const peers = before.filter((d) => d.actorId !== actorId && roles.get(d.actorId) === roles.get(actorId))
    const reason = judgeVolume(n, own, peers, settings)
    const his = seen.filter((s) => s.actorId === actorId && s.onDay === onDay)
    if (!reason || !his[0]) return []
    const times = his.flatMap((s) => [s.firstAt.getTime(), s.lastAt.getTime()])
    const [firstAt, lastAt] = [new Date(Math.min(...times)), new Date(Math.max(...times))]
    return [{ ...his[0], rule: 'volume' as const, reason, patientId: null, looks: n, firstAt, lastAt }]
  })
}

/** Of one rule, person, patient and day there is one row; of a great day it says how great by now. */
async function keep(ctx: Context, found: readonly (Omit<Found, 'patientId'> & { patientId: string | null })[]): Promise<void> {
  if (found.length === 0) return
  const now = ctx.clock.now()
  const byKey = Map.groupBy(found, (f) => `${f.rule} ${f.actorId} ${f.onDay} ${f.patientId}`) // by day and by night it is one
  const rows = [...byKey.values()].flatMap(([first, second]) => {
    if (!first) return []
    const firstAt = second && second.firstAt < first.firstAt ? second.firstAt : first.firstAt
    const lastAt = second && second.lastAt > first.lastAt ? second.lastAt : first.lastAt
    return [
      {
        ...first,
        firstAt,
        lastAt,
        looks: first.looks + (second?.looks ?? 0),
        id: newId(now.getTime()),
        why: first.reason,
        foundAt: now,
        changedAt: now,
      },
    ]
  })
  const columns = { id: 'uuid', rule: 'text', on_day: 'date', actor_id: 'uuid', actor_name: 'text', patient_id: 'uuid', why: 'jsonb', first_at: 'timestamptz', last_at: 'timestamptz', looks: 'int', found_at: 'timestamptz', changed_at: 'timestamptz' } // biome-ignore format: one line
  await sql`
    insert into patients.unusual_looks as u (${sql.raw(Object.keys(columns).join(', '))})
    select * from ${rowsAs('n', columns, rows)}
    on conflict on constraint unusual_once do update set first_at = least(u.first_at, excluded.first_at), last_at = greatest(u.last_at, excluded.last_at), changed_at = excluded.changed_at,
      looks = case when u.rule = 'volume' then excluded.looks else u.looks + excluded.looks end, why = case when u.rule = 'volume' then excluded.why else u.why end`.execute(
    ctx.db,
  )
  ctx.touched.add('patients')
}
