import { type Context, sql } from '@renxin/server'
import { lock } from '../lock.ts'
import { announceMoved, type MovedReport } from './announce-records.ts'
import { shapes } from './kinds.ts'

type Ask = { saidPatientId: string; visitNumber: string | null }

/** The key of an `Ask` in what `ownersOf` answers. */
export const askKey = ({ saidPatientId, visitNumber }: Ask): string => `${saidPatientId} ${visitNumber ?? ''}`

/** Whose file shows what was said of these patients and visits today. */
export async function ownersOf(ctx: Context, asks: readonly Ask[]): Promise<Map<string, string>> {
  const each = [...new Map(asks.map((a) => [askKey(a), a])).values()]
  const { rows } = await sql<Ask & { ownerId: string }>`
    select a.said_patient_id, a.visit_number, encounters.owner_of(a.said_patient_id, a.visit_number) as owner_id
      from unnest(${each.map((a) => a.saidPatientId)}::uuid[], ${each.map((a) => a.visitNumber)}::text[]) as a (said_patient_id, visit_number)`.execute(
    ctx.db,
  )
  return new Map(rows.map((r) => [askKey(r), r.ownerId]))
}

/** One writer for the records of a patient and of a visit at a time: whoever moves them waits for those who bring new ones. */
export const lockOwners = (ctx: Context, patientIds: readonly string[], visitNumbers: readonly string[], further: readonly string[] = []) =>
  lock(ctx, [...patientIds.map((id) => `records of ${id}`), ...visitNumbers.map((n) => `records of visit ${n}`), ...further])

/**
 * Puts the records under these patients where they belong today: after a merge under the survivor; after a parting those that were said of either go back
 * to their own. Read from whom they were said of, so that it is right in whatever order merges and partings are heard.
 */
export async function moveRecords(ctx: Context, patientIds: readonly string[]): Promise<void> {
  const ids = [...new Set(patientIds)]
  await lockOwners(ctx, ids, [])
  await own(ctx, sql`t.patient_id = any(${ids}::uuid[])`)
}

/** A visit was found to be another patient's, or one with another visit: its records go with it. */
export async function moveRecordsOfVisits(ctx: Context, encounterIds: readonly string[]): Promise<void> {
  const ids = [...new Set(encounterIds)]
  if (ids.length === 0) return
  const { rows } = await sql<{ number: string }>`
    select number from encounters.encounters where id = any(${ids}::uuid[])
    union select number from encounters.encounters where merged_into = any(${ids}::uuid[])
    union select number from encounters.former_numbers where encounter_id = any(${ids}::uuid[])`.execute(ctx.db)
  const numbers = rows.map((r) => r.number)
  await lockOwners(ctx, [], numbers)
  await announceMoved(ctx, await own(ctx, sql`t.visit_number = any(${numbers}::text[])`))
}

/** Answers the reports with critical values that have moved. */
async function own(ctx: Context, which: ReturnType<typeof sql>): Promise<MovedReport[]> {
  const moves = Object.entries(shapes).map(
    ([is, { table }]) => sql`${sql.raw(`moved_${is}`)} as (
      update ${sql.table(table)} t set patient_id = encounters.owner_of(t.said_patient_id, t.visit_number)
       where ${which} and t.patient_id <> encounters.owner_of(t.said_patient_id, t.visit_number)
      returning t.*)`,
  )
  const { rows } = await sql<MovedReport>`
    with ${sql.join(moves)}
    select id, patient_id, visit_number, status, is_critical, items from moved_report where has_critical`.execute(ctx.db)
  ctx.touched.add('encounters')
  return rows
}
