import { patientVisible } from '@renxin/patients'
import { type Context, sql } from '@renxin/server'
import { db } from '../tables.ts'
import { accountsOf } from './accounts-of-visits.ts'

type Place = { patientId: string; encounterId?: string | undefined }

/**
 * Which records of a patient an actor is shown, as a condition of a query over one table of records, `r`: those of patients for whom one's
 * departments or wards have cared, whichever department wrote them; of one visit, those that bear one of its numbers.
 */
export async function shownTo(ctx: Context, { patientId, encounterId }: Place) {
  const numbers = encounterId ? await numbersOf(ctx, encounterId) : undefined
  const ofVisit = numbers ? sql` and r.visit_number = any(${numbers}::text[])` : sql``
  return shown(ctx, patientId, ofVisit)
}

/** The same for charges: those that name no visit are of the visit of their account. */
export async function chargesShownTo(ctx: Context, { patientId, encounterId }: Place) {
  if (!encounterId) return shownTo(ctx, { patientId })
  const numbers = await numbersOf(ctx, encounterId)
  const accounts = await accountsOf(ctx, numbers)
  const ofVisit = sql` and (r.visit_number = any(${numbers}::text[]) or (r.visit_number is null and r.account_number = any(${accounts}::text[])))`
  return shown(ctx, patientId, ofVisit)
}

const shown = (ctx: Context, patientId: string, ofVisit: ReturnType<typeof sql>) =>
  sql<boolean>`(r.patient_id = ${patientId}::uuid and ${patientVisible(ctx, 'r.patientId')}${ofVisit})`

/** All numbers that lead to a visit: its own, former ones, and those of visits that turned out to be it. */
async function numbersOf(ctx: Context, encounterId: string): Promise<string[]> {
  const { rows } = await sql<{ number: string }>`
    select number from encounters.encounters where id = ${encounterId}::uuid
    union select number from encounters.encounters where merged_into = ${encounterId}::uuid
    union select number from encounters.former_numbers where encounter_id = ${encounterId}::uuid`.execute(ctx.db)
  return rows.map((r) => r.number)
}

type Row = { visitNumber: string | null; departmentId: string | null; authorId?: string | null; doctorId?: string | null }
export type Named = { id: string; name: string }

/** The names of one page of records: their departments, people and visits, looked up by their ids. */
export async function withNames<T extends Row>(
  ctx: Context,
  rows: readonly T[],
): Promise<(T & { department: Named | null; author: Named | null; doctor: Named | null; encounterId: string | null })[]> {
  if (rows.length === 0) return []
  const [units, people, visits] = [
    await db(ctx)
      .selectFrom('staff.unitCards')
      .where('id', '=', anyOf(rows.map((r) => r.departmentId)))
      .select(['id', 'name'])
      .execute(),
    await db(ctx)
      .selectFrom('staff.personCards')
      .where('id', '=', anyOf(rows.flatMap((r) => [r.authorId, r.doctorId])))
      .select(['id', 'name'])
      .execute(),
    await visitsOf(ctx, rows),
  ]
  const nameOf = new Map([...units, ...people].map((n) => [n.id, n.name]))
  const named = (id: string | null | undefined) => (id ? { id, name: nameOf.get(id) ?? '' } : null)
  return rows.map((row) => ({
    ...row,
    department: named(row.departmentId),
    author: named(row.authorId),
    doctor: named(row.doctorId),
    encounterId: visits.get(row.visitNumber ?? '') ?? null,
  }))
}

const anyOf = (ids: readonly (string | null | undefined)[]) => sql<string>`any(${[...new Set(ids.filter(Boolean))]}::uuid[])`

async function visitsOf(ctx: Context, rows: readonly Row[]): Promise<Map<string, string>> {
  return encountersByNumber(
    ctx,
    rows.map((r) => r.visitNumber),
  )
}

/** The visits that these numbers lead to today. */
export async function encountersByNumber(ctx: Context, numbers: readonly (string | null)[]): Promise<Map<string, string>> {
  const said = [...new Set(numbers.filter((n) => n !== null))]
  if (said.length === 0) return new Map()
  const { rows } = await sql<{ number: string; id: string }>`
    select n.number, coalesce(f.encounter_id, e.merged_into, e.id) as id
      from unnest(${said}::text[]) as n (number)
      left join encounters.encounters e on e.number = n.number
      left join encounters.former_numbers f on f.number = n.number
     where coalesce(f.encounter_id, e.id) is not null`.execute(ctx.db)
  return new Map(rows.map((r) => [r.number, r.id]))
}
