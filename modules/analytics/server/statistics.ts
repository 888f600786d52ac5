/** The 97.5 % point of the standard normal distribution: all intervals here are of 95 %. */
const z = 1.959963984540054

type Interval = { low: number; high: number }

/**
 * The score interval of a proportion. It never leaves 0 to 1 and is honest for small n and extreme shares, where p ± 1.96·se is not.
 * Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209–212; it is method 3 in
 * Newcombe, "Two-sided confidence intervals for the single proportion", Statist. Med. 17 (1998) 857–872.
 */
export function wilson(count: number, n: number): Interval {
  if (n === 0) return { low: 0, high: 1 }
  const p = count / n
  const middle = p + (z * z) / (2 * n)
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  return { low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale) }
}

export type NpsCounts = { promoters: number; passives: number; detractors: number }

/**
 * The interval of a net promoter score, in points from −100 to 100: that of a difference between two shares of one sample, put together
 * from their Wilson intervals by squaring and adding (Newcombe, "Improved confidence intervals for the difference between binomial
 * proportions based on paired data", Statist. Med. 17 (1998) 2635–2650; as MOVER for correlated estimates in Zou & Donner, "Construction
 * of confidence limits about effect measures: a general approach", Statist. Med. 27 (2008) 1693–1702). Two classes of one multinomial are
 * correlated by −√(p₁p₂/(q₁q₂)). The plain ±1.96·se is too narrow here: Rocks, "Interval estimation for the net promoter score",
 * arXiv:1601.07235.
 */
export function npsInterval({ promoters, passives, detractors }: NpsCounts): Interval {
  const n = promoters + passives + detractors
  if (n === 0) return { low: -100, high: 100 }
  const [p1, p2] = [promoters / n, detractors / n]
  const [i1, i2] = [wilson(promoters, n), wilson(detractors, n)]
  const spread = (1 - p1) * (1 - p2)
  const correlation = spread === 0 ? 0 : -Math.sqrt((p1 * p2) / spread)
  const reach = (up: number, down: number) => Math.sqrt(Math.max(0, up * up + down * down - 2 * correlation * up * down))
  const difference = p1 - p2
  return {
    low: Math.max(-100, 100 * (difference - reach(p1 - i1.low, i2.high - p2))),
    high: Math.min(100, 100 * (difference + reach(i1.high - p1, p2 - i2.low))),
  }
}

/** Below this many answers nothing is shown: who answered could be guessed. */
export const smallestShown = 5
/** Below this many a figure is marked, and not ranked. */
const smallestRanked = 30

export type Standing = 'hidden' | 'small' | 'sound'
export const standingOf = (n: number): Standing => (n < smallestShown ? 'hidden' : n < smallestRanked ? 'small' : 'sound')

/** A share of two counts; null where there is nothing to share. */
export const share = (count: number, n: number): number | null => (n === 0 ? null : count / n)
