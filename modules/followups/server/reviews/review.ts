import type { Input } from '@renxin/kernel'
import { type Context, emit, sql } from '@renxin/server'
import { type Review, reviewErrors, type reviewsApi, talkOutcomes } from '../../contract.ts'
import { taskReopened } from '../events.ts'
import { reconcile } from '../reconcile.ts'
import { getRow } from '../rows.ts'
import { tellTasks } from '../tell-tasks.ts'
import { noteReview } from './steps.ts'
import { db } from './tables.ts'

/*
 * The work of a task that is closed.
 *
 *              found good                                handed in again (mended, or done again)
 *     (none) ─────────────► accepted          returned ─────────────────────────────────────────► resubmitted
 *        │                     │                 ▲                                                    │
 *        └─────────────────────┴─────────────────┴──────────────── returned, with a reason ───────────┘
 *
 * The task of a conversation that took place stays done while it is mended: that somebody was reached, and when, does not change by it. One that was closed
 * without a conversation is open again, and its closing hands it in.
 */

type Api = typeof reviewsApi

/** How the work of a task was found, what happened with it, and the answers that stand. */
export async function getReview(ctx: Context, { id }: { id: string }): Promise<Review> {
  const task = await getRow(ctx, id)
  const steps = await db(ctx)
    .selectFrom('followups.reviewSteps')
    .where('taskId', '=', id)
    .select(['id', 'at', 'kind', 'byName', 'note', 'formerId', 'responseId'])
    .orderBy('seq', 'desc')
    .limit(200)
    .execute()
  const answers = await db(ctx)
    .selectFrom('surveys.responseCards as c')
    .leftJoin('followups.extraResponses as e', (on) => on.onRef('e.responseId', '=', 'c.id').on('e.taskId', '=', id))
    .where((w) => w.or([w('c.id', '=', task.responseId), w('c.id', 'in', extrasOf(ctx, id))]))
    .select(['c.id as responseId', 'c.questionnaireTitle as title'])
    .orderBy(sql`e.extra_id nulls first`)
    .limit(50)
    .execute()
  return {
    id,
    patientId: task.patientId,
    review: task.review,
    ownerId: task.assigneeId,
    ownerName: task.assigneeName,
    answers,
    steps: steps.map((s) => ({ ...s, at: s.at.toISOString() })),
    mayReview: ctx.actor.may.has('followups.supervise') && task.status === 'done' && task.assigneeId !== ctx.actor.id,
  }
}

const extrasOf = (ctx: Context, taskId: string) =>
  db(ctx).selectFrom('followups.extraResponses').where('taskId', '=', taskId).select('responseId')

/** Finds the work good. Said twice it is said once. */
export async function acceptTask(ctx: Context, { id, note }: Input<Api['acceptTask']>): Promise<Review> {
  const task = await reviewable(ctx, id)
  if (task.review !== 'accepted') {
    await db(ctx).updateTable('followups.tasks').set({ review: 'accepted' }).where('id', '=', id).where('status', '=', 'done').execute()
    await noteReview(ctx, id, { kind: 'accepted', note })
  }
  return getReview(ctx, { id })
}

/** Gives the work back to whoever did it, with the reason. */
export async function returnTask(ctx: Context, { id, reason }: Input<Api['returnTask']>): Promise<Review> {
  const task = await reviewable(ctx, id)
  await mustBeHere(ctx, task)
  const wasTalk = (talkOutcomes as readonly (string | null)[]).includes(task.outcome)
  const returned = await db(ctx)
    .updateTable('followups.tasks')
    .set({ review: 'returned', ...(wasTalk ? {} : { ...open, nextAt: ctx.clock.now() }) })
    .where('id', '=', id)
    .where('status', '=', 'done')
    .executeTakeFirst()
  if (returned.numUpdatedRows === 0n) throw reviewErrors.notDone({ id })
  await noteReview(ctx, id, { kind: 'returned', note: reason })
  await tellTasks(ctx, [task])
  if (!wasTalk) {
    await emit(ctx, taskReopened, { taskId: id, patientId: task.patientId, encounterId: task.encounterId })
    await reconcile(ctx, [task.patientId]) // what would have stopped it meanwhile stops it now
  }
  return getReview(ctx, { id })
}

const open = { status: 'todo', outcome: null, closedAt: null, closedOn: null, closedBy: null } as const

async function reviewable(ctx: Context, id: string) {
  const task = await getRow(ctx, id)
  if (task.status !== 'done') throw reviewErrors.notDone({ id })
  if (task.assigneeId === ctx.actor.id) throw reviewErrors.ownWork({ id })
  return task
}

async function mustBeHere(ctx: Context, { assigneeId, assigneeName }: { assigneeId: string | null; assigneeName: string | null }) {
  const owner = assigneeId
    ? await db(ctx)
        .selectFrom('access.userCards')
        .where('id', '=', assigneeId)
        .where('isDisabled', '=', false)
        .select('id')
        .executeTakeFirst()
    : undefined
  if (!owner) throw reviewErrors.ownerGone({ name: assigneeName ?? '' })
}
