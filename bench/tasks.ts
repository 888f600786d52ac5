import { addDays, wallTime } from '@renxin/kernel'
import type pg from 'pg'
import { openGrowing } from './growing.ts'
import { type Hospital, openFolders, openHospital } from './hospital.ts'
import { dropIndexes } from './indexes.ts'
import { type Asked, medianOf, pairedReads } from './latency.ts'
import { type Log, rebuild, timed } from './multiply.ts'
import { startPeer } from './product.ts'
import type { ReadOptions } from './reads.ts'
import { type Row, readRow } from './result.ts'

const LIMIT_MS = 200
const PATIENTS = 1_000_000
const TASKS = 10_000_000
/** Each copy of the closed tasks lies so many days before the one after it: seven years for ten millions. */
const DAYS_APART = 91
const ZONE = 'Asia/Shanghai'

/**
 * The lists and figures of follow-up at ten million tasks, most of them the past years' as in any hospital, with a million patients; beside one row by its primary
 * key. Smaller sizes (`--size`) have as many patients, and ten times as many tasks. What the page of coverage shows is compared with the rows first.
 */
export async function taskRows({ log, sizes, isKept }: ReadOptions): Promise<Row[]> {
  const patients = Math.min(PATIENTS, Math.max(...sizes))
  const folders = await openFolders({ isKept, log })
  try {
    const copies = await folders.growTo(patients)
    await growTasks(folders.growing, Math.min(TASKS, patients * 10), log)
    const began = performance.now()
    const hospital = await openHospital(folders.growing, copies) // counts all of them at its start
    log(`started, and every task counted: ${((performance.now() - began) / 1000).toFixed(0)} s`)
    const peer = await startPeer(hospital.databaseUrl)
    try {
      const { rows } = await hospital.db.query<{ open: number; all: number }>(
        'select count(*) filter (where is_open)::int as open, count(*)::int as all from followups.tasks',
      )
      const tasks = rows[0]?.all ?? 0
      log(`${tasks} tasks, ${rows[0]?.open} of them open`)
      await compareCoverage(hospital, log)
      const found = await hospital.db.query<{ id: string }>('select id from patients.patients limit 2000')
      const beside: Asked = { addresses: found.rows.map((r) => `${peer.url}/${r.id}`) }
      const measured: Row[] = []
      for (const { name, what, asked } of pagesOf(hospital)) {
        const reads = await pairedReads(asked, beside, 100)
        const row = readRow(reads, { name: `tasks-${name}`, what: `${what}, ${(tasks / 1e6).toFixed(1)} million tasks`, limitMs: LIMIT_MS })
        log(`${row.name}: p95 ${row.ours.toFixed(1)} ms, p50 ${medianOf(reads.ours).p50.toFixed(1)}, load ${row.load.toFixed(1)}`)
        measured.push(row)
      }
      return measured
    } finally {
      await peer.stop()
      await hospital.stop()
    }
  } finally {
    await folders.drop()
  }
}

function pagesOf({ product: { url }, desks }: Hospital): { name: string; what: string; asked: Asked }[] {
  const at = (cookie: string, ...paths: string[]): Asked => ({ cookie, addresses: paths.map((path) => `${url}/api/${path}`) })
  const month = thisMonth()
  const before = addDays(`${month}-01`, -1).slice(0, 7)
  const coverage = (by: string, span: string, of: string) => `analytics/appraisal?by=${by}&span=${span}&month=${of}`
  return [
    { name: 'queue', what: "the nurse's list of today", asked: at(desks.nurse, 'followups/queue?list=today') },
    { name: 'counts', what: "the counts over the nurse's lists", asked: at(desks.nurse, 'followups/counts') },
    { name: 'home', what: "the department's home: today, overdue, unclaimed", asked: at(desks.president, 'followups/standing') },
    {
      name: 'board',
      what: "the administrators' board",
      asked: at(
        desks.admin,
        ...['open', 'today', 'overdue', 'unclaimed', 'done', 'cancelled'].map((show) => `followups/tasks?show=${show}`),
      ),
    },
    {
      name: 'coverage',
      what: 'coverage of a month that is over, by department, ward, nurse, identity class',
      asked: at(desks.president, ...['department', 'ward', 'nurse', 'class'].map((by) => coverage(by, 'month', before))),
    },
    { name: 'coverage-now', what: 'coverage of the running month', asked: at(desks.president, coverage('department', 'month', month)) },
    { name: 'coverage-year', what: 'coverage of the year', asked: at(desks.president, coverage('department', 'year', month)) },
    {
      name: 'coverage-rows',
      what: 'the rows behind figures of coverage',
      asked: at(
        desks.president,
        ...['due', 'reachedInTime', 'notReached'].map((part) => `analytics/rows/appraised?part=${part}&month=${before}`),
      ),
    },
  ]
}

const thisMonth = () => wallTime(new Date(), ZONE).slice(0, 7)

/** A quick answer that is wrong is worth nothing. */
async function compareCoverage({ product: { url }, desks, app }: Hospital, log: Log): Promise<void> {
  const month = addDays(`${thisMonth()}-01`, -1).slice(0, 7)
  const reply = await fetch(`${url}/api/analytics/appraisal?by=department&month=${month}`, { headers: { cookie: desks.president } })
  const { total } = await reply.json()
  const client = await app.connect()
  await client.query(`begin; select set_config('house.hospital', '1', true)`)
  const { rows } = await client.query(
    `select count(*) filter (where status <> 'cancelled')::int as due, count(*) filter (where status = 'done')::int as done,
            count(*) filter (where status = 'done' and reached and closed_at <= due_by)::int as reached_in_time
       from followups.task_rows
      where due_by >= ($1 || '-01')::timestamp at time zone '${ZONE}' and due_by < (($1 || '-01')::timestamp + interval '1 month') at time zone '${ZONE}'`,
    [month],
  )
  await client.query('commit')
  client.release()
  const { due, done, reached_in_time: reachedInTime } = rows[0]
  const [shown, said] = [[total.counts.due, total.counts.done, total.counts.reachedInTime].join(), [due, done, reachedInTime].join()]
  if (shown !== said) throw new Error(`the page of coverage says ${shown}, its rows say ${said}`)
  log(`coverage of ${month}: ${shown} due, done, reached in time, as its rows say`)
}

/** Copies the closed tasks back in time until there are so many, each copy under steps of its own. */
async function growTasks(dataDir: string, total: number, log: Log): Promise<void> {
  await openGrowing(dataDir, async (open) => {
    const clients = await Promise.all([open(), open()])
    for (const client of clients) client.on('error', () => {}) // of the end that follows where something else has failed
    const [db] = clients
    const { rows } = await db.query<{ all: number; closed: number }>(
      'select count(*)::int as all, count(*) filter (where not is_open)::int as closed from followups.tasks where step < 1000',
    )
    const { all = 0, closed = 0 } = rows[0] ?? {}
    const copies = Math.ceil((total - all) / closed)
    const { rows: there } = await db.query<{ n: number }>('select (coalesce(max(step), 0) / 1000)::int as n from followups.tasks')
    const made = there[0]?.n ?? 0
    if (made < copies) {
      await dropIndexes(db, ['followups.tasks'])
      await timed(log, `${copies - made} times ${closed} tasks`, () => copyTasks(db, made + 1, copies))
      await rebuild(clients, { tables: ['followups.tasks'], log })
      await db.query('update analytics.made set counting = 0') // as by an older way: the next start counts every figure anew
    }
    await Promise.all(clients.map((client) => client.end()))
  })
}

async function copyTasks(db: pg.Client, from: number, to: number): Promise<void> {
  const { rows } = await db.query<{ name: string; type: string }>(
    `select attname as name, atttypid::regtype::text as type from pg_attribute
      where attrelid = 'followups.tasks'::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = '' order by attnum`,
  )
  const of = ({ name, type }: { name: string; type: string }) => {
    if (name === 'id') return `md5(id::text || k)::uuid`
    if (name === 'step') return 'step + 1000 * k'
    if (name === 'response_id') return 'null' // its answers are those of the original
    return ['timestamp with time zone', 'date'].includes(type) ? `${name} - k * ${DAYS_APART}` : name
  }
  const days = (text: string) => text.replace(`- k * ${DAYS_APART}`, `- k * interval '${DAYS_APART} days'`)
  const values = rows.map((c) => (c.type === 'date' ? of(c) : days(of(c))))
  await db.query('set session_replication_role = replica')
  await db.query(
    `insert into followups.tasks (${rows.map((c) => c.name).join(', ')})
     select ${values.join(', ')} from followups.tasks cross join generate_series(${from}, ${to}) as copy (k) where not is_open and step < 1000`,
  )
}
