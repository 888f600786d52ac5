import { type Context, sql } from '@renxin/server'
import { atOnce } from './at-once.ts'
import { unknownUnit } from './tables.ts'

/** Counts these opinions anew, for the department in charge of each; one that was withdrawn counts no more. */
export async function countOpinions(ctx: Context, opinionIds: readonly string[]): Promise<void> {
  if (opinionIds.length === 0) return
  await atOnce(ctx, 'opinions')
  const touched = await sql<Cell>`
    with ids as (select distinct id from unnest(${[...opinionIds]}::uuid[]) as i (id)),
    now as (
      select o.id, o.recorded_on as day, o.kind, coalesce(o.category_id, ${unknownUnit}) as category_id, coalesce(o.category, '') as category,
             coalesce(o.department_id, ${unknownUnit}) as department_id, coalesce(o.ward_id, ${unknownUnit}) as ward_id
        from ids join feedback.opinion_rows o on o.id = ids.id
    ),
    before as (select o.* from analytics.opinions o join ids on ids.id = o.opinion_id),
    gone as (delete from analytics.opinions o using ids where o.opinion_id = ids.id and not exists (select from now where now.id = ids.id)),
    put as (
      insert into analytics.opinions (opinion_id, day, kind, category_id, category, department_id, ward_id)
      select id, day, kind, category_id, category, department_id, ward_id from now
      on conflict (hospital_id, opinion_id) do update set day = excluded.day, kind = excluded.kind, category_id = excluded.category_id,
        category = excluded.category, department_id = excluded.department_id, ward_id = excluded.ward_id
    )
    select day, kind, category_id, department_id, ward_id from before
    union
    select day, kind, category_id, department_id, ward_id from now
  `.execute(ctx.db)
  await sumOpinions(ctx, touched.rows)
}

type Cell = { day: string; kind: string; categoryId: string; departmentId: string; wardId: string }

async function sumOpinions(ctx: Context, cells: readonly Cell[]): Promise<void> {
  if (cells.length === 0) return
  await sql`
    with cell as (
      select * from unnest(${cells.map((c) => c.day)}::date[], ${cells.map((c) => c.kind)}::text[], ${cells.map((c) => c.categoryId)}::uuid[],
                           ${cells.map((c) => c.departmentId)}::uuid[], ${cells.map((c) => c.wardId)}::uuid[])
        as c (day, kind, category_id, department_id, ward_id)
    ),
    summed as (
      select c.day, c.kind, c.category_id, c.department_id, c.ward_id, max(o.category) as category, count(*)::int as opinions
        from cell c
        join analytics.opinions o on o.day = c.day and o.kind = c.kind and o.category_id = c.category_id and o.department_id = c.department_id
                                 and o.ward_id = c.ward_id
       group by c.day, c.kind, c.category_id, c.department_id, c.ward_id
    ),
    emptied as (
      delete from analytics.opinion_days d using cell c
       where (d.day, d.kind, d.category_id, d.department_id, d.ward_id) = (c.day, c.kind, c.category_id, c.department_id, c.ward_id)
         and not exists (
           select from summed s
            where (s.day, s.kind, s.category_id, s.department_id, s.ward_id) = (c.day, c.kind, c.category_id, c.department_id, c.ward_id))
    )
    insert into analytics.opinion_days (day, kind, category_id, department_id, ward_id, category, opinions)
    select day, kind, category_id, department_id, ward_id, category, opinions from summed
    on conflict (hospital_id, day, kind, category_id, department_id, ward_id) do update
      set category = excluded.category, opinions = excluded.opinions
  `.execute(ctx.db)
}
