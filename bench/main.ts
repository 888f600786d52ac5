import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { mllpRows } from './mllp.ts'
import { type Row, tableOf } from './result.ts'

const log = (line: string) => console.error(`  ${line}`)
const { values } = parseArgs({ options: { only: { type: 'string' }, full: { type: 'boolean', default: false } } })

/** The measurements by name: `--only mllp` takes one, `--full` goes up to ten million. */
const measurements: Record<string, (options: { log: typeof log; isFull: boolean }) => Promise<Row[]>> = {
  mllp: ({ log }) => mllpRows(log),
}

const chosen = Object.entries(measurements).filter(([name]) => !values.only || values.only === name)
if (chosen.length === 0) {
  console.error(`--only takes one of: ${Object.keys(measurements).join(', ')}`)
  process.exit(2)
}
const rows: Row[] = []
for (const [name, measure] of chosen) {
  console.error(`${name} …`)
  rows.push(...(await measure({ log, isFull: values.full })))
}
console.log(tableOf(rows))
const machine = { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version }
await writeFile(
  resolve(import.meta.dirname, 'results.json'),
  `${JSON.stringify({ measuredAt: new Date().toISOString(), machine, rows }, null, 2)}\n`,
)
process.exit(0)
