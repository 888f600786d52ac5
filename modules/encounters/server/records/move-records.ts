import { type Context, sql } from '@renxin/server'
import { lock } from '../lock.ts'
import { shapes } from './kinds.ts'

/**
 * Puts the records of these files under the patient that each is today: the survivor after a merge; after a parting those that were said of either give
 * themselves back. Read from whom they were said of, so that it is right in whatever order merges and partings are heard.
 */
export async function moveRecords(ctx: Context, patientIds: readonly string[]): Promise<void> {
  const ids = [...new Set(patientIds)]
  await lock(ctx, ids.map((id) => `records of ${id}`)) // biome-ignore format: one thought
  const tables = Object.values(shapes).map((s) => sql.table(s.table))
  const said = tables.map((table) => sql`select said_patient_id from ${table} where patient_id = any(${ids}::uuid[])`)
  const moves = tables.map(
    (table, i) => sql`${sql.raw(`moved${i}`)} as (
      update ${table} t set patient_id = o.survivor_id from owner o
       where t.patient_id = any(${ids}::uuid[]) and t.said_patient_id = o.id and t.patient_id <> o.survivor_id)`,
  )
  await sql`
    with recursive step (id, survivor_id) as (
      select s.said_patient_id, s.said_patient_id from (${sql.join(said, sql` union `)}) s
      union
      select s.id, c.merged_into from step s join patients.cards c on c.id = s.survivor_id where c.merged_into is not null
    ), owner as (
      select s.id, s.survivor_id from step s join patients.cards c on c.id = s.survivor_id where c.merged_into is null
    ), ${sql.join(moves)}
    select 1`.execute(ctx.db)
  ctx.touched.add('encounters')
}
