import type { Input } from '@renxin/kernel'
import { type Context, can } from '@renxin/server'
import { type feedbackApi, feedbackErrors } from '../contract.ts'
import { getComplaint } from './complaints.ts'
import { note } from './history.ts'
import { getOpinion } from './opinions.ts'
import { unitsOf } from './record.ts'
import { isResponsible } from './rectifications.ts'
import { db } from './tables.ts'
import { isMine, withScopeOf } from './visible.ts'

type Api = typeof feedbackApi

/** What is to be mended, by whom and until when. It may outlast the case: the patient has an answer in days, a new lift takes months. */
export async function addRectification(ctx: Context, { id, rectificationId, ...fields }: Input<Api['addRectification']>) {
  await getComplaint(ctx, id)
  if (!(await unitsOf(ctx, [fields.unitId])).has(fields.unitId)) throw feedbackErrors.unitNotFound()
  const person = await db(ctx).selectFrom('staff.personCards').where('id', '=', fields.responsibleId).select('id').executeTakeFirst()
  if (!person) throw feedbackErrors.personNotFound()
  const made = await db(ctx)
    .insertInto('feedback.rectifications')
    .values({ id: rectificationId, complaintId: id, ...fields })
    .onConflict((c) => c.constraint('rectifications_pkey').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) await note(ctx, [{ complaintId: id, kind: 'rectificationAdded', unitId: fields.unitId, note: fields.measure }])
  return getComplaint(ctx, id)
}

export async function finishRectification(ctx: Context, { id, rectificationId, note: said }: Input<Api['finishRectification']>) {
  const { unitId } = await refuseOthers(ctx, id, rectificationId)
  const finished = await db(ctx)
    .updateTable('feedback.rectifications')
    .set({ finishedAt: ctx.clock.now(), finishedByName: ctx.actor.name, finishNote: said })
    .where('id', '=', rectificationId)
    .where('finishedAt', 'is', null)
    .executeTakeFirst()
  if (finished.numUpdatedRows === 0n) throw feedbackErrors.alreadyFinished()
  await note(ctx, [{ complaintId: id, kind: 'rectificationFinished', unitId, note: said }])
  return getComplaint(ctx, id)
}

export async function verifyRectification(ctx: Context, { id, rectificationId }: Input<Api['verifyRectification']>) {
  await findRectification(ctx, id, rectificationId)
  const verified = await db(ctx)
    .updateTable('feedback.rectifications')
    .set({ verifiedAt: ctx.clock.now(), verifiedByName: ctx.actor.name })
    .where('id', '=', rectificationId)
    .where('complaintId', '=', id)
    .where('finishedAt', 'is not', null)
    .where('verifiedAt', 'is', null)
    .returning('unitId')
    .executeTakeFirst()
  if (!verified) throw feedbackErrors.notFinished()
  await note(ctx, [{ complaintId: id, kind: 'rectificationVerified', unitId: verified.unitId }])
  return getComplaint(ctx, id)
}

async function refuseOthers(ctx: Context, complaintId: string, rectificationId: string) {
  const r = await findRectification(ctx, complaintId, rectificationId)
  const unit = (await unitsOf(ctx, [r.unitId])).get(r.unitId)
  if (unit && !isMine(ctx, unit) && !isResponsible(ctx, r.responsibleId)) throw feedbackErrors.notYourUnit()
  return r
}

async function findRectification(ctx: Context, complaintId: string, rectificationId: string) {
  await getOpinion(ctx, complaintId)
  const r = await db(ctx)
    .selectFrom('feedback.rectifications')
    .where('id', '=', rectificationId)
    .where('complaintId', '=', complaintId)
    .select(['unitId', 'responsibleId'])
    .executeTakeFirst()
  if (!r) throw feedbackErrors.notFound({ id: rectificationId })
  return r
}

/** The files of a rectification, and of a complaint, are seen with the case; evidence is added by who answers or handles it. */
export async function guardEvidence(ctx: Context, rectificationId: string, purpose: 'read' | 'change') {
  const r = await db(ctx).selectFrom('feedback.rectifications').where('id', '=', rectificationId).select('complaintId').executeTakeFirst()
  if (!r) throw feedbackErrors.notFound({ id: rectificationId })
  return guardCase(ctx, r.complaintId, purpose)
}

export async function guardCase(ctx: Context, id: string, purpose: 'read' | 'change'): Promise<{ patientId: string | null }> {
  const change = can(ctx, 'feedback.handle') ? 'feedback.handle' : 'feedback.answer'
  const { patientId } = await getOpinion(withScopeOf(ctx, purpose === 'read' ? 'feedback.read' : change), id)
  return { patientId }
}
