import { readFile, rename, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { backfillRows } from './backfill.ts'
import { fhirRows } from './fhir.ts'
import { firstPageRows } from './first-page.ts'
import { mllpRows } from './mllp.ts'
import { parsingRows } from './parsing.ts'
import { readRows } from './reads.ts'
import { type Row, tableOf } from './result.ts'
import { startRows } from './starts.ts'

const RESULTS = resolve(import.meta.dirname, 'results.json')
const log = (line: string) => console.error(`  ${line}`)
const { values } = parseArgs({
  options: { only: { type: 'string' }, full: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
})

/** The measurements by name: `--only mllp` takes one; the reads go up to a million patients, with `--full` to ten million, with `--quick` to a hundred thousand. */
const measurements: Record<string, (options: { log: typeof log; most: number }) => Promise<Row[]>> = {
  parse: parsingRows,
  page: firstPageRows,
  start: startRows,
  mllp: mllpRows,
  fhir: fhirRows,
  backfill: backfillRows,
  reads: readRows,
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
  rows.push(...(await measure({ log, most: values.full ? 10_000_000 : values.quick ? 100_000 : 1_000_000 })))
}
console.log(tableOf(rows))
console.error(`${((performance.now() - began) / 60_000).toFixed(1)} minutes`)
await keepResults()
process.exit(0)

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
