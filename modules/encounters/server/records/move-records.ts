import { type Context, sql } from '@renxin/server'
import { lock } from '../lock.ts'
import { announceMoved, type MovedReport } from './announce-records.ts'
import { type RecordKind, shapes } from './kinds.ts'

type Ask = { saidPatientId: string; visitNumber: string | null; accountNumber: string | null }

/** The key of an `Ask` in what `ownersOf` answers. */
export const askKey = ({ saidPatientId, visitNumber, accountNumber }: Ask): string =>
  JSON.stringify([saidPatientId, visitNumber, accountNumber])

/** Whose file shows what was said of these patients and visits today. */
export async function ownersOf(ctx: Context, asks: readonly Ask[]): Promise<Map<string, string>> {
  const each = [...new Map(asks.map((a) => [askKey(a), a])).values()]
  const { rows } = await sql<Ask & { ownerId: string }>`
    select a.*, encounters.owner_of(a.said_patient_id, a.visit_number, a.account_number) as owner_id
      from unnest(${each.map((a) => a.saidPatientId)}::uuid[], ${each.map((a) => a.visitNumber)}::text[], ${each.map((a) => a.accountNumber)}::text[])
        as a (said_patient_id, visit_number, account_number)`.execute(ctx.db)
  return new Map(rows.map((r) => [askKey(r), r.ownerId]))
}

/** Whoever brings a charge of an account waits for whoever moves it. */
export const accountLock = (number: string): string => `charges of account ${number}`

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

/** Accounts were moved to another patient, or went into one that was: their charges go along, and those of accounts that went into them. */
export async function moveCharges(ctx: Context, accounts: readonly string[]): Promise<void> {
  await sql`
    with recursive below (number) as (
      select n from unnest(${[...accounts]}::text[]) as n
      union select a.number from below b join encounters.accounts a on a.into_number = b.number
    )
    update encounters.charges t set patient_id = ${ownerOf.charge}
      from below b where t.account_number = b.number and t.patient_id <> ${ownerOf.charge}`.execute(ctx.db)
}

const byVisit = sql`encounters.owner_of(t.said_patient_id, t.visit_number)`
/** Whose a record is today; a charge hangs on an account, too. */
const ownerOf: Readonly<Record<RecordKind, ReturnType<typeof sql>>> = {
  report: byVisit,
  document: byVisit,
  order: byVisit,
  booking: byVisit,
  procedure: byVisit,
  charge: sql`encounters.owner_of(t.said_patient_id, t.visit_number, t.account_number)`,
}

/** Answers the reports with critical values that have moved. */
async function own(ctx: Context, which: ReturnType<typeof sql>): Promise<MovedReport[]> {
  const moves = (Object.keys(shapes) as RecordKind[]).map(
    (is) => sql`${sql.raw(`moved_${is}`)} as (
      update ${sql.table(shapes[is].table)} t set patient_id = ${ownerOf[is]}
       where ${which} and t.patient_id <> ${ownerOf[is]}
      returning t.*)`,
  )
  const { rows } = await sql<MovedReport>`
    with ${sql.join(moves)}
    select id, patient_id, visit_number, status, is_critical, items from moved_report where has_critical`.execute(ctx.db)
  ctx.touched.add('encounters')
  return rows
}
