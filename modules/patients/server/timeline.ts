import type { Input, Page } from '@renxin/kernel'
import { type Context, paged } from '@renxin/server'
import type { patientsApi, TimelineEntry } from '../contract.ts'
import { visibleId } from './get-patient.ts'
import { showName } from './show-name.ts'
import { db } from './tables.ts'

/** What happened to the file itself: merges. Everything else is told by the modules whose it is. */
export async function timeline(ctx: Context, { patientId, ...cursor }: Input<typeof patientsApi.timeline>): Promise<Page<TimelineEntry>> {
  const id = await visibleId(ctx, patientId)
  const merges = db(ctx)
    .selectFrom('patients.merges as m')
    .innerJoin('patients.cards as p', 'p.id', 'm.retiredId')
    .select(['m.id', 'm.mergedAt', 'm.partedAt', 'm.reason', 'm.partReason', 'p.name', 'p.medicalRecordNumber'])
    .where('m.survivorId', '=', id)
  const { rows, next } = await paged(merges, cursor, ['m.mergedAt', 'm.id'], 'desc')
  return {
    rows: rows.map((m) => ({
      id: m.id,
      at: m.mergedAt.toISOString(),
      kind: m.partedAt ? 'mergedAndParted' : 'merged',
      title: [showName(ctx, m.name), m.medicalRecordNumber].filter(Boolean).join(' '),
      text: [m.reason, m.partReason].filter(Boolean).join(' → ') || null,
      patientId: id,
      tone: 'plain',
    })),
    next,
  }
}
