import { addDays, type LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { atOnce } from '../at-once.ts'
import { db, unknownUnit } from '../tables.ts'
import { type AppraisalCell, sumAll, sumCells } from './appraisal-cells.ts'

type Piece = ReturnType<typeof sql>

/**
 * Counts these follow-ups and the tries to reach them anew, and sums the cells that they left and those they came to. Told twice, it gives the same. What is planned
 * for later and was never tried counts for nothing yet, and costs one look.
 */
export async function countAppraisal(ctx: Context, taskIds: readonly string[]): Promise<void> {
  const dueUntil = await readDueUntil(ctx)
  if (taskIds.length === 0 || !dueUntil) return
  const ids = await thoseThatCount(ctx, taskIds, dueUntil)
  if (ids.length === 0) return
  await atOnce(ctx, 'appraisal')
  const which = sql`t.id = any(${ids}::uuid[])`
  const tasks = await sql<AppraisalCell>`
    with now as (${appraisedOf(ctx, which, dueUntil)}),
    before as (select * from analytics.appraised where task_id = any(${ids}::uuid[])),
    gone as (delete from analytics.appraised a using before where a.task_id = before.task_id and not exists (select from now where now.task_id = a.task_id)),
    put as (${putAppraised(sql`select * from now`)})
    select ${cellOf('due_on')} from before union select ${cellOf('due_on')} from now`.execute(ctx.db)
  const tries = await sql<AppraisalCell>`
    with now as (${effortsOf(ctx, which)}),
    before as (select * from analytics.efforts where task_id = any(${ids}::uuid[])),
    gone as (delete from analytics.efforts e using before where e.attempt_id = before.attempt_id and not exists (select from now where now.attempt_id = e.attempt_id)),
    put as (${putEfforts(sql`select * from now`)})
    select ${cellOf('day')} from before union select ${cellOf('day')} from now`.execute(ctx.db)
  await sumCells(ctx, [...tasks.rows, ...tries.rows], dueUntil)
}

/** The follow-ups of these visits: where a visit is put right, its identity class may be another. */
export async function countAppraisalOfVisits(ctx: Context, encounterIds: readonly string[]): Promise<void> {
  if (encounterIds.length === 0) return
  const { rows } = await sql<{ id: string }>`
    select t.id from followups.task_rows t where t.encounter_id = any(${[...new Set(encounterIds)]}::uuid[])`.execute(ctx.db)
  await countAppraisal(ctx, rows.map((r) => r.id)) // biome-ignore format: one thought
}

/** Counts every follow-up of the hospital anew. */
export async function makeAppraisal(ctx: Context): Promise<void> {
  const dueUntil = yesterday(ctx)
  await sql`delete from analytics.appraised`.execute(ctx.db)
  await sql`delete from analytics.efforts`.execute(ctx.db)
  await putAppraised(appraisedOf(ctx, sql`true`, dueUntil)).execute(ctx.db)
  await putEfforts(effortsOf(ctx, sql`true`)).execute(ctx.db)
  await putDue(ctx, dueUntil)
  await sumAll(ctx, dueUntil)
}

/** By the clock: a day that is over comes into the cells, with what was due on it and is still open. */
export async function letTasksFallDue(ctx: Context): Promise<void> {
  const dueUntil = yesterday(ctx)
  const known = await readDueUntil(ctx)
  if (!known || known >= dueUntil) return
  await atOnce(ctx, 'appraisal')
  const before = await readDueUntil(ctx) // another may have been first
  if (!before || before >= dueUntil) return
  const [from, until] = [ctx.clock.at(addDays(before, 1)), ctx.clock.at(addDays(dueUntil, 1))]
  const isNew = sql`t.status in ('todo', 'inProgress') and t.due_by >= ${from} and t.due_by < ${until}`
  await putAppraised(appraisedOf(ctx, isNew, dueUntil)).execute(ctx.db)
  await putDue(ctx, dueUntil)
  const { rows } = await sql<AppraisalCell>`
    select ${cellOf('due_on')} from analytics.appraised where due_on > ${before} and due_on <= ${dueUntil}
    union select ${cellOf('day')} from analytics.efforts where day > ${before} and day <= ${dueUntil}`.execute(ctx.db)
  await sumCells(ctx, rows, dueUntil)
  ctx.touched.add('analytics')
}

/** The last day that the cells hold; before they are first made, none. */
export async function readDueUntil(ctx: Context): Promise<LocalDate | undefined> {
  return (await db(ctx).selectFrom('analytics.appraisalDue').select('dueUntil').executeTakeFirst())?.dueUntil
}

const yesterday = (ctx: Context): LocalDate => addDays(ctx.clock.today(), -1)

const putDue = (ctx: Context, dueUntil: LocalDate) =>
  sql`insert into analytics.appraisal_due (due_until) values (${dueUntil})
      on conflict (hospital_id) do update set due_until = excluded.due_until`.execute(ctx.db)

/** Of many that are told as planned, those that are no mere plan. */
async function thoseThatCount(ctx: Context, taskIds: readonly string[], dueUntil: LocalDate): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select i.id from (select distinct id from unnest(${[...taskIds]}::uuid[]) as i (id)) i
     where exists (select from analytics.appraised a where a.task_id = i.id)
        or exists (select from followups.task_rows t where t.id = i.id
                      and (t.tries > 0 or t.status in ('done', 'cancelled') or t.due_by < ${ctx.clock.at(addDays(dueUntil, 1))}))`.execute(
    ctx.db,
  )
  return rows.map((r) => r.id)
}

const cellOf = (day: string) => sql`${sql.ref(day)} as day, level, department_id, ward_id`

const level = sql`case when t.trigger = 'vanished' then 'vanished' else t.level end`
const classOf = sql`coalesce(e.identity_class, '')`
const units = sql`coalesce(t.department_id, ${unknownUnit}) as department_id, coalesce(t.ward_id, ${unknownUnit}) as ward_id`
const withVisit = sql`join encounters.cards e on e.id = t.encounter_id`

/** What each follow-up counts for that is closed, or whose window was over by that day. */
const appraisedOf = ({ hospital: { zone }, clock }: Context, which: Piece, dueUntil: LocalDate): Piece => sql`
  select t.id as task_id, (t.due_by at time zone ${zone})::date as due_on, ${level} as level, ${units},
         coalesce(case when t.status = 'done' then nullif(t.closed_by, ${unknownUnit}::uuid) end, t.assignee_id, ${unknownUnit}) as nurse_id,
         ${classOf} as identity_class, case t.status when 'done' then 'done' when 'cancelled' then 'stopped' else 'open' end as state,
         t.reached as is_reached, t.status = 'done' and t.closed_at <= t.due_by as is_in_time,
         coalesce(case t.status when 'done' then t.outcome when 'cancelled' then t.close_reason end, '') as outcome
    from followups.task_rows t ${withVisit}
   where ${which} and (t.status in ('done', 'cancelled') or t.due_by < ${clock.at(addDays(dueUntil, 1))})`

const putAppraised = (rows: Piece) => sql`
  insert into analytics.appraised (task_id, due_on, level, department_id, ward_id, nurse_id, identity_class, state, is_reached, is_in_time, outcome)
  ${rows}
  on conflict (hospital_id, task_id) do update set due_on = excluded.due_on, level = excluded.level, department_id = excluded.department_id,
    ward_id = excluded.ward_id, nurse_id = excluded.nurse_id, identity_class = excluded.identity_class, state = excluded.state,
    is_reached = excluded.is_reached, is_in_time = excluded.is_in_time, outcome = excluded.outcome`

/** A call that ended when it began was only noted, and nobody speaks for two hours: of neither is the length known. */
const effortsOf = ({ hospital: { zone } }: Context, which: Piece): Piece => sql`
  select a.id as attempt_id, t.id as task_id, (a.started_at at time zone ${zone})::date as day, ${level} as level, ${units}, a.by_id as nurse_id,
         ${classOf} as identity_class, a.outcome in ('reached', 'relativeAnswered') as is_talk,
         case when a.ended_at > a.started_at and a.ended_at < a.started_at + interval '2 hours' then extract(epoch from a.ended_at - a.started_at)::int end as seconds
    from followups.task_rows t join followups.attempt_rows a on a.task_id = t.id ${withVisit}
   where ${which} and a.outcome <> 'notRecorded'`

const putEfforts = (rows: Piece) => sql`
  insert into analytics.efforts (attempt_id, task_id, day, level, department_id, ward_id, nurse_id, identity_class, is_talk, seconds)
  ${rows}
  on conflict (hospital_id, attempt_id) do update set task_id = excluded.task_id, day = excluded.day, level = excluded.level,
    department_id = excluded.department_id, ward_id = excluded.ward_id, nurse_id = excluded.nurse_id, identity_class = excluded.identity_class,
    is_talk = excluded.is_talk, seconds = excluded.seconds`
