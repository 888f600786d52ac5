import { identityClassesChanged, patientMerged, patientParted } from '@renxin/patients'
import { type Context, emitMany, listenMany, sql } from '@renxin/server'
import { refoldEncounters } from './apply-facts.ts'
import { criticalValueFound, criticalValueWithdrawn, visitsMoved } from './events.ts'
import { followClasses } from './identity-classes.ts'
import { moveRecords } from './records/move-records.ts'
import { db } from './tables.ts'
import { takeBackCritical, tellCritical } from './tell-critical.ts'

type Files = { survivorId: string; retiredId: string }[]
const bothOf = (files: Files) => files.flatMap((f) => [f.survivorId, f.retiredId])

/** What a retired number came for belongs to the one who survives. */
async function moveEncounters(ctx: Context, merges: Files): Promise<void> {
  await refoldOf(ctx, merges.map((m) => m.retiredId)) // biome-ignore format: one thought
  await emitMany(ctx, visitsMoved, merges)
}

/** What each came for is theirs again; a discharge of the one is no longer the other's last. */
async function giveBackEncounters(ctx: Context, partings: Files): Promise<void> {
  await refoldOf(ctx, bothOf(partings))
  await emitMany(ctx, visitsMoved, partings)
}

async function refoldOf(ctx: Context, patientIds: readonly string[]): Promise<void> {
  const rows = await db(ctx)
    .selectFrom('encounters.encounters')
    .where('patientId', '=', sql<string>`any(${[...new Set(patientIds)]}::uuid[])`)
    .select('id')
    .execute()
  await refoldEncounters(ctx, rows.map((r) => r.id)) // biome-ignore format: one thought
}

const recordsOfMerged = (ctx: Context, merges: Files) => moveRecords(ctx, merges.map((m) => m.retiredId)) // biome-ignore format: one thought
const recordsOfParted = (ctx: Context, partings: Files) => moveRecords(ctx, bothOf(partings))

export const listeners = [
  listenMany(patientMerged, moveEncounters),
  listenMany(patientMerged, recordsOfMerged),
  listenMany(patientParted, giveBackEncounters),
  listenMany(patientParted, recordsOfParted),
  listenMany(identityClassesChanged, followClasses),
  listenMany(criticalValueFound, tellCritical),
  listenMany(criticalValueWithdrawn, takeBackCritical),
]
