import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ranked } from './rank.ts'
import { revisitFigureOf } from './rules.ts'

const doctor = (name: string, base: number, came: number, expected: number | null = null) => ({
  name,
  figure: revisitFigureOf({ visits: base, died: 0, transferred: 0, readmitted: 0, came, expected }, null),
})

test('who did well on many patients comes before who did a little better on few, and neighbours who overlap share their ranks', () => {
  const rows = ranked([doctor('few and lucky', 30, 28, 24), doctor('many', 400, 364, 320), doctor('clearly less', 200, 90, 160)], 'ratio')

  expect(rows.map((r) => [r.name, r.place, r.rankFrom, r.rankTo, r.group])).toEqual([
    ['many', 1, 1, 2, 'above'],
    ['few and lucky', 2, 1, 2, 'asExpected'],
    ['clearly less', 3, 3, 3, 'below'],
  ])
})

test('fewer than thirty are not ranked and stand at the end', () => {
  const rows = ranked([doctor('29', 29, 29, 10), doctor('30', 30, 3, 20)], 'ratio')

  expect(rows.map((r) => [r.name, r.place, r.rankFrom, r.group])).toEqual([
    ['30', 1, 1, 'below'],
    ['29', null, null, 'few'],
  ])
})

test('where nothing is known of the months before, the rate itself decides, and nobody is above or below what was to be expected', () => {
  const rows = ranked([doctor('low', 100, 20), doctor('high', 100, 90)], 'share')

  expect(rows.map((r) => [r.name, r.rankFrom, r.rankTo, r.group])).toEqual([
    ['high', 1, 1, 'asExpected'],
    ['low', 2, 2, 'asExpected'],
  ])
})

test('a span of ranks says how many are surely better and how many surely worse, whoever they are', () => {
  const one = fc.tuple(
    fc.integer({ min: 30, max: 500 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0.2, max: 1, noNaN: true }),
  )
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 30 }), (drawn) => {
      const doctors = drawn.map(([base, share, p], i) => doctor(String(i), base, Math.round(base * share), base * p))
      const rows = ranked(doctors, 'ratio')
      const span = (r: (typeof rows)[number]) => ({ low: r.figure.ratioLow ?? 0, high: r.figure.ratioHigh ?? 0 })
      for (const row of rows) {
        const better = rows.filter((o) => span(o).low > span(row).high).length
        const worse = rows.filter((o) => span(o).high < span(row).low).length
        expect([row.rankFrom, row.rankTo]).toEqual([1 + better, rows.length - worse])
        expect(row.place).toBeGreaterThanOrEqual(row.rankFrom ?? 0)
        expect(row.place).toBeLessThanOrEqual(row.rankTo ?? 0)
      }
    }),
  )
})
