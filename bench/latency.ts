import { median, percentile, ROUNDS } from './pairs.ts'
import { timedGets } from './product.ts'

export type Spread = { p50: number; p95: number; p99: number }
/** Addresses to ask in turn, and whose session asks. */
export type Asked = { addresses: readonly string[]; cookie?: string }
export type Reads = { ours: Spread[]; beside: Spread[] }

const CLIENTS = 4

const spreadOf = (times: readonly number[]): Spread => ({
  p50: percentile(times, 0.5),
  p95: percentile(times, 0.95),
  p99: percentile(times, 0.99),
})

/** The same number of reads from four clients at once of either, in turn, five times. */
export async function pairedReads(ours: Asked, beside: Asked, count: number): Promise<Reads> {
  const reads: Reads = { ours: [], beside: [] }
  const read = async (into: Spread[], { addresses, cookie }: Asked) =>
    into.push(spreadOf(await timedGets(addresses, count, CLIENTS, cookie)))
  for (const one of [ours, beside]) await timedGets(one.addresses, count, CLIENTS, one.cookie) // as late in the day, not as after the start
  for (let round = 0; round < ROUNDS; round += 1) {
    const pair = [() => read(reads.ours, ours), () => read(reads.beside, beside)]
    for (const one of round % 2 === 0 ? pair : pair.reverse()) await one()
  }
  return reads
}

export const medianOf = (spreads: readonly Spread[]): Spread => ({
  p50: median(spreads.map((s) => s.p50)),
  p95: median(spreads.map((s) => s.p95)),
  p99: median(spreads.map((s) => s.p99)),
})
