import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDays } from '@renxin/kernel'
import { drained, marks, WARDS } from './feed.ts'
import { shortOf } from './growth.ts'
import type { Log } from './multiply.ts'
import { paired } from './pairs.ts'
import { dropFolder, freshFolder, poolsOf, runCommand, startProduct } from './product.ts'
import { copyFiles, MARK, rowsSince, snapshot, type Written } from './raw.ts'
import type { ReadOptions } from './reads.ts'
import { plainRow, type Row, rowOf } from './result.ts'

const COUNT = 20_000
const LARGEST = 1_000_000

type Kind = 'patients' | 'encounters'

const heads: Record<Kind, string> = {
  patients: '病案号,姓名,性别,出生日期,联系电话,现住址',
  encounters: '病案号,姓名,就诊流水号,科室,病区,床号,入院日期,出院日期,离院方式,诊断编码,诊断名称',
}
const lines: Record<Kind, (mark: string) => string> = {
  patients: (mark) => `B${mark},王晓明,男,1970-01-01,138${mark},示范市示范路1号`,
  encounters: (mark) => {
    const day = addDays('2026-08-01', -(Math.floor(Number(mark) / WARDS) % DAYS))
    const stay = `${Number(mark) % WARDS}病区,12,${day} 08:00,${addDays(day, 5)} 10:00`
    return `E${mark},王晓明,EV${mark},心血管内科,${stay},1,I10.x00,原发性高血压`
  },
}
/** A history lies over years and wards: what a ward counts of a day is of that day and that ward. */
const DAYS = 1500

/**
 * Rows a second of a hospital's history out of a file, their full effect committed and the backlog drained, beside COPY of the same rows by the database itself; and
 * how a file ten times as long does, up to a million rows.
 */
export async function backfillRows({ log, sizes }: Pick<ReadOptions, 'log' | 'sizes'>): Promise<Row[]> {
  const dataDir = await freshFolder('backfill')
  const files = await mkdtemp(join(tmpdir(), 'renxin-bench-'))
  await chmod(files, 0o755) // PostgreSQL reads them as another user
  const product = await startProduct(dataDir)
  try {
    await runCommand(dataDir, ['hospital', 'create', '--name', 'BENCH'])
    const { app, owner, openSuper } = await poolsOf(dataDir)
    const db = await openSuper()
    db.on('error', () => {}) // of the end that follows where something else has failed
    await db.query(`select set_config('house.hospital', '1', false)`) // triggers write rows of their own
    const load = async (kind: Kind, marks: readonly string[]) => {
      const file = join(files, `${kind}.csv`)
      await writeFile(file, [heads[kind], ...marks.map(lines[kind])].join('\n'))
      const began = performance.now()
      await runCommand(dataDir, ['import', file, '--kind', kind])
      await drained(app)
      return marks.length / ((performance.now() - began) / 1000)
    }
    const rows: Row[] = []
    const templates = new Map<Kind, Written[]>() // before there is much: what is new is known by all keys that there were
    for (const kind of ['patients', 'encounters'] as const) {
      await load(kind, ['00000000'])
      const before = await snapshot(app)
      await load(kind, [MARK])
      const template = await rowsSince(app, before)
      log(`a row of ${kind} is ${template.length} rows in ${new Set(template.map((t) => t.table)).size} tables`)
      templates.set(kind, template)
    }
    for (const [kind, template] of templates) {
      await load(kind, marks(2000))
      await owner.query('analyze') // as the database does by itself within a minute
      const pair = await paired(
        () => load(kind, marks(COUNT)),
        async () => {
          const copies = await copyFiles(template, marks(COUNT), files)
          const began = performance.now()
          await db.query('begin')
          for (const { table, columns, file } of copies) await db.query(`copy ${table} (${columns.join(', ')}) from '${file}' (format csv)`)
          await db.query('commit')
          return COUNT / ((performance.now() - began) / 1000)
        },
      )
      log(`backfill of ${kind}: ${pair.ours.map(Math.round)} beside ${pair.beside.map(Math.round)}`)
      rows.push(
        rowOf(pair, {
          name: `backfill-${kind}`,
          what: `a file of ${COUNT.toLocaleString('en')} ${kind}, full effect, backlog drained`,
          unit: 'rows/s',
          beside: 'COPY of the same rows, all indexes and foreign keys',
          goal: '≥ 0.25',
          isMet: (ratio) => ratio >= 0.25,
        }),
      )
      rows.push(...(await growthOf(kind, sizes, (count) => load(kind, marks(count)), log)))
    }
    await Promise.all([db.end(), app.end(), owner.end()])
    return rows
  } finally {
    await product.stop()
    await dropFolder(dataDir)
    await rm(files, { recursive: true, force: true })
  }
}

/** Time a row of a file, to that of a file with a tenth of its rows. */
async function growthOf(kind: Kind, sizes: readonly number[], load: (count: number) => Promise<number>, log: Log): Promise<Row[]> {
  const rows: Row[] = []
  let before: number | undefined
  for (const size of sizes.filter((s) => s <= LARGEST)) {
    const rate = await load(size)
    log(`a file of ${size} ${kind}: ${rate.toFixed(0)} a second`)
    if (before !== undefined)
      rows.push(
        plainRow([before / rate], {
          name: `backfill-${kind}-${shortOf(size)}`,
          what: `time a row of a file of ${shortOf(size)} ${kind}, to that of a tenth`,
          unit: '×',
          goal: '≤ 1.1',
          isMet: (times) => times <= 1.1,
        }),
      )
    before = rate
  }
  return rows
}
