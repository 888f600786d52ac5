import type { Input } from '@renxin/kernel'
import { type Context, emit, sql, unveiled } from '@renxin/server'
import { correctResponse } from '@renxin/surveys'
import type { Answers } from '@renxin/surveys/contract'
import { type Review, reviewErrors, type reviewsApi } from '../../contract.ts'
import { taskCorrected } from '../events.ts'
import { correctFlags, noteCall } from '../flags/index.ts'
import { nextTask } from '../queue.ts'
import { getRow } from '../rows.ts'
import { getReview } from './review.ts'
import { noteReview } from './steps.ts'
import { db } from './tables.ts'

type Api = typeof reviewsApi
type Task = Awaited<ReturnType<typeof getRow>>
type Corrected = { formerId: string; responseId: string; answers: Answers }

/** Puts the answers of a completed call right, by whoever supervises. */
export async function correctTask(ctx: Context, { id, reason, ...corrected }: Input<Api['correctTask']>): Promise<Review> {
  const task = await getRow(ctx, id)
  if (task.status !== 'done') throw reviewErrors.notDone({ id })
  await unveiled(ctx, () => correct(ctx, task, corrected, reason))
  return getReview(ctx, { id })
}

/** Hands in again what was returned: with answers that were put right, or with a word why they stand. */
export async function mendTask(ctx: Context, { id, response, note }: Input<Api['mendTask']>) {
  const task = await getRow(ctx, id)
  const isMine = task.assigneeId === ctx.actor.id
  if (isMine && task.review === 'resubmitted') return { patientId: task.patientId, nextId: await nextTask(ctx, id) } // sent twice
  if (!isMine || task.review !== 'returned' || task.status !== 'done') throw reviewErrors.notReturned({ id })
  await unveiled(ctx, async () => {
    if (response) await correct(ctx, task, response, note)
    await db(ctx)
      .updateTable('followups.tasks')
      .set({ review: 'resubmitted' })
      .where('id', '=', id)
      .where('review', '=', 'returned')
      .execute()
    await noteReview(ctx, id, { kind: 'resubmitted', note })
  })
  return { patientId: task.patientId, nextId: await nextTask(ctx, id) }
}

/** The former answers, the red flags that they raised, the figures and the task all go over to the corrected ones, in one transaction. */
async function correct(ctx: Context, task: Task, { formerId, responseId, answers }: Corrected, reason: string): Promise<void> {
  const extra = await db(ctx)
    .selectFrom('followups.extraResponses')
    .where('taskId', '=', task.id)
    .where('responseId', 'in', [formerId, responseId])
    .select(['extraId', 'responseId'])
    .executeTakeFirst()
  if ([task.responseId, extra?.responseId].includes(responseId)) return // sent twice
  const isMain = task.responseId === formerId
  if (!isMain && !extra && !(await wasOfTask(ctx, task.id, formerId))) throw reviewErrors.answersNotOfTask({ id: task.id })
  await correctResponse(ctx, { formerId, id: responseId, answers, reason })
  await correctFlags(ctx, { formerId, responseId })
  await noteCall(ctx, { responseId, taskId: task.id, told: [] })
  if (isMain) await db(ctx).updateTable('followups.tasks').set({ responseId }).where('id', '=', task.id).execute()
  else
    await db(ctx)
      .updateTable('followups.extraResponses')
      .set({ responseId })
      .where('taskId', '=', task.id)
      .where('responseId', '=', formerId)
      .execute()
  await noteReview(ctx, task.id, { kind: 'corrected', note: reason, formerId, responseId })
  const { id: taskId, patientId, encounterId } = task
  await emit(ctx, taskCorrected, { taskId, patientId, encounterId, responseId: isMain ? responseId : task.responseId })
}

/** Answers that were corrected meanwhile: whoever was slower is told so, and not that they are another's. */
async function wasOfTask(ctx: Context, taskId: string, formerId: string): Promise<boolean> {
  const found = await db(ctx)
    .selectFrom('followups.reviewSteps')
    .where('taskId', '=', taskId)
    .where('formerId', '=', formerId)
    .select(sql<number>`1`.as('one'))
    .executeTakeFirst()
  return found !== undefined
}
