import { addDays, houseErrors, type Input } from '@renxin/kernel'
import { type Context, paged, sql } from '@renxin/server'
import { countCap, type followupsApi, type QueueList, queueLists, silentOutcomes, talkOutcomes } from '../contract.ts'
import { isCalledByOther } from './reach/reach.ts'
import { returnedTo } from './reviews/returned.ts'
import { rowsInOrder, seen } from './rows.ts'
import { centrePool, db } from './tables.ts'

type Api = typeof followupsApi

/**
 * The queue is read holder by holder (the nurse herself, and each pool that she may draw from), each in the order of the index
 * `tasks_queue`, so that a page costs a page however many tasks there are.
 */
export async function readQueue(ctx: Context, { list, after, limit }: Input<Api['queue']>) {
  const found = await placesIn(ctx, list, limit + 1, after)
  const places = found.slice(0, limit)
  const last = found.length > limit ? places.at(-1) : undefined
  const returned = list === 'today' || list === 'mine' ? (await returnedTo(ctx)).map((t) => t.id) : []
  const others = places.flatMap(({ id }) => (returned.includes(id) ? [] : [id]))
  return {
    rows: await rowsInOrder(ctx, [...(after === undefined ? returned : []), ...others]), // what was sent back stands above all
    next: last ? writeCursor(last) : null,
  }
}

type Place = { id: string; at: string }

const placesIn = async (ctx: Context, list: QueueList, limit: number, after?: string): Promise<Place[]> =>
  (await placesQuery(ctx, list, limit, after).execute(ctx.db)).rows

export function placesQuery(ctx: Context, list: QueueList, limit: number, after?: string) {
  const key = list === 'callBacks' ? sql.ref('t.callBackAt') : sql.ref('t.queueAt')
  const from = after === undefined ? undefined : readCursor(after)
  return sql<Place>`
    select x.id, x.at::text as at
      from unnest(${holdersOf(ctx, list)}::uuid[]) as h (id)
      cross join lateral (
        select t.id, ${key} as at from followups.tasks t
         where t.holder_id = h.id and ${belongsIn(ctx, list)} and ${seen(ctx)}
           and ${from ? sql`(${key}, t.id) > (${from.at}::timestamptz, ${from.id}::uuid)` : sql`true`}
         order by ${key}, t.id limit ${sql.lit(limit)}) x
     order by x.at, x.id limit ${sql.lit(limit)}`
}

/** Whose tasks a list shows: the nurse's own, those that nobody has in the pools she draws from, or both. */
function holdersOf(ctx: Context, list: QueueList): string[] {
  if (list === 'mine') return [ctx.actor.id]
  if (list === 'unclaimed') return poolsOf(ctx)
  return [ctx.actor.id, ...poolsOf(ctx)]
}

/** The centre's pool is for those whose work reaches over the hospital; a department's and a ward's for those who belong there. */
export function poolsOf(ctx: Context): string[] {
  const { scope, departments, wards } = ctx.actor
  if (scope === 'own') return []
  if (scope === 'ward') return [...new Set(wards)]
  return [...new Set([...(scope === 'hospital' ? [centrePool] : []), ...departments, ...wards])]
}

function belongsIn(ctx: Context, list: QueueList) {
  const now = ctx.clock.now()
  const midnight = ctx.clock.at(addDays(ctx.clock.today(), 1))
  switch (list) {
    case 'today':
      return sql`t.is_open and t.next_at < ${midnight}`
    case 'overdue':
      return sql`t.is_open and t.due_by < ${now} and t.queue_at < ${now}`
    case 'callBacks':
      return sql`t.is_open and t.call_back_at is not null`
    default:
      return sql`t.is_open`
  }
}

/** The one to do next: a call-back whose minute has come, else what was sent back, else the first of today's that may be worked now, and whom nobody else called today. */
export async function nextTask(ctx: Context, except: string): Promise<string | null> {
  const now = ctx.clock.now()
  const due = await sql<{ id: string }>`
    select t.id from followups.tasks t
     where t.holder_id = ${ctx.actor.id}::uuid and t.is_open and t.call_back_at <= ${now} and t.id <> ${except}::uuid
     order by t.call_back_at, t.id limit 1`.execute(ctx.db)
  if (due.rows[0]) return due.rows[0].id
  const back = (await returnedTo(ctx)).find((t) => t.id !== except)
  if (back) return back.id
  const found = await sql<{ id: string }>`
    select x.id from unnest(${holdersOf(ctx, 'today')}::uuid[]) with ordinality as h (id, nth)
      cross join lateral (
        select t.id, t.queue_at from followups.tasks t
         where t.holder_id = h.id and t.is_open and t.next_at <= ${now} and ${seen(ctx)} and t.id <> ${except}::uuid and not ${isCalledByOther(ctx)}
         order by t.queue_at, t.id limit 1) x
     order by h.nth > 1, x.queue_at, x.id limit 1`.execute(ctx.db) // one's own before what nobody has taken
  return found.rows[0]?.id ?? null
}

/** So many of the first are looked at besides those that are wanted: as many as others may be taking at this moment. */
const TAKEN_MEANWHILE = 1000

/**
 * What nobody has and may be worked now, in the order of the queue over all pools. What somebody is taking at this moment is passed over, and only what is taken is
 * held: so those who claim at once get different ones, and together the first of the queue.
 */
export async function placesToClaim(ctx: Context, count: number): Promise<string[]> {
  const now = ctx.clock.now()
  const atMost = sql.lit(count + TAKEN_MEANWHILE)
  const found = await sql<{ id: string }>`
    with first as materialized (
      select x.id from unnest(${poolsOf(ctx)}::uuid[]) as h (id)
        cross join lateral (
          select t.id, t.queue_at from followups.tasks t
           where t.holder_id = h.id and t.is_open and t.next_at <= ${now} and ${seen(ctx)}
           order by t.queue_at, t.id limit ${atMost}) x
       order by x.queue_at, x.id limit ${atMost})
    select t.id from followups.tasks t
     where t.id in (select id from first) and t.assignee_id is null and t.is_open
     order by t.queue_at, t.id limit ${sql.lit(count)} for update skip locked`.execute(ctx.db)
  return found.rows.map((r) => r.id)
}

export async function readCounts(ctx: Context) {
  const now = ctx.clock.now()
  const today = ctx.clock.today()
  const parts = queueLists.map(
    (list) => sql`
      select ${list}::text as list, (
        select count(*)::int from (
          select from unnest(${holdersOf(ctx, list)}::uuid[]) as h (id)
            cross join lateral (select from followups.tasks t where t.holder_id = h.id and ${belongsIn(ctx, list)} and ${seen(ctx)} limit ${sql.lit(countCap)}) x
           limit ${sql.lit(countCap)}) y) as n`,
  )
  const counted = await sql<{ list: QueueList; n: number }>`${sql.join(parts, sql` union all `)}`.execute(ctx.db)
  const said = await sql<{ due: number; programmes: boolean; done: number; tried: number; reached: number }>`
    select (select count(*)::int from followups.tasks t where t.holder_id = ${ctx.actor.id}::uuid and t.is_open and t.call_back_at <= ${now}) as due,
           exists (select from followups.programmes where status = 'active') as programmes,
           (select count(*)::int from followups.tasks t where t.status = 'done' and t.closed_by = ${ctx.actor.id}::uuid and t.closed_on = ${today}) as done,
           count(*)::int as tried, count(*) filter (where a.outcome = any(${[...talkOutcomes]}))::int as reached
      from followups.attempts a
     where a.by_id = ${ctx.actor.id}::uuid and a.started_at >= ${ctx.clock.at(today)} and a.outcome = any(${[...talkOutcomes, ...silentOutcomes]})`.execute(
    ctx.db,
  )
  const own = said.rows[0]
  const toMend = (await returnedTo(ctx)).filter((t) => !t.isOpen).length // those that are open are counted with the others
  const isShownIn = (list: QueueList) => list === 'today' || list === 'mine'
  return {
    lists: Object.fromEntries(counted.rows.map((c) => [c.list, c.n + (isShownIn(c.list) ? toMend : 0)])) as Record<QueueList, number>, // one row for each list, by the union above
    dueCallBacks: own?.due ?? 0,
    hasProgrammes: own?.programmes ?? false,
    doneToday: own?.done ?? 0,
    triedToday: own?.tried ?? 0,
    reachedToday: own?.reached ?? 0,
  }
}

/** The administrators' list. */
export async function readBoard(ctx: Context, { after, limit, ...filters }: Input<Api['board']>) {
  const isClosed = filters.show === 'done' || filters.show === 'cancelled'
  const order = [isClosed ? 't.closedAt' : 't.dueBy', 't.id']
  const found = await paged(boardQuery(ctx, filters), { after, limit }, order, isClosed ? 'desc' : 'asc')
  return { rows: await rowsInOrder(ctx, found.rows.map((r) => r.id)), next: found.next } // biome-ignore format: one thought
}

/** The places of a page only: joined with everything that a row shows, PostgreSQL plans for all rows of the table, which takes longer than to read the page. */
export function boardQuery(ctx: Context, said: Omit<Input<Api['board']>, 'after' | 'limit'>) {
  const { show, departmentId, programmeId, assigneeId, from, to, review } = said
  const now = ctx.clock.now()
  const isClosed = show === 'done' || show === 'cancelled'
  const at = isClosed ? 't.closedAt' : 't.dueBy'
  return db(ctx)
    .selectFrom('followups.tasks as t')
    .select('t.id')
    .where(seen(ctx))
    .where(isClosed ? sql<boolean>`not t.is_open` : sql<boolean>`t.is_open`)
    .$if(isClosed, (q) => q.where('t.status', '=', show === 'done' ? 'done' : 'cancelled'))
    .$if(show === 'done' && review !== undefined, (q) =>
      review === 'none' ? q.where('t.review', 'is', null) : q.where('t.review', '=', review ?? null),
    )
    .$if(show === 'overdue', (q) => q.where('t.dueBy', '<', now))
    .$if(show === 'today', (q) => q.where('t.nextAt', '<', ctx.clock.at(addDays(ctx.clock.today(), 1))))
    .$if(show === 'tomorrow', (q) =>
      q
        .where('t.nextAt', '>=', ctx.clock.at(addDays(ctx.clock.today(), 1)))
        .where('t.nextAt', '<', ctx.clock.at(addDays(ctx.clock.today(), 2))),
    )
    .$if(show === 'unclaimed', (q) => q.where('t.assigneeId', 'is', null))
    .$if(departmentId !== undefined, (q) => q.where('t.departmentId', '=', departmentId ?? ''))
    .$if(programmeId !== undefined, (q) => q.where('t.programmeId', '=', programmeId ?? ''))
    .$if(assigneeId !== undefined, (q) => q.where('t.assigneeId', '=', assigneeId ?? ''))
    .$if(from !== undefined, (q) => q.where(at, '>=', ctx.clock.at(from ?? '')))
    .$if(to !== undefined, (q) => q.where(at, '<', ctx.clock.at(addDays(to ?? '', 1))))
}

const writeCursor = (p: Place) => Buffer.from(JSON.stringify([p.at, p.id])).toString('base64url')

function readCursor(text: string): Place {
  try {
    const said: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (Array.isArray(said) && typeof said[0] === 'string' && typeof said[1] === 'string') return { at: said[0], id: said[1] }
  } catch {
    // falls through to the refusal
  }
  throw houseErrors.invalid({ field: 'after' })
}
