import { type Interval, wilson } from '@renxin/kernel'

/**
 * What was observed against what was to be expected of the same people, with the interval of the observed share and the expected number taken as known, as for
 * standardised ratios of binary outcomes (Hosmer & Lemeshow, "Confidence interval estimates of an index of quality performance based on logistic regression
 * models", Statist. Med. 14 (1995) 2161–2172); the interval of the share is Wilson's. Null where nothing was to be expected.
 */
export function observedToExpected(count: number, n: number, expected: number | null): ({ ratio: number } & Interval) | null {
  if (n === 0 || expected === null || expected <= 0) return null
  const { low, high } = wilson(count, n)
  return { ratio: count / expected, low: (n * low) / expected, high: (n * high) / expected }
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

/** Below this many a figure is marked, and not ranked. */
export const smallestRanked = 30

export type Standing = 'hidden' | 'small' | 'sound'
/** `least`: below it the hospital shows nothing. */
export const standingOf = (n: number, least: number): Standing => (n < least ? 'hidden' : n < smallestRanked ? 'small' : 'sound')

/** A share of two counts; null where there is nothing to share. */
export const share = (count: number, n: number): number | null => (n === 0 ? null : count / n)
