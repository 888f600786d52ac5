import { patientMerged } from '@renxin/patients'
import { type Context, listenMany, sql } from '@renxin/server'
import { refoldEncounters } from './apply-facts.ts'
import { criticalValueFound, criticalValueWithdrawn } from './events.ts'
import { moveRecords } from './records/move-records.ts'
import { db } from './tables.ts'
import { takeBackCritical, tellCritical } from './tell-critical.ts'

/** What a retired number came for belongs to the one who survives. */
async function moveEncounters(ctx: Context, merges: { retiredId: string }[]): Promise<void> {
  const rows = await db(ctx)
    .selectFrom('encounters.encounters')
    .where('patientId', '=', sql<string>`any(${merges.map((m) => m.retiredId)}::uuid[])`)
    .select('id')
    .execute()
  await refoldEncounters(ctx, rows.map((r) => r.id)) // biome-ignore format: one thought
}

const recordsOfMerged = (ctx: Context, merges: { retiredId: string }[]) => moveRecords(ctx, merges.map((m) => m.retiredId)) // biome-ignore format: one thought

export const listeners = [
  listenMany(patientMerged, moveEncounters),
  listenMany(patientMerged, recordsOfMerged),
  listenMany(criticalValueFound, tellCritical),
  listenMany(criticalValueWithdrawn, takeBackCritical),
]
