import { houseErrors, type Input, type LocalDate, type Page } from '@renxin/kernel'
import { type Context, paged, sql } from '@renxin/server'
import { type CountedSegment, listErrors, type PatientLine, type Segment, type segmentsApi } from '../../contract.ts'
import { linesOf } from '../cards.ts'
import { patientVisible } from '../care.ts'
import { visibleId } from '../get-patient.ts'
import { type Kept, reckonSegment } from './reckon.ts'

type Api = typeof segmentsApi

const monthOf = (day: LocalDate): LocalDate => `${day.slice(0, 8)}01`

/** Who was told apart from the segment since the month began: of each the first move says where they were then. */
const movesSince = (day: LocalDate) => sql`
  select distinct on (segment_id, patient_id) segment_id, patient_id, was_in from patients.segment_moves
   where on_day >= ${day}::date order by segment_id, patient_id, on_day`

/** The segments with what each comes to, as far as the actor sees their patients. */
export async function listSegments(ctx: Context): Promise<{ rows: CountedSegment[]; since: LocalDate }> {
  const since = monthOf(ctx.clock.today())
  const { rows } = await sql<CountedSegment>`
    select g.id, g.kind, g.name, g.conditions, g.position, g.is_active, g.counted_on,
           coalesce(m.size, 0) as size, coalesce(v.come, 0) as come, coalesce(v.left, 0) as left
      from patients.segments g
      left join (select m.segment_id, count(*)::int as size from patients.segment_members m where ${patientVisible(ctx, 'm.patientId')} group by 1) m
        on m.segment_id = g.id
      left join (
        select f.segment_id, (count(*) filter (where not f.was_in and m.patient_id is not null))::int as come,
               (count(*) filter (where f.was_in and m.patient_id is null))::int as left
          from (${movesSince(since)}) f
          left join patients.segment_members m on m.segment_id = f.segment_id and m.patient_id = f.patient_id
         where ${patientVisible(ctx, 'f.patientId')} group by 1) v on v.segment_id = g.id
     order by g.is_active desc, g.position, g.name, g.id limit 500`.execute(ctx.db)
  return { rows, since }
}

/** Makes a segment, or changes it. A new rule is reckoned anew: nobody has come or left by it. */
export async function saveSegment(ctx: Context, segment: Segment): Promise<Segment> {
  const { id, kind, name, conditions, position, isActive } = segment
  if (conditions?.segmentIds?.length) throw houseErrors.invalid({ field: 'conditions' }) // a segment made of segments could be made of itself
  const { rows } = await sql<{ isSame: boolean }>`
    select conditions is not distinct from ${JSON.stringify(conditions)}::jsonb or (conditions is null and ${conditions === null}) as is_same
      from patients.segments where id = ${id}::uuid`.execute(ctx.db)
  const isNewRule = !rows[0]?.isSame
  await sql`
    insert into patients.segments (id, kind, name, conditions, position, is_active)
    values (${id}::uuid, ${kind}, ${name}, ${conditions ? JSON.stringify(conditions) : null}::jsonb, ${position}, ${isActive})
    on conflict (hospital_id, id) do update set kind = excluded.kind, name = excluded.name, conditions = excluded.conditions, position = excluded.position,
      is_active = excluded.is_active, counted_on = case when ${isNewRule} then null else segments.counted_on end`.execute(ctx.db)
  if (isNewRule) await sql`delete from patients.segment_moves where segment_id = ${id}::uuid`.execute(ctx.db)
  return segment
}

/** The patients behind a number: those who belong to it, who came since the month began, or who left. */
export async function listMembers(ctx: Context, { segmentId, change, ...cursor }: Input<Api['members']>): Promise<Page<PatientLine>> {
  const known = await sql`select from patients.segments where id = ${segmentId}::uuid`.execute(ctx.db)
  if (known.rows.length === 0) throw listErrors.segmentNotFound({ id: segmentId })
  const since = monthOf(ctx.clock.today())
  const members = sql<{ patientId: string }>`(select patient_id from patients.segment_members where segment_id = ${segmentId}::uuid)`
  const moved = (wasIn: boolean) => sql<{ patientId: string }>`(
    select f.patient_id from (${movesSince(since)}) f
      left join patients.segment_members m on m.segment_id = f.segment_id and m.patient_id = f.patient_id
     where f.segment_id = ${segmentId}::uuid and f.was_in = ${wasIn} and (m.patient_id is null) = ${wasIn})`
  const from = change === 'all' ? members : moved(change === 'left')
  const query = ctx.db.selectFrom(from.as('k')).select('k.patientId').where(patientVisible(ctx, 'k.patientId'))
  const { rows, next } = await paged(query, cursor, ['k.patientId'], 'desc')
  return { rows: await linesOf(ctx, rows.map((r) => r.patientId)), next } // biome-ignore format: one thought
}

/** Puts a patient into a segment or takes them out of it by hand, whatever the rule says. */
export async function markPatient(
  ctx: Context,
  { patientId, segmentId, isIn, reason }: Input<Api['mark']>,
): Promise<{ patientId: string }> {
  const id = await visibleId(ctx, patientId)
  const { rows } = await sql<Kept>`
    select id, conditions, counted_on from patients.segments where id = ${segmentId}::uuid and is_active`.execute(ctx.db)
  const segment = rows[0]
  if (!segment) throw listErrors.segmentNotFound({ id: segmentId })
  await sql`delete from patients.segment_marks where segment_id = ${segmentId}::uuid and patient_id = ${id}::uuid`.execute(ctx.db)
  if (isIn !== null)
    await sql`
      insert into patients.segment_marks (segment_id, said_patient_id, patient_id, is_in, reason, marked_at, marked_by)
      values (${segmentId}::uuid, ${id}::uuid, ${id}::uuid, ${isIn}, ${reason}, ${ctx.clock.now()}, ${ctx.actor.id}::uuid)`.execute(ctx.db)
  await reckonSegment(systemOf(ctx), segment, [id])
  return { patientId: id }
}

/** A segment is the hospital's: who may see only some patients reckons it like anybody else. */
const systemOf = (ctx: Context): Context => ({ ...ctx, actor: { ...ctx.actor, scope: 'hospital' } })
