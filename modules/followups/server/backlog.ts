import { newId } from '@renxin/kernel'
import { type Context, sql, tick } from '@renxin/server'
import type { Planning } from '../contract.ts'
import { planSome } from './planning.ts'
import { db, type Tables } from './tables.ts'
import { changedSince } from './vanished.ts'

const FIRST_STEP = 500
const STEP = 2000
const NOBODY = '00000000-0000-0000-0000-000000000000'

/**
 * Looks through everybody who is due since the programme's first moment: some at once, the rest by the clock. Whoever comes meanwhile is planned by his own
 * message; who is planned already is passed over, so that a step that is done again makes nothing.
 */
export async function beginPlanning(ctx: Context, programmeId: string, firstStep = FIRST_STEP): Promise<void> {
  await stopPlanning(ctx, programmeId)
  const programme = await db(ctx)
    .selectFrom('followups.programmes as p')
    .innerJoin('followups.versions as v', (on) => on.onRef('v.programmeId', '=', 'p.id').onRef('v.number', '=', 'p.currentVersion'))
    .where('p.id', '=', programmeId)
    .select(['p.activeFrom', 'v.trigger', 'v.rule'])
    .executeTakeFirstOrThrow()
  const from = changedSince(programme.trigger, programme.activeFrom ?? ctx.clock.now())
  // Who goes home while it runs leaves the first state for the second, which is looked through later.
  const both = ['inProgress', 'discharged']
  const states = { admitted: ['inProgress'], discharged: ['discharged'], visited: both, vanished: both }[programme.trigger]
  const lanes = states.flatMap((state) => programme.rule.classes.map((c) => `${c} ${state}`))
  const counted = await sql<{ n: number }>`
    select count(*)::int as n from encounters.cards c
     where c.class = any(${programme.rule.classes}) and c.status = any(${states}) and c.status_at >= ${from}`.execute(ctx.db)
  const id = newId(ctx.clock.now().getTime())
  await db(ctx)
    .insertInto('followups.plannings')
    .values({
      id,
      programmeId,
      fromAt: from,
      lanes,
      afterAt: from,
      total: counted.rows[0]?.n ?? 0,
      startedBy: ctx.actor.id,
      startedByName: ctx.actor.name,
      startedAt: ctx.clock.now(),
      finishedAt: null,
    })
    .execute()
  await stepPlanning(ctx, firstStep, id)
}

export const stopPlanning = (ctx: Context, programmeId: string) =>
  db(ctx)
    .updateTable('followups.plannings')
    .set({ status: 'stopped', finishedAt: ctx.clock.now() })
    .where('programmeId', '=', programmeId)
    .where('status', '=', 'running')
    .execute()

/** What is not done yet goes on by the clock, also after a fall. */
export const planBacklog = tick('followups.planBacklog', { everySeconds: 1 }, (ctx) => stepPlanning(ctx, STEP))

type Standing = Pick<Tables['followups.plannings'], 'id' | 'programmeId' | 'lanes'> & {
  lane: number
  afterAt: string
  afterId: string
  fromAt: string
}

/** Some more of the oldest planning, or of the one that is named; answers whether there was one. What is made and how far it is are committed together. */
export async function stepPlanning(ctx: Context, most: number, id: string | null = null): Promise<'more' | undefined> {
  const { rows } = await sql<Standing>`
    select r.id, r.programme_id, r.lanes, r.lane, r.after_at::text as after_at, r.after_id, r.from_at::text as from_at
      from followups.plannings r
     where r.status = 'running' and (${id}::uuid is null or r.id = ${id}::uuid) order by r.started_at, r.id limit 1 for update skip locked`.execute(
    ctx.db,
  )
  const found = rows[0]
  if (!found) return undefined
  let [at, seen, made] = [found, 0, 0]
  while (seen < most && at.lane < at.lanes.length) {
    const some = await nextOf(ctx, at, most - seen)
    made += await planSome(ctx, at.programmeId, some.map((s) => s.id)) // biome-ignore format: one thought
    const last = some.at(-1)
    const isThrough = some.length < most - seen
    seen += some.length
    if (isThrough) at = { ...at, lane: at.lane + 1, afterAt: at.fromAt, afterId: NOBODY }
    else if (last) at = { ...at, afterAt: last.statusAt, afterId: last.id }
  }
  const isDone = at.lane >= at.lanes.length
  await sql`
    update followups.plannings set lane = ${at.lane}, after_at = ${at.afterAt}::timestamptz, after_id = ${at.afterId}::uuid,
           seen = seen + ${seen}, made = made + ${made}, status = ${isDone ? 'done' : 'running'}, finished_at = ${isDone ? ctx.clock.now() : null}::timestamptz
     where id = ${at.id}::uuid`.execute(ctx.db)
  ctx.touched.add('followups')
  return 'more'
}

async function nextOf(ctx: Context, { lanes, lane, afterAt, afterId }: Standing, limit: number) {
  const [kind, state] = (lanes[lane] ?? '').split(' ')
  const { rows } = await sql<{ id: string; statusAt: string }>`
    select c.id, c.status_at::text as status_at from encounters.cards c
     where c.class = ${kind} and c.status = ${state} and (c.status_at, c.id) > (${afterAt}::timestamptz, ${afterId}::uuid)
     order by c.status_at, c.id limit ${sql.lit(limit)}`.execute(ctx.db)
  return rows
}

/** How far the last planning of a programme is; null where it was never activated. */
export async function latestPlanning(ctx: Context, programmeId: string): Promise<Planning | null> {
  const row = await db(ctx)
    .selectFrom('followups.plannings')
    .where('programmeId', '=', programmeId)
    .select(['id', 'status', 'fromAt', 'total', 'seen', 'made', 'startedByName', 'startedAt', 'finishedAt'])
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row
    ? {
        ...row,
        fromAt: row.fromAt.toISOString(),
        startedAt: row.startedAt.toISOString(),
        finishedAt: row.finishedAt?.toISOString() ?? null,
      }
    : null
}
