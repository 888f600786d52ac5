import { type Context, emitMany } from '@renxin/server'
import { deathWithdrawn, patientDied } from './events.ts'
import type { PatientRow } from './tables.ts'

/** Says who counts as dead now, and who does not any more. */
export async function tellDeaths(ctx: Context, files: readonly { row: PatientRow; wasDeceased: boolean }[]): Promise<void> {
  const died = files.filter(({ row, wasDeceased }) => row.deceasedAt && !wasDeceased)
  const lives = files.filter(({ row, wasDeceased }) => !row.deceasedAt && wasDeceased)
  await emitMany(
    ctx,
    patientDied,
    died.map(({ row }) => ({ patientId: row.id })),
  )
  await emitMany(
    ctx,
    deathWithdrawn,
    lives.map(({ row }) => ({ patientId: row.id })),
  )
}
