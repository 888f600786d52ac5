import { addDays, type LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { holdWindows, settleCourses } from './courses.ts'
import { asItStands, asItStood, followAttempts } from './follow-files.ts'
import { makeTasks } from './make-tasks.ts'
import { anchorNow, besideTheVisit, mayHaveCourses, objection, tasksOf, withdrawable } from './objections.ts'
import { reckonWindows } from './reckon-windows.ts'
import { priorityBy, reasonsOfStay, riskBy } from './risk.ts'
import { tellPatients } from './tell-patients.ts'
import { tellTasks } from './tell-tasks.ts'
import { accounts, furthestDay, loadMoves, poolOf, windowOf } from './windows.ts'

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
    const { variants, courses } = await inUse(ctx)
    if (variants) await chooseVariants(ctx, ids)
    if (courses) await settleCourses(ctx, ids)
    const looked = await take(ctx, ids)
    await stop(ctx, looked)
    await restore(ctx, looked)
    await follow(ctx, ids)
    await revive(ctx, looked)
    if (courses) await holdWindows(ctx, ids)
  }
  await tellPatients(ctx, [...ids, ...former])
}

/** What no programme of the hospital makes use of is not looked for. */
async function inUse(ctx: Context): Promise<{ variants: boolean; courses: boolean }> {
  const { rows } = await sql<{ variants: boolean; courses: boolean }>`
    select exists (select from followups.variants) as variants, exists (select from followups.versions w where ${mayHaveCourses}) as courses`.execute(
    ctx.db,
  )
  return rows[0] ?? { variants: false, courses: false }
}

/** Most news is of people for whom nothing is planned yet. */
async function withTasks(ctx: Context, patientIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ patientId: string }>`
    select distinct patient_id from followups.tasks where patient_id = any(${patientIds}::uuid[])`.execute(ctx.db)
  return rows.map((r) => r.patientId)
}

type Looked = {
  id: string
  isOpen: boolean
  /** Nobody has begun it, now or before it was stopped. */
  isNew: boolean
  closeReason: string | null
  objection: string | null
  isPutAside: boolean
  anchorOn: LocalDate | null
  isMoved: boolean
  furthest: number
}

/**
 * What has to be changed of these patients, as it is while nobody else can change it: of what a nurse begins or ends in this moment, she has the last word.
 */
async function take(ctx: Context, patientIds: string[]): Promise<Looked[]> {
  const isConcerned = (t: Looked) => isWrong(t) || isToRestore(t) || isToRevive(t)
  const concerned = (await look(ctx, patientIds)).filter(isConcerned).map((t) => t.id)
  if (concerned.length === 0) return []
  await sql`select from followups.tasks where id = any(${concerned}::uuid[]) order by id for update`.execute(ctx.db)
  return (await look(ctx, patientIds)).filter((t) => concerned.includes(t.id))
}

/** What may have to be changed of these patients: what is open, and what was stopped for a reason that may be withdrawn. */
async function look(ctx: Context, patientIds: string[]): Promise<Looked[]> {
  const { rows } = await sql<Looked>`
    select t.id, t.is_open, coalesce(t.put_aside ->> 'status', t.status) in ('todo', 'cancelled') and t.tries = 0 as is_new, t.close_reason, ${objection} as objection,
           t.put_aside is not null as is_put_aside, (${anchorNow} at time zone ${ctx.hospital.zone})::date as anchor_on,
           ${anchorNow} is distinct from e.anchor_at as is_moved, ${furthestDay} as furthest
      from ${tasksOf(patientIds)} and (t.is_open or t.status = 'cancelled' and t.closed_by is null and t.close_reason = any(${withdrawable}))`.execute(
    ctx.db,
  )
  return rows
}

const isRestorable = ({ isPutAside, closeReason, isMoved }: Looked) =>
  isPutAside && (!isMoved || besideTheVisit.some((reason) => reason === closeReason))

const isWrong = (t: Looked) => t.objection !== null && t.objection !== t.closeReason
const isToRestore = (t: Looked) => !t.isOpen && t.objection === null && isRestorable(t)
const isToRevive = (t: Looked) => t.objection === null && t.anchorOn !== null && (t.isOpen || isRestorable(t) ? t.isNew && t.isMoved : true)

async function stop(ctx: Context, looked: readonly Looked[]): Promise<void> {
  const wrong = looked.filter(isWrong)
  if (wrong.length === 0) return
  // What was stopped for one reason may be stopped for another now: of several the first of `objection` is told.
  await sql`
    update followups.tasks t
       set close_reason = x.reason, status = 'cancelled',
           closed_at = coalesce(t.closed_at, ${ctx.clock.now()}), closed_on = coalesce(t.closed_on, ${ctx.clock.today()}), call_back_at = null,
           put_aside = case when t.is_open then ${asItStands} else t.put_aside end
      from unnest(${wrong.map((t) => t.id)}::uuid[], ${wrong.map((t) => t.objection)}::text[]) as x (id, reason) where t.id = x.id`.execute(
    ctx.db,
  )
  await tellTasks(
    ctx,
    wrong.filter((t) => t.isOpen),
  )
}

/** What was stopped while its own visit stood is taken up where it was left: a promise to ring back is kept. */
async function restore(ctx: Context, looked: readonly Looked[]): Promise<void> {
  const ids = looked.filter(isToRestore).map((t) => t.id)
  if (ids.length === 0) return
  const { rows } = await sql<{ id: string; isUntouched: boolean }>`
    update followups.tasks t set ${asItStood} where t.id = any(${ids}::uuid[])
    returning t.id, t.status = 'todo' and t.tries = 0 and t.next_at = t.due_from as is_untouched`.execute(ctx.db)
  await reckonWindows(ctx, rows.flatMap((r) => (r.isUntouched ? [r.id] : []))) // biome-ignore format: days without calls may have been said meanwhile
  await tellTasks(ctx, rows)
}

/** What was stopped for its own visit's sake begins anew, and what has not begun moves with the moment that it counts from. */
async function revive(ctx: Context, looked: readonly Looked[]): Promise<void> {
  const { zone } = ctx.hospital
  const found = looked.filter(isToRevive)
  const anchors = found.flatMap((t) => t.anchorOn ?? []).toSorted()
  const [first, last] = [anchors[0], anchors.at(-1)]
  if (!first || !last) return
  const moves = await loadMoves(ctx, first, addDays(last, Math.max(...found.map((t) => t.furthest)) + 1))
  const { rows } = await sql<{ id: string }>`
    with a as (
      select t.id, t.version_id, t.step, t.held_until, x.anchor_at, (x.anchor_at at time zone ${zone})::date as anchor_on, e.encounter_id, e.programme_id
        from followups.tasks t
        join followups.enrolments e on e.encounter_id = t.encounter_id and e.programme_id = t.programme_id
        join followups.versions v on v.id = t.version_id
        join encounters.cards c on c.id = t.encounter_id
        cross join lateral (select ${anchorNow} as anchor_at) x
       where t.id = any(${found.map((t) => t.id)}::uuid[])
    ), moved as (
      update followups.enrolments e set anchor_at = a.anchor_at, anchor_on = a.anchor_on from a
       where e.encounter_id = a.encounter_id and e.programme_id = a.programme_id and e.anchor_at <> a.anchor_at
    )
    update followups.tasks t
       set status = 'todo', close_reason = null, closed_at = null, closed_on = null, closed_by = null, put_aside = null,
           due_from = n.due_from, due_by = n.due_by, next_at = n.due_from, queue_at = n.due_by - n.risk * interval '1 hour',
           priority = n.priority, priority_reason = n.reasons[1], risk = n.risk, risk_reasons = n.reasons, pool_id = n.pool_id,
           assignee_id = coalesce(t.assignee_id, n.assignee_id), assignee_name = coalesce(t.assignee_name, n.assignee_name),
           claimed_at = coalesce(t.claimed_at, n.claimed_at)
      from (select a.id, w.due_from, w.due_by, u.priority, r.reasons, ${riskBy(sql`u.priority`, sql`r.reasons`)} as risk, ${poolOf} as pool_id,
                   who.id as assignee_id, who.display_name as assignee_name, case when who.id is not null then ${ctx.clock.now()}::timestamptz end as claimed_at
              from a
              join followups.tasks old on old.id = a.id
              join encounters.cards c on c.id = old.encounter_id
              join patients.cards p on p.id = old.patient_id
              join followups.steps s on s.version_id = a.version_id and s.position = a.step
              ${windowOf(ctx, moves, sql`a.held_until`)}
              cross join lateral (select ${reasonsOfStay} as reasons) r
              cross join lateral (select ${priorityBy(sql`r.reasons`)} as priority) u
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
  const { rows } = await sql<{ id: string }>`
    update followups.tasks t
       set department_id = c.department_id, ward_id = c.ward_id,
           pool_id = ${poolOf}
      from encounters.cards c, followups.steps s
     where t.patient_id = any(${patientIds}::uuid[]) and t.is_open and c.id = t.encounter_id and s.version_id = t.version_id and s.position = t.step
       and (t.department_id is distinct from c.department_id or t.ward_id is distinct from c.ward_id)
    returning t.id`.execute(ctx.db)
  await tellTasks(ctx, rows)
}

/** Whose department was put right before anything was begun is followed up as that department does: the steps of the one, and not of the other. */
async function chooseVariants(ctx: Context, patientIds: string[]): Promise<void> {
  const { rows } = await sql<{ encounterId: string; programmeId: string; anchorOn: string; furthest: number }>`
    update followups.enrolments e set variant = n.variant
      from (select c.id as encounter_id, e.programme_id, coalesce(w.variant, 0) as variant,
                   (select max(${furthestDay})
                      from followups.steps s where s.version_id = e.version_id) as furthest
              from encounters.cards c
              join followups.enrolments e on e.encounter_id = c.id
              left join followups.variants w on w.version_id = e.version_id and w.department_id = c.department_id
             where c.patient_id = any(${patientIds}::uuid[]) and e.variant <> coalesce(w.variant, 0)
               and not exists (select from followups.tasks t where t.encounter_id = c.id and t.programme_id = e.programme_id
                                  and (t.tries > 0 or t.status in ('inProgress', 'done') or t.closed_by is not null))) n
     where e.encounter_id = n.encounter_id and e.programme_id = n.programme_id
    returning e.encounter_id, e.programme_id, e.anchor_on, n.furthest`.execute(ctx.db)
  const [first] = rows.map((r) => r.anchorOn).toSorted()
  if (!first) return
  const last =
    rows
      .map((r) => addDays(r.anchorOn, r.furthest + 1))
      .toSorted()
      .at(-1) ?? first
  const made = await sql<{ id: string }>`
    with a as (
      select e.encounter_id, e.programme_id, e.version_id, e.variant, e.anchor_at, e.anchor_on
        from unnest(${rows.map((r) => r.encounterId)}::uuid[], ${rows.map((r) => r.programmeId)}::uuid[]) as x (encounter_id, programme_id)
        join followups.enrolments e on e.encounter_id = x.encounter_id and e.programme_id = x.programme_id
    )
    ${makeTasks(ctx, await loadMoves(ctx, first, last))}`.execute(ctx.db)
  await tellTasks(ctx, made.rows)
}
