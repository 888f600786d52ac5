import { type Context, sql } from '@renxin/server'
import { atOnce } from './at-once.ts'
import { unknownUnit } from './tables.ts'

/** Sums anew the cells to which these responses belong. An answer never changes its month or its units, also where another is put in its place. */
export async function countAnswers(ctx: Context, responseIds: readonly string[]): Promise<void> {
  if (responseIds.length === 0) return
  await atOnce(ctx, 'answers')
  await sql`
    with cell as (
      select distinct r.month, r.department_id, r.ward_id
        from unnest(${[...responseIds]}::uuid[]) as i (id) join surveys.response_cards r on r.id = i.id
    ),
    summed as (
      select c.month, coalesce(c.department_id, ${unknownUnit}) as department_id, coalesce(c.ward_id, ${unknownUnit}) as ward_id, ${tally}
        from cell c
        cross join lateral (
          select a.measure, a.verdict, a.department_id from surveys.answer_rows a
           where a.month = c.month and a.measure in ('satisfaction', 'nps') and a.nth = 0 and a.ward_id = c.ward_id
          union all -- apart, since only an equality finds its way through the index
          select a.measure, a.verdict, a.department_id from surveys.answer_rows a
           where a.month = c.month and a.measure in ('satisfaction', 'nps') and a.nth = 0 and a.ward_id is null and c.ward_id is null
        ) a
       where a.department_id is not distinct from c.department_id
       group by c.month, c.department_id, c.ward_id
    ),
    emptied as ( -- by a correction
      delete from analytics.answer_months m using cell c
       where m.month = c.month and m.department_id = coalesce(c.department_id, ${unknownUnit}) and m.ward_id = coalesce(c.ward_id, ${unknownUnit})
         and not exists (select from summed s where (s.month, s.department_id, s.ward_id) = (m.month, m.department_id, m.ward_id))
    )
    insert into analytics.answer_months (
      month, department_id, ward_id, satisfied, no_opinion, dissatisfied, not_applicable, promoters, passives, detractors)
    select * from summed
    on conflict (hospital_id, month, department_id, ward_id) do update set
      satisfied = excluded.satisfied, no_opinion = excluded.no_opinion, dissatisfied = excluded.dissatisfied, not_applicable = excluded.not_applicable,
      promoters = excluded.promoters, passives = excluded.passives, detractors = excluded.detractors
  `.execute(ctx.db)
}

const verdict = (measure: string, name: string) => sql`(count(*) filter (where a.measure = ${measure} and a.verdict = ${name}))::int`

/** How often each verdict was given, in the order of the columns. */
export const tally = sql`
  ${verdict('satisfaction', 'satisfied')}, ${verdict('satisfaction', 'noOpinion')}, ${verdict('satisfaction', 'dissatisfied')},
  ${verdict('satisfaction', 'notApplicable')}, ${verdict('nps', 'promoter')}, ${verdict('nps', 'passive')}, ${verdict('nps', 'detractor')}`
