import { addDays } from '@renxin/kernel'
import { type Context, sql, visibleTo } from '@renxin/server'
import type { DepartmentStanding, Standing } from '../../contract.ts'
import { centrePool as none } from '../tables.ts'

type Cell = DepartmentStanding & { reckonedAt: Date }

/** What stands in the cells that one may see, and one's own by the minute. */
export async function readStanding(ctx: Context) {
  const { rows } = await sql<Cell>`
    select nullif(c.department_id, ${none}::uuid) as department_id, max(u.name) as department_name, sum(c.due_today)::int as due_today, sum(c.overdue)::int as overdue,
           sum(c.unclaimed)::int as unclaimed, sum(c.done_today)::int as done_today, max(c.reckoned_at) as reckoned_at
      from followups.standing c left join staff.unit_cards u on u.id = c.department_id
     where ${visibleTo(ctx.actor, { department: 'c.departmentId', ward: 'c.wardId' })}
     group by c.department_id order by sum(c.overdue) desc, sum(c.due_today) desc, max(u.name) limit 1000`.execute(ctx.db)
  const sum = (name: keyof Standing) => rows.reduce((all, row) => all + row[name], 0)
  return {
    reckonedAt: rows[0]?.reckonedAt ?? null,
    total: { dueToday: sum('dueToday'), overdue: sum('overdue'), unclaimed: sum('unclaimed'), doneToday: sum('doneToday') },
    departments: rows,
    own: await readOwn(ctx),
  }
}

async function readOwn(ctx: Context): Promise<Omit<Standing, 'unclaimed'>> {
  const today = ctx.clock.today()
  const { rows } = await sql<Omit<Standing, 'unclaimed'>>`
    select count(*) filter (where t.next_at < ${midnight(ctx)})::int as due_today, count(*) filter (where t.due_by < ${ctx.clock.now()})::int as overdue,
           (select count(*)::int from followups.tasks d where not d.is_open and d.status = 'done' and d.assignee_id = ${ctx.actor.id}::uuid and d.closed_at >= ${ctx.clock.at(today)}) as done_today
      from followups.tasks t where t.holder_id = ${ctx.actor.id}::uuid and t.is_open`.execute(ctx.db)
  return rows[0] ?? { dueToday: 0, overdue: 0, doneToday: 0 }
}

const midnight = (ctx: Context) => ctx.clock.at(addDays(ctx.clock.today(), 1))

/** Counts all cells anew. The figures are of all patients, whoever looks at them: they name nobody. */
export async function reckonStanding(ctx: Context): Promise<void> {
  const now = ctx.clock.now()
  await sql`delete from followups.standing`.execute(ctx.db)
  await sql`
    insert into followups.standing (department_id, ward_id, due_today, overdue, unclaimed, done_today, reckoned_at)
    select department_id, ward_id, sum(due_today), sum(overdue), sum(unclaimed), sum(done_today), ${now}
      from (
        select coalesce(t.department_id, ${none}::uuid) as department_id, coalesce(t.ward_id, ${none}::uuid) as ward_id,
               count(*) filter (where t.next_at < ${midnight(ctx)}) as due_today, count(*) filter (where t.due_by < ${now}) as overdue,
               count(*) filter (where t.assignee_id is null) as unclaimed, 0 as done_today
          from followups.tasks t where t.is_open group by 1, 2
        union all
        select coalesce(t.department_id, ${none}::uuid), coalesce(t.ward_id, ${none}::uuid), 0, 0, 0, count(*)
          from followups.tasks t where not t.is_open and t.status = 'done' and t.closed_at >= ${ctx.clock.at(ctx.clock.today())} group by 1, 2) x
     group by 1, 2`.execute(ctx.db)
}
