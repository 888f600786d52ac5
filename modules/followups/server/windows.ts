import { addDays, isWorkingDay, type LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'

/** Rest days between two days, each with the next working day; what a window with `days: working` is moved by. */
export function restDays(ctx: Pick<Context, 'clock'>, from: LocalDate, to: LocalDate): { day: LocalDate[]; moved: LocalDate[] } {
  const found: { day: LocalDate[]; moved: LocalDate[] } = { day: [], moved: [] }
  let next = to
  while (!isWorkingDay(ctx.clock.calendar, next)) next = addDays(next, 1)
  for (let day = to; day >= from; day = addDays(day, -1)) {
    if (isWorkingDay(ctx.clock.calendar, day)) {
      next = day
      continue
    }
    found.day.push(day)
    found.moved.push(next)
  }
  return found
}

/**
 * The windows of steps `s` (columns of followups.steps, with `trigger_*` of `a`: anchor_at, anchor_on) as a lateral item `w`
 * with due_from and due_by. Days are whole days where the hospital stands, so a change of its clock moves no window.
 */
export function windowOf(ctx: Context, rest: { day: LocalDate[]; moved: LocalDate[] }) {
  const { zone } = ctx.hospital
  return sql`
    cross join lateral (
      select case s.unit when 'days' then (a.anchor_on + s.from_offset)::timestamp at time zone ${zone}
                         else a.anchor_at + s.from_offset * interval '1 hour' end as opens,
             case s.unit when 'days' then ((a.anchor_on + s.by_offset + 1)::timestamp - interval '1 second') at time zone ${zone}
                         else a.anchor_at + s.by_offset * interval '1 hour' end as closes
    ) plain
    left join unnest(${rest.day}::date[], ${rest.moved}::date[]) as rest (day, moved)
      on s.days = 'working' and rest.day = (plain.opens at time zone ${zone})::date
    cross join lateral (
      select plain.opens + coalesce(rest.moved - rest.day, 0) * interval '24 hours' as due_from,
             plain.closes + coalesce(rest.moved - rest.day, 0) * interval '24 hours' as due_by
    ) w`
}

/** The accounts behind members of staff: one for each. */
export const accounts = sql`
  (select distinct on (person_id) person_id, id, display_name from access.user_cards
    where person_id is not null and not is_disabled order by person_id, id)`

/** Who may take a task of step `s` for encounter `c`: the pool that it lies in while nobody has it. */
export const poolOf = sql`
  coalesce(case s.assignee when 'centre' then null when 'ward' then coalesce(c.ward_id, c.department_id)
                           when 'nurse' then coalesce(c.ward_id, c.department_id) else c.department_id end,
           '00000000-0000-0000-0000-000000000000'::uuid)`

/** How urgent a contact is, from what the patient went through: 1 before 2 before 3. */
export const priorityOf = sql`
  case when c.ever_critical then 1 when c.disposition = '4' then 1 when c.ever_serious then 2
       when c.ever_special_nursing or c.ever_level_one then 2 when p.birth_on <= a.anchor_on - interval '80 years' then 2 else 3 end`
export const priorityReasonOf = sql`
  case when c.ever_critical then 'everCritical' when c.disposition = '4' then 'againstAdvice' when c.ever_serious then 'everSerious'
       when c.ever_special_nursing or c.ever_level_one then 'intensiveNursing'
       when p.birth_on <= a.anchor_on - interval '80 years' then 'veryOld' end`
