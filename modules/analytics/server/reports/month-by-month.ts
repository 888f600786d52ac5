// How did the figures of the dashboard go over the last twelve months of the period?
import { addMonths } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { Period } from '../rules.ts'
import { type Filter, inScope } from './scope.ts'

export type MonthRow = {
  month: string
  discharged: number
  base: number
  covered: number
  satisfied: number
  noOpinion: number
  dissatisfied: number
  promoters: number
  passives: number
  detractors: number
  complaints: number
  praise: number
}

/** Months without a row in any of the three are left out. */
export async function monthByMonth(ctx: Context, { trendFrom, toMonth, coveredUntil }: Period, filter: Filter): Promise<MonthRow[]> {
  const end = addMonths(`${toMonth}-01`, 1)
  const seen = inScope(ctx, filter)
  const { rows } = await sql<MonthRow>`
    with stays as (
      select date_trunc('month', c.day::timestamp)::date as month, sum(c.discharged) as discharged,
             sum(c.alive) filter (where c.day <= ${coveredUntil}) as base, sum(c.covered) filter (where c.day <= ${coveredUntil}) as covered
        from analytics.stay_days c
       where c.day >= ${trendFrom} and c.day < ${end} and ${seen}
       group by 1
    ),
    answers as (
      select c.month, sum(c.satisfied) as satisfied, sum(c.no_opinion) as no_opinion, sum(c.dissatisfied) as dissatisfied,
             sum(c.promoters) as promoters, sum(c.passives) as passives, sum(c.detractors) as detractors
        from analytics.answer_months c
       where c.month >= ${trendFrom} and c.month < ${end} and ${seen}
       group by c.month
    ),
    opinions as (
      select date_trunc('month', c.day::timestamp)::date as month, sum(c.opinions) filter (where c.kind = 'complaint') as complaints,
             sum(c.opinions) filter (where c.kind = 'praise') as praise
        from analytics.opinion_days c
       where c.day >= ${trendFrom} and c.day < ${end} and ${seen}
       group by 1
    )
    select to_char(month, 'YYYY-MM') as month, coalesce(discharged, 0)::int as discharged, coalesce(base, 0)::int as base,
           coalesce(covered, 0)::int as covered, coalesce(satisfied, 0)::int as satisfied, coalesce(no_opinion, 0)::int as no_opinion,
           coalesce(dissatisfied, 0)::int as dissatisfied, coalesce(promoters, 0)::int as promoters, coalesce(passives, 0)::int as passives,
           coalesce(detractors, 0)::int as detractors, coalesce(complaints, 0)::int as complaints, coalesce(praise, 0)::int as praise
      from stays full join answers using (month) full join opinions using (month)
     order by month
  `.execute(ctx.db)
  return rows
}
