// How many patients went home from each ward, in the period and in the one before, and how many of those who could be asked were
// reached within 7 days?
import { type Context, sql } from '@renxin/server'
import type { Period } from '../rules.ts'
import { type Filter, inScope } from './scope.ts'

export type StaysOfWard = {
  departmentId: string
  wardId: string
  discharged: number
  dischargedBefore: number
  base: number
  covered: number
  baseBefore: number
  coveredBefore: number
}

export async function staysByWard(ctx: Context, { days, prior, coveredUntil }: Period, filter: Filter): Promise<StaysOfWard[]> {
  const { rows } = await sql<StaysOfWard>`
    select c.department_id, c.ward_id,
           coalesce(sum(c.discharged) filter (where c.day >= ${days.from}), 0)::int as discharged,
           coalesce(sum(c.discharged) filter (where c.day <= ${prior.to}), 0)::int as discharged_before,
           coalesce(sum(c.alive) filter (where c.day between ${days.from} and ${coveredUntil}), 0)::int as base,
           coalesce(sum(c.covered) filter (where c.day between ${days.from} and ${coveredUntil}), 0)::int as covered,
           coalesce(sum(c.alive) filter (where c.day <= ${prior.to}), 0)::int as base_before,
           coalesce(sum(c.covered) filter (where c.day <= ${prior.to}), 0)::int as covered_before
      from analytics.stay_days c
     where c.day between ${prior.from} and ${days.to} and ${inScope(ctx, filter)}
     group by c.department_id, c.ward_id
  `.execute(ctx.db)
  return rows
}
