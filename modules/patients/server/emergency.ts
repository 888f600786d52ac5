import { openEmergency as admit, reviewEmergency as review } from '@renxin/access'
import type { Input, Page } from '@renxin/kernel'
import { audit, type Context, keep, paged, unveiled, withScope } from '@renxin/server'
import { type Emergency, type emergencyApi, emergencyErrors } from '../contract.ts'
import { patientVisible } from './care.ts'
import { findPatientIds } from './describe.ts'
import { showName } from './show-name.ts'
import { db } from './tables.ts'

type Api = typeof emergencyApi

export async function openEmergency(ctx: Context, { number, reason }: Input<Api['openEmergency']>) {
  const found = new Set<string>()
  await unveiled(ctx, async () => {
    // An emergency asks nobody's class of privacy. What is found here reaches him only once the file is open to him.
    for (const query of [{ identifier: { system: null, value: number } }, { phone: number }]) {
      for (const id of await findPatientIds(ctx, { ...query, limit: 2 })) found.add(id)
      if (found.size > 0) break
    }
  })
  const [patientId] = found
  if (!patientId || found.size > 1) {
    const refusal = patientId ? emergencyErrors.numberOfSeveral() : emergencyErrors.numberUnknown()
    await audit(ctx, { action: 'patients.openEmergency', reason, refusal: refusal.code }) // a number that was tried in vain is looked at, too
    throw keep(refusal)
  }
  const isOpen = await isVisible(ctx, patientId)
  return { patientId, until: isOpen ? null : await admit(ctx, { patientId, reason }) }
}

/** By the scope of reading files: the permission to open one in an emergency says nothing of those that are open anyway. */
async function isVisible(ctx: Context, patientId: string): Promise<boolean> {
  const actor = withScope(ctx.actor, 'patients.read')
  if (!actor) return false
  const reader = { ...ctx, actor: { ...actor, admitted: [] } }
  const seen = await db(ctx)
    .selectFrom('patients.patients as p')
    .select('p.id')
    .where('p.id', '=', patientId)
    .where(patientVisible(reader, 'p.id'))
    .executeTakeFirst()
  return seen !== undefined
}

type Shown = Omit<Emergency, 'openedAt' | 'until' | 'reviewedAt'> & { openedAt: Date; until: Date; reviewedAt: Date | null }

export async function listEmergencies(ctx: Context, { isReviewed, ...cursor }: Input<Api['emergencies']>): Promise<Page<Shown>> {
  let query = emergencies(ctx)
  if (isReviewed !== undefined) query = query.where('e.reviewedAt', isReviewed ? 'is not' : 'is', null)
  const { rows, next } = await paged(query, cursor, ['e.openedAt', 'e.id'], 'desc')
  return { rows: rows.map((row) => shown(ctx, row)), next }
}

export async function reviewEmergency(ctx: Context, { id, isProper, note }: Input<Api['reviewEmergency']>): Promise<Shown> {
  await review(ctx, { id, isProper, note: note || null })
  return shown(ctx, await emergencies(ctx).where('e.id', '=', id).executeTakeFirstOrThrow())
}

/** As in the trail, the row stays whoever it is about; of a patient whose class the reader may not see it does not say whom, nor why. */
const shown = <T extends { patientId: string; reason: string; patientName: string | null }>(ctx: Context, row: T) =>
  row.patientName === null ? { ...row, patientId: null, reason: null } : { ...row, patientName: showName(ctx, row.patientName) }

const emergencies = (ctx: Context) =>
  db(ctx)
    .selectFrom('access.emergencyCards as e')
    .leftJoin('patients.cards as p', 'p.id', 'e.patientId')
    .select(['e.id', 'e.patientId', 'p.name as patientName', 'e.userId', 'e.userName', 'e.reason', 'e.openedAt', 'e.until'])
    .select(['e.reviewedAt', 'e.reviewedBy', 'e.isProper', 'e.note'])
