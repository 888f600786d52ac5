import type { Input } from '@renxin/kernel'
import { releaseHold } from '@renxin/patients'
import { type Context, can, emit } from '@renxin/server'
import { type feedbackApi, feedbackErrors } from '../contract.ts'
import { lockCase, renewDeadline } from './cases.ts'
import { opinionAmended, opinionWithdrawn } from './events.ts'
import { note } from './history.ts'
import { getOpinion } from './opinions.ts'
import { categoriesOf, placeOf, unitsOf } from './record.ts'
import { beginsAt, openStatuses } from './rules.ts'
import { db } from './tables.ts'

type Api = typeof feedbackApi

/** What was typed in a hurry is put right by who typed it, or by who handles complaints. */
export async function amendOpinion(ctx: Context, { id, unitIds, personIds, ...fields }: Input<Api['amend']>) {
  const opinion = await writableOpinion(ctx, id)
  if (opinion.complaint) await lockCase(ctx, id, openStatuses)
  if (fields.categoryId && !(await categoriesOf(ctx, [fields.categoryId])).has(fields.categoryId)) throw feedbackErrors.categoryNotFound()
  const [units, people] = [[...new Set(unitIds)], [...new Set(personIds)]]
  const known = await unitsOf(ctx, units)
  if (units.some((u) => !known.has(u))) throw feedbackErrors.unitNotFound()
  if (people.length > 0) {
    const found = await db(ctx).selectFrom('staff.personCards').where('id', 'in', people).select('id').execute()
    if (found.length < people.length) throw feedbackErrors.personNotFound()
  }
  const encounter = opinion.encounterId
    ? await db(ctx)
        .selectFrom('encounters.cards')
        .where('id', '=', opinion.encounterId)
        .select(['departmentId', 'wardId'])
        .executeTakeFirst()
    : undefined
  await db(ctx)
    .updateTable('feedback.opinions')
    .set({ ...fields, ...placeOf(units, known, encounter) })
    .where('id', '=', id)
    .execute()
  await db(ctx).deleteFrom('feedback.opinionUnits').where('opinionId', '=', id).execute()
  await db(ctx).deleteFrom('feedback.opinionPeople').where('opinionId', '=', id).execute()
  if (units.length > 0)
    await db(ctx)
      .insertInto('feedback.opinionUnits')
      .values(units.map((unitId) => ({ opinionId: id, unitId })))
      .execute()
  if (people.length > 0)
    await db(ctx)
      .insertInto('feedback.opinionPeople')
      .values(people.map((personId) => ({ opinionId: id, personId })))
      .execute()
  if (opinion.complaint) {
    await renewDeadline(ctx, id)
    await note(ctx, [{ complaintId: id, kind: 'amended' }])
  }
  await emit(ctx, opinionAmended, { opinionId: id, patientId: opinion.patientId })
  return getOpinion(ctx, id)
}

/** Takes back what was pressed by mistake. It has been announced, so it is not erased; of a complaint nobody may have been asked yet. */
export async function withdrawOpinion(ctx: Context, { id }: Input<Api['withdraw']>) {
  const opinion = await writableOpinion(ctx, id)
  if (opinion.withdrawnAt) return opinion
  if (opinion.complaint) {
    await lockCase(ctx, id, beginsAt('withdraw'))
    await db(ctx).updateTable('feedback.complaints').set({ status: 'withdrawn' }).where('id', '=', id).execute()
    await releaseHold(ctx, { cause: 'openComplaint', objectId: id })
    await note(ctx, [{ complaintId: id, kind: 'withdrawn' }])
  }
  await db(ctx).updateTable('feedback.opinions').set({ withdrawnAt: ctx.clock.now() }).where('id', '=', id).execute()
  await emit(ctx, opinionWithdrawn, { opinionId: id, patientId: opinion.patientId })
  return getOpinion(ctx, id)
}

async function writableOpinion(ctx: Context, id: string) {
  const opinion = await getOpinion(ctx, id)
  if (!opinion.isOwn && !can(ctx, 'feedback.handle')) throw feedbackErrors.notYours()
  return opinion
}
