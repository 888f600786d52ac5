/** Chance that can be drawn again: the same seed gives the same numbers on every machine. */
export type Random = ReturnType<typeof makeRandom>

/** mulberry32: 32 bits of state, enough for an imaginary hospital. */
export function makeRandom(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const chance = (share: number) => next() < share
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()) // Box–Muller
  return {
    next,
    chance,
    int,
    normal,
    /** A log-normal draw by its median and the spread of its logarithm. */
    logNormal: (median: number, sigma: number) => median * Math.exp(sigma * normal()),
    pick: <T>(list: readonly T[]): T => {
      const found = list[Math.floor(next() * list.length)]
      if (found === undefined) throw new Error('nothing to pick from')
      return found
    },
    /** One of the values, each with its share; the shares need not sum to one. */
    weighted: <T>(shares: readonly (readonly [T, number])[]): T => {
      let left = next() * shares.reduce((sum, [, share]) => sum + share, 0)
      for (const [value, share] of shares) {
        left -= share
        if (left < 0) return value
      }
      const last = shares.at(-1)
      if (!last) throw new Error('nothing to pick from')
      return last[0]
    },
    /** A UUIDv7 of a moment, its random part drawn from here. */
    id: (at: Date) => {
      const time = at.getTime().toString(16).padStart(12, '0')
      const hex = Array.from({ length: 4 }, () =>
        Math.floor(next() * 65_536)
          .toString(16)
          .padStart(4, '0'),
      ).join('')
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${'89ab'[Math.floor(next() * 4)]}${hex.slice(3, 6)}-${hex.slice(6)}${Math.floor(
        next() * 2 ** 20,
      )
        .toString(16)
        .padStart(2, '0')
        .slice(0, 2)}`
        .padEnd(36, '0')
        .slice(0, 36)
    },
  }
}
