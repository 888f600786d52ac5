import { addDays, addMonths, daysBetween, type LocalDate, wilson } from '@renxin/kernel'
import { analyticsErrors, type CoverageBand, type Days, type Nps, type Satisfaction, type WardFigures } from '../contract.ts'
import { type NpsCounts, npsInterval, share, standingOf } from './statistics.ts'

const coverageDays = 7
const longestMonths = 24

export type Period = {
  fromMonth: string
  toMonth: string
  days: Days
  prior: Days
  isPartial: boolean
  coveredUntil: LocalDate
  trendFrom: LocalDate
}

/**
 * The days of a span of months and those it is compared with: as many months before it. A period that is still running is compared with
 * the same part of the months before, since a third of a month always has fewer discharges than a whole one.
 */
export function periodOf(asked: { from?: string | undefined; to?: string | undefined }, today: LocalDate): Period {
  const usual = Number(today.slice(8)) <= 7 ? addMonths(today, -1).slice(0, 7) : today.slice(0, 7) // a few days say nothing yet
  const toMonth = asked.to ?? asked.from ?? usual
  const fromMonth = asked.from ?? toMonth
  if (fromMonth > toMonth) throw analyticsErrors.periodTurned()
  const span = monthsBetween(fromMonth, toMonth) + 1
  if (span > longestMonths) throw analyticsErrors.periodTooLong({ months: longestMonths })
  const from = `${fromMonth}-01`
  const end = lastDay(toMonth)
  const isPartial = today < end && today >= from
  const to = isPartial ? today : end
  return {
    fromMonth,
    toMonth,
    days: { from, to },
    prior: { from: addMonths(from, -span), to: isPartial ? addMonths(to, -span) : addDays(from, -1) },
    isPartial,
    coveredUntil: addDays(today, -coverageDays) < to ? addDays(today, -coverageDays) : to,
    trendFrom: addMonths(`${toMonth}-01`, -11),
  }
}

const lastDay = (month: string): LocalDate => addDays(addMonths(`${month}-01`, 1), -1)

const monthsBetween = (from: string, to: string): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7))

/** The months from one to another, both included: `2026-09`. */
export function monthsOf(from: LocalDate, toMonth: string): string[] {
  const count = monthsBetween(from.slice(0, 7), toMonth) + 1
  return Array.from({ length: Math.max(0, count) }, (_, i) => addMonths(from, i).slice(0, 7))
}

type SatisfactionCounts = { satisfied: number; noOpinion: number; dissatisfied: number }

/** `isHidden`: others could be reckoned from it (`hiddenAnswers`). */
export function satisfactionOf({ satisfied, noOpinion, dissatisfied }: SatisfactionCounts, least: number, isHidden = false): Satisfaction {
  const n = satisfied + noOpinion + dissatisfied
  const standing = isHidden ? 'hidden' : standingOf(n, least)
  if (standing === 'hidden')
    return { n: n === 0 ? 0 : null, standing, share: null, low: null, high: null, satisfied: null, noOpinion: null, dissatisfied: null }
  return { n, standing, share: share(satisfied, n), ...wilson(satisfied, n), satisfied, noOpinion, dissatisfied }
}

export function npsOf(counts: NpsCounts, least: number, isHidden = false): Nps {
  const n = counts.promoters + counts.passives + counts.detractors
  const standing = isHidden ? 'hidden' : standingOf(n, least)
  if (standing === 'hidden')
    return { n: n === 0 ? 0 : null, standing, score: null, low: null, high: null, promoters: null, passives: null, detractors: null }
  return { n, standing, score: (100 * (counts.promoters - counts.detractors)) / n, ...npsInterval(counts), ...counts }
}

/** The lowest first; what rests on few answers after what is sound, what is hidden at the end. */
export function byNeed(a: WardFigures, b: WardFigures): number {
  const order = { sound: 0, small: 1, hidden: 2 } as const
  return (
    order[a.nps.standing] - order[b.nps.standing] ||
    (a.nps.score ?? 0) - (b.nps.score ?? 0) ||
    order[a.satisfaction.standing] - order[b.satisfaction.standing] ||
    (a.satisfaction.share ?? 0) - (b.satisfaction.share ?? 0) ||
    b.discharged - a.discharged
  )
}

/**
 * The ward that stands out: below the hospital by more than chance, that is with its whole interval under the hospital's figure.
 * First by what patients would recommend, then by their satisfaction, then by a coverage with its whole interval under what the department is asked for.
 */
export function worstOf(
  wards: readonly WardFigures[],
  whole: { nps: Nps; satisfaction: Satisfaction },
  bandOf: (departmentId: string | null) => CoverageBand,
) {
  const named = wards.flatMap((w) => (w.wardId && w.wardName ? [{ ...w, wardId: w.wardId, wardName: w.wardName }] : []))
  if (named.length < 2) return null
  const lowest = <T>(list: readonly T[], of: (t: T) => number) => list.toSorted((a, b) => of(a) - of(b))[0]
  const byNps = lowest(
    named.filter((w) => w.nps.standing === 'sound' && (w.nps.high ?? 100) < (whole.nps.score ?? -100)),
    (w) => w.nps.score ?? 0,
  )
  if (byNps) return { wardId: byNps.wardId, wardName: byNps.wardName, by: 'nps' as const }
  const bySatisfaction = lowest(
    named.filter((w) => w.satisfaction.standing === 'sound' && (w.satisfaction.high ?? 1) < (whole.satisfaction.share ?? 0)),
    (w) => w.satisfaction.share ?? 0,
  )
  if (bySatisfaction) return { wardId: bySatisfaction.wardId, wardName: bySatisfaction.wardName, by: 'satisfaction' as const }
  const byCoverage = lowest(
    named.filter((w) => wilson(w.coverage.covered, w.coverage.base).high * 100 < bandOf(w.departmentId).low),
    (w) => w.coverage.share ?? 0,
  )
  return byCoverage ? { wardId: byCoverage.wardId, wardName: byCoverage.wardName, by: 'coverage' as const } : null
}

/** Reached within 7 days after the discharge. */
export const isCovered = (dischargedOn: LocalDate, reachedOn: LocalDate | null): boolean =>
  reachedOn !== null && daysBetween(dischargedOn, reachedOn) <= coverageDays
