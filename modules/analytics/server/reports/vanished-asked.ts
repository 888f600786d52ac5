// Of those who did not come back within 30 days: how many are being asked why, how many were, and what did they say?
import { type Context, sql } from '@renxin/server'
import type { RevisitKind } from '../../contract.ts'
import type { RevisitFilter } from './revisits-by.ts'
import { inScope } from './scope.ts'

export type VanishedAsked = {
  state: 'open' | 'asked' | 'unreached' | 'stopped'
  reason: string | null
  text: string | null
  visits: number
}

/** Read from the follow-ups that were made for them, which are few beside the visits. Several programmes may ask: what was answered counts before what is open. */
export async function vanishedAsked(
  ctx: Context,
  { kind, from, to }: { kind: RevisitKind; from: string; to: string }, // days
  filter: RevisitFilter,
): Promise<VanishedAsked[]> {
  const { rows } = await sql<VanishedAsked>`
    select t.state, t.reason, max(t.reason_text) as text, count(*)::int as visits
      from (
        select distinct on (k.encounter_id) k.state, k.reason, k.reason_text
          from analytics.revisit_tasks k join analytics.revisits c on c.encounter_id = k.encounter_id
         where c.kind = ${kind} and c.day between ${from} and ${to} and c.left_out is null and c.came_on is null and ${inScope(ctx, filter)}
           and ${filter.doctorId === undefined ? sql`true` : sql`c.doctor_id = ${filter.doctorId}::uuid`}
           and ${filter.chapter === undefined ? sql`true` : sql`c.chapter = ${filter.chapter}::int2`}
         order by k.encounter_id, k.reason is null, k.state <> 'asked', k.state <> 'open', k.task_id) t
     group by t.state, t.reason
  `.execute(ctx.db)
  return rows
}
