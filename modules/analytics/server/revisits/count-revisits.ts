import { addDays, type LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { atOnce } from '../at-once.ts'
import { db } from '../tables.ts'
import { indexVisits, revisitColumns, revisitDays } from './index-visits.ts'
import { type Cell, cellKeys, forgetCells, sumCells, sumMonths } from './revisit-cells.ts'

/**
 * Counts everything anew that these patients came for, and whatever these encounters counted for before, whosever they were: a visit that comes late, is
 * cancelled or is found to be another's changes what others count for. Only cells in which something changed are summed again. Doing it twice gives the same.
 */
export async function countRevisits(ctx: Context, patientIds: readonly string[], encounterIds: readonly string[] = []): Promise<void> {
  if (patientIds.length + encounterIds.length === 0) return
  await atOnce(ctx, 'revisits')
  const dueUntil = await readDue(ctx)
  if (!dueUntil) return // no cells are made yet
  const touched = await sql<Cell>`
    with ids as (
      select unnest(${[...patientIds]}::uuid[]) as id
      union select patient_id from analytics.revisits where encounter_id = any(${[...encounterIds]}::uuid[])
      union select patient_id from encounters.cards where id = any(${[...encounterIds]}::uuid[])
    ),
    now as (${indexVisits(ctx, sql`e.patient_id in (select id from ids)`)}),
    before as (select ${revisitColumns} from analytics.revisits where patient_id in (select id from ids)),
    came as (select * from now except select * from before),
    left_ as (select * from before except select * from now),
    gone as (
      delete from analytics.revisits r using left_ where r.encounter_id = left_.encounter_id and not exists (select from now where now.encounter_id = r.encounter_id)
    ),
    put as (
      insert into analytics.revisits (${revisitColumns}) select ${revisitColumns} from came
      on conflict (hospital_id, encounter_id) do update set
        patient_id = excluded.patient_id, kind = excluded.kind, day = excluded.day, department_id = excluded.department_id, ward_id = excluded.ward_id,
        doctor_id = excluded.doctor_id, chapter = excluded.chapter, sex = excluded.sex, age_band = excluded.age_band, stay_band = excluded.stay_band,
        left_out = excluded.left_out, came_on = excluded.came_on
    )
    select ${cellKeys} from came where day <= ${dueUntil} union select ${cellKeys} from left_ where day <= ${dueUntil}
  `.execute(ctx.db)
  await sumCells(ctx, touched.rows, dueUntil)
}

/** Counts every visit of the hospital anew. */
export async function makeRevisits(ctx: Context): Promise<void> {
  const dueUntil = dueOn(ctx)
  await forgetCells(ctx)
  await sql`delete from analytics.revisits`.execute(ctx.db)
  await sql`insert into analytics.revisits (${revisitColumns}) ${indexVisits(ctx, sql`true`)}`.execute(ctx.db)
  await putDue(ctx, dueUntil)
  const { rows } = await sql<{ from: LocalDate | null }>`select min(day) as from from analytics.revisits`.execute(ctx.db)
  const from = rows[0]?.from
  if (from) await sumMonths(ctx, from, dueUntil)
  await countWaiting(ctx)
}

/** By the clock: visits whose 30 days have passed since the last time come into the cells. */
export async function letRevisitsFallDue(ctx: Context): Promise<void> {
  const dueUntil = dueOn(ctx)
  const known = await readDue(ctx)
  if (!known || known >= dueUntil) return
  await atOnce(ctx, 'revisits')
  const before = await readDue(ctx) // another may have been first
  if (!before || before >= dueUntil) return
  await putDue(ctx, dueUntil)
  await sumMonths(ctx, addDays(before, 1), dueUntil)
  await countWaiting(ctx)
  ctx.touched.add('analytics')
}

/** By the clock: how many visits there are whose 30 days have not passed. Each event would count a day's visits once more, and nobody is rated by them. */
export async function countWaiting(ctx: Context): Promise<void> {
  const dueUntil = await readDue(ctx)
  if (!dueUntil) return
  await sql`delete from analytics.revisit_waiting`.execute(ctx.db)
  await sql`
    insert into analytics.revisit_waiting (month, kind, department_id, ward_id, doctor_id, chapter, visits)
    select date_trunc('month', r.day::timestamp)::date, r.kind, r.department_id, r.ward_id, r.doctor_id, r.chapter, count(*)
      from analytics.revisits r where r.kind in ('discharged', 'outpatient') and r.day > ${dueUntil} group by 1, 2, 3, 4, 5, 6`.execute(
    ctx.db,
  )
}

/** The last day up to which the cells hold the visits. */
export async function readDue(ctx: Context): Promise<LocalDate | undefined> {
  return (await db(ctx).selectFrom('analytics.revisitDue').select('dueUntil').executeTakeFirst())?.dueUntil
}

const dueOn = (ctx: Context): LocalDate => addDays(ctx.clock.today(), -revisitDays - 1)

const putDue = (ctx: Context, dueUntil: LocalDate) =>
  sql`insert into analytics.revisit_due (due_until) values (${dueUntil})
      on conflict (hospital_id) do update set due_until = excluded.due_until`.execute(ctx.db)
