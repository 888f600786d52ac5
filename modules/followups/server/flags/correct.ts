import { atEnd, type Context, sql, unveiled } from '@renxin/server'
import { flaggedResponses } from '@renxin/surveys'
import { refreshRisk } from '../risk.ts'
import { insertFlags, noteSteps } from './raise.ts'
import { db } from './tables.ts'

/**
 * Answers were corrected: another response of the same patient took the place of the former one. What the rules say of both decides. A red flag that the corrected
 * answers raise as well is kept, one that they do not raise is withdrawn, and both name both versions; what only the corrected ones raise is raised anew. What a doctor has
 * closed stays closed.
 */
export async function correctFlags(ctx: Context, { formerId, responseId }: { formerId: string; responseId: string }): Promise<void> {
  await unveiled(ctx, async () => {
    const standing = await db(ctx)
      .selectFrom('followups.flags')
      .where((e) => e.or([e('responseId', '=', formerId), e('nowResponseId', '=', formerId)])) // corrected before, it stands by the answers before those
      .where('patientId', '=', sql<string>`(select patient_id from surveys.response_cards where id = ${responseId}::uuid)`)
      .select(['id', 'ruleId', 'status', 'patientId'])
      .execute()
    const [now] = await flaggedResponses(ctx, [responseId])
    const holds = new Set(now?.raised.map((r) => r.ruleId))
    const open = standing.filter((f) => f.status === 'open')
    const kept = open.filter((f) => holds.has(f.ruleId))
    const gone = open.filter((f) => !holds.has(f.ruleId))
    const settled = standing.filter((f) => f.status === 'closed')
    await mark(ctx, [...kept, ...settled].map((f) => f.id), responseId, false) // biome-ignore format: one thought
    await mark(ctx, gone.map((f) => f.id), responseId, true) // biome-ignore format: one thought
    await noteSteps(ctx, [
      ...kept.map((f) => ({ flagId: f.id, kind: 'kept' as const, responseId })),
      ...gone.map((f) => ({ flagId: f.id, kind: 'withdrawn' as const, responseId })),
    ])
    // What the new answers raised by themselves when they were recorded, and what a standing one says already, is one flag and not two. What an earlier correction
    // withdrew says nothing any more.
    const known = new Set(standing.flatMap((f) => (f.status === 'withdrawn' ? [] : [f.ruleId])))
    await dropDoubles(ctx, responseId, [...known])
    const fresh = (now?.raised ?? []).filter((r) => !known.has(r.ruleId))
    if (now && fresh.length > 0) await insertFlags(ctx, fresh.map((r) => ({ responseId, versionId: now.versionId, ...r }))) // biome-ignore format: one thought
    await atEnd(ctx, refreshRisk, standing.map((f) => f.patientId)) // biome-ignore format: one thought
    ctx.touched.add('followups')
  })
}

const mark = (ctx: Context, ids: string[], responseId: string, isWithdrawn: boolean) =>
  db(ctx)
    .updateTable('followups.flags')
    .set({
      nowResponseId: responseId,
      ...(isWithdrawn && { status: 'withdrawn', closedAt: ctx.clock.now(), closedBy: ctx.actor.id, closedByName: ctx.actor.name }),
    })
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()

async function dropDoubles(ctx: Context, responseId: string, ruleIds: string[]): Promise<void> {
  const doubles = sql`(select id from followups.flags where response_id = ${responseId}::uuid and rule_id = any(${ruleIds}::text[]) and status = 'open')`
  await sql`delete from followups.flag_steps where flag_id in ${doubles}`.execute(ctx.db)
  await sql`delete from followups.flags where id in ${doubles}`.execute(ctx.db)
}
