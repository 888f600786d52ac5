import { addDays } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { asItStands, asItStood, followAttempts } from './follow-files.ts'
import { isReadmitted } from './planning.ts'
import { tellPatients } from './tell-patients.ts'
import { tellTasks } from './tell-tasks.ts'
import { accounts, poolOf, priorityOf, priorityReasonOf, restDays, windowOf } from './windows.ts'

/**
 * Brings the tasks of these patients into agreement with what is known of them now: stops what must not happen any more, takes back
 * what was stopped for a reason that was itself withdrawn, and moves what has not begun. It looks at the state and not at the message
 * that told of it, so that messages in any order end in the same tasks. Tasks that are done stay as they are.
 */
export async function reconcile(ctx: Context, patientIds: readonly string[], encounterIds: readonly string[] = []): Promise<void> {
  if (patientIds.length === 0) return
  const former = encounterIds.length > 0 ? await followPatient(ctx, [...new Set(encounterIds)]) : []
  const ids = await withTasks(ctx, [...new Set([...patientIds, ...former])])
  if (ids.length > 0) {
    await stop(ctx, ids)
    await restore(ctx, ids)
    await follow(ctx, ids)
    await revive(ctx, ids)
  }
  await tellPatients(ctx, [...ids, ...former])
}

/** Most news is of people for whom nothing is planned yet. */
async function withTasks(ctx: Context, patientIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ patientId: string }>`
    select distinct patient_id from followups.tasks where patient_id = any(${patientIds}::uuid[])`.execute(ctx.db)
  return rows.map((r) => r.patientId)
}

/** What the state of encounter `c` and patient `p` says against the tasks of version `v`; null where nothing does. */
const objection = sql`
  case when p.deceased_at is not null or c.disposition = '5' then 'died'
       when c.status in ('cancelled', 'planned') then 'encounterCancelled'
       when not v.rule -> 'classes' ? c.class then 'classChanged'
       when v.trigger = 'discharged' and c.status <> 'discharged' then 'dischargeCancelled'
       when v.trigger = 'admitted' and c.status = 'discharged' and t.channel = 'bedside' then 'discharged'
       when v.trigger = 'discharged' and v.stops_on_readmission and ${isReadmitted} then 'readmitted' end`

async function stop(ctx: Context, patientIds: string[]): Promise<void> {
  const now = ctx.clock.now()
  await nameCause(ctx, patientIds)
  const { rows } = await sql<{ id: string }>`
    update followups.tasks t
       set status = 'cancelled', close_reason = x.reason, closed_at = ${now}, closed_on = ${ctx.clock.today()}, call_back_at = null,
           put_aside = ${asItStands}
      from (select t.id, ${objection} as reason
              from followups.tasks t
              join followups.versions v on v.id = t.version_id
              join encounters.cards c on c.id = t.encounter_id
              join patients.cards p on p.id = t.patient_id
             where t.patient_id = any(${patientIds}::uuid[]) and t.is_open) x
     where t.id = x.id and x.reason is not null and t.is_open
    returning t.id`.execute(ctx.db)
  await tellTasks(ctx, rows)
}

/** What was stopped for one reason may be stopped for another now: of several the first of `objection` is told. */
const nameCause = (ctx: Context, patientIds: string[]) =>
  sql`
    update followups.tasks s set close_reason = x.reason
      from (select t.id, ${objection} as reason
              from followups.tasks t
              join followups.versions v on v.id = t.version_id
              join encounters.cards c on c.id = t.encounter_id
              join patients.cards p on p.id = t.patient_id
             where t.patient_id = any(${patientIds}::uuid[]) and t.status = 'cancelled' and t.closed_by is null and t.close_reason = any(${withdrawable})) x
     where s.id = x.id and x.reason is not null and x.reason <> s.close_reason`.execute(ctx.db)

/** Reasons that a later message may take back; what a person closed stays closed. */
const withdrawable = ['died', 'readmitted', 'dischargeCancelled', 'encounterCancelled', 'discharged', 'classChanged']

/** What was stopped while its own visit stood is taken up where it was left: a promise to ring back is kept. */
async function restore(ctx: Context, patientIds: string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update followups.tasks t set ${asItStood}
     where t.id in (
       select t.id from followups.tasks t
         join followups.enrolments e on e.encounter_id = t.encounter_id and e.programme_id = t.programme_id
         join followups.versions v on v.id = t.version_id
         join encounters.cards c on c.id = t.encounter_id
         join patients.cards p on p.id = t.patient_id
        where t.patient_id = any(${patientIds}::uuid[]) and t.status = 'cancelled' and t.closed_by is null and t.put_aside is not null
          and t.close_reason = any(${withdrawable}) and ${objection} is null
          and (t.close_reason in ('died', 'readmitted') or e.anchor_at = case v.trigger when 'discharged' then c.discharged_at else c.admitted_at end))
    returning t.id`.execute(ctx.db)
  await tellTasks(ctx, rows)
}

async function revive(ctx: Context, patientIds: string[]): Promise<void> {
  const { zone } = ctx.hospital
  const today = ctx.clock.today()
  const rest = restDays(ctx, addDays(today, -60), addDays(today, 400))
  const { rows } = await sql<{ id: string }>`
    with a as (
      select t.id, t.version_id, t.step, t.status, x.anchor_at, (x.anchor_at at time zone ${zone})::date as anchor_on, e.encounter_id, e.programme_id
        from followups.tasks t
        join followups.enrolments e on e.encounter_id = t.encounter_id and e.programme_id = t.programme_id
        join followups.versions v on v.id = t.version_id
        join encounters.cards c on c.id = t.encounter_id
        join patients.cards p on p.id = t.patient_id
        cross join lateral (select case v.trigger when 'discharged' then c.discharged_at else c.admitted_at end as anchor_at) x
       where t.patient_id = any(${patientIds}::uuid[]) and x.anchor_at is not null and ${objection} is null
         and (t.status = 'cancelled' and t.closed_by is null and t.close_reason = any(${withdrawable})
              or t.status = 'todo' and t.tries = 0 and x.anchor_at <> e.anchor_at)
    ), moved as (
      update followups.enrolments e set anchor_at = a.anchor_at, anchor_on = a.anchor_on from a
       where e.encounter_id = a.encounter_id and e.programme_id = a.programme_id and e.anchor_at <> a.anchor_at
    )
    update followups.tasks t
       set status = 'todo', close_reason = null, closed_at = null, closed_on = null, closed_by = null, put_aside = null,
           due_from = n.due_from, due_by = n.due_by, next_at = n.due_from, queue_at = n.due_by - (3 - n.priority) * interval '24 hours',
           priority = n.priority, priority_reason = n.priority_reason, pool_id = n.pool_id,
           assignee_id = coalesce(t.assignee_id, n.assignee_id), assignee_name = coalesce(t.assignee_name, n.assignee_name),
           claimed_at = coalesce(t.claimed_at, n.claimed_at)
      from (select a.id, w.due_from, w.due_by, u.priority, ${priorityReasonOf} as priority_reason, ${poolOf} as pool_id,
                   who.id as assignee_id, who.display_name as assignee_name, case when who.id is not null then ${ctx.clock.now()}::timestamptz end as claimed_at
              from a
              join followups.tasks old on old.id = a.id
              join encounters.cards c on c.id = old.encounter_id
              join patients.cards p on p.id = old.patient_id
              join followups.steps s on s.version_id = a.version_id and s.position = a.step
              ${windowOf(ctx, rest)}
              cross join lateral (select ${priorityOf} as priority) u
              left join ${accounts} who on who.person_id = case s.assignee when 'attending' then c.attending_id when 'nurse' then c.nurse_id end) n
     where t.id = n.id
    returning t.id`.execute(ctx.db)
  await tellTasks(ctx, rows)
}

/** The visit turned out to be somebody else's; answers whose it was. */
async function followPatient(ctx: Context, encounterIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ formerId: string }>`
    update followups.tasks t set patient_id = c.patient_id
      from (select id, patient_id as former_id from followups.tasks where encounter_id = any(${encounterIds}::uuid[]) for update) was,
           encounters.cards c
     where t.id = was.id and c.id = t.encounter_id and t.patient_id <> c.patient_id
    returning was.former_id`.execute(ctx.db)
  const former = [...new Set(rows.map((r) => r.formerId))]
  if (former.length > 0) await followAttempts(ctx, former)
  return former
}

/** An open task belongs to the unit where the encounter stands now. */
async function follow(ctx: Context, patientIds: string[]): Promise<void> {
  await sql`
    update followups.tasks t
       set department_id = c.department_id, ward_id = c.ward_id,
           pool_id = ${poolOf}
      from encounters.cards c, followups.steps s
     where t.patient_id = any(${patientIds}::uuid[]) and t.is_open and c.id = t.encounter_id and s.version_id = t.version_id and s.position = t.step
       and (t.department_id is distinct from c.department_id or t.ward_id is distinct from c.ward_id)`.execute(ctx.db)
}
