import { patientMerged, patientParted } from '@renxin/patients'
import { type Context, listen, sql } from '@renxin/server'

/** Files were found to be one person, or two after all: an opinion is whose the file is today of which it was recorded. */
async function moveOpinions(ctx: Context, { survivorId, retiredId }: { survivorId: string; retiredId: string }) {
  await sql`
    update feedback.opinions o set patient_id = f.today
      from (select o.id, case when p.merged_into is null then p.id else p.merged_into end as today
              from feedback.opinions o join patients.cards p on p.id = o.said_patient_id
             where o.patient_id = any(${[survivorId, retiredId]}::uuid[])) f
     where o.id = f.id and o.patient_id <> f.today`.execute(ctx.db)
}

export const listeners = [listen(patientMerged, moveOpinions), listen(patientParted, moveOpinions, 'giveBackOpinions')]
