import { patientMerged } from '@renxin/patients'
import { type Context, listen, sql } from '@renxin/server'

/** Two files were one person: what he answered follows him. */
export async function moveResponses(ctx: Context, { survivorId, retiredId }: { survivorId: string; retiredId: string }) {
  await sql`
    update surveys.responses
    set patient_id = ${survivorId}, resource = jsonb_set(resource, '{subject,reference}', to_jsonb(${`Patient/${survivorId}`}::text))
    where patient_id = ${retiredId}`.execute(ctx.db)
}

export const listeners = [listen(patientMerged, moveResponses)]
