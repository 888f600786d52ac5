import { addDays, daysBetween, type Input, momentAt, newId } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { type Context, paged, sql } from '@renxin/server'
import { type LevelTwo, type supervisionApi, supervisionErrors, type Urge, type urgeStates } from '../../contract.ts'
import { poolsOf } from '../queue.ts'
import { getRow, seen } from '../rows.ts'
import { db } from '../tables.ts'
import { overdueWeek } from './coverage.ts'
import { noteLooks } from './looks.ts'
import { getSettings } from './settings.ts'

type Api = typeof supervisionApi
const HOUR = 3_600_000

/**
 * The life of an urge.
 *
 *     waiting ──► seen ──┐   the owner says so, which answers nothing
 *        │               ├──► escalated   nothing was done in the hospital's time; the head sees it, the owner still
 *        └───────────────┘         │
 *        └──────────── answered ◄──┘   a try was made, or the task was closed
 */
const isTried = sql`exists (select from followups.attempts a where a.task_id = u.task_id and a.outcome <> 'notRecorded' and a.started_at > u.urged_at)`
const triedAt = sql`(select min(a.ended_at) from followups.attempts a where a.task_id = u.task_id and a.outcome <> 'notRecorded' and a.started_at > u.urged_at)`
/** As it stands now: the clock writes it down a little later. */
const answeredAt = sql<Date | null>`coalesce(u.answered_at, ${triedAt}, case when not t.is_open then t.closed_at end)`
const answerOf = sql<
  'tried' | 'closed' | null
>`coalesce(u.answer, case when ${triedAt} is not null then 'tried' when not t.is_open then 'closed' end)`
const stateOf = sql<(typeof urgeStates)[number]>`
  case when u.answered_at is not null or not t.is_open or ${isTried} then 'answered' when u.escalated_at is not null then 'escalated'
       when u.seen_at is not null then 'seen' else 'waiting' end`
/** What is settled by now, whether or not it was written down yet. */
const isWaiting = sql<boolean>`u.answered_at is null and t.is_open and not ${isTried}`

/** Writes down what was done about urges: of these tasks, or of all. */
async function settle(ctx: Context, taskIds?: readonly string[]): Promise<void> {
  const which = taskIds ? sql`u.task_id = any(${[...taskIds]}::uuid[])` : sql`true`
  await sql`
    update followups.urges u set answered_at = x.at, answer = x.answer
      from (select u.id, coalesce(tried.at, t.closed_at) as at, case when tried.at is not null then 'tried' else 'closed' end as answer
              from followups.urges u
              join followups.tasks t on t.id = u.task_id
              left join lateral (select min(a.ended_at) as at from followups.attempts a
                                  where a.task_id = u.task_id and a.outcome <> 'notRecorded' and a.started_at > u.urged_at) tried on true
             where u.answered_at is null and ${which} and (not t.is_open or tried.at is not null)) x
     where u.id = x.id`.execute(ctx.db)
}

/** By the clock: notes answers, and takes what was not answered in time to the head. */
export async function escalateUrges(ctx: Context): Promise<void> {
  await settle(ctx)
  const now = ctx.clock.now()
  const { rows } = await sql<{ id: string }>`
    update followups.urges u set escalated_at = ${now} where u.answered_at is null and u.escalated_at is null and u.escalates_at <= ${now} returning u.id`.execute(
    ctx.db,
  )
  if (rows.length > 0) ctx.touched.add('followups')
}

/** Asks for tasks that were not done. One that waits for an answer already is not sent again, and is counted. */
export async function urgeTasks(ctx: Context, { ids, note }: Input<Api['urge']>) {
  await settle(ctx, ids)
  const now = ctx.clock.now()
  const open = await db(ctx)
    .selectFrom('followups.tasks as t')
    .where('t.id', '=', sql<string>`any(${ids}::uuid[])`)
    .where(sql<boolean>`t.is_open`)
    .where(seen(ctx))
    .select(['t.id', 't.patientId', 't.assigneeId', 't.assigneeName'])
    .execute()
  if (open.length === 0) throw supervisionErrors.nothingToUrge()
  const escalatesAt = new Date(now.getTime() + (await getSettings(ctx)).urgeHours * HOUR)
  const made = await db(ctx)
    .insertInto('followups.urges')
    .values(
      open.map((t) => ({
        id: newId(now.getTime()),
        taskId: t.id,
        toId: t.assigneeId,
        toName: t.assigneeName,
        note,
        urgedAt: now,
        urgedBy: ctx.actor.id,
        urgedByName: ctx.actor.name,
        escalatesAt,
      })),
    )
    .onConflict((c) => c.columns(['hospitalId', 'taskId']).where(sql<boolean>`answered_at is null`).doNothing())
    .returning(['taskId'])
    .execute()
  const sent = new Set(made.map((m) => m.taskId))
  await noteLooks(ctx, [...sent], 'urged')
  const rows = open.flatMap(({ id, patientId }) => (sent.has(id) ? [{ id, patientId }] : []))
  return { rows, already: open.length - rows.length }
}

/** The owner has read it. */
export async function seeUrges(ctx: Context, { ids }: Input<Api['seeUrges']>) {
  const { id: by, name } = ctx.actor
  const { rows } = await sql<{ id: string; patientId: string }>`
    update followups.urges u set seen_at = coalesce(u.seen_at, ${ctx.clock.now()}), seen_by = coalesce(u.seen_by, ${by}::uuid), seen_by_name = coalesce(u.seen_by_name, ${name})
      from followups.tasks t
     where u.id = any(${ids}::uuid[]) and t.id = u.task_id and ${isHeld(ctx)}
    returning u.id, t.patient_id`.execute(ctx.db)
  return { rows }
}

/** In whose hands the task is now: one's own, or a pool that one works off. */
const isHeld = (ctx: Context) =>
  ctx.actor.may.has('followups.work') ? sql<boolean>`t.holder_id = any(${[ctx.actor.id, ...poolsOf(ctx)]}::uuid[])` : sql<boolean>`false`

/** Of the departments whose head one is. */
function isHeadOf({ actor }: Context) {
  const scope = actor.may.get('followups.head')
  if (scope === 'hospital') return sql<boolean>`true`
  const units = scope === 'campus' ? (actor.campus?.departments ?? []) : scope === 'department' ? actor.departments : []
  return sql<boolean>`t.department_id = any(${[...units]}::uuid[])`
}

const urgeRows = (ctx: Context) =>
  db(ctx)
    .selectFrom('followups.urges as u')
    .innerJoin('followups.tasks as t', 't.id', 'u.taskId')
    .innerJoin('followups.programmes as g', 'g.id', 't.programmeId')
    .innerJoin('patients.cards as p', 'p.id', 't.patientId')
    .leftJoin('staff.unitCards as d', 'd.id', 't.departmentId')
    .select([
      'u.id',
      'u.taskId',
      'u.toName',
      'u.note',
      'u.urgedAt',
      'u.urgedByName',
      'u.escalatesAt',
      'u.escalatedAt',
      'u.seenAt',
      'u.seenByName',
    ])
    .select(['t.patientId', 'p.name as patientName', 'd.name as departmentName', 'g.name as programmeName', stateOf.as('state')])
    .select([answeredAt.as('answeredAt'), answerOf.as('answer')])

type Row = Awaited<ReturnType<ReturnType<typeof urgeRows>['executeTakeFirstOrThrow']>>
const shown = (ctx: Context) => (row: Row) => ({ ...row, patientName: showName(ctx, row.patientName) })
const latestFirst = ['u.urgedAt', 'u.id'] as const

async function page(ctx: Context, query: ReturnType<typeof urgeRows>, cursor: { after?: string | undefined; limit: number }) {
  const found = await paged(query, cursor, latestFirst, 'desc')
  return { rows: found.rows.map(shown(ctx)), next: found.next }
}

/** What waits for whoever asks: as the owner, or as the head. */
export function listUrges(ctx: Context, { list, ...cursor }: Input<Api['urges']>) {
  const mine = list === 'toMe' ? isHeld(ctx) : sql<boolean>`u.escalated_at is not null and ${isHeadOf(ctx)}`
  return page(ctx, urgeRows(ctx).where(isWaiting).where(mine), cursor)
}

export function listUrgeHistory(ctx: Context, { departmentId, from, to, part, ...cursor }: Input<Api['urgeHistory']>) {
  let query = urgeRows(ctx).where(seen(ctx))
  if (departmentId) query = query.where('t.departmentId', '=', departmentId)
  if (from) query = query.where('u.urgedAt', '>=', dayStart(ctx, from))
  if (to) query = query.where('u.urgedAt', '<', dayStart(ctx, addDays(to, 1)))
  if (part === 'called') query = query.where(isCalled)
  return page(ctx, query, cursor)
}

const dayStart = (ctx: Context, day: string) => momentAt(ctx.hospital.zone, day)
/** Answered by a call, and not only by the end of the task. */
const isCalled = sql<boolean>`(u.answer = 'tried' or u.answered_at is null and ${isTried})`

/** The urges sent between two days, by department, and how many of them a call answered. */
export async function countUrges(
  ctx: Context,
  { from, to, departmentId }: { from: string; to: string; departmentId?: string | undefined },
) {
  const { rows } = await sql<Pick<LevelTwo, 'departmentId' | 'departmentName' | 'urges' | 'called'>>`
    select t.department_id, d.name as department_name, count(*)::int as urges, count(*) filter (where ${isCalled})::int as called
      from followups.urges u join followups.tasks t on t.id = u.task_id join staff.unit_cards d on d.id = t.department_id
     where u.urged_at >= ${dayStart(ctx, from)} and u.urged_at < ${dayStart(ctx, addDays(to, 1))} and ${seen(ctx)}
       ${departmentId ? sql`and t.department_id = ${departmentId}::uuid` : sql``}
     group by 1, 2`.execute(ctx.db)
  return rows
}

export async function listUrgesOfTask(ctx: Context, { id }: { id: string }) {
  await getRow(ctx, id) // refuses where there is none to be seen
  const rows = await urgeRows(ctx).where('u.taskId', '=', id).where(seen(ctx)).orderBy('u.urgedAt', 'desc').limit(50).execute()
  return { rows: rows.map(shown(ctx)) }
}

/** Three numbers for every page: what one is asked for, by whom last, and what came up to the head. */
export async function readUrgeNotices(ctx: Context) {
  const { rows } = await sql<{ toMe: number; lastByName: string | null; escalated: number }>`
    select count(*) filter (where ${isHeld(ctx)})::int as to_me,
           (array_agg(u.urged_by_name order by u.urged_at desc) filter (where ${isHeld(ctx)}))[1] as last_by_name,
           count(*) filter (where u.escalated_at is not null and ${isHeadOf(ctx)})::int as escalated
      from followups.urges u join followups.tasks t on t.id = u.task_id
     where ${isWaiting}`.execute(ctx.db)
  return rows[0] ?? { toMe: 0, lastByName: null, escalated: 0 }
}

/** Level 1's tasks whose week is over, the longest first, each with its last urge. */
export async function listUncalled(ctx: Context, { departmentId, ownerId, ...cursor }: Input<Api['uncalled']>) {
  const found = await paged(
    db(ctx)
      .selectFrom('followups.tasks as t')
      .innerJoin('followups.enrolments as e', (on) =>
        on.onRef('e.encounterId', '=', 't.encounterId').onRef('e.programmeId', '=', 't.programmeId'),
      )
      .innerJoin('patients.cards as p', 'p.id', 't.patientId')
      .leftJoin('staff.unitCards as d', 'd.id', 't.departmentId')
      .leftJoin('staff.unitCards as w', 'w.id', 't.wardId')
      .where(overdueWeek(ctx))
      .where(seen(ctx))
      .$if(ownerId === 'nobody', (q) => q.where('t.assigneeId', 'is', null))
      .$if(ownerId !== undefined && ownerId !== 'nobody', (q) => q.where('t.assigneeId', '=', ownerId ?? ''))
      .$if(departmentId !== undefined, (q) => q.where('t.departmentId', '=', departmentId ?? ''))
      .select([
        't.id',
        't.patientId',
        'p.name as patientName',
        'd.name as departmentName',
        'w.name as wardName',
        'e.anchorOn as dischargedOn',
      ])
      .select(['t.assigneeName as ownerName', 't.tries', 't.lastOutcome', 't.lastTriedAt']),
    cursor,
    ['t.dueBy', 't.id'],
  )
  const urges = await lastUrgesOf(ctx, found.rows.map((r) => r.id)) // biome-ignore format: one thought
  const today = ctx.clock.today()
  const rows = found.rows.map((row) => ({
    ...row,
    patientName: showName(ctx, row.patientName),
    daysSince: daysBetween(row.dischargedOn, today),
    urge: urges.get(row.id) ?? null,
  }))
  return { rows, next: found.next }
}

type Last = Pick<Urge, 'urgedByName' | 'state'> & { urgedAt: Date }

async function lastUrgesOf(ctx: Context, taskIds: readonly string[]): Promise<ReadonlyMap<string, Last>> {
  const { rows } = await sql<Last & { taskId: string }>`
    select distinct on (u.task_id) u.task_id, u.urged_at, u.urged_by_name, ${stateOf} as state
      from followups.urges u join followups.tasks t on t.id = u.task_id
     where u.task_id = any(${[...taskIds]}::uuid[]) order by u.task_id, u.urged_at desc`.execute(ctx.db)
  return new Map(rows.map((r) => [r.taskId, r]))
}
