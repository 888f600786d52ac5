import { type Context, sql } from '@renxin/server'
import { patientErrors } from '../contract.ts'
import { patientVisible } from './care.ts'
import { db, type PatientViews } from './tables.ts'

export type PatientRecord = PatientViews['patients.cards']

/**
 * The patient of this id, or the survivor where it was merged; refuses where there is none. Not narrowed by what the actor may see:
 * a task that is one's own shows its patient, whatever the department. Names are whole here: pass them through `showName` before they leave.
 */
export async function getPatient(ctx: Context, id: string): Promise<PatientRecord> {
  const found = await findPatient(ctx, id)
  if (!found) throw patientErrors.notFound({ id })
  return found
}

export async function findPatient(ctx: Context, id: string): Promise<PatientRecord | undefined> {
  const row = await db(ctx).selectFrom('patients.cards').selectAll().where('id', '=', id).executeTakeFirst()
  return row?.mergedInto ? findPatient(ctx, row.mergedInto) : row
}

/**
 * The id under which the actor may open the file; refuses alike where there is none and where it is not for them. What was asked for by an id of its own, a
 * contact or a caution, is refused as that: who it belongs to is not told.
 */
export async function visibleId(ctx: Context, id: string, refusal: Error = patientErrors.notFound({ id })): Promise<string> {
  const root = sql<string>`coalesce(s.id, p.id)`
  const row = await db(ctx)
    .selectFrom('patients.patients as p')
    .leftJoin('patients.patients as s', 's.id', 'p.mergedInto')
    .select(root.as('id'))
    .where('p.id', '=', id)
    .where(patientVisible(ctx, root))
    .executeTakeFirst()
  if (!row) throw refusal
  return row.id
}

/**
 * A reading of what one patient has: where there is nothing, whoever may not see the patient is told what is told of one who is not there. Something may be
 * shown that is the actor's own, whoever cares for the patient.
 */
export const ofVisible =
  <I extends { patientId: string }, R>(read: (ctx: Context, input: I) => Promise<R>) =>
  async (ctx: Context, input: I): Promise<R> => {
    const found = await read(ctx, input)
    if (isNothing(found)) await visibleId(ctx, input.patientId)
    return found
  }

/** No row, and no number but zero. */
function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isNothing)
  return typeof value !== 'number' || value === 0
}
