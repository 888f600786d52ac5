import { describe, expect, test } from 'vitest'
import type { WardFigures } from '../contract.ts'
import { byNeed, monthsOf, npsOf, periodOf, satisfactionOf, worstOf } from './rules.ts'

describe('the period', () => {
  test('is the present month so far, against the same days of the month before', () => {
    expect(periodOf({}, '2026-09-20')).toMatchObject({
      fromMonth: '2026-09',
      days: { from: '2026-09-01', to: '2026-09-20' },
      prior: { from: '2026-08-01', to: '2026-08-20' },
      isPartial: true,
      coveredUntil: '2026-09-13',
    })
  })

  test('is the last month in the first week of a new one', () => {
    expect(periodOf({}, '2026-09-07')).toMatchObject({
      days: { from: '2026-08-01', to: '2026-08-31' },
      isPartial: false,
      coveredUntil: '2026-08-31',
    })
  })

  test('of several months is compared with as many before', () => {
    expect(periodOf({ from: '2026-01', to: '2026-03' }, '2026-09-20')).toMatchObject({
      days: { from: '2026-01-01', to: '2026-03-31' },
      prior: { from: '2025-10-01', to: '2025-12-31' },
    })
  })

  test('on the last day of a long month is compared with the whole of a shorter one', () => {
    expect(periodOf({ from: '2026-03' }, '2026-03-30').prior).toEqual({ from: '2026-02-01', to: '2026-02-28' })
  })

  test('that ends before it begins, or is longer than two years, is refused', () => {
    expect(() => periodOf({ from: '2026-03', to: '2026-02' }, '2026-09-20')).toThrow('analytics.periodTurned')
    expect(() => periodOf({ from: '2024-01', to: '2026-02' }, '2026-09-20')).toThrow('analytics.periodTooLong')
  })

  test('has twelve months of trend, over the turn of the year', () => {
    expect(monthsOf('2025-11-01', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
    expect(monthsOf(periodOf({ from: '2026-02' }, '2026-09-20').trendFrom, '2026-02')).toHaveLength(12)
  })
})

describe('small samples', () => {
  test('below five nothing but the size is shown', () => {
    expect(npsOf({ promoters: 4, passives: 0, detractors: 0 }, 5)).toMatchObject({
      n: null,
      standing: 'hidden',
      score: null,
      promoters: null,
      low: null,
    })
    expect(satisfactionOf({ satisfied: 3, noOpinion: 1, dissatisfied: 0 }, 5)).toMatchObject({
      n: null,
      standing: 'hidden',
      share: null,
      satisfied: null,
    })
  })

  test('below thirty it is shown and marked', () => {
    expect(npsOf({ promoters: 6, passives: 2, detractors: 2 }, 5)).toMatchObject({ n: 10, standing: 'small', score: 40 })
  })
})

const ward = (name: string, promoters: number, passives: number, detractors: number): WardFigures => ({
  departmentId: null,
  wardId: `01990000-0000-7000-8000-${name.padStart(12, '0')}`,
  departmentName: null,
  wardName: name,
  discharged: 100,
  coverage: { base: 100, covered: 70, share: 0.7 },
  satisfaction: satisfactionOf({ satisfied: promoters + passives, noOpinion: 0, dissatisfied: detractors }, 5),
  nps: npsOf({ promoters, passives, detractors }, 5),
})
const wholeOf = (wards: WardFigures[]) => {
  const sum = (of: (w: WardFigures) => number | null) => wards.reduce((n, w) => n + (of(w) ?? 0), 0)
  return {
    nps: npsOf(
      { promoters: sum((w) => w.nps.promoters), passives: sum((w) => w.nps.passives), detractors: sum((w) => w.nps.detractors) },
      5,
    ),
    satisfaction: satisfactionOf(
      {
        satisfied: sum((w) => w.satisfaction.satisfied),
        noOpinion: 0,
        dissatisfied: sum((w) => w.satisfaction.dissatisfied),
      },
      5,
    ),
  }
}

const asked = () => ({ low: 60, high: 80 })

describe('the ward that needs most attention', () => {
  test('is the lowest of those that are below the hospital by more than chance', () => {
    const wards = [ward('1', 70, 20, 10), ward('2', 30, 30, 40), ward('3', 65, 25, 10), ward('4', 40, 30, 30)]

    expect(worstOf(wards, wholeOf(wards), asked)).toMatchObject({ wardName: '2', by: 'nps' })
  })

  test('is none where the differences may be chance, and never one of a few answers', () => {
    const wards = [ward('1', 40, 12, 8), ward('2', 37, 14, 9), ward('3', 0, 0, 6)]

    expect(worstOf(wards, wholeOf(wards), asked)).toBeNull()
  })

  test('is by its coverage where all answers are alike, each against what its own department is asked for', () => {
    const of = (name: string, departmentId: string, covered: number) => ({
      ...ward(name, 40, 12, 8),
      departmentId,
      coverage: { base: 100, covered, share: covered / 100 },
    })
    const wards = [of('1', 'surgery', 45), of('2', 'medicine', 60)]
    const own = (departmentId: string | null) => ({ low: departmentId === 'surgery' ? 30 : 75, high: 90 })

    expect(worstOf(wards, wholeOf(wards), own)).toMatchObject({ wardName: '2', by: 'coverage' })
    expect(worstOf(wards, wholeOf(wards), asked)).toMatchObject({ wardName: '1', by: 'coverage' })
  })

  test('stands first in the list; small samples after the sound ones, hidden ones last', () => {
    const wards = [ward('1', 70, 20, 10), ward('2', 0, 0, 3), ward('3', 2, 2, 6), ward('4', 30, 30, 40)]

    expect(wards.sort(byNeed).map((w) => w.wardName)).toEqual(['4', '1', '3', '2'])
  })
})
