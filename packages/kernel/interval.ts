/** The 97.5 % point of the standard normal distribution: all intervals here are of 95 %. */
const z = 1.959963984540054

export type Interval = { low: number; high: number }

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
