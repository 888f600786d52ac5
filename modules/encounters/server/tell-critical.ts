import { createHash } from 'node:crypto'
import type { EventOf } from '@renxin/kernel'
import { noteCriticalValues, withdrawCriticalValues } from '@renxin/patients'
import { type Context, sql } from '@renxin/server'
import type { criticalValueFound } from './events.ts'

type Critical = EventOf<typeof criticalValueFound>

/** Puts critical values into the head of the customer file: there they stand until they are withdrawn or somebody has dealt with them. */
export async function tellCritical(ctx: Context, found: readonly Critical[]): Promise<void> {
  const { rows } = await sql<{ id: string; title: string | null; saidPatientId: string }>`
    select id, title, encounters.said_owner_of(said_patient_id, visit_number) as said_patient_id from encounters.reports where id = any(${found.map((f) => f.reportId)}::uuid[])`.execute(
    ctx.db,
  )
  const reports = new Map(rows.map((r) => [r.id, r]))
  const told = found.map((f) => {
    const text = [reports.get(f.reportId)?.title, f.code].filter(Boolean).join(' ')
    return { id: cautionOf(f), patientId: reports.get(f.reportId)?.saidPatientId ?? f.patientId, text: text || f.reportId.slice(-6) }
  })
  await noteCriticalValues(ctx, told)
}

export const takeBackCritical = (ctx: Context, withdrawn: readonly Critical[]): Promise<void> =>
  withdrawCriticalValues(ctx, withdrawn.map(cautionOf))

/** One warning for each analyte of a report: its id follows from the two. */
function cautionOf({ reportId, code }: Critical): string {
  const hex = createHash('sha256')
    .update(`${reportId}:${code ?? ''}`)
    .digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}` // RFC 9562, version 8
}
