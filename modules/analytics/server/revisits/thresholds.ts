import type { Input } from '@renxin/kernel'
import { audit, type Context } from '@renxin/server'
import { type RevisitKind, type RevisitThresholds, revisitKinds, type revisitsApi } from '../../contract.ts'
import { db } from '../tables.ts'

/** Wuxi asks for 80 of a hundred discharged patients to come back within a month: where a hospital begins, and edits. */
const preset = 0.8

export async function getRevisitThresholds(ctx: Context): Promise<RevisitThresholds> {
  const rows = await db(ctx).selectFrom('analytics.revisitThresholds').select(['kind', 'percent']).execute()
  const of = (kind: RevisitKind) => {
    const set = rows.find((r) => r.kind === kind)
    return set ? set.percent && Number(set.percent) / 100 : preset
  }
  return { discharged: of('discharged'), outpatient: of('outpatient') }
}

export async function setRevisitThresholds(
  ctx: Context,
  input: Input<(typeof revisitsApi)['setRevisitThresholds']>,
): Promise<RevisitThresholds> {
  const before = await getRevisitThresholds(ctx)
  for (const kind of revisitKinds) {
    const set = { percent: input[kind], setBy: ctx.actor.id, setAt: ctx.clock.now() }
    await db(ctx)
      .insertInto('analytics.revisitThresholds')
      .values({ kind, ...set })
      .onConflict((c) => c.constraint('revisit_thresholds_pkey').doUpdateSet(set))
      .execute()
  }
  const after = await getRevisitThresholds(ctx)
  await audit(ctx, { action: 'analytics.revisitThresholds', detail: { before, after } })
  ctx.touched.add('analytics')
  return after
}
