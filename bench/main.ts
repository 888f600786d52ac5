import { readFile, rename, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { backfillRows } from './backfill.ts'
import { fhirRows } from './fhir.ts'
import { firstPageRows } from './first-page.ts'
import { mllpRows } from './mllp.ts'
import { parsingRows } from './parsing.ts'
import { planningRows } from './planning.ts'
import { type ReadOptions, readRows } from './reads.ts'
import { type Row, tableOf } from './result.ts'
import { startRows } from './starts.ts'
import { taskRows } from './tasks.ts'

const RESULTS = resolve(import.meta.dirname, 'results.json')
const log = (line: string) => console.error(`  ${line}`)
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    full: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    size: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})
const sizes = sizesAsked()

/**
 * The measurements by name: `--only mllp` takes one; the reads go up to a million patients, with `--full` to ten million, with `--quick` to a hundred thousand,
 * with `--size 1000000` they are of that size alone. With `--keep` the hospital that was filled stays, and the next run with `--keep` goes on with it.
 */
const measurements: Record<string, (options: ReadOptions) => Promise<Row[]>> = {
  parse: parsingRows,
  page: firstPageRows,
  start: startRows,
  mllp: mllpRows,
  fhir: fhirRows,
  backfill: backfillRows,
  planning: planningRows,
  reads: readRows,
  tasks: taskRows,
}

const chosen = Object.entries(measurements).filter(([name]) => !values.only || values.only === name)
if (chosen.length === 0) {
  console.error(`--only takes one of: ${Object.keys(measurements).join(', ')}`)
  process.exit(2)
}
const began = performance.now()
const rows: Row[] = []
for (const [name, measure] of chosen) {
  console.error(`${name} …`)
  rows.push(...(await measure({ log, sizes, isKept: values.keep })))
}
console.log(tableOf(rows))
console.error(`${((performance.now() - began) / 60_000).toFixed(1)} minutes`)
await keepResults()
process.exit(0)

function sizesAsked(): number[] {
  const all = [10_000, 100_000, 1_000_000, 10_000_000]
  if (values.size === undefined) return all.slice(0, values.full ? 4 : values.quick ? 2 : 3)
  const size = Number(values.size)
  if (all.includes(size)) return [size]
  console.error(`--size takes one of: ${all.join(', ')}`)
  process.exit(2)
}

/** A run of one measurement leaves what was measured of the others before. */
async function keepResults(): Promise<void> {
  const before: { rows: Row[] } = JSON.parse(await readFile(RESULTS, 'utf8').catch(() => '{"rows":[]}')) // our own file
  const names = new Set(rows.map((r) => r.name))
  const kept = values.only ? before.rows.filter((r) => !names.has(r.name)) : []
  const machine = { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version }
  const text = JSON.stringify({ measuredAt: new Date().toISOString(), machine, rows: [...kept, ...rows] }, null, 2)
  await writeFile(`${RESULTS}.tmp`, `${text}\n`)
  await rename(`${RESULTS}.tmp`, RESULTS)
}
