// How satisfied were the patients of each ward, and would they recommend the hospital, month by month over the last twelve months of the period?
import { type Context, sql } from '@renxin/server'
import type { Period } from '../rules.ts'
import type { AnswersOfWard } from './answers-by-ward.ts'
import { inScope } from './scope.ts'

export type AnswersOfMonth = Omit<AnswersOfWard, 'isPrior'> & { month: string }

export async function answersByMonth(ctx: Context, { trendFrom, toMonth }: Period): Promise<AnswersOfMonth[]> {
  const { rows } = await sql<AnswersOfMonth>`
    select to_char(c.month, 'YYYY-MM') as month, c.department_id, c.ward_id,
           sum(c.satisfied)::int as satisfied, sum(c.no_opinion)::int as no_opinion, sum(c.dissatisfied)::int as dissatisfied,
           sum(c.promoters)::int as promoters, sum(c.passives)::int as passives, sum(c.detractors)::int as detractors
      from analytics.answer_months c
     where c.month between ${trendFrom} and ${`${toMonth}-01`} and ${inScope(ctx, {})}
     group by c.month, c.department_id, c.ward_id
  `.execute(ctx.db)
  return rows
}
