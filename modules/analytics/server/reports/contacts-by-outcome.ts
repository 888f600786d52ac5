// How did the follow-ups by phone that were closed in the period end, and those of the period before?
import { type Context, sql } from '@renxin/server'
import type { Period } from '../rules.ts'
import { type Filter, inScope } from './scope.ts'

export type ContactsOfOutcome = { outcome: string; tasks: number; tasksBefore: number }

export async function contactsByOutcome(ctx: Context, { days, prior }: Period, filter: Filter): Promise<ContactsOfOutcome[]> {
  const { rows } = await sql<ContactsOfOutcome>`
    select c.outcome,
           coalesce(sum(c.tasks) filter (where c.day >= ${days.from}), 0)::int as tasks,
           coalesce(sum(c.tasks) filter (where c.day <= ${prior.to}), 0)::int as tasks_before
      from analytics.contact_days c
     where c.day between ${prior.from} and ${days.to} and ${inScope(ctx, filter)}
     group by c.outcome
     order by tasks desc, c.outcome
  `.execute(ctx.db)
  return rows
}
