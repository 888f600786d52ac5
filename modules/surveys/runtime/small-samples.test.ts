import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Hidden, hideSmall, largestHidden, type Part, smallestSample } from './small-samples.ts'

const total = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0)
const addUp = (parts: readonly Part[]) => [0, 1, 2].map((i) => parts.reduce((n, p) => n + (p.counts[i] ?? 0), 0))

/** Everything that a reader sees of a table. */
const published = (parts: readonly Part[], { parts: hidden, groups, isTotalHidden }: Hidden) => ({
  parts: parts.map((p, at) => (hidden.has(at) ? null : p.counts)),
  groups: [...new Set(parts.map((p) => p.group))].map((g) => (groups.has(g) ? null : addUp(parts.filter((p) => p.group === g)))),
  all: isTotalHidden ? null : addUp(parts),
})

/** The same table in which one answer of a hidden part has changed places with another answer of another hidden part. */
function* exchanges(parts: readonly Part[], at: number, hidden: ReadonlySet<number>): Generator<Part[]> {
  const own = parts[at]
  for (const [other, theirs] of parts.entries()) {
    if (!own || other === at || !hidden.has(other)) continue
    for (const x of [0, 1, 2])
      for (const y of [0, 1, 2]) {
        if (x === y || !own.counts[x] || !theirs.counts[y]) continue
        const moved = (counts: readonly number[], less: number, more: number) =>
          counts.map((n, i) => n - (i === less ? 1 : 0) + (i === more ? 1 : 0))
        yield parts.map((p, i) =>
          i === at ? { ...p, counts: moved(p.counts, x, y) } : i === other ? { ...p, counts: moved(p.counts, y, x) } : p,
        )
      }
  }
}

/** Whether some other answers of this hidden part would look the same to every reader. */
function canBeOther(parts: readonly Part[], at: number, found: Hidden): boolean {
  const seen = JSON.stringify(published(parts, found))
  const own = parts[at]
  if (!own) return false
  if (found.isTotalHidden && found.groups.has(own.group)) return true // no shown total has it
  for (const other of exchanges(parts, at, found.parts)) if (JSON.stringify(published(other, found)) === seen) return true
  return false
}

const counts = fc.oneof(
  fc.tuple(fc.nat(3), fc.nat(2), fc.nat(3)),
  fc.tuple(fc.nat(40), fc.nat(6), fc.nat(12)),
  fc.tuple(fc.nat(9), fc.constant(0), fc.constant(0)),
)
const tables = fc.array(fc.record({ group: fc.constantFrom('甲', '乙', '丙'), counts }), { maxLength: 9 })

/** Whatever the hospital asks for, from the least that it may to the most. */
const least = fc.constantFrom(smallestSample, 8, largestHidden)
const holds = (what: (parts: Part[], least: number) => void) => fc.assert(fc.property(tables, least, what), { numRuns: 3000 })

test('no part with too few answers is shown, and nobody at all stays nobody', () =>
  holds((parts, least) => {
    const { parts: hidden } = hideSmall(parts, least)

    for (const [at, p] of parts.entries()) {
      const n = total(p.counts)
      if (n > 0 && n < least) expect(hidden.has(at)).toBe(true)
      if (n === 0) expect(hidden.has(at)).toBe(false)
    }
  }))

test('no hidden part can be reckoned from what is shown: other answers of it would have given the very same table', () =>
  holds((parts, least) => {
    const found = hideSmall(parts, least)
    const alike = (some: readonly Part[]) => addUp(some).filter((n) => n > 0).length < 2

    for (const at of found.parts) {
      const group = parts[at]?.group
      const own = parts.filter((p) => p.group === group)
      if (!alike(parts) && !alike(own)) expect(canBeOther(parts, at, found)).toBe(true)
    }
  }))

test('whatever a reader takes from whatever total, what is left is nothing or the answers of several parts and of enough people', () =>
  holds((parts, least) => {
    const found = hideSmall(parts, least)
    const left = (of: (p: Part) => boolean) => parts.filter((p, at) => found.parts.has(at) && of(p))
    const totals = [...new Set(parts.map((p) => p.group))].filter((g) => !found.groups.has(g))
    const rests = totals.map((g) => left((p) => p.group === g))
    if (!found.isTotalHidden) rests.push(left((p) => found.groups.has(p.group)))

    for (const rest of rests) if (rest.length > 0) expect([rest.length > 1, total(addUp(rest)) >= least]).toEqual([true, true])
  }))

test('a ward of three in a department of three wards takes the next smallest with it', () => {
  const of = (satisfied: number, others: number) => ({ group: '骨科', counts: [satisfied, 0, others] })

  expect(hideSmall([of(2, 1), of(20, 3), of(9, 2)], 5)).toEqual({ parts: new Set([0, 2]), groups: new Set(), isTotalHidden: false })
})

test('a department of one small ward is hidden with its total, and another department’s total with it', () => {
  const found = hideSmall(
    [
      { group: '骨科', counts: [3, 0, 1] },
      { group: '内科', counts: [9, 0, 2] },
      { group: '内科', counts: [30, 2, 2] },
    ],
    5,
  )

  expect(found.groups).toEqual(new Set(['骨科', '内科']))
  expect(found.parts).toEqual(new Set([0, 1]))
  expect(found.isTotalHidden).toBe(false)
})

test('where everybody answered enough nothing is hidden; where all together are too few, all is', () => {
  expect(hideSmall([{ group: '骨科', counts: [9, 1, 0] }], 5).parts.size).toBe(0)
  expect(hideSmall([{ group: '骨科', counts: [1, 1, 0] }], 5)).toEqual({
    parts: new Set([0]),
    groups: new Set(['骨科']),
    isTotalHidden: true,
  })
})
