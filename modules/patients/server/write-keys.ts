import { type Context, sql } from '@renxin/server'
import { rowsAs } from './bulk.ts'
import type { SearchKey } from './search-keys.ts'

export type PatientKey = SearchKey & { patientId: string }

export async function addKeys(ctx: Context, keys: readonly PatientKey[]): Promise<void> {
  if (keys.length === 0) return
  const columns = { key: 'text', kind: 'text', patient_id: 'uuid', position: 'int2' }
  await sql`
    insert into patients.search_keys (key, kind, patient_id, position) select * from ${rowsAs('n', columns, keys)}
    on conflict do nothing`.execute(ctx.db)
}
