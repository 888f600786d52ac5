import { type FollowupNews, noteFollowups, tellAtEnd } from '@renxin/patients'
import { atEnd, type Context, sql } from '@renxin/server'
import { refreshRisk } from './risk.ts'

/**
 * Tells the customer file how follow-up of these patients stands: how the last try ended, and what is due next. Reckoned from the tasks and
 * tries as they are at the end of the transaction; and puts what is open in its place by what is known of them then.
 */
export async function tellPatients(ctx: Context, patientIds: readonly string[]): Promise<void> {
  await tellAtEnd(ctx, patientIds, tellFollowups)
  await atEnd(ctx, refreshRisk, patientIds)
}

const AT_ONCE = 2000

async function tellFollowups(ctx: Context, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += AT_ONCE) await tell(ctx, ids.slice(from, from + AT_ONCE))
}

async function tell(ctx: Context, ids: readonly string[]): Promise<void> {
  const { rows } = await sql<FollowupNews>`
    select p.id as patient_id, last.on as tried_on, next.at as next_at, next.by as due_by,
           case when last.outcome = 'reached' then 'reached'
                when last.outcome = 'relativeAnswered' then 'relative'
                when last.outcome = 'callLater' then 'callBack'
                when last.outcome = 'refused' then 'refused'
                when last.outcome in ('patientDead', 'readmitted', 'transferred') then 'ended'
                when last.outcome is not null then 'unreached' end as status
      from unnest(${[...ids]}::uuid[]) as p (id)
      left join lateral (
        select a.outcome, (a.started_at at time zone ${ctx.hospital.zone})::date as on
          from followups.attempts a
         where a.patient_id = p.id and a.outcome is not null and a.outcome <> 'notRecorded'
         order by a.started_at desc, a.id desc limit 1) last on true
      cross join lateral (
        select min(t.next_at) as at, min(t.due_by) as by from followups.tasks t where t.patient_id = p.id and t.is_open) next`.execute(
    ctx.db,
  )
  await noteFollowups(ctx, rows)
}
