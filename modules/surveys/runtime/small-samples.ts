/** Below this many answers nothing is shown, whatever the hospital has set: who answered could be guessed. */
export const smallestSample = 5
/** A hospital asks for no more than this: above it figures are sound (`smallestRanked` of analytics). */
export const largestHidden = 30

/** The answers of one part, such as a ward, by what they said; parts of the same `group`, such as a department, have a total of their own. */
export type Part = { group: string; counts: readonly number[] }

/** What must not be shown: parts by their place in the list, totals of groups, and the total of everything. */
export type Hidden = { parts: ReadonlySet<number>; groups: ReadonlySet<string>; isTotalHidden: boolean }

/**
 * What of a table of parts, with the totals of their groups and of everything, is hidden so that nobody reads or reckons the answers of a few. Parts with too few answers
 * (below `least`) are hidden. What is left of a shown total after all shown ones are taken away is known to every reader; so it is nothing, or it is of several parts, of enough
 * answers, and not all alike: else the next smallest part is hidden too, and where there is none the total. Where all answers of a total are alike it says so of each
 * of them, and hiding parts of it hides nothing.
 */
export function hideSmall(parts: readonly Part[], least: number): Hidden {
  const sizes = parts.map((p) => sum(p.counts))
  const bySize = parts.map((_, at) => at).filter((at) => sizes[at] !== 0).toSorted((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0)) // biome-ignore format: one thought
  const hidden = new Set(bySize.filter((at) => (sizes[at] ?? 0) < least))
  const names = [...new Set(parts.map((p) => p.group))]
  const within = (groups: (group: string) => boolean) => bySize.filter((at) => groups(parts[at]?.group ?? ''))
  const countsOf = (places: readonly number[]) => addUp(places.map((at) => parts[at]?.counts ?? []))
  /** Whether the sum of the hidden ones among these may be known. */
  const isSafe = (all: readonly number[], whole: readonly number[]) => {
    const left = all.filter((at) => hidden.has(at))
    const counts = countsOf(left)
    return left.length === 0 || (left.length > 1 && sum(counts) >= least && (isMixed(counts) || !isMixed(countsOf(whole))))
  }
  const hideNext = (among: readonly number[]) => {
    const next = among.find((at) => !hidden.has(at))
    if (next !== undefined) hidden.add(next)
    return next !== undefined
  }

  const groups = new Set<string>()
  const closeGroup = (group: string) => {
    const own = within((g) => g === group)
    while (!groups.has(group) && !isSafe(own, own)) if (!hideNext(own)) groups.add(group)
  }
  for (const group of names) closeGroup(group)

  let isTotalHidden = false
  const ofHiddenTotals = () => within((g) => groups.has(g))
  while (!isTotalHidden && !isSafe(ofHiddenTotals(), bySize)) {
    if (hideNext(ofHiddenTotals())) continue
    const next = bySize.map((at) => parts[at]?.group ?? '').find((group) => !groups.has(group)) // the group of the smallest part
    if (next === undefined) isTotalHidden = true
    else groups.add(next)
  }
  return { parts: hidden, groups, isTotalHidden }
}

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0)
const addUp = (rows: readonly (readonly number[])[]): number[] =>
  rows.reduce<number[]>((total, counts) => counts.map((n, i) => n + (total[i] ?? 0)), [])
/** Of what is not told apart nobody can say that it is all alike. */
const isMixed = (counts: readonly number[]): boolean => counts.length < 2 || counts.filter((n) => n > 0).length > 1
