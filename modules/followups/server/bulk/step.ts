import { type Context, sql, tick } from '@renxin/server'
import { spread } from '../rules.ts'
import { tellTasks } from '../tell-tasks.ts'
import { loadsOf } from '../workers.ts'
import { db } from './tables.ts'

const STEP = 500

/** What is not given out, or taken back, yet goes on by the clock, also after a fall. */
export const goOnWithBulks = tick('followups.bulk', { everySeconds: 1 }, (ctx) => stepBulk(ctx, STEP))

/** Some more of the oldest that is at work, or of the one that is named. What became of each task is committed with it. */
export async function stepBulk(ctx: Context, most: number, id: string | null = null): Promise<void> {
  const { rows } = await sql<{ id: string; status: 'running' | 'undoing'; among: string[] }>`
    select b.id, b.status, b.among from followups.bulks b
     where b.status in ('running', 'undoing') and (${id}::uuid is null or b.id = ${id}::uuid)
     order by b.started_at, b.id limit 1 for update skip locked`.execute(ctx.db)
  const bulk = rows[0]
  if (!bulk) return
  const isUndoing = bulk.status === 'undoing'
  const some = await nextOf(ctx, bulk.id, isUndoing ? 'given' : 'waiting', most)
  if (some.length > 0) await (isUndoing ? takeBack(ctx, bulk.id, some) : giveOut(ctx, bulk.id, some, bulk.among))
  if (some.length < most)
    await db(ctx)
      .updateTable('followups.bulks')
      .set({ status: isUndoing ? 'undone' : 'done', finishedAt: ctx.clock.now() })
      .where('id', '=', bulk.id)
      .execute()
  ctx.touched.add('followups')
}

async function nextOf(ctx: Context, bulkId: string, state: 'given' | 'waiting', most: number): Promise<string[]> {
  const some = await db(ctx)
    .selectFrom('followups.bulkTasks')
    .where('bulkId', '=', bulkId)
    .where('state', '=', state)
    .select('taskId')
    .orderBy('place')
    .limit(most)
    .execute()
  return some.map((s) => s.taskId)
}

/** Evenly by what each has at this moment. Who is on the telephone with the patient is not disturbed, and what is closed stays closed. */
async function giveOut(ctx: Context, bulkId: string, taskIds: string[], among: string[]): Promise<void> {
  const people = await loadsOf(ctx, among)
  const { rows: free } = await sql<{ id: string; status: string; assigneeId: string | null; claimedAt: Date | null }>`
    select t.id, t.status, t.assignee_id, t.claimed_at
      from unnest(${taskIds}::uuid[]) with ordinality as w (id, place) join followups.tasks t on t.id = w.id
     where t.is_open and not exists (select from followups.attempts a where a.task_id = t.id and a.outcome is null)
     order by w.place for update of t`.execute(ctx.db)
  const given = people.length > 0 ? free : [] // all of them left meanwhile
  const shares = spread(given.length, given.length > 0 ? people : [])
  const names = new Map(people.map((p) => [p.id, p.name]))
  const now = ctx.clock.now()
  const ids = given.map((t) => t.id)
  await sql`
    update followups.tasks t set assignee_id = g.who, assignee_name = g.name, claimed_at = ${now}, status = 'todo'
      from unnest(${ids}::uuid[], ${shares}::uuid[], ${shares.map((s) => names.get(s) ?? '')}::text[]) as g (task, who, name)
     where t.id = g.task`.execute(ctx.db)
  await sql`
    update followups.bulk_tasks b
       set state = case when g.who is null then 'passed' else 'given' end, to_id = g.who, given_at = case when g.who is not null then ${now}::timestamptz end,
           was_status = g.status, was_assignee_id = g.was, was_claimed_at = g.claimed
      from unnest(${taskIds}::uuid[]) as w (id)
      left join unnest(${ids}::uuid[], ${shares}::uuid[], ${given.map((t) => t.status)}::text[], ${given.map((t) => t.assigneeId)}::uuid[],
                       ${given.map((t) => t.claimedAt)}::timestamptz[]) as g (task, who, status, was, claimed) on g.task = w.id
     where b.bulk_id = ${bulkId}::uuid and b.task_id = w.id`.execute(ctx.db)
  await sql`
    update followups.bulks set given = given + ${ids.length}, passed = passed + ${taskIds.length - ids.length} where id = ${bulkId}::uuid`.execute(
    ctx.db,
  )
  await tellTasks(ctx, given)
}

/** As it stood before, where nobody has begun it or given it to somebody else; to nobody, where whoever had it works here no more. */
async function takeBack(ctx: Context, bulkId: string, taskIds: string[]): Promise<void> {
  const { rows: back } = await sql<{ id: string }>`
    update followups.tasks t
       set assignee_id = u.id, assignee_name = u.display_name, claimed_at = case when u.id is not null then b.was_claimed_at end,
           status = case when u.id is not null then b.was_status else 'todo' end
      from followups.bulk_tasks b left join access.user_cards u on u.id = b.was_assignee_id and not u.is_disabled
     where b.bulk_id = ${bulkId}::uuid and b.task_id = any(${taskIds}::uuid[]) and t.id = b.task_id and t.is_open
       and t.assignee_id = b.to_id and t.claimed_at = b.given_at and t.status = 'todo'
       and not exists (select from followups.attempts a where a.task_id = t.id and a.started_at >= b.given_at)
       and not exists (select from followups.drafts d where d.task_id = t.id and d.saved_at >= b.given_at)
    returning t.id`.execute(ctx.db)
  const ids = back.map((t) => t.id)
  await sql`
    update followups.bulk_tasks b set state = case when b.task_id = any(${ids}::uuid[]) then 'undone' else 'kept' end
     where b.bulk_id = ${bulkId}::uuid and b.task_id = any(${taskIds}::uuid[])`.execute(ctx.db)
  await sql`
    update followups.bulks set undone = undone + ${ids.length}, kept = kept + ${taskIds.length - ids.length} where id = ${bulkId}::uuid`.execute(
    ctx.db,
  )
  await tellTasks(ctx, back)
}
