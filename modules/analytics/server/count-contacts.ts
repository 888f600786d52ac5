import { type Context, sql } from '@renxin/server'
import { atOnce } from './at-once.ts'
import { unknownUnit } from './tables.ts'

/** Counts these follow-ups anew: those by phone that were closed with an outcome. */
export async function countContacts(ctx: Context, taskIds: readonly string[]): Promise<void> {
  if (taskIds.length === 0) return
  await atOnce(ctx, 'contacts')
  const touched = await sql<Cell>`
    with ids as (select distinct id from unnest(${[...taskIds]}::uuid[]) as i (id)),
    now as (
      select t.id, t.closed_on as day, coalesce(t.department_id, ${unknownUnit}) as department_id, coalesce(t.ward_id, ${unknownUnit}) as ward_id, t.outcome
        from ids join followups.task_rows t on t.id = ids.id
       where t.status = 'done' and t.channel = 'phone'
    ),
    before as (select c.* from analytics.contacts c join ids on ids.id = c.task_id),
    gone as (delete from analytics.contacts c using ids where c.task_id = ids.id and not exists (select from now where now.id = ids.id)),
    put as (
      insert into analytics.contacts (task_id, day, department_id, ward_id, outcome)
      select id, day, department_id, ward_id, outcome from now
      on conflict (hospital_id, task_id) do update set day = excluded.day, department_id = excluded.department_id, ward_id = excluded.ward_id,
        outcome = excluded.outcome
    )
    select day, department_id, ward_id, outcome from before union select day, department_id, ward_id, outcome from now
  `.execute(ctx.db)
  await sumContacts(ctx, touched.rows)
}

type Cell = { day: string; departmentId: string; wardId: string; outcome: string }

async function sumContacts(ctx: Context, cells: readonly Cell[]): Promise<void> {
  if (cells.length === 0) return
  await sql`
    with cell as (
      select * from unnest(${cells.map((c) => c.day)}::date[], ${cells.map((c) => c.departmentId)}::uuid[], ${cells.map((c) => c.wardId)}::uuid[],
                           ${cells.map((c) => c.outcome)}::text[]) as c (day, department_id, ward_id, outcome)
    ),
    summed as (
      select c.day, c.department_id, c.ward_id, c.outcome, count(*)::int as tasks
        from cell c
        join analytics.contacts t on t.day = c.day and t.department_id = c.department_id and t.ward_id = c.ward_id and t.outcome = c.outcome
       group by c.day, c.department_id, c.ward_id, c.outcome
    ),
    emptied as (
      delete from analytics.contact_days d using cell c
       where (d.day, d.department_id, d.ward_id, d.outcome) = (c.day, c.department_id, c.ward_id, c.outcome)
         and not exists (
           select from summed s where (s.day, s.department_id, s.ward_id, s.outcome) = (c.day, c.department_id, c.ward_id, c.outcome))
    )
    insert into analytics.contact_days (day, department_id, ward_id, outcome, tasks)
    select day, department_id, ward_id, outcome, tasks from summed
    on conflict (hospital_id, day, department_id, ward_id, outcome) do update set tasks = excluded.tasks
  `.execute(ctx.db)
}
