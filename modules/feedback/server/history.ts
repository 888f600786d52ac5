import { newId } from '@renxin/kernel'
import { type Context, nilId } from '@renxin/server'
import type { HistoryKind } from '../contract.ts'
import { db } from './tables.ts'

type Step = { complaintId: string; kind: HistoryKind; unitId?: string | null; note?: string | null }

/** Writes down who did what with a case. */
export async function note(ctx: Context, steps: readonly Step[]): Promise<void> {
  if (steps.length === 0) return
  const at = ctx.clock.now()
  await db(ctx)
    .insertInto('feedback.history')
    .values(
      steps.map(({ complaintId, kind, unitId = null, note: said = null }) => ({
        id: newId(at.getTime()),
        complaintId,
        at,
        actorId: ctx.actor.id === nilId ? null : ctx.actor.id,
        actorName: ctx.actor.name,
        kind,
        unitId,
        note: said,
      })),
    )
    .execute()
}
