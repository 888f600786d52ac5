import { type Context, can, withScope } from '@renxin/server'
import { db } from './tables.ts'
import { isMine } from './visible.ts'

export async function listRectifications(ctx: Context, complaintId: string) {
  const rows = await db(ctx)
    .selectFrom('feedback.rectifications as r')
    .innerJoin('staff.unitCards as u', 'u.id', 'r.unitId')
    .innerJoin('staff.personCards as p', 'p.id', 'r.responsibleId')
    .where('r.complaintId', '=', complaintId)
    .select(['r.id', 'r.measure', 'r.dueOn', 'r.finishedAt', 'r.finishedByName', 'r.finishNote', 'r.verifiedAt', 'r.verifiedByName'])
    .select(['u.id as unitId', 'u.name as unitName', 'u.departmentId', 'p.id as personId', 'p.name as personName'])
    .orderBy('r.dueOn')
    .orderBy('r.id')
    .limit(100)
    .execute()
  const answering = withScope(ctx.actor, 'feedback.answer')
  return rows.map(({ unitId, unitName, departmentId, personId, personName, ...r }) => ({
    ...r,
    unit: { id: unitId, name: unitName },
    responsible: { id: personId, name: personName },
    isLate: r.finishedAt === null ? ctx.clock.today() > r.dueOn : ctx.clock.dayOf(r.finishedAt) > r.dueOn,
    mayFinish:
      r.finishedAt === null &&
      (isResponsible(ctx, personId) || (answering !== undefined && isMine({ actor: answering }, { id: unitId, departmentId }))),
  }))
}

/** The person who was made responsible may report a measure done, whatever unit they are in. */
export const isResponsible = (ctx: Context, personId: string) => ctx.actor.personId === personId && can(ctx, 'feedback.answer')
