/** Five paired rounds: what is measured and what it stands beside, in turn, so that both see the same machine. */
export type Pair = { ours: number[]; beside: number[]; ratios: number[] }

export const ROUNDS = 5

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** The value below which `share` of the values lie. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export async function paired(ours: () => Promise<number>, beside: () => Promise<number>, rounds = ROUNDS): Promise<Pair> {
  const pair: Pair = { ours: [], beside: [], ratios: [] }
  for (let round = 0; round < rounds; round += 1) {
    const isOursFirst = round % 2 === 0
    const first = await (isOursFirst ? ours() : beside())
    const second = await (isOursFirst ? beside() : ours())
    const [mine, theirs] = isOursFirst ? [first, second] : [second, first]
    pair.ours.push(mine)
    pair.beside.push(theirs)
    pair.ratios.push(mine / theirs)
  }
  return pair
}
