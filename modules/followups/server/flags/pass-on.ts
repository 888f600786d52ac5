import { type Context, sql } from '@renxin/server'
import { noteSteps } from './raise.ts'

/**
 * Passes what nobody closed in time upwards: at the deadline to whoever answers for red flags in the department, after the same time again to the hospital. Where the
 * department has named nobody it stands with everybody who sees the department's list.
 */
export async function passOnFlags(ctx: Context): Promise<void> {
  const now = ctx.clock.now()
  const { rows } = await sql<{ id: string; name: string | null }>`
    update followups.flags f
       set level = x.level, passed_to = coalesce(x.account_id, f.passed_to)
      from (select f.id, u.id as account_id, u.display_name as name, case when ${now} > f.due_at + (f.due_at - f.raised_at) then 2 else 1 end as level
              from followups.flags f
              left join followups.flag_duties d on d.department_id = f.department_id
              left join access.user_cards u on u.id = d.account_id and not u.is_disabled
             where f.status = 'open' and f.due_at is not null and f.level < 2 and f.due_at < ${now}
               and (f.level = 0 or ${now} > f.due_at + (f.due_at - f.raised_at))
             order by f.due_at limit 1000 for update of f skip locked) x
     where f.id = x.id
    returning f.id, x.name`.execute(ctx.db)
  if (rows.length === 0) return
  await noteSteps(ctx, rows.map((r) => ({ flagId: r.id, kind: 'passed', toName: r.name }))) // biome-ignore format: one thought
  ctx.touched.add('followups')
}
