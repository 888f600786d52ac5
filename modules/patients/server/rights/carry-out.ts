import { audit, type Context, type Stay, type Subject } from '@renxin/server'
import { type RightsRequest, rightsErrors } from '../../contract.ts'
import { findRequest, holdOpen, settle } from './requests.ts'
import { subjectOf } from './subject.ts'

/** Records that must be somebody's: where there are any, who the person is stays with them. */
const needsName: readonly Stay['reason'][] = ['medicalRecord', 'careContract', 'complaintFile']

export async function weighErasure(ctx: Context, { id }: { id: string }) {
  const request = await findRequest(ctx, id)
  if (request.kind !== 'erasure') throw rightsErrors.rightOfOtherKind({ id })
  const subject = await subjectOf(ctx, request.patientId)
  const rows = await staysOf(ctx, subject)
  return { patientId: subject.id, isKnown: isKnown(rows), rows: rows.filter((r) => r.count > 0) }
}

/**
 * Carries an erasure out: all rooms in one transaction, from the top of the house down, so that whatever interrupts it leaves all or nothing. Somebody else must have taken
 * it in; the table refuses it otherwise, whoever writes there.
 */
export async function carryOut(ctx: Context, { id }: { id: string }): Promise<RightsRequest> {
  const request = await holdOpen(ctx, id, 'erasure')
  if (request.recordedBy === ctx.actor.id) throw rightsErrors.secondPerson({ byName: request.recordedByName })
  const subject = await subjectOf(ctx, request.patientId)
  const leaving = { ...subject, isKnown: isKnown(await staysOf(ctx, subject)) }
  const counts: Record<string, number> = {}
  for (const [, holdings] of ctx.holdings.toReversed()) Object.assign(counts, await holdings.erase(ctx, leaving))
  const cleared = Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0))
  await audit(ctx, {
    action: 'patients.erased',
    patientId: subject.id,
    objectId: id,
    detail: { isKnown: leaving.isKnown, counts: cleared },
  })
  return settle(ctx, id, { state: 'done', counts: cleared })
}

async function staysOf(ctx: Context, subject: Subject): Promise<Stay[]> {
  const stays: Stay[] = []
  for (const [, holdings] of ctx.holdings) stays.push(...(await holdings.stays(ctx, subject)))
  return stays
}

const isKnown = (stays: readonly Stay[]): boolean => stays.some((s) => s.count > 0 && needsName.includes(s.reason))
