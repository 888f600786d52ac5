import { showName } from '@renxin/patients'
import { type Context, sql, visibleTo } from '@renxin/server'
import { followupErrors } from '../contract.ts'
import { isOverdue } from './rules.ts'
import { db } from './tables.ts'

/** What the actor may see of the tasks `t`. */
export const seen = (ctx: Context) => visibleTo(ctx.actor, { department: 't.departmentId', ward: 't.wardId', own: ['t.assigneeId'] })

/** Tasks as lists show them. */
export const taskRows = (ctx: Context) =>
  db(ctx)
    .selectFrom('followups.tasks as t')
    .innerJoin('followups.enrolments as e', (on) =>
      on.onRef('e.encounterId', '=', 't.encounterId').onRef('e.programmeId', '=', 't.programmeId'),
    )
    .innerJoin('followups.programmes as g', 'g.id', 't.programmeId')
    .innerJoin('followups.steps as s', (on) => on.onRef('s.versionId', '=', 't.versionId').onRef('s.position', '=', 't.step'))
    .innerJoin('patients.cards as p', 'p.id', 't.patientId')
    .leftJoin('encounters.cards as c', 'c.id', 't.encounterId')
    .leftJoin('staff.unitCards as d', 'd.id', 't.departmentId')
    .leftJoin('staff.unitCards as w', 'w.id', 't.wardId')
    .where(seen(ctx))
    .select([
      't.id',
      't.patientId',
      'p.name as patientName',
      'p.sex',
      'p.birthOn',
      't.encounterId',
      't.departmentId',
      't.wardId',
      'd.name as departmentName',
      'w.name as wardName',
      'c.bed',
      't.programmeId',
      'g.name as programmeName',
      's.name as stepName',
      't.channel',
      't.status',
      't.isOpen',
      'e.anchorAt',
      't.dueFrom',
      't.dueBy',
      't.nextAt',
      't.callBackAt',
      't.priority',
      't.priorityReason',
      't.risk',
      't.riskReasons',
      't.assigneeId',
      't.assigneeName',
      't.claimedAt',
      't.tries',
      't.lastOutcome',
      't.lastTriedAt',
      't.outcome',
      't.responseId',
      't.closeReason',
      't.closedAt',
      't.review',
    ])

type Row = Awaited<ReturnType<ReturnType<typeof taskRows>['executeTakeFirstOrThrow']>>

/** A row as it leaves: the name as the reader may see it, and whether its time has run out. */
export const shown = (ctx: Context, row: Row) => ({
  ...row,
  patientName: showName(ctx, row.patientName),
  isOverdue: isOverdue(row, ctx.clock.now()),
})

/** The rows of these tasks, in this order. */
export async function rowsInOrder(ctx: Context, ids: readonly string[]) {
  if (ids.length === 0) return []
  const rows = await taskRows(ctx).where(sql<boolean>`t.id = any(${ids}::uuid[])`).limit(ids.length).execute()
  const byId = new Map(rows.map((r) => [r.id, r]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    return row ? [shown(ctx, row)] : []
  })
}

export async function getRow(ctx: Context, id: string) {
  const row = await taskRows(ctx).where('t.id', '=', id).executeTakeFirst()
  if (!row) throw followupErrors.taskNotFound({ id })
  return row
}
