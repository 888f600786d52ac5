import { type Context, sql } from '@renxin/server'

/** Files were found to be one person, or two after all: a red flag is whose the file is today of whom it was said. */
export async function moveFlags(ctx: Context, { survivorId, retiredId }: { survivorId: string; retiredId: string }): Promise<void> {
  await sql`
    update followups.flags f set patient_id = o.today
      from (select f.id, case when p.merged_into is null then p.id else p.merged_into end as today
              from followups.flags f join patients.cards p on p.id = f.said_patient_id
             where f.patient_id = any(${[survivorId, retiredId]}::uuid[])) o
     where f.id = o.id and f.patient_id <> o.today`.execute(ctx.db)
}
