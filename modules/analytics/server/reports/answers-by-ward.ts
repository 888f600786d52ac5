// How satisfied were the patients of each ward, and would they recommend the hospital, in the months of the period and in those before?
import { type Context, sql } from '@renxin/server'
import type { Period } from '../rules.ts'
import { type Filter, inScope } from './scope.ts'

export type AnswersOfWard = {
  departmentId: string
  wardId: string
  isPrior: boolean
  satisfied: number
  noOpinion: number
  dissatisfied: number
  promoters: number
  passives: number
  detractors: number
}

export async function answersByWard(ctx: Context, { fromMonth, toMonth, prior }: Period, filter: Filter): Promise<AnswersOfWard[]> {
  const { rows } = await sql<AnswersOfWard>`
    select c.department_id, c.ward_id, c.month < ${`${fromMonth}-01`}::date as is_prior,
           sum(c.satisfied)::int as satisfied, sum(c.no_opinion)::int as no_opinion, sum(c.dissatisfied)::int as dissatisfied,
           sum(c.promoters)::int as promoters, sum(c.passives)::int as passives, sum(c.detractors)::int as detractors
      from analytics.answer_months c
     where c.month between ${prior.from} and ${`${toMonth}-01`} and ${inScope(ctx, filter)}
     group by c.department_id, c.ward_id, is_prior
  `.execute(ctx.db)
  return rows
}
