import type { Input } from '@renxin/kernel'
import { releaseHold, setHold } from '@renxin/patients'
import { type Context, emit, sql } from '@renxin/server'
import { type feedbackApi, feedbackErrors } from '../contract.ts'
import { lockCase, renewDeadline, unitsInvolved } from './cases.ts'
import { getComplaint } from './complaints.ts'
import { complaintClosed, complaintReopened } from './events.ts'
import { note } from './history.ts'
import { getOpinion } from './opinions.ts'
import { countDepartments, unitsOf } from './record.ts'
import { beginsAt, closesFrom, deadlineOf } from './rules.ts'
import { db } from './tables.ts'
import { isMine } from './visible.ts'

type Api = typeof feedbackApi

/** Asks units for cause and measure. Who was asked before is not asked again, unless the case was reopened. */
export async function assignComplaint(ctx: Context, { id, unitIds, note: said }: Input<Api['assign']>) {
  const complaint = await lockCase(ctx, id, beginsAt('assign'))
  const units = [...new Set(unitIds)]
  const known = await unitsOf(ctx, units)
  if (units.some((u) => !known.has(u))) throw feedbackErrors.unitNotFound()
  const now = ctx.clock.now()
  const insert = db(ctx)
    .insertInto('feedback.complaintUnits')
    .values(units.map((unitId) => ({ complaintId: id, unitId, assignedAt: now })))
  const again = { assignedAt: now, cause: null, measure: null, answeredAt: null, answeredByName: null, returnReason: null }
  const asked = await insert
    .onConflict((c) => {
      const clash = c.constraint('complaint_units_pkey')
      return complaint.status === 'reopened' ? clash.doUpdateSet(again) : clash.doNothing()
    })
    .returning('unitId')
    .execute()
  await renewDeadline(ctx, id)
  if (asked.length > 0) await db(ctx).updateTable('feedback.complaints').set({ status: 'assigned' }).where('id', '=', id).execute()
  await note(
    ctx,
    asked.map(({ unitId }) => ({ complaintId: id, kind: 'assigned', unitId, note: said })),
  )
  return getComplaint(ctx, id)
}

export async function answerComplaint(ctx: Context, { id, unitId, cause, measure }: Input<Api['answer']>) {
  await getOpinion(ctx, id) // refuses what the actor does not see
  await lockCase(ctx, id, beginsAt('answer'))
  const unit = (await unitsOf(ctx, [unitId])).get(unitId)
  if (!unit) throw feedbackErrors.unitNotFound()
  if (!isMine(ctx, unit)) throw feedbackErrors.notYourUnit()
  const answered = await db(ctx)
    .updateTable('feedback.complaintUnits')
    .set({ cause, measure, answeredAt: ctx.clock.now(), answeredByName: ctx.actor.name, returnReason: null })
    .where('complaintId', '=', id)
    .where('unitId', '=', unitId)
    .executeTakeFirst()
  if (answered.numUpdatedRows === 0n) throw feedbackErrors.notAssigned()
  // The case is held, so of two units that answer at once the second sees the first's answer.
  await sql`update feedback.complaints set status = 'answered' where id = ${id}
            and not exists (select from feedback.complaint_units where complaint_id = ${id} and answered_at is null)`.execute(ctx.db)
  await note(ctx, [{ complaintId: id, kind: 'answered', unitId, note: `${cause}\n${measure}` }])
  return getComplaint(ctx, id)
}

/** An answer that does not do; the unit writes another. */
export async function sendBackAnswer(ctx: Context, { id, unitId, reason }: Input<Api['sendBack']>) {
  await lockCase(ctx, id, beginsAt('sendBack'))
  const returned = await db(ctx)
    .updateTable('feedback.complaintUnits')
    .set({ cause: null, measure: null, answeredAt: null, answeredByName: null, returnedAt: ctx.clock.now(), returnReason: reason })
    .where('complaintId', '=', id)
    .where('unitId', '=', unitId)
    .where('answeredAt', 'is not', null)
    .executeTakeFirst()
  if (returned.numUpdatedRows === 0n) throw feedbackErrors.notAssigned()
  await db(ctx).updateTable('feedback.complaints').set({ status: 'assigned' }).where('id', '=', id).execute()
  await note(ctx, [{ complaintId: id, kind: 'sentBack', unitId, note: reason }])
  return getComplaint(ctx, id)
}

export async function verifyComplaint(ctx: Context, { id, note: said }: Input<Api['verify']>) {
  await lockCase(ctx, id, beginsAt('verify'))
  await db(ctx).updateTable('feedback.complaints').set({ status: 'verified' }).where('id', '=', id).execute()
  await note(ctx, [{ complaintId: id, kind: 'verified', note: said }])
  return getComplaint(ctx, id)
}

export async function closeComplaint(ctx: Context, { id, outcome, result, toldBy, toldAt }: Input<Api['close']>) {
  await lockCase(ctx, id, closesFrom(outcome))
  const now = ctx.clock.now()
  await db(ctx)
    .updateTable('feedback.complaints')
    .set({ status: 'closed', outcome, result, toldBy, toldAt: toldAt ? new Date(toldAt) : now, closedAt: now })
    .where('id', '=', id)
    .execute()
  await releaseHold(ctx, { cause: 'openComplaint', objectId: id })
  await note(ctx, [{ complaintId: id, kind: 'closed', note: result }])
  const complaint = await getComplaint(ctx, id)
  await emit(ctx, complaintClosed, { complaintId: id, patientId: complaint.patientId })
  return complaint
}

/** The patient is not content after all: the clock begins anew today. */
export async function reopenComplaint(ctx: Context, { id, reason }: Input<Api['reopen']>) {
  const held = await db(ctx)
    .selectFrom('feedback.complaints')
    .where('id', '=', id)
    .where('status', '=', 'closed')
    .select('id')
    .forUpdate()
    .executeTakeFirst()
  if (!held) {
    await getOpinion(ctx, id)
    throw feedbackErrors.notNow({ id })
  }
  const unitIds = await unitsInvolved(ctx, id)
  const clockOn = ctx.clock.today()
  const deadline = deadlineOf(ctx.clock.calendar, clockOn, countDepartments(unitIds, await unitsOf(ctx, unitIds)))
  await db(ctx)
    .updateTable('feedback.complaints')
    .set({
      status: 'reopened',
      clockOn,
      ...deadline,
      reminded: 'none',
      outcome: null,
      result: null,
      toldBy: null,
      toldAt: null,
      closedAt: null,
    })
    .where('id', '=', id)
    .execute()
  await note(ctx, [{ complaintId: id, kind: 'reopened', note: reason }])
  const complaint = await getComplaint(ctx, id)
  const said = await db(ctx).selectFrom('feedback.opinions').select('saidPatientId').where('id', '=', id).executeTakeFirst()
  if (said?.saidPatientId) await setHold(ctx, { patientId: said.saidPatientId, cause: 'openComplaint', objectId: id })
  await emit(ctx, complaintReopened, { complaintId: id, patientId: complaint.patientId })
  return complaint
}
