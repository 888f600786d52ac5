import { type Context, sql } from '@renxin/server'
import { tellTasks } from '../tell-tasks.ts'

/**
 * What becomes of the tasks of somebody who is away.
 *
 *     in hand ──► handed over ──► back   untouched when the leave is over
 *                     └─────────► kept   tried, begun, given to another or closed meanwhile
 *
 * Each arrow is one statement that moves the task and writes down that it did. Broken off at any moment, none of it happened; done again, nothing is left to do.
 */
export async function handOverDue(ctx: Context): Promise<void> {
  await begin(ctx)
  const moved = [...(await handOver(ctx)), ...(await giveBack(ctx))]
  await end(ctx)
  await tellTasks(ctx, moved)
  if (moved.length > 0) ctx.touched.add('followups')
}

const AT_ONCE = 1000
const HOUR = 3_600_000

const isAway = (ctx: Context) =>
  sql`(l.ended_at is null and l.called_off_at is null and l.from_on <= ${ctx.clock.today()}::date and l.until_on >= ${ctx.clock.today()}::date)`
const isOver = (ctx: Context) => sql`(l.ended_at is null and (l.called_off_at is not null or l.until_on < ${ctx.clock.today()}::date))`

const begin = (ctx: Context) =>
  sql`update followups.leaves l set begun_at = ${ctx.clock.now()} where l.begun_at is null and ${isAway(ctx)}`.execute(ctx.db)

/** All that somebody who is away has in hand, and what is planned for them meanwhile. Whom they are talking to at this moment they talk to until the end. */
async function handOver(ctx: Context): Promise<{ id: string }[]> {
  const now = ctx.clock.now()
  const isTalking = sql`
    exists (select from followups.attempts a where a.task_id = t.id and a.outcome is null and a.started_at > ${new Date(now.getTime() - HOUR)})`
  const { rows } = await sql<{ id: string }>`
    with due as (
      select l.id as leave_id, l.user_id, l.user_name, l.to_id, l.to_name, t.id as task_id, t.tries
        from followups.leaves l join followups.tasks t on t.holder_id = l.user_id and t.is_open
       where ${isAway(ctx)} and not ${isTalking}
         and not exists (select from followups.handovers h where h.leave_id = l.id and h.task_id = t.id)
       order by t.queue_at, t.id limit ${sql.lit(AT_ONCE)} for update of t skip locked
    ), noted as (
      insert into followups.handovers (leave_id, task_id, from_id, from_name, to_id, to_name, handed_at, tries)
      select leave_id, task_id, user_id, user_name, to_id, to_name, ${now}, tries from due
    ), ended as (
      update followups.attempts a set outcome = 'notRecorded', ended_at = ${now} from due d where a.task_id = d.task_id and a.outcome is null
    )
    update followups.tasks t set assignee_id = d.to_id, assignee_name = d.to_name, claimed_at = case when d.to_id is null then null else ${now}::timestamptz end, status = 'todo'
      from due d where t.id = d.task_id
    returning t.id`.execute(ctx.db)
  return rows
}

/** Back to whoever had it first what nobody has touched since, wherever it was handed on to. An account that was disabled meanwhile gets nothing back. */
async function giveBack(ctx: Context): Promise<{ id: string }[]> {
  const now = ctx.clock.now()
  const { rows } = await sql<{ id: string }>`
    with due as (
      select h.leave_id, h.task_id, h.nth, h.handed_at, h.tries, l.user_id, l.user_name
        from followups.handovers h join followups.leaves l on l.id = h.leave_id
       where h.outcome is null and ${isOver(ctx)}
       order by h.nth limit ${sql.lit(AT_ONCE)}
    ), first as (
      select distinct on (task_id) * from due order by task_id, nth
    ), back as (
      update followups.tasks t set assignee_id = f.user_id, assignee_name = f.user_name, claimed_at = ${now}, status = 'todo'
        from first f
       where t.id = f.task_id and t.is_open and t.status = 'todo' and t.tries = f.tries
         and t.assignee_id is not distinct from (
           select h.to_id from followups.handovers h where h.task_id = f.task_id and h.outcome is null order by h.nth desc limit 1)
         and not exists (select from followups.attempts a where a.task_id = t.id and a.started_at > f.handed_at)
         and not exists (select from followups.drafts d where d.task_id = t.id and d.saved_at > f.handed_at)
         and exists (select from access.user_cards u where u.id = f.user_id and not u.is_disabled)
      returning t.id, f.leave_id
    ), settled as (
      update followups.handovers h set settled_at = ${now},
             outcome = case when exists (select from back b where b.id = h.task_id and b.leave_id = h.leave_id) then 'back' else 'kept' end
        from due d where h.leave_id = d.leave_id and h.task_id = d.task_id
    )
    select id from back`.execute(ctx.db)
  return rows
}

const end = (ctx: Context) =>
  sql`
    update followups.leaves l set ended_at = ${ctx.clock.now()}
     where ${isOver(ctx)} and not exists (select from followups.handovers h where h.leave_id = l.id and h.outcome is null)`.execute(ctx.db)
