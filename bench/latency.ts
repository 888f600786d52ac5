import { median, paired, percentile, ROUNDS } from './pairs.ts'
import { timedGets } from './product.ts'

export type Spread = { p50: number; p95: number; p99: number }
/** Addresses to ask in turn, and whose session asks. */
export type Asked = { addresses: readonly string[]; cookie?: string }
export type Reads = { ours: Spread[]; beside: Spread[] }

const CLIENTS = 4
/** After so many rounds the slow ones come no later any more: code is compiled, and what is asked for is in memory, as on a server that runs since the morning. */
const WARM_ROUNDS = 6

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

export type Rates = { ours: number[]; beside: number[]; ratios: number[]; spreads: Spread[] }

/** Reads a second from so many clients at once of either, in turn, five times. */
export async function pairedRates(ours: Asked, beside: Asked, { clients, count }: { clients: number; count: number }): Promise<Rates> {
  const spreads: Spread[] = []
  const rate = async ({ addresses, cookie }: Asked, isOurs: boolean) => {
    const began = performance.now()
    const times = await timedGets(addresses, count, clients, cookie)
    if (isOurs) spreads.push(spreadOf(times))
    return count / ((performance.now() - began) / 1000)
  }
  for (const one of [ours, beside]) await timedGets(one.addresses, WARM_ROUNDS * count, clients, one.cookie)
  const pair = await paired(
    () => rate(ours, true),
    () => rate(beside, false),
  )
  return { ...pair, spreads }
}

/** Several addresses asked for at once, as a page asks them, again and again; answers how long it took until all were there. */
export async function pageTimes(addresses: readonly string[], count: number, cookie: string): Promise<Spread> {
  const times: number[] = []
  for (let i = 0; i < count; i += 1) {
    const began = performance.now()
    await timedGets(addresses, addresses.length, addresses.length, cookie)
    times.push(performance.now() - began)
  }
  return spreadOf(times)
}
