import { discharges, drained, send } from './feed.ts'
import type { Hospital } from './hospital.ts'
import { type Asked, pairedReads } from './latency.ts'
import type { Log } from './multiply.ts'
import { paired } from './pairs.ts'
import { type Row, rowOf } from './result.ts'

export const shortOf = (size: number): string => (size >= 1_000_000 ? `${size / 1_000_000}M` : `${size / 1000}k`)

/** How much later the slow ones of a search come in the large hospital than in the twin of ten thousand patients, in turn on the same machine. */
export async function besideTwin({ kind, size, large, small, log }: Besides): Promise<Row> {
  const reads = await pairedReads(large, small, 400)
  const [ours, beside] = [reads.ours.map((s) => s.p95), reads.beside.map((s) => s.p95)]
  const most = kind === 'phone' ? 1.3 : 1.5
  const row = rowOf(
    { ours, beside, ratios: ours.map((p95, i) => p95 / (beside[i] ?? Number.NaN)) },
    {
      name: `growth-search-${kind}-${shortOf(size)}`,
      what: `search by ${kind}, 20 hits, ${shortOf(size)} patients`,
      unit: 'ms p95',
      beside: 'the same of 10k patients, in the same rounds',
      goal: `≤ ${most}`,
      isMet: (ratio) => ratio <= most,
    },
  )
  log(`${row.name}: ${row.ratio?.toFixed(2)} [${row.ratioRange?.map((r) => r.toFixed(2)).join(' – ')}]`)
  return row
}

type Besides = { kind: string; size: number; large: Asked; small: Asked; log: Log }

/** Messages a second, their full effect committed and the backlog drained, beside those that the twin takes. */
export async function rateBesideTwin(large: Hospital, small: Hospital, log: Log): Promise<Row> {
  const count = 800
  const rate =
    ({ product, app }: Hospital) =>
    async () => {
      const messages = discharges(count)
      const began = performance.now()
      await send(product.mllpPort, 8, messages)
      await drained(app)
      return count / ((performance.now() - began) / 1000)
    }
  for (const hospital of [large, small]) {
    await warm(hospital)
    await rate(hospital)()
  }
  const pair = await paired(rate(large), rate(small))
  log(`growth-mllp-${shortOf(large.size)}: ${pair.ours.map(Math.round)} messages a second beside ${pair.beside.map(Math.round)}`)
  return rowOf(pair, {
    name: `growth-mllp-${shortOf(large.size)}`,
    what: `ADT^A03 over 8 connections, full effect, drained, ${shortOf(large.size)} patients`,
    unit: 'msg/s',
    beside: 'the same of 10k patients, in the same rounds',
    goal: '≥ 0.8',
    isMet: (ratio) => ratio >= 0.8,
  })
}

/**
 * Every message touches another page of the indexes over telephones, whose keys are hashes and last digits: they are in memory on a server that has run for days,
 * and not on one that was filled a moment ago.
 */
async function warm({ db }: Hospital): Promise<void> {
  await db.query('create extension if not exists pg_prewarm')
  await db.query(`select pg_prewarm(indexrelid::regclass, 'read') from pg_index where indrelid = 'patients.contacts'::regclass`)
}
