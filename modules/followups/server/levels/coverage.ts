import { addDays } from '@renxin/kernel'
import { type Context, sql, visibleTo } from '@renxin/server'
import { type Coverage, type Owner, talkOutcomes } from '../../contract.ts'
import { lastDayOf } from './draw-rules.ts'
import { getSettings, rulesByDepartment } from './settings.ts'

/** Level 1 is what programmes of that level do after a discharge. */
export const isLevelOne = sql`t.programme_id in (select p.id from followups.programmes p where p.level = 'department')`
/** Within a week of going home: the attending doctor and the responsible nurse call until the seventh day (domain.md 1). */
export const WEEK_DAYS = 7

/**
 * Of the discharges of a month that level 1 was to follow up, how many were reached within seven days, by department. Whom it could not follow up any more, for he
 * was taken in again, transferred or has died, is not among them unless he was reached.
 */
export async function readCoverage(ctx: Context, { month }: { month: string }): Promise<{ rows: Coverage[] }> {
  const today = ctx.clock.today()
  const settings = await getSettings(ctx)
  const rules = await rulesByDepartment(ctx)
  const reached = sql`t.outcome = any(${[...talkOutcomes]})`
  const { rows } = await sql<Omit<Coverage, 'low' | 'high'>>`
    with stays as materialized (
      select c.id, c.department_id, c.discharged_on from encounters.cards c
       where c.discharged_on between ${`${month}-01`} and ${lastDayOf(month)} and c.department_id is not null
         and ${visibleTo(ctx.actor, { department: 'c.departmentId', ward: 'c.wardId' })}
    ), each as (
      select s.department_id, s.id, s.discharged_on < ${addDays(today, -WEEK_DAYS)}::date as is_over,
             coalesce(bool_or(${reached} and t.closed_on <= s.discharged_on + ${sql.lit(WEEK_DAYS)}), false) as in_time,
             coalesce(bool_or(${reached}), false) as reached, bool_and(t.status = 'cancelled') as is_stopped
        from stays s join followups.tasks t on t.encounter_id = s.id and ${isLevelOne}
       group by 1, 2, 3)
    select e.department_id, u.name as department_name,
           count(*) filter (where is_over)::int as due,
           count(*) filter (where is_over and in_time)::int as in_time,
           count(*) filter (where is_over and reached and not in_time)::int as late,
           count(*) filter (where is_over and not reached)::int as missed,
           count(*) filter (where not is_over)::int as running
      from each e join staff.unit_cards u on u.id = e.department_id
     where not e.is_stopped or e.reached
     group by 1, 2 order by 2 limit 1000`.execute(ctx.db)
  return {
    rows: rows.map((row) => ({
      ...row,
      low: rules.get(row.departmentId)?.coverageLow ?? settings.coverageLow,
      high: rules.get(row.departmentId)?.coverageHigh ?? settings.coverageHigh,
    })),
  }
}

/** Tasks `t` with their enrolments `e`, of level 1, open, and seven days after the discharge. */
export const overdueWeek = (ctx: Context) => sql<boolean>`
  t.is_open and ${isLevelOne} and e.anchor_on < ${addDays(ctx.clock.today(), -WEEK_DAYS)}::date`

/** Whose tasks these are, the most first. */
export async function readOwners(ctx: Context): Promise<{ rows: Owner[] }> {
  const { rows } = await sql<Owner>`
    select t.assignee_id as owner_id, t.assignee_name as owner_name, t.department_id, u.name as department_name, count(*)::int as tasks,
           count(*) filter (where t.tries = 0)::int as never_tried, max(${ctx.clock.today()}::date - e.anchor_on)::int as longest_days,
           count(*) filter (where exists (select from followups.urges g where g.task_id = t.id and g.answered_at is null))::int as urged
      from followups.tasks t
      join followups.enrolments e on e.encounter_id = t.encounter_id and e.programme_id = t.programme_id
      join staff.unit_cards u on u.id = t.department_id
     where ${overdueWeek(ctx)} and ${visibleTo(ctx.actor, { department: 't.departmentId', ward: 't.wardId' })}
     group by 1, 2, 3, 4 order by count(*) desc, 4, 2 limit 200`.execute(ctx.db)
  return { rows }
}
