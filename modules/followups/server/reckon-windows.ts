import { addDays, type LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { tellTasks } from './tell-tasks.ts'
import { furthestDay, loadMoves, windowOf } from './windows.ts'

/**
 * Reckons the windows of these tasks anew, from all that moves one as it stands now. What somebody put off to another time stays where it was put,
 * unless its window opens later still.
 */
export async function reckonWindows(ctx: Context, ids: readonly string[]): Promise<{ id: string; patientId: string }[]> {
  if (ids.length === 0) return []
  const span = await sql<{ first: LocalDate | null; last: LocalDate | null }>`
    select min(e.anchor_on) as first, max(greatest(e.anchor_on + ${furthestDay}, t.held_until)) as last
      from followups.tasks t
      join followups.enrolments e on e.encounter_id = t.encounter_id and e.programme_id = t.programme_id
      join followups.steps s on s.version_id = t.version_id and s.position = t.step
     where t.id = any(${[...ids]}::uuid[])`.execute(ctx.db)
  const { first, last } = span.rows[0] ?? { first: null, last: null }
  if (!first || !last) return []
  const { rows } = await sql<{ id: string; patientId: string }>`
    update followups.tasks t
       set due_from = n.due_from, due_by = n.due_by, queue_at = n.due_by - t.risk * interval '1 hour',
           next_at = case when t.next_at = t.due_from then n.due_from else greatest(t.next_at, n.due_from) end
      from (select old.id, w.due_from, w.due_by
              from followups.tasks old
              join followups.enrolments a on a.encounter_id = old.encounter_id and a.programme_id = old.programme_id
              join followups.steps s on s.version_id = old.version_id and s.position = old.step
              ${windowOf(ctx, await loadMoves(ctx, first, addDays(last, 1)), sql`old.held_until`)}
             where old.id = any(${[...ids]}::uuid[])) n
     where t.id = n.id and t.status <> 'done' and (t.due_from <> n.due_from or t.due_by <> n.due_by)
    returning t.id, t.patient_id`.execute(ctx.db)
  await tellTasks(ctx, rows)
  return rows
}
