import { addDays, isWorkingDay, type LocalDate, type WorkCalendar } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { db } from './tables.ts'

/** What may move the window of a step: rest days, days on which nobody is rung up, or both. */
export const moveKinds = ['working', 'phone', 'both'] as const
export type MoveKind = (typeof moveKinds)[number]

/** Days on which no window of a kind opens, each with the day on which it opens instead. */
export type Moves = { kind: MoveKind[]; day: LocalDate[]; moved: LocalDate[] }

/** Which of them move step `s`; null where none does. */
export const moveKindOf = sql<MoveKind | null>`
  case when s.channel = 'phone' then case s.days when 'working' then 'both' else 'phone' end when s.days = 'working' then 'working' end`

/** On which day after its anchor's a window of step `s` opens at the latest, before any move. */
export const furthestDay = sql<number>`s.months * 31 + case s.unit when 'days' then s.from_offset else s.from_offset / 24 end`

export type Silence = { fromOn: LocalDate; untilOn: LocalDate }

/** The moves between two days, by the hospital's calendar and its days without calls. */
export function movesBetween(
  calendar: WorkCalendar,
  silences: readonly Silence[],
  from: LocalDate,
  to: LocalDate,
  kinds: readonly MoveKind[],
): Moves {
  const silent = new Set(silences.flatMap((s) => daysFrom(s.fromOn, s.untilOn)))
  const found: Moves = { kind: [], day: [], moved: [] }
  for (const kind of kinds) {
    const isOpen = (day: LocalDate) => (kind === 'phone' || isWorkingDay(calendar, day)) && (kind === 'working' || !silent.has(day))
    if (kind === 'phone' && silent.size === 0) continue
    let next = to
    while (!isOpen(next)) next = addDays(next, 1)
    for (let day = to; day >= from; day = addDays(day, -1)) {
      if (isOpen(day)) {
        next = day
        continue
      }
      found.kind.push(kind)
      found.day.push(day)
      found.moved.push(next)
    }
  }
  return found
}

function daysFrom(from: LocalDate, until: LocalDate): LocalDate[] {
  const days: LocalDate[] = []
  for (let day = from; day <= until; day = addDays(day, 1)) days.push(day)
  return days
}

/** The moves of this hospital between two days. */
export async function loadMoves(ctx: Context, from: LocalDate, to: LocalDate, kinds: readonly MoveKind[] = moveKinds): Promise<Moves> {
  const silences = kinds.every((k) => k === 'working')
    ? []
    : await db(ctx).selectFrom('followups.blackouts').where('untilOn', '>=', from).select(['fromOn', 'untilOn']).limit(1000).execute()
  return movesBetween(ctx.clock.calendar, silences, from, to, kinds)
}

/**
 * The windows of steps `s` for what `a` says of an enrolment (anchor_at, anchor_on), as a lateral item `w` with due_from and due_by. `heldUntil`: a day
 * before which none opens. Days are whole days where the hospital stands, so a change of its clock moves no window.
 */
export function windowOf(ctx: Context, moves: Moves, heldUntil = sql`null::date`) {
  const { zone } = ctx.hospital
  return sql`
    cross join lateral (select (a.anchor_on + make_interval(months => s.months))::date as counted_from) base
    cross join lateral (
      select case s.unit when 'days' then base.counted_from + s.from_offset
                         else ((a.anchor_at + s.from_offset * interval '1 hour') at time zone ${zone})::date end as opens_on
    ) plain
    left join unnest(${moves.kind}::text[], ${moves.day}::date[], ${moves.moved}::date[]) as move (kind, day, moved)
      on move.day = greatest(plain.opens_on, ${heldUntil}) and move.kind = ${moveKindOf}
    cross join lateral (select coalesce(move.moved, greatest(plain.opens_on, ${heldUntil})) - plain.opens_on as days) shift
    cross join lateral (
      select case s.unit when 'days' then (plain.opens_on + shift.days)::timestamp at time zone ${zone}
                         else ${shifted(zone, sql`s.from_offset`)} end as due_from,
             case s.unit when 'days' then ((base.counted_from + s.by_offset + shift.days + 1)::timestamp - interval '1 second') at time zone ${zone}
                         else ${shifted(zone, sql`s.by_offset`)} end as due_by
    ) w`
}

/** So many hours after the anchor; where the window was moved, by whole days on the wall clock. */
const shifted = (zone: string, hours: ReturnType<typeof sql>) => sql`
  case shift.days when 0 then a.anchor_at + ${hours} * interval '1 hour'
    else ((a.anchor_at + ${hours} * interval '1 hour') at time zone ${zone} + shift.days * interval '1 day') at time zone ${zone} end`

/** The last day of the course that an enrolment `${e}` plans, as its version says it: no move and no hold is counted. */
export const courseEnd = (e: string, anchorAt: ReturnType<typeof sql>, zone: string) => sql`
  (select max(case st.unit when 'days' then ((${anchorAt} at time zone ${zone})::date + make_interval(months => st.months))::date + st.by_offset
                           else ((${anchorAt} + st.by_offset * interval '1 hour') at time zone ${zone})::date end)
     from followups.steps st where st.version_id = ${sql.ref(`${e}.versionId`)} and st.variant = ${sql.ref(`${e}.variant`)})`

/** The accounts behind members of staff: one for each. */
export const accounts = sql`
  (select distinct on (person_id) person_id, id, display_name from access.user_cards
    where person_id is not null and not is_disabled order by person_id, id)`

/** Who may take a task of step `s` for encounter `c`: the pool that it lies in while nobody has it. */
export const poolOf = sql`
  coalesce(case s.assignee when 'centre' then null when 'ward' then coalesce(c.ward_id, c.department_id)
                           when 'nurse' then coalesce(c.ward_id, c.department_id) else c.department_id end,
           '00000000-0000-0000-0000-000000000000'::uuid)`
