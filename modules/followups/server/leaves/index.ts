import { type Context, serve, sql, tick } from '@renxin/server'
import { type Handover, leavesApi } from '../../contract.ts'
import { handOverDue } from './hand-over.ts'
import { endLeave, listColleagues, listLeaves, saveLeave } from './leaves.ts'

export const leaveRoutes = serve(leavesApi, { leaves: listLeaves, saveLeave, endLeave, colleagues: listColleagues })
export const leaveTicks = [tick('followups.handOver', { everySeconds: 10 }, handOverDue)]

export { awayUntil } from './leaves.ts'

/** How a task went from hand to hand by leaves, the latest first. */
export async function handoversOf(ctx: Context, taskId: string): Promise<Handover[]> {
  const { rows } = await sql<Handover>`
    select x.* from followups.handovers h
      cross join lateral (values (h.handed_at, 'over', h.from_name, h.to_name, 1), (h.settled_at, 'back', h.to_name, h.from_name, 2)) as x (at, kind, from_name, to_name, turn)
     where h.task_id = ${taskId}::uuid and (x.kind = 'over' or h.outcome = 'back')
     order by x.at desc, x.turn desc, h.nth desc limit 20`.execute(ctx.db)
  return rows
}
