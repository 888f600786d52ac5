import { type Context, sql } from '@renxin/server'
import type { Conditions } from '../../contract.ts'
import { matching } from '../lists/list.ts'

export type Kept = { id: string; conditions: Conditions | null; countedOn: string | null }

/**
 * Who belongs to a segment now: those for whom its rule holds, and whom somebody put in, without whom somebody took out. Of these patients only, where they are
 * named. Who came and who left is noted by the day; the first time, and after the rule was changed, nobody has come.
 */
export async function reckonSegment(ctx: Context, segment: Kept, patientIds?: readonly string[]): Promise<void> {
  const today = ctx.clock.today()
  const only = (column: string) => (patientIds ? sql`${sql.raw(column)} = any(${[...patientIds]}::uuid[])` : sql`true`)
  const byRule = segment.conditions ? await matching(ctx, segment.conditions) : sql<{ id: string }>`select null::uuid as id where false`
  const isCounted = segment.countedOn !== null
  await sql`
    with wanted as (
      select w.id from (${byRule}) w
       where ${only('w.id')} and w.id not in (select id from patients.patients where erased_at is not null) and not exists (
         select from patients.segment_marks k where k.segment_id = ${segment.id}::uuid and k.patient_id = w.id and not k.is_in)
      union
      select k.patient_id from patients.segment_marks k join patients.patients p on p.id = k.patient_id and p.merged_into is null
       where k.segment_id = ${segment.id}::uuid and k.is_in and ${only('k.patient_id')} and not exists (
         select from patients.segment_marks o where o.segment_id = k.segment_id and o.patient_id = k.patient_id and not o.is_in)
    ), gone as (
      delete from patients.segment_members m
       where m.segment_id = ${segment.id}::uuid and ${only('m.patient_id')} and not exists (select from wanted w where w.id = m.patient_id)
      returning m.patient_id
    ), come as (
      insert into patients.segment_members (segment_id, patient_id, since) select ${segment.id}::uuid, w.id, ${today}::date from wanted w
      on conflict do nothing returning patient_id
    )
    insert into patients.segment_moves (segment_id, on_day, patient_id, is_in, was_in)
    select ${segment.id}::uuid, ${today}::date, x.patient_id, x.is_in, not x.is_in
      from (select patient_id, false as is_in from gone union all select patient_id, true from come) x where ${isCounted}
    on conflict (hospital_id, segment_id, on_day, patient_id) do update set is_in = excluded.is_in`.execute(ctx.db)
}

const AT_ONCE = 5000

const activeSegments = async (ctx: Context): Promise<Kept[]> =>
  (await sql<Kept>`select id, conditions, counted_on from patients.segments where is_active order by id limit 500`.execute(ctx.db)).rows

/** By the clock: whole segments for which a day has passed or whose rule is new, and of the others those patients of whom something changed. */
export async function reckonSegments(ctx: Context): Promise<void> {
  const today = ctx.clock.today()
  const segments = await activeSegments(ctx)
  const stale = segments.filter((s) => s.countedOn !== today)
  // A query for each segment: there are a handful, and each has a rule of its own.
  for (const segment of stale) {
    await reckonSegment(ctx, segment)
    await sql`update patients.segments set counted_on = ${today}::date where id = ${segment.id}::uuid`.execute(ctx.db)
  }
  const { rows } = await sql<{ patientId: string }>`
    with taken as (
      delete from patients.segment_dirty where n in (select n from patients.segment_dirty order by n limit ${sql.lit(AT_ONCE)}) returning patient_id)
    select patient_id from taken
    union select s.patient_id from taken t join patients.standings s on s.encounter_id = t.patient_id -- a field of a stay or visit`.execute(
    ctx.db,
  )
  const ids = rows.map((r) => r.patientId)
  if (ids.length > 0) for (const segment of segments.filter((s) => s.countedOn === today)) await reckonSegment(ctx, segment, ids)
  if (ids.length > 0 || stale.length > 0) ctx.touched.add('patients')
}
