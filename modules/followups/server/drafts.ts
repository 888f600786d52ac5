import type { Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { getVersion } from '@renxin/surveys'
import { type Draft, followupErrors, type followupsApi } from '../contract.ts'
import { holdTask } from './hands.ts'
import { db } from './tables.ts'

type Api = typeof followupsApi

/** Keeps what was answered so far. Who writes names the revision that he began from: of two who write at once the second is told. */
export async function saveDraft(ctx: Context, { id, revision, versionId, answers, extras, note }: Input<Api['saveDraft']>) {
  const task = await holdTask(ctx, id)
  if (versionId) await getVersion(ctx, versionId)
  const savedAt = ctx.clock.now()
  const said = {
    versionId,
    answers: sql<Draft['answers']>`${JSON.stringify(answers)}::jsonb`,
    extras: sql<Draft['extras']>`${JSON.stringify(extras)}::jsonb`,
    note,
    savedAt,
    savedBy: ctx.actor.id,
    savedByName: ctx.actor.name,
  }
  const kept =
    revision === 0
      ? await db(ctx)
          .insertInto('followups.drafts')
          .values({ taskId: id, ...said, revision: 1 })
          .onConflict((c) => c.constraint('drafts_pkey').doNothing())
          .executeTakeFirst()
          .then((r) => r.numInsertedOrUpdatedRows)
      : await db(ctx)
          .updateTable('followups.drafts')
          .set({ ...said, revision: revision + 1 })
          .where('taskId', '=', id)
          .where('revision', '=', revision)
          .executeTakeFirst()
          .then((r) => r.numUpdatedRows)
  if (!kept) {
    const standing = await db(ctx).selectFrom('followups.drafts').where('taskId', '=', id).selectAll().executeTakeFirst()
    if (!standing) throw followupErrors.draftChanged({ id, byName: '', at: savedAt.toISOString(), revision: 0 })
    const isMine =
      standing.savedBy === ctx.actor.id &&
      standing.revision === revision + 1 &&
      isSame([standing.answers, standing.extras], [answers, extras]) &&
      standing.note === note
    if (isMine) return { patientId: task.patientId, revision: standing.revision, savedAt: standing.savedAt } // sent twice
    throw followupErrors.draftChanged({ id, byName: standing.savedByName, at: standing.savedAt.toISOString(), revision: standing.revision })
  }
  await db(ctx).updateTable('followups.tasks').set({ status: 'inProgress' }).where('id', '=', id).where('status', '=', 'todo').execute()
  return { patientId: task.patientId, revision: revision + 1, savedAt }
}

/** The order of keys does not count: jsonb keeps its own. */
const isSame = (a: unknown, b: unknown): boolean => inOrder(a) === inOrder(b)
const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  )
