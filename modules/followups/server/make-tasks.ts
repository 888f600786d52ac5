import { newId } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { priorityBy, reasonsOfStay, riskBy } from './risk.ts'
import { accounts, type Moves, poolOf, windowOf } from './windows.ts'

/**
 * Makes the tasks of the enrolments `a` (encounter_id, programme_id, version_id, variant, anchor_at, anchor_on): the steps of the variant, each with its window,
 * its place in the queue and whose it is. What is there already stays as it is. `notBefore`: none is made whose window was over then.
 */
export function makeTasks(ctx: Context, moves: Moves, { notBefore }: { notBefore?: Date } = {}) {
  const now = ctx.clock.now()
  const prefix = newId(now.getTime()).slice(0, 15) // the moment and version of ids that this statement makes: RFC 9562, version 7
  const id = sql`(${prefix} || substr(gen_random_uuid()::text, 16))::uuid`
  return sql`
    insert into followups.tasks (id, programme_id, version_id, step, patient_id, encounter_id, department_id, ward_id, channel,
                                 priority, priority_reason, risk, risk_reasons, due_from, due_by, next_at, queue_at, pool_id, assignee_id, assignee_name, claimed_at)
    select ${id}, a.programme_id, a.version_id, s.position, c.patient_id, a.encounter_id, c.department_id, c.ward_id, s.channel,
           u.priority, r.reasons[1], k.risk, r.reasons, w.due_from, w.due_by, w.due_from, w.due_by - k.risk * interval '1 hour', ${poolOf},
           who.id, who.display_name, case when who.id is not null then ${now}::timestamptz end
      from a
      join encounters.cards c on c.id = a.encounter_id
      join patients.cards p on p.id = c.patient_id
      join followups.steps s on s.version_id = a.version_id and s.variant = a.variant
      ${windowOf(ctx, moves)}
      cross join lateral (select ${reasonsOfStay} as reasons) r
      cross join lateral (select ${priorityBy(sql`r.reasons`)} as priority) u
      cross join lateral (select ${riskBy(sql`u.priority`, sql`r.reasons`)} as risk) k
      left join ${accounts} who on who.person_id = case s.assignee when 'attending' then c.attending_id when 'nurse' then c.nurse_id end
    ${notBefore ? sql`where w.due_by >= ${notBefore}` : sql``}
    on conflict on constraint tasks_step_once do nothing
    returning id, patient_id`
}
