import { describe, expect, test } from 'vitest'
import { observedToExpected } from '../statistics.ts'
import { byRate, revisitFigureOf, revisitPeriodOf } from './rules.ts'

const counts = (base: number, came: number, expected: number | null = null) => ({
  visits: base + 3,
  died: 1,
  transferred: 1,
  readmitted: 1,
  came,
  expected,
})

describe('the months', () => {
  test('without any it is the last month of which at least half has had its 30 days', () => {
    expect(revisitPeriodOf({}, '2026-10-14').fromMonth).toBe('2026-09')
    expect(revisitPeriodOf({}, '2026-10-15').fromMonth).toBe('2026-10')
    expect(revisitPeriodOf({}, '2027-01-03').fromMonth).toBe('2026-12')
  })

  test('a month is partial until the 30 days of its last day have passed, and is compared with the twelve before it', () => {
    expect(revisitPeriodOf({ from: '2026-10' }, '2026-10-30')).toMatchObject({
      isPartial: true,
      days: { from: '2026-10-01', to: '2026-10-31' },
    })
    expect(revisitPeriodOf({ from: '2026-10' }, '2026-10-31')).toMatchObject({
      isPartial: false,
      reference: { fromMonth: '2025-10', toMonth: '2026-09' },
    })
    expect(revisitPeriodOf({ from: '2026-07', to: '2026-09' }, '2026-10-31').reference).toEqual({
      fromMonth: '2025-07',
      toMonth: '2026-06',
    })
  })
})

describe('a figure', () => {
  test('has those who could have come back below, without the dead, those handed over and those taken in again', () => {
    expect(revisitFigureOf(counts(40, 30), null)).toMatchObject({ base: 40, came: 30, share: 0.75, alarm: 'no' })
  })

  test('raises an alarm below the threshold, surely with its whole interval, and never on fewer than thirty', () => {
    expect(revisitFigureOf(counts(100, 80), 0.8).alarm).toBe('no')
    expect(revisitFigureOf(counts(100, 79), 0.8).alarm).toBe('below')
    expect(revisitFigureOf(counts(100, 60), 0.8).alarm).toBe('surelyBelow')
    expect(revisitFigureOf(counts(29, 0), 0.8)).toMatchObject({ alarm: 'no', standing: 'small' })
    expect(revisitFigureOf(counts(100, 60), null).alarm).toBe('no')
  })

  test('of nobody is unknown, not zero', () => {
    expect(revisitFigureOf(counts(0, 0), 0.8)).toMatchObject({ share: null, low: null, high: null, expected: null, ratio: null })
  })

  test('against what was expected has the interval of its share', () => {
    // Newcombe (1998), table I, method 3: 81 of 263 is 0.2553 to 0.3662; with 100 expected that is 0.671 to 0.963.
    const against = observedToExpected(81, 263, 100)

    expect(against?.ratio).toBe(0.81)
    expect(against?.low).toBeCloseTo(2.63 * 0.2553, 3)
    expect(against?.high).toBeCloseTo(2.63 * 0.3662, 3)
    expect(observedToExpected(0, 20, 0)).toBe(null)
    expect(observedToExpected(3, 20, null)).toBe(null)
  })
})

test('the lowest rate comes first, and what rests on few after all others, the most of them first', () => {
  const rows = [counts(29, 1), counts(60, 50), counts(10, 0), counts(50, 20)].map((c) => ({ figure: revisitFigureOf(c, 0.8) }))

  expect(rows.sort(byRate).map((r) => r.figure.base)).toEqual([50, 60, 29, 10])
})
