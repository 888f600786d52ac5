import { type Context, sql } from '@renxin/server'
import { atOnce } from './at-once.ts'
import { unknownUnit } from './tables.ts'

/**
 * Counts these encounters anew: what each counts for is read from the rows, and the cells it left and the cells it came to are
 * summed again. Doing it twice gives the same.
 */
export async function countStays(ctx: Context, encounterIds: readonly string[]): Promise<void> {
  if (encounterIds.length === 0) return
  await atOnce(ctx, 'stays')
  const touched = await sql<Cell>`
    with ids as (select distinct id from unnest(${[...encounterIds]}::uuid[]) as i (id)),
    now as (
      select e.id, e.discharged_on as day, coalesce(e.department_id, ${unknownUnit}) as department_id, coalesce(e.ward_id, ${unknownUnit}) as ward_id,
             e.disposition is distinct from '5' as is_alive,
             (select min(t.closed_on) from followups.task_rows t
               where t.encounter_id = e.id and t.trigger = 'discharged' and t.reached and t.closed_on >= e.discharged_on) as reached_on
        from ids join encounters.cards e on e.id = ids.id
       where e.status = 'discharged' and e.class in ('inpatient', 'daySurgery')
    ),
    before as (select s.* from analytics.stays s join ids on ids.id = s.encounter_id),
    gone as (delete from analytics.stays s using ids where s.encounter_id = ids.id and not exists (select from now where now.id = ids.id)),
    put as (
      insert into analytics.stays (encounter_id, day, department_id, ward_id, is_alive, reached_on)
      select id, day, department_id, ward_id, is_alive, reached_on from now
      on conflict (hospital_id, encounter_id) do update set day = excluded.day, department_id = excluded.department_id,
        ward_id = excluded.ward_id, is_alive = excluded.is_alive, reached_on = excluded.reached_on
    )
    select day, department_id, ward_id from before union select day, department_id, ward_id from now
  `.execute(ctx.db)
  await sumStays(ctx, touched.rows)
}

type Cell = { day: string; departmentId: string; wardId: string }

async function sumStays(ctx: Context, cells: readonly Cell[]): Promise<void> {
  if (cells.length === 0) return
  await sql`
    with cell as (
      select * from unnest(${cells.map((c) => c.day)}::date[], ${cells.map((c) => c.departmentId)}::uuid[], ${cells.map((c) => c.wardId)}::uuid[])
        as c (day, department_id, ward_id)
    ),
    summed as (
      select c.day, c.department_id, c.ward_id, count(*)::int as discharged, (count(*) filter (where s.is_alive))::int as alive,
             (count(*) filter (where s.is_alive and s.reached_on <= s.day + 7))::int as covered
        from cell c
        join analytics.stays s on s.day = c.day and s.department_id = c.department_id and s.ward_id = c.ward_id
       group by c.day, c.department_id, c.ward_id
    ),
    emptied as (
      delete from analytics.stay_days d using cell c
       where d.day = c.day and d.department_id = c.department_id and d.ward_id = c.ward_id
         and not exists (select from summed s where s.day = c.day and s.department_id = c.department_id and s.ward_id = c.ward_id)
    )
    insert into analytics.stay_days (day, department_id, ward_id, discharged, alive, covered)
    select day, department_id, ward_id, discharged, alive, covered from summed
    on conflict (hospital_id, day, department_id, ward_id) do update
      set discharged = excluded.discharged, alive = excluded.alive, covered = excluded.covered
  `.execute(ctx.db)
}
