import { addDays, addMonths, type LocalDate, wilson } from '@renxin/kernel'
import { analyticsErrors, type Days, type RevisitFigure, revisitErrors } from '../../contract.ts'
import { observedToExpected, share, smallestRanked } from '../statistics.ts'

const longestMonths = 12
const usualFrom = 15 // a month of which fewer days are due says little yet

export type RevisitPeriod = {
  fromMonth: string
  toMonth: string
  days: Days
  isPartial: boolean
  /** The twelve months before it, by which expected rates are reckoned. */
  reference: { fromMonth: string; toMonth: string }
}

/** Whole months; without any so many, the last of them one of which at least half has had its 30 days. */
export function revisitPeriodOf(
  asked: { from?: string | undefined; to?: string | undefined },
  dueUntil: LocalDate,
  usualMonths = 1,
): RevisitPeriod {
  const usual = (Number(dueUntil.slice(8)) < usualFrom ? addMonths(`${dueUntil.slice(0, 7)}-01`, -1) : dueUntil).slice(0, 7)
  const toMonth = asked.to ?? asked.from ?? usual
  const fromMonth = asked.from ?? addMonths(`${toMonth}-01`, asked.to ? 0 : 1 - usualMonths).slice(0, 7)
  if (fromMonth > toMonth) throw analyticsErrors.periodTurned()
  const from = `${fromMonth}-01`
  if (addMonths(from, longestMonths) <= `${toMonth}-01`) throw revisitErrors.monthsTooMany({ months: longestMonths })
  const to = addDays(addMonths(`${toMonth}-01`, 1), -1)
  const before = (months: number) => addMonths(from, -months).slice(0, 7)
  return { fromMonth, toMonth, days: { from, to }, isPartial: dueUntil < to, reference: { fromMonth: before(12), toMonth: before(1) } }
}

type Counts = { visits: number; died: number; transferred: number; readmitted: number; came: number; expected: number | null }

export const leftOutOf = ({ died, transferred, readmitted }: Counts): number => died + transferred + readmitted

/** `threshold`: 0 to 1, or null where the hospital has set none. Fewer than 30 raise no alarm. */
export function revisitFigureOf(counts: Counts, threshold: number | null): RevisitFigure {
  const { came, expected } = counts
  const base = counts.visits - leftOutOf(counts)
  const rate = share(came, base)
  const { low, high } = wilson(came, base)
  const against = observedToExpected(came, base, expected)
  const isSound = base >= smallestRanked
  const isBelow = isSound && threshold !== null && rate !== null && rate < threshold
  return {
    base,
    came,
    share: rate,
    low: rate === null ? null : low,
    high: rate === null ? null : high,
    standing: isSound ? 'sound' : 'small',
    expected: base === 0 ? null : expected,
    expectedShare: base === 0 || expected === null ? null : expected / base,
    ratio: against?.ratio ?? null,
    ratioLow: against?.low ?? null,
    ratioHigh: against?.high ?? null,
    alarm: !isBelow ? 'no' : threshold !== null && high < threshold ? 'surelyBelow' : 'below',
  }
}

/** The lowest rate first; what rests on few after what is sound, most first. */
export function byRate(a: { figure: RevisitFigure }, b: { figure: RevisitFigure }): number {
  const order = { sound: 0, small: 1 } as const
  if (a.figure.standing !== b.figure.standing) return order[a.figure.standing] - order[b.figure.standing]
  if (a.figure.standing === 'small') return b.figure.base - a.figure.base
  return (a.figure.share ?? 0) - (b.figure.share ?? 0) || b.figure.base - a.figure.base
}
