import type { Context } from '@renxin/server'
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

/** The id under which the actor may open the file; refuses alike where there is none and where it is not for them. */
export async function visibleId(ctx: Context, id: string): Promise<string> {
  const row = await db(ctx)
    .selectFrom('patients.patients as p')
    .leftJoin('patients.patients as s', 's.id', 'p.mergedInto')
    .select((e) => e.fn.coalesce('s.id', 'p.id').as('id'))
    .where('p.id', '=', id)
    .executeTakeFirst()
  if (!row) throw patientErrors.notFound({ id })
  if (ctx.actor.scope === 'hospital') return row.id
  const seen = await db(ctx)
    .selectFrom('patients.patients as p')
    .select('p.id')
    .where('p.id', '=', row.id)
    .where(patientVisible(ctx, 'p.id'))
    .executeTakeFirst()
  if (!seen) throw patientErrors.notFound({ id })
  return seen.id
}
