import { type Context, sql } from '@renxin/server'
import { type ComplaintStatus, feedbackErrors } from '../contract.ts'
import { note } from './history.ts'
import { countDepartments, unitsOf } from './record.ts'
import { deadlineOf } from './rules.ts'
import { db } from './tables.ts'

/** Holds a case for the rest of the transaction, where it is in one of these states; of two people who want it, one waits and is told. */
export async function lockCase(ctx: Context, id: string, statuses: readonly ComplaintStatus[]) {
  const held = await db(ctx)
    .selectFrom('feedback.complaints')
    .where('id', '=', id)
    .where('status', 'in', [...statuses])
    .selectAll()
    .forUpdate()
    .executeTakeFirst()
  if (held) return held
  const there = await db(ctx).selectFrom('feedback.complaints').where('id', '=', id).select('status').executeTakeFirst()
  if (!there) throw feedbackErrors.notFound({ id })
  throw there.status === 'closed' ? feedbackErrors.alreadyClosed({ id }) : feedbackErrors.notNow({ id, caseStatus: there.status })
}

/** Reckons the last day again after units were added. It only ever moves away: a promise of ten days is not taken back. */
export async function renewDeadline(ctx: Context, id: string): Promise<void> {
  const complaint = await db(ctx)
    .selectFrom('feedback.complaints')
    .where('id', '=', id)
    .select(['clockOn', 'days'])
    .executeTakeFirstOrThrow()
  const unitIds = await unitsInvolved(ctx, id)
  const deadline = deadlineOf(ctx.clock.calendar, complaint.clockOn, countDepartments(unitIds, await unitsOf(ctx, unitIds)))
  if (deadline.days <= complaint.days) return
  await db(ctx)
    .updateTable('feedback.complaints')
    .set({ ...deadline, reminded: 'none' })
    .where('id', '=', id)
    .execute()
  await note(ctx, [{ complaintId: id, kind: 'extended', note: deadline.answerBy }])
}

/** The units a complaint concerns and those that are asked. */
export async function unitsInvolved(ctx: Context, id: string): Promise<string[]> {
  const { rows } = await sql<{ unitId: string }>`
    select unit_id from feedback.opinion_units where opinion_id = ${id}
    union select unit_id from feedback.complaint_units where complaint_id = ${id}`.execute(ctx.db)
  return rows.map((r) => r.unitId)
}
