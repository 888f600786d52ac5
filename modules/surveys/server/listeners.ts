import { patientMerged, patientParted } from '@renxin/patients'
import { type Context, listen, sql } from '@renxin/server'

/** Files were found to be one person, or two after all: what was answered is whose the file is today of which it was answered. */
export async function moveResponses(ctx: Context, { survivorId, retiredId }: { survivorId: string; retiredId: string }) {
  await sql`
    update surveys.responses r
       set patient_id = o.today, resource = jsonb_set(r.resource, '{subject,reference}', to_jsonb('Patient/' || o.today))
      from (select r.id, case when p.merged_into is null then p.id else p.merged_into end as today
              from surveys.responses r join patients.cards p on p.id = r.said_patient_id
             where r.patient_id = any(${[survivorId, retiredId]}::uuid[])) o
     where r.id = o.id and r.patient_id <> o.today`.execute(ctx.db)
}

export const listeners = [listen(patientMerged, moveResponses), listen(patientParted, moveResponses, 'giveBackResponses')]
