import { addDays, type LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { ProgrammeBody } from '../contract.ts'
import { anchorNow, disqualified, mayHaveCourses } from './objections.ts'
import { reckonWindows } from './reckon-windows.ts'
import { courseEnd } from './windows.ts'

/** One enrolment of a patient in a programme, as it stands. */
export type Course = {
  encounterId: string
  trigger: ProgrammeBody['trigger']
  onReturn: ProgrammeBody['onReturn']
  anchorAt: Date
  anchorOn: LocalDate
  endsOn: LocalDate
}

/**
 * Which of a patient's enrolments in one programme has nothing to do of its own, each with the visit whose course goes on in its place. A course that stops or
 * waits when he comes back runs to its last day, and what begins within it joins it; of out-patient visits that each begin anew the latest counts.
 */
export function joined(courses: readonly Course[]): Map<string, string> {
  const inOrder = courses.toSorted((a, b) => a.anchorAt.getTime() - b.anchorAt.getTime() || (a.encounterId < b.encounterId ? -1 : 1))
  const found = new Map<string, string>()
  let running: Course | undefined
  for (const course of inOrder) {
    const runsOn = running && (running.onReturn === 'pause' || running.onReturn === 'stop') && course.anchorOn <= running.endsOn
    if (running && runsOn) {
      found.set(course.encounterId, running.encounterId)
      continue
    }
    if (running && running.onReturn === 'anew' && running.trigger === 'visited') found.set(running.encounterId, course.encounterId)
    running = course
  }
  return found
}

export type Stay = { admittedOn: LocalDate; dischargedOn: LocalDate }

/** The day before which a window does not open, since its patient lay in a hospital when it would have; null where none of his stays touches it. */
export function heldUntil(opensOn: LocalDate, closesOn: LocalDate, stays: readonly Stay[]): LocalDate | null {
  const days = (Date.parse(closesOn) - Date.parse(opensOn)) / 86_400_000
  let held: LocalDate | null = null
  for (const stay of stays.toSorted((a, b) => (a.admittedOn < b.admittedOn ? -1 : 1))) {
    const opens: LocalDate = held ?? opensOn
    if (opens <= stay.dischargedOn && addDays(opens, days) >= stay.admittedOn) held = addDays(stay.dischargedOn, 1)
  }
  return held
}

type Row = Course & { programmeId: string; continues: string | null }

/** Brings what one visit has to do with another into agreement with what is known of them. */
export async function settleCourses(ctx: Context, patientIds: readonly string[]): Promise<void> {
  const { zone } = ctx.hospital
  const { rows } = await sql<Row & { patientId: string; stands: boolean }>`
    select c.patient_id, e.programme_id, e.encounter_id, e.continues, v.trigger, v.on_return, x.anchor_at, (x.anchor_at at time zone ${zone})::date as anchor_on,
           ${courseEnd('e', sql`x.anchor_at`, zone)} as ends_on, ${disqualified('c', 'v')} is null as stands
      from encounters.cards c
      join followups.enrolments e on e.encounter_id = c.id
      join followups.versions v on v.id = e.version_id
      cross join lateral (select ${anchorNow} as anchor_at) x
     where c.patient_id = any(${[...patientIds]}::uuid[])
       and exists (select from followups.versions w where w.programme_id = e.programme_id and ${mayHaveCourses})`.execute(ctx.db)
  const changed = [...Map.groupBy(rows, (r) => `${r.patientId} ${r.programmeId}`).values()].flatMap((of) => {
    const wanted = joined(of.filter((r) => r.stands))
    return of.flatMap((r) => {
      const continues = wanted.get(r.encounterId) ?? null
      return continues === r.continues ? [] : [{ ...r, continues }]
    })
  })
  if (changed.length === 0) return
  await sql`
    update followups.enrolments e set continues = n.continues
      from unnest(${changed.map((r) => r.encounterId)}::uuid[], ${changed.map((r) => r.programmeId)}::uuid[], ${changed.map((r) => r.continues)}::uuid[])
           as n (encounter_id, programme_id, continues)
     where e.encounter_id = n.encounter_id and e.programme_id = n.programme_id`.execute(ctx.db)
}

type Waiting = { id: string; heldUntil: LocalDate | null; opensOn: LocalDate; closesOn: LocalDate; stays: Stay[] }

/** Tasks of courses that wait while the patient is in: their windows open after he is home again, with their length. */
export async function holdWindows(ctx: Context, patientIds: readonly string[]): Promise<void> {
  const { zone } = ctx.hospital
  const { rows } = await sql<Waiting>`
    select t.id, t.held_until, plain.opens_on, plain.closes_on, stays.stays
      from followups.tasks t
      join followups.enrolments e on e.encounter_id = t.encounter_id and e.programme_id = t.programme_id
      join followups.versions v on v.id = t.version_id
      join followups.steps s on s.version_id = t.version_id and s.position = t.step
      join encounters.cards c on c.id = t.encounter_id
      cross join lateral (select (e.anchor_on + make_interval(months => s.months))::date as counted_from) base
      cross join lateral (
        select case s.unit when 'days' then base.counted_from + s.from_offset
                           else ((e.anchor_at + s.from_offset * interval '1 hour') at time zone ${zone})::date end as opens_on,
               case s.unit when 'days' then base.counted_from + s.by_offset
                           else ((e.anchor_at + s.by_offset * interval '1 hour') at time zone ${zone})::date end as closes_on) plain
      cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_object('admittedOn', (later.admitted_at at time zone ${zone})::date, 'dischargedOn', later.discharged_on)), '[]') as stays
          from encounters.cards later
         where later.patient_id = c.patient_id and later.id <> c.id and later.class in ('inpatient', 'daySurgery')
           and later.status = 'discharged' and later.admitted_at >= ${anchorNow}) stays
     where t.patient_id = any(${[...patientIds]}::uuid[]) and v.on_return = 'pause' and v.trigger <> 'admitted' and t.status <> 'done' and t.closed_by is null`.execute(
    ctx.db,
  )
  const moved = rows.flatMap((r) => {
    const held = heldUntil(r.opensOn, r.closesOn, r.stays)
    return held === r.heldUntil ? [] : [{ ...r, heldUntil: held }]
  })
  if (moved.length === 0) return
  await sql`
    update followups.tasks t set held_until = n.held_until
      from unnest(${moved.map((m) => m.id)}::uuid[], ${moved.map((m) => m.heldUntil)}::date[]) as n (id, held_until) where t.id = n.id`.execute(
    ctx.db,
  )
  await reckonWindows(
    ctx,
    moved.map((m) => m.id),
  )
}
