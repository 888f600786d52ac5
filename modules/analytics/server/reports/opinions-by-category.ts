// What did patients say, by kind, category and department in charge, in the period and, by kind, in the one before?
import { type Context, sql } from '@renxin/server'
import type { opinionKinds } from '../../contract.ts'
import type { Period } from '../rules.ts'
import { type Filter, inScope } from './scope.ts'

export type OpinionsOfCategory = {
  kind: (typeof opinionKinds)[number]
  categoryId: string
  category: string
  departmentId: string
  opinions: number
  opinionsBefore: number
}

export async function opinionsByCategory(ctx: Context, { days, prior }: Period, filter: Filter): Promise<OpinionsOfCategory[]> {
  const { rows } = await sql<OpinionsOfCategory>`
    select c.kind, c.category_id, max(c.category) as category, c.department_id,
           coalesce(sum(c.opinions) filter (where c.day >= ${days.from}), 0)::int as opinions,
           coalesce(sum(c.opinions) filter (where c.day <= ${prior.to}), 0)::int as opinions_before
      from analytics.opinion_days c
     where c.day between ${prior.from} and ${days.to} and ${inScope(ctx, filter)}
     group by c.kind, c.category_id, c.department_id
  `.execute(ctx.db)
  return rows
}
