import { type Context, sql } from '@renxin/server'
import { tellPatients } from './tell-patients.ts'

/**
 * Files were merged or parted: puts the tasks under the patient that each visit is of today. What was planned for both files of one person is done once; it comes
 * back as it stood when they are two persons after all. Reckoned from how things are, so that it is right in whatever order merges and partings are heard.
 */
export async function followFiles(ctx: Context, files: readonly { survivorId: string; retiredId: string }[]): Promise<string[]> {
  const ids = [...new Set(files.flatMap((f) => [f.survivorId, f.retiredId]))]
  const { rows } = await sql<{ patientId: string }>`
    with moved as (
      update followups.tasks t set patient_id = o.today
        from (select t.id, case when p.merged_into is null then p.id else p.merged_into end as today
                from followups.tasks t join encounters.cards c on c.id = t.encounter_id join patients.cards p on p.id = c.said_patient_id
               where t.patient_id = any(${ids}::uuid[])) o
       where t.id = o.id and t.patient_id <> o.today
      returning t.patient_id
    )
    select distinct patient_id from moved`.execute(ctx.db)
  const all = [...new Set([...ids, ...rows.map((r) => r.patientId)])]
  await followAttempts(ctx, ids)
  await takeBack(ctx, all)
  await doOnce(ctx, all)
  await tellPatients(ctx, all)
  return all
}

/** A try is of the patient of its task. `patientIds` are those under whom it may still stand. */
export async function followAttempts(ctx: Context, patientIds: readonly string[]): Promise<void> {
  const moving = sql`
    followups.attempts a join followups.tasks t on t.id = a.task_id
    where a.patient_id = any(${[...patientIds]}::uuid[]) and a.patient_id <> t.patient_id`
  // A day on which both files were called stays with the one who called the file that is left; of the other call it is no longer said whose day it was.
  await sql`
    insert into followups.call_days (patient_id, called_on, by_id, by_name, called_at)
    select t.patient_id, a.called_on, a.by_id, a.by_name, a.started_at from ${moving} and a.called_on is not null order by a.started_at, a.id
    on conflict on constraint call_days_pkey do nothing`.execute(ctx.db)
  await sql`
    update followups.attempts a
       set patient_id = m.today,
           called_on = case when exists (select from followups.call_days c where c.patient_id = m.today and c.called_on = a.called_on and c.by_id = a.by_id) then a.called_on end
      from (select a.id, t.patient_id as today from ${moving}) m
     where a.id = m.id`.execute(ctx.db)
}

/** The same step of the same programme for another file of the same person, in the same days; the survivor's own comes first. */
const isDoneForTheOther = sql`
  exists (select from followups.tasks o join encounters.cards oc on oc.id = o.encounter_id, encounters.cards c
           where c.id = t.encounter_id and o.patient_id = t.patient_id and o.programme_id = t.programme_id and o.step = t.step
             and o.status <> 'cancelled' and o.due_from <= t.due_by and o.due_by >= t.due_from and oc.said_patient_id <> c.said_patient_id
             and (oc.said_patient_id = t.patient_id or c.said_patient_id <> t.patient_id and oc.said_patient_id < c.said_patient_id))`

const doOnce = (ctx: Context, patientIds: string[]) =>
  sql`
    update followups.tasks t
       set status = 'cancelled', close_reason = 'merged', closed_at = ${ctx.clock.now()}, closed_on = ${ctx.clock.today()}, call_back_at = null,
           put_aside = ${asItStands}
     where t.patient_id = any(${patientIds}::uuid[]) and t.is_open and ${isDoneForTheOther}`.execute(ctx.db)

/** What of task `t` a stop would lose. */
export const asItStands = sql`jsonb_build_object('status', t.status, 'callBackAt', t.call_back_at)`

/** Task `t` as it stood before it was stopped. */
export const asItStood = sql`
  status = coalesce(t.put_aside ->> 'status', 'todo'), call_back_at = (t.put_aside ->> 'callBackAt')::timestamptz,
  close_reason = null, closed_at = null, closed_on = null, closed_by = null, put_aside = null`

/** Stopped since another file of the same person had it, or since somebody heard so of a visit that is another person's now. */
const takeBack = (ctx: Context, patientIds: string[]) =>
  sql`
    update followups.tasks t set ${asItStood}
     where t.patient_id = any(${patientIds}::uuid[]) and t.status = 'cancelled' and t.put_aside is not null
       and (t.close_reason = 'merged' and t.closed_by is null and not ${isDoneForTheOther}
            or exists (select from followups.tasks cause
                        where cause.id = (t.put_aside ->> 'taskId')::uuid and cause.patient_id <> t.patient_id))`.execute(ctx.db)
