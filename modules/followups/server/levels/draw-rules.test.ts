import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LevelSettings } from '../../contract.ts'
import { drawSample, isRoundOver, type Member, roundsOf, sizeOf, stratumOf } from './draw-rules.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const chosen = (seed: string, frame: readonly Member[], size: number) =>
  drawSample(seed, frame, size).flatMap((p) => (p.isDrawn ? [p.id] : []))

describe('one draw', () => {
  const frames = fc.uniqueArray(
    fc.record({ id: fc.uuid(), stratum: fc.constantFrom('severity:critical', 'severity:plain stay:1-7', 'severity:plain stay:15+') }),
    { selector: (m) => m.id, minLength: 1, maxLength: 60 },
  )

  test('takes as many as it should, each stratum its share but for less than one, and the same however the frame was listed', () => {
    fc.assert(
      fc.property(frames, fc.uuid(), fc.double({ min: 0, max: 1, noNaN: true }), (frame, seed, part) => {
        const size = Math.round(part * frame.length)
        const drawn = drawSample(seed, frame, size)

        expect(drawn.filter((p) => p.isDrawn)).toHaveLength(size)
        for (const [, of] of Map.groupBy(drawn, (p) => p.stratum)) {
          const share = (of.length * size) / frame.length
          expect(Math.abs(of.filter((p) => p.isDrawn).length - share)).toBeLessThan(1)
        }
        expect(drawSample(seed, frame.toReversed(), size)).toEqual(drawn)
      }),
    )
  })

  test('of nine at 50 % five are taken, over the month and not over each round of it', () => {
    expect(sizeOf(50, { frame: 0, drawn: 0 }, 9)).toBe(5)
    expect([sizeOf(50, { frame: 0, drawn: 0 }, 1), sizeOf(50, { frame: 1, drawn: 1 }, 1), sizeOf(50, { frame: 2, drawn: 1 }, 1)]).toEqual([
      1, 0, 1,
    ])
    expect(sizeOf(100, { frame: 10, drawn: 5 }, 4)).toBe(4) // a share that was raised asks everybody from now on, and nobody of a round that is over
    expect(sizeOf(50, { frame: 10, drawn: 10 }, 4)).toBe(0)
  })

  test('a month is drawn in four rounds or one, the last with its last day, and each waits a day for late messages', () => {
    expect(roundsOf('2028-02', 'week')).toEqual(['2028-02-07', '2028-02-14', '2028-02-21', '2028-02-29'])
    expect(roundsOf('2026-12', 'month')).toEqual(['2026-12-31'])
    expect(isRoundOver('2026-09-07', '2026-09-08')).toBe(false)
    expect(isRoundOver('2026-09-07', '2026-09-09')).toBe(true)
  })

  test('the stratum says what the hospital chose, and the classes of stay meet without a gap', () => {
    const plain = { everCritical: false, everSerious: false, everSpecialNursing: false, everLevelOne: false, lengthOfStayDays: 3 }
    const by = (more: object) => LevelSettings.parse(more)
    const stays = (days: number | null) => stratumOf({ ...plain, lengthOfStayDays: days }, by({ strata: ['stay'] }))

    expect([1, 7, 8, 14, 15, null].map(stays)).toEqual(['stay:1-7', 'stay:1-7', 'stay:8-14', 'stay:8-14', 'stay:15+', 'stay:unknown'])
    expect(stratumOf({ ...plain, everSerious: true, everLevelOne: true }, by({}))).toBe('severity:serious stay:1-7')
    expect(stratumOf({ ...plain, everLevelOne: true }, by({ strata: ['critical', 'serious', 'levelOne'] }))).toBe(
      'critical:no serious:no levelOne:yes',
    )
    expect(stratumOf(plain, by({ strata: [] }))).toBe('all')
    expect(stratumOf(plain, by({ strata: ['stay'], stayBounds: [] }))).toBe('stay:1+')
  })
})

/** A year of a hospital: twelve months of four rounds in twelve departments, a few to thirty stays in each. What a stay is like is told by its id, and chance tells the id. */
type Stay = Member & { sex: string; day: string; digit: string; kind: string; isAlone?: boolean }
const year = Array.from({ length: 12 * 4 * 12 }, (_, round) => {
  const size = 4 + (Number.parseInt(hashOf(`round ${round}`).slice(0, 6), 16) % 27)
  const stays = Array.from({ length: size }, (_, n): Stay => {
    const id = hashOf(`stay ${round} ${n}`)
    const at = (from: number, of: number) => Number.parseInt(id.slice(from, from + 6), 16) % of
    const kind = ['critical', 'serious', 'intensive', 'plain', 'plain', 'plain', 'plain', 'plain', 'plain', 'plain'][at(0, 10)] ?? 'plain'
    return { id, stratum: `severity:${kind}`, kind, sex: at(6, 2) === 0 ? 'f' : 'm', day: String(n % 7), digit: id.slice(-1) }
  })
  const strata = Map.groupBy(stays, (s) => s.stratum)
  return stays.map((s) => ({ ...s, isAlone: strata.get(s.stratum)?.length === 1 }))
})
type Draw = (frame: readonly Stay[], size: number, round: number) => readonly string[]

/**
 * How far the year's draws are from fair, by a sign of the stays: Pearson's sum with what is expected of each value. Drawn without putting back, counts vary less
 * by 1 − n/N, by which it is corrected. With k values it is chi-square with k − 1 degrees of freedom where the draws are fair.
 */
function unfairness(draw: Draw, sign: (stay: Stay) => string): number {
  const drawn = new Map<string, number>()
  const expected = new Map<string, number>()
  const spread = new Map<string, number>()
  for (const [round, frame] of year.entries()) {
    const size = Math.ceil(frame.length / 2)
    const taken = new Set(draw(frame, size, round))
    for (const stay of frame) {
      const value = sign(stay)
      const chance = size / frame.length
      drawn.set(value, (drawn.get(value) ?? 0) + (taken.has(stay.id) ? 1 : 0))
      expected.set(value, (expected.get(value) ?? 0) + chance)
      spread.set(value, (spread.get(value) ?? 0) + chance * (1 - chance))
    }
  }
  return [...expected].reduce((sum, [value, e]) => sum + ((drawn.get(value) ?? 0) - e) ** 2 / (spread.get(value) ?? 1), 0)
}

describe('a year of draws', () => {
  const ours: Draw = (frame, size, round) => chosen(hashOf(`seed of round ${round}`).slice(0, 32), frame, size)
  /** One in a thousand fair years lies above (tables of chi-square, 1, 3, 6 and 15 degrees of freedom). */
  const signs = [
    { name: 'sex', of: (s: Stay) => s.sex, most: 10.83 },
    { name: 'being the only one of a stratum', of: (s: Stay) => String(s.isAlone), most: 10.83 },
    { name: 'severity', of: (s: Stay) => s.kind, most: 16.27 },
    { name: 'place in the list', of: (s: Stay) => s.day, most: 22.46 },
    { name: 'last digit of the id', of: (s: Stay) => s.digit, most: 37.7 },
  ]

  test.each(signs)('is fair by $name (chi-square)', ({ of, most }) => {
    expect(unfairness(ours, of)).toBeLessThan(most)
  })

  test('one that takes whoever stands first, or prefers one sex a little, is found out', () => {
    const firstComes: Draw = (frame, size) => frame.slice(0, size).map((s) => s.id)
    const prefers: Draw = (frame, size, round) => {
      const [women, men] = [frame.filter((s) => s.sex === 'f'), frame.filter((s) => s.sex === 'm')]
      const more = Math.min(women.length, Math.round((women.length * size * 1.1) / frame.length))
      return [...ours(women, more, round), ...ours(men, Math.min(men.length, size - more), round)]
    }

    expect(unfairness(firstComes, (s) => s.day)).toBeGreaterThan(22.46)
    expect(unfairness(prefers, (s) => s.sex)).toBeGreaterThan(10.83)
  })

  test('places shared out by largest remainders would hardly ever reach whoever is the only one of a stratum: why we do not', () => {
    const byRemainders: Draw = (frame, size, round) => {
      const strata = [...Map.groupBy(frame, (s) => s.stratum).values()].map((of) => {
        const quota = (of.length * size) / frame.length
        return { of, places: Math.floor(quota), rest: quota - Math.floor(quota) }
      })
      let left = size - strata.reduce((sum, s) => sum + s.places, 0)
      for (const s of strata.toSorted((a, b) => b.rest - a.rest || b.of.length - a.of.length)) if (left-- > 0) s.places += 1
      return strata.flatMap((s) => ours(s.of, s.places, round))
    }

    expect(unfairness(byRemainders, (s) => String(s.isAlone))).toBeGreaterThan(10.83)
  })
})
