import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { askAs } from '@renxin/app-server/testing'
import { ProgrammeBody, programmesApi } from '@renxin/followups/contract'
import { addDays, newId, wallTime } from '@renxin/kernel'
import { withDatabase } from '@renxin/server/postgres'
import type pg from 'pg'
import { drained, marks } from './feed.ts'
import type { Pair } from './pairs.ts'
import { dropFolder, freshFolder, poolsOf, runCommand, startProduct } from './product.ts'
import { copyFiles, MARK, rowsSince, snapshot } from './raw.ts'
import { type Rings, ringAll, ringGrowth } from './reminders.ts'
import { plainRow, type Row, rowOf } from './result.ts'

const COUNT = 100_000
const SLICE = 50_000
const ROUNDS = 3
const PASSWORD = 'Renxin-bench-1'
const HEAD = '病案号,姓名,就诊流水号,科室,病区,床号,入院日期,出院日期,离院方式,诊断编码,诊断名称'
const OURS = 'followups.enrolments, followups.tasks'

/** Three rules as hospitals have them: a call within a week, two in the first month on working days, and one of the attending doctor after two months. */
const steps = [
  [{ name: '一周回访', unit: 'days', fromOffset: 3, byOffset: 7, days: 'any', channel: 'phone', assignee: 'centre' }],
  [
    { name: '两周回访', unit: 'days', fromOffset: 10, byOffset: 14, days: 'working', channel: 'phone', assignee: 'centre' },
    { name: '满月回访', unit: 'days', fromOffset: 26, byOffset: 30, days: 'working', channel: 'phone', assignee: 'centre' },
  ],
  [{ name: '科室随访', unit: 'days', fromOffset: 60, byOffset: 67, days: 'working', channel: 'phone', assignee: 'attending' }],
] as const

/**
 * Discharges that three programmes take at once, with working days, quiet days, the look for who is planned already, and whose task it is: until all of it is
 * committed, beside the same rows inserted into the same tables by plain SQL. And the same asked again, which makes nothing.
 */
export async function planningRows({ log, sizes }: { log: (line: string) => void; sizes: readonly number[] }): Promise<Row[]> {
  const dataDir = await freshFolder('planning')
  const files = await mkdtemp(join(tmpdir(), 'renxin-bench-'))
  await chmod(files, 0o755) // PostgreSQL reads them as another user
  const product = await startProduct(dataDir)
  try {
    await runCommand(dataDir, ['hospital', 'create', '--name', 'BENCH'])
    await runCommand(dataDir, ['user', 'create', '--name', 'admin', '--role', 'followupAdministrator', '--password', PASSWORD])
    const ask = await askAs(product.url, 'admin', PASSWORD)
    const { app, owner, openSuper, urls } = await poolsOf(dataDir)
    const db = await openSuper()
    db.on('error', () => {})
    await db.query(`select set_config('house.hospital', '1', false)`) // triggers write rows of their own
    await db.query(`update followups.programmes set status = 'disabled'`)
    const today = wallTime(new Date(), 'Asia/Shanghai').slice(0, 10)
    const from = addDays(today, -3)
    const quiet = { name: '停访', fromOn: addDays(today, 8), untilOn: addDays(today, 10) }
    await ask(programmesApi.saveBlackout, { id: newId(), body: quiet })
    const template = await templateOf()
    const programmes = await Promise.all(steps.map((some, nth) => programmeOf(some, nth)))

    let discharges = 2 // the two that came through the door
    const growTo = async (size: number) => {
      while (discharges < size) {
        const some = marks(Math.min(SLICE, size - discharges))
        const copies = await copyFiles(template, some, files)
        await db.query('begin')
        for (const { table, columns, file } of copies) await db.query(`copy ${table} (${columns.join(', ')}) from '${file}' (format csv)`)
        await db.query('commit')
        discharges += some.length
      }
      await drained(app)
      await owner.query('vacuum analyze')
    }
    /** Seconds until every one of the programmes is through with everybody. */
    const plan = async () => {
      const began = performance.now()
      for (const id of programmes) await ask(programmesApi.activate, { id, from })
      while (await isPlanning(db)) await pause(50)
      return (performance.now() - began) / 1000
    }
    const planned = async () => {
      const { rows } = await db.query<{ n: number }>(
        `select count(*)::int as n from followups.tasks where programme_id = any($1::uuid[])`,
        [programmes],
      )
      return rows[0]?.n ?? 0
    }

    const perRow = new Map<number, number>()
    const pair: Pair = { ours: [], beside: [], ratios: [] }
    const again: number[] = []
    const rings: Rings[] = []
    for (const size of sizesFor(sizes)) {
      await growTo(size)
      const isMeasured = size === COUNT
      for (let round = 0; round < (isMeasured ? ROUNDS : 1); round += 1) {
        await clear()
        const seconds = await plan()
        const tasks = await planned()
        if (tasks !== size * 4) throw new Error(`${tasks} tasks were made of ${size} discharges, and not four of each`)
        perRow.set(size, (seconds / tasks) * 1e6)
        const second = await plan()
        if ((await planned()) !== tasks) throw new Error('the second run made tasks')
        log(`${size} discharges: ${seconds.toFixed(1)} s, again ${second.toFixed(1)} s`)
        if (!isMeasured) continue
        again.push(second / seconds)
        const raw = await insertAgain(db, programmes)
        log(`the same rows by plain SQL: ${raw.toFixed(1)} s`)
        pair.ours.push(tasks / seconds)
        pair.beside.push(tasks / raw)
        pair.ratios.push(raw / seconds)
      }
      const name = `reminders-${size / 1000}k`
      rings.push(await ringAll(db, withDatabase(urls.superUrl, 'renxin'), { name, what: `among ${(size * 4).toLocaleString('en')} tasks` }))
      log(`${name}: ${rings.at(-1)?.perSecond.toFixed(0)} a second`)
    }
    await Promise.all([db.end(), app.end(), owner.end()])
    return [...(pair.ours.length > 0 ? rowsOf(pair, again) : []), ...growthOf(perRow), ...rings.map((r) => r.row), ...ringGrowth(rings)]

    async function templateOf() {
      const load = async (mark: string) => {
        const file = join(files, 'stays.csv')
        const line = `E${mark},王晓明,EV${mark},心血管内科,心血管内科一病区,12,${addDays(today, -9)} 08:00,${addDays(today, -2)} 10:00,1,I10.x00,原发性高血压`
        await writeFile(file, `${HEAD}\n${line}`)
        await runCommand(dataDir, ['import', file, '--kind', 'encounters'])
        await drained(app)
      }
      await load('00000000')
      const before = await snapshot(app)
      await load(MARK)
      return rowsSince(app, before)
    }
    async function programmeOf(some: (typeof steps)[number], nth: number) {
      const id = newId()
      const body = { name: `方案${nth + 1}`, level: 'centre', trigger: 'discharged', onReturn: 'goOn', rule: { classes: ['inpatient'] } }
      await ask(programmesApi.saveProgramme, {
        id,
        version: 0,
        body: ProgrammeBody.parse({ ...body, steps: some.map((step) => ({ ...step, questionnaireId: null })) }),
      })
      return id
    }
    async function clear() {
      await db.query(`update followups.programmes set status = 'disabled' where id = any($1::uuid[])`, [programmes])
      await db.query(`truncate ${OURS}, followups.plannings cascade`)
      await db.query(`vacuum analyze ${OURS}`)
    }
  } finally {
    await product.stop()
    await dropFolder(dataDir)
    await rm(files, { recursive: true, force: true })
  }
}

const sizesFor = (sizes: readonly number[]) => [10_000, COUNT, 1_000_000].filter((size) => sizes.includes(size))

async function isPlanning(db: pg.Client): Promise<boolean> {
  const { rows } = await db.query(`select from followups.plannings where status = 'running' limit 1`)
  return rows.length > 0
}

/** Seconds that plain SQL takes to insert the same enrolments and tasks once more, with every index, key and trigger that is there. */
async function insertAgain(db: pg.Client, programmes: readonly string[]): Promise<number> {
  for (const table of ['enrolments', 'tasks'])
    await db.query(`create table bench_${table} as select * from followups.${table} where programme_id = any($1::uuid[])`, [programmes])
  await db.query(`truncate ${OURS} cascade`)
  await db.query(`vacuum analyze ${OURS}`)
  const columnsOf = async (table: string) => {
    const { rows } = await db.query<{ columns: string }>(
      `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
        where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''`,
      [`followups.${table}`],
    )
    return rows[0]?.columns ?? ''
  }
  const [enrolments, tasks] = [await columnsOf('enrolments'), await columnsOf('tasks')]
  const began = performance.now()
  await db.query('begin')
  await db.query(`insert into followups.enrolments (${enrolments}) select ${enrolments} from bench_enrolments on conflict do nothing`)
  await db.query(`insert into followups.tasks (${tasks}) select ${tasks} from bench_tasks on conflict do nothing`)
  await db.query('commit')
  const seconds = (performance.now() - began) / 1000
  await db.query('drop table bench_enrolments, bench_tasks')
  return seconds
}

function rowsOf(pair: Pair, again: readonly number[]): Row[] {
  return [
    rowOf(pair, {
      name: 'planning-100k',
      what: '100,000 discharges through three programmes, all committed',
      unit: 'tasks/s',
      beside: 'the same rows into the same tables by plain SQL',
      goal: '≥ 0.3',
      isMet: (ratio) => ratio >= 0.3,
    }),
    plainRow([...again], {
      name: 'planning-again',
      what: 'the same programmes begun once more, which makes nothing, to the first time',
      unit: '×',
      goal: '≤ 0.5',
      isMet: (x) => x <= 0.5,
    }),
  ]
}

/** Microseconds a task at each size, to those at the smallest. */
function growthOf(perRow: ReadonlyMap<number, number>): Row[] {
  const [[, least] = [0, Number.NaN], ...others] = [...perRow]
  return others.map(([size, micros]) =>
    plainRow([micros / least], {
      name: `planning-growth-${size / 1000}k`,
      what: `time a task at ${size.toLocaleString('en')} discharges, to that at 10,000`,
      unit: '×',
      goal: '≤ 1.2',
      isMet: (x) => x <= 1.2,
    }),
  )
}
