import { newId } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import type { ReviewStep } from '../../contract.ts'
import { noteLooks } from '../levels/looks.ts'
import { db } from './tables.ts'

type Said = Pick<ReviewStep, 'kind'> & { note?: string; formerId?: string; responseId?: string }

/** Writes down what happened with the work of a task, by the one who is at work. */
export async function noteReview(ctx: Context, taskId: string, { kind, note = '', formerId, responseId }: Said): Promise<void> {
  const at = ctx.clock.now()
  const of = { formerId: formerId ?? null, responseId: responseId ?? null }
  await db(ctx)
    .insertInto('followups.reviewSteps')
    .values({ id: newId(at.getTime()), taskId, at, kind, byId: ctx.actor.id, byName: ctx.actor.name, note, ...of })
    .execute()
  if (kind === 'accepted' || kind === 'returned') await noteLooks(ctx, [taskId], 'reviewed')
}
