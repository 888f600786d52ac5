import { createHash } from 'node:crypto'
import { type Context, sql } from '@renxin/server'

/** One writer at a time for each of these names. Fixed order, so that batches wait for each other and never in a circle. */
export async function lock(ctx: Context, names: readonly string[]): Promise<void> {
  const key = (name: string) => createHash('sha256').update(`encounters:${ctx.hospital.id}:${name}`).digest().readBigInt64BE()
  const keys = [...new Set(names.map(key))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).map(String)
  await sql`select pg_advisory_xact_lock(k) from unnest(${keys}::bigint[]) as k`.execute(ctx.db)
}

/** Statements name the patient as he was known then; he may have been found to be another since. The survivor by each id that is merged today. */
export async function survivors(ctx: Context, patientIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql<{ id: string; survivorId: string }>`
    with recursive step (id, survivor_id) as (
      select id, merged_into from patients.cards where id = any(${[...new Set(patientIds)]}::uuid[]) and merged_into is not null
      union
      select s.id, c.merged_into from step s join patients.cards c on c.id = s.survivor_id where c.merged_into is not null
    )
    select s.id, s.survivor_id from step s join patients.cards c on c.id = s.survivor_id where c.merged_into is null
  `.execute(ctx.db)
  return new Map(rows.rows.map((r) => [r.id, r.survivorId]))
}
