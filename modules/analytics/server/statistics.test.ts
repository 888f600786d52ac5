import { describe, expect, test } from 'vitest'
import { npsInterval, share, standingOf } from './statistics.ts'

const rounded = ({ low, high }: { low: number; high: number }) => [low, high].map((n) => Number(n.toFixed(2)))

describe('the interval of a net promoter score', () => {
  // Reckoned apart from this code: Wilson's limits by bisection of (p − x/n)² = z²p(1 − p)/n, then square-and-add.
  test.each([
    [60, 25, 15, 29.25, 57.95],
    [20, 6, 4, 23.14, 73.05],
    [5, 0, 0, 38.55, 100],
    [3, 2, 1, -27.16, 72.63],
    [0, 10, 0, -27.75, 27.75],
    [400, 300, 112, 30.46, 40.22],
  ])('of %i promoters, %i passives and %i detractors', (promoters, passives, detractors, low, high) => {
    expect(rounded(npsInterval({ promoters, passives, detractors }))).toEqual([low, high])
  })

  test('is turned round when promoters and detractors change places', () => {
    const [one, other] = [
      npsInterval({ promoters: 42, passives: 10, detractors: 7 }),
      npsInterval({ promoters: 7, passives: 10, detractors: 42 }),
    ]

    expect(one.low).toBeCloseTo(-other.high, 9)
    expect(one.high).toBeCloseTo(-other.low, 9)
  })

  test.each([
    [0.6, 0.15, 30],
    [0.7, 0.05, 50],
    [0.5, 0.2, 120],
    [0.85, 0.02, 40],
  ])('holds the true score in about 95 of 100 samples (%f promote, %f detract, n = %i)', (promote, detract, n) => {
    const random = generator(20251122)
    let held = 0
    for (let sample = 0; sample < 4000; sample++) {
      const counts = { promoters: 0, passives: 0, detractors: 0 }
      for (let i = 0; i < n; i++) {
        const u = random()
        counts[u < promote ? 'promoters' : u < promote + detract ? 'detractors' : 'passives'] += 1
      }
      const { low, high } = npsInterval(counts)
      const truth = 100 * (promote - detract)
      if (low <= truth && truth <= high) held += 1
    }
    expect(held / 4000).toBeGreaterThan(0.93)
    expect(held / 4000).toBeLessThan(0.975)
  })
})

test('below as many answers as the hospital asks for nothing is shown, below thirty it is marked', () => {
  expect([9, 10].map((n) => standingOf(n, 10))).toEqual(['hidden', 'small'])
  expect([0, 4, 5, 29, 30].map((n) => standingOf(n, 5))).toEqual(['hidden', 'hidden', 'small', 'small', 'sound'])
})

test('a share of nothing is unknown, not zero', () => {
  expect([share(0, 0), share(3, 4)]).toEqual([null, 0.75])
})

/** mulberry32: the same numbers at every run. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
