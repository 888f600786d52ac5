import { listViewers } from '@renxin/access'
import type { Input, Page } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { overviewApi, Viewing } from '../contract.ts'
import { visibleId } from './get-patient.ts'

/** Who saw this file, and those that were merged into it. */
export async function viewersOf(ctx: Context, { patientId, ...cursor }: Input<typeof overviewApi.viewers>): Promise<Page<Viewing>> {
  const id = await visibleId(ctx, patientId)
  const { rows: files } = await sql<{ id: string }>`
    select id from patients.patients where merged_into = ${id}::uuid limit 50`.execute(ctx.db)
  const { rows, next } = await listViewers(ctx, [id, ...files.map((f) => f.id)], cursor)
  return { rows: rows.map((r) => ({ ...r, at: r.at.toISOString(), patientId: id })), next }
}
