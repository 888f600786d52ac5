import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { paired } from './pairs.ts'
import { plainRow, type Row, rowOf } from './result.ts'

const COUNT = 40_000
const BATCH = 100
const AT_ONCE = 8
const ROUNDS = 3

export type Rings = { row: Row; perSecond: number }

/**
 * Promised call-backs that come due all at once: until each is rung exactly once, as the running server does it by its clock, beside a bare queue whose rows eight
 * connections take by hundreds with SKIP LOCKED, in the same database. `what` says among how many other tasks.
 */
export async function ringAll(db: pg.Client, url: string, { name, what }: { name: string; what: string }): Promise<Rings> {
  const pair = await paired(
    () => ringOnce(db),
    () => queueOnce(db, url),
    ROUNDS,
  )
  const row = rowOf(pair, {
    name,
    what: `promised call-backs rung, ${what}`,
    unit: 'a second',
    beside: 'a bare queue by SKIP LOCKED, hundreds at a time',
    goal: '≥ 0.07',
    isMet: (ratio) => ratio >= 0.07,
  })
  return { row, perSecond: row.ours }
}

/** The rate among the most tasks to that among the fewest. */
export const ringGrowth = (rings: readonly Rings[]): Row[] => {
  const [least, most] = [rings[0], rings.at(-1)]
  if (!least || !most || least === most) return []
  return [
    plainRow([most.perSecond / least.perSecond], {
      name: 'reminders-growth',
      what: 'call-backs rung a second among the most tasks, to that among the fewest',
      unit: '×',
      goal: '≥ 0.9',
      isMet: (x) => x >= 0.9,
    }),
  ]
}

/** Call-backs a second, from the first batch to the last: how long the clock let them wait before is not counted, nor is the first batch. */
async function ringOnce(db: pg.Client): Promise<number> {
  await db.query(
    `update followups.tasks set call_back_at = now(), rung_at = null where id in (select id from followups.tasks where is_open order by id limit $1)`,
    [COUNT],
  )
  const left = () => db.query(`select from followups.tasks where is_open and rung_at is null and call_back_at is not null limit 1`)
  while ((await left()).rowCount) await pause(20)
  const { rows } = await db.query<{ n: number; first: number; seconds: number }>(
    `select count(*)::int as n, count(*) filter (where rung_at = first_at)::int as first, extract(epoch from max(rung_at) - min(first_at))::float8 as seconds
       from (select rung_at, min(rung_at) over () as first_at from followups.tasks where is_open and call_back_at is not null) t`,
  )
  const { n = 0, first = 0, seconds = Number.NaN } = rows[0] ?? {}
  if (n !== COUNT) throw new Error(`${n} call-backs were rung, and not ${COUNT}`)
  await db.query(`update followups.tasks set call_back_at = null, rung_at = null where call_back_at is not null`)
  await db.query('vacuum analyze followups.tasks')
  return (n - first) / seconds
}

async function queueOnce(db: pg.Client, url: string): Promise<number> {
  await db.query(`create table bench_queue (id bigint generated always as identity primary key, payload jsonb, run_at timestamptz default now(), done boolean default false);
    create index on bench_queue (run_at) where not done`)
  await db.query(`insert into bench_queue (payload) select jsonb_build_object('i', i) from generate_series(1, $1::int) i`, [COUNT])
  await db.query('vacuum analyze bench_queue')
  const pool = new pg.Pool({ connectionString: url, max: AT_ONCE })
  const text = `update bench_queue set done = true where id in (select id from bench_queue where not done order by run_at limit ${BATCH} for update skip locked) returning payload`
  const began = performance.now()
  let taken = 0
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let more = true; more; ) {
        const { rowCount } = await pool.query({ name: 'take', text })
        taken += rowCount ?? 0
        more = (rowCount ?? 0) > 0
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  await pool.end()
  await db.query('drop table bench_queue')
  return taken / seconds
}
