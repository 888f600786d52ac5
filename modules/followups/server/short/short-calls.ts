import type { Input } from '@renxin/kernel'
import { mayContact } from '@renxin/patients'
import { type Context, sql } from '@renxin/server'
import { fewestCalls, type shortApi } from '../../contract.ts'
import { poolsOf } from '../queue.ts'
import { isCalledByOther } from '../reach/reach.ts'
import { rowsInOrder, seen } from '../rows.ts'
import { centrePool } from '../tables.ts'
import { fitInto } from './rules.ts'

/** So many of the first are looked at. */
const LOOKED_AT = 300
/** Calls of the last so many days say how long one takes. */
const LEARNED_FROM_DAYS = 90
const DAY = 86_400_000

type Place = { id: string; patientId: string; seconds: number; isOfAll: boolean }

/** What one may call now and has the time for: one's own and what nobody has taken, in the order of the queue. */
export async function readShortCalls(ctx: Context, { minutes }: Input<(typeof shortApi)['shortCalls']>) {
  const now = ctx.clock.now()
  const { rows: places } = await sql<Place>`
    with first as materialized (
      select x.* from unnest(${[ctx.actor.id, ...poolsOf(ctx)]}::uuid[]) as h (id)
        cross join lateral (
          select t.id, t.queue_at from followups.tasks t
           where t.holder_id = h.id and t.is_open and t.next_at <= ${now} and ${seen(ctx)}
           order by t.queue_at, t.id limit ${sql.lit(LOOKED_AT)}) x -- what the index knows and nothing else: so no task is fetched that is not due
       order by x.queue_at, x.id limit ${sql.lit(LOOKED_AT)})
    select f.id, t.patient_id, coalesce(own.seconds, every.seconds) as seconds, own.seconds is null as is_of_all
      from first f
      join followups.tasks t on t.id = f.id and t.channel = 'phone' and not ${isCalledByOther(ctx)}
      left join followups.call_times own on own.programme_id = t.programme_id and own.step = t.step and own.calls >= ${sql.lit(fewestCalls)}
      join followups.call_times every on every.programme_id = ${centrePool}::uuid and every.step = 0 and every.calls >= ${sql.lit(fewestCalls)}
     order by f.queue_at, f.id`.execute(ctx.db)
  const gates = await mayContact(ctx, [...new Set(places.map((p) => p.patientId))], { purpose: 'followup' })
  const chosen = fitInto(oneEach(places.filter((p) => gates.get(p.patientId)?.allowed)), minutes * 60)
  const rows = await rowsInOrder(ctx, chosen.map((c) => c.id)) // biome-ignore format: one thought
  const times = new Map(chosen.map((c) => [c.id, c]))
  return {
    rows: rows.map((row) => ({ ...row, seconds: times.get(row.id)?.seconds ?? 0, isOfAll: times.get(row.id)?.isOfAll ?? false })),
    seconds: chosen.reduce((sum, c) => sum + c.seconds, 0),
    isKnown: places.length > 0 || (await isKnown(ctx)),
  }
}

/** A patient is called once a day, for whichever of their tasks comes first. */
const oneEach = (places: readonly Place[]): Place[] =>
  places.filter((p, n) => places.findIndex((other) => other.patientId === p.patientId) === n)

async function isKnown(ctx: Context): Promise<boolean> {
  const { rows } = await sql`
    select from followups.call_times where programme_id = ${centrePool}::uuid and step = 0 and calls >= ${sql.lit(fewestCalls)}`.execute(
    ctx.db,
  )
  return rows.length > 0
}

/** Reckons anew how long calls take: those in which somebody was talked to, from the dialling to the end. What was written down without dialling took no time that is known. */
export async function reckonCallTimes(ctx: Context): Promise<void> {
  const now = ctx.clock.now()
  await sql`delete from followups.call_times`.execute(ctx.db)
  await sql`
    insert into followups.call_times (programme_id, step, seconds, calls, reckoned_at)
    select coalesce(x.programme_id, ${centrePool}::uuid), coalesce(x.step, 0), round(percentile_cont(0.5) within group (order by x.seconds))::int, count(*)::int, ${now}
      from (select t.programme_id, t.step, extract(epoch from a.ended_at - a.started_at)::float8 as seconds
              from followups.attempts a join followups.tasks t on t.id = a.task_id
             where a.outcome in ('reached', 'relativeAnswered') and a.channel = 'phone'
               and a.started_at > ${new Date(now.getTime() - LEARNED_FROM_DAYS * DAY)} and a.ended_at > a.started_at) x
     group by grouping sets ((x.programme_id, x.step), ())
    having count(*) > 0`.execute(ctx.db)
}
