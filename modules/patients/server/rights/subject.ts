import { type Context, type Subject, sql } from '@renxin/server'
import { visibleId } from '../get-patient.ts'

/** Today's file of a person, with all files that are one with it; refuses where the actor may not see it. */
export async function subjectOf(ctx: Context, patientId: string): Promise<Subject> {
  const id = await visibleId(ctx, patientId)
  const { rows } = await sql<{ id: string }>`select id from patients.patients where merged_into = ${id}::uuid order by id`.execute(ctx.db)
  return { id, files: [id, ...rows.map((r) => r.id)] }
}
