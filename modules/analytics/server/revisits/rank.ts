import type { RankGroup, RevisitFigure } from '../../contract.ts'

type Of = { figure: RevisitFigure }
type Place = { place: number | null; rankFrom: number | null; rankTo: number | null; group: RankGroup }
type Interval = { low: number; high: number }

/**
 * An order that says no more than the figures do. Doctors are compared by what they reached against what was to be expected of their patients, and where that is
 * not known by the rate itself. Each has a span of ranks: above him are those whose whole interval lies above his, below him those whose whole interval lies below;
 * who overlaps may stand before or after. Within that they are put by the lower end of the interval: who has shown it on many patients comes before who may
 * have been lucky with few. Fewer than 30 are not ranked. (On why ranks need intervals: Goldstein & Spiegelhalter, "League tables and their limitations",
 * J. R. Statist. Soc. A 159 (1996) 385–443. Two 95 % intervals that do not touch are a stricter rule than a test at 5 %.)
 */
export function ranked<T extends Of>(doctors: readonly T[], by: 'ratio' | 'share'): (T & Place)[] {
  const intervalOf = ({ figure: f }: Of): Interval | null => {
    if (f.standing === 'small') return null
    const [low, high] = by === 'ratio' ? [f.ratioLow, f.ratioHigh] : [f.low, f.high]
    return low === null || high === null ? null : { low, high }
  }
  const compared = doctors.flatMap((doctor) => {
    const interval = intervalOf(doctor)
    return interval ? [{ doctor, interval }] : []
  })
  const lows = compared.map((c) => c.interval.low).sort((a, b) => a - b)
  const highs = compared.map((c) => c.interval.high).sort((a, b) => a - b)
  const sound = compared
    .sort((a, b) => b.interval.low - a.interval.low || b.interval.high - a.interval.high || b.doctor.figure.base - a.doctor.figure.base)
    .map(({ doctor, interval }, at) => ({
      ...doctor,
      place: at + 1,
      rankFrom: 1 + lows.length - countUpTo(lows, interval.high),
      rankTo: highs.length - countBelow(highs, interval.low),
      group: groupOf(doctor.figure),
    }))
  const few = doctors
    .filter((doctor) => intervalOf(doctor) === null)
    .sort((a, b) => b.figure.base - a.figure.base)
    .map((doctor) => ({ ...doctor, place: null, rankFrom: null, rankTo: null, group: 'few' as const }))
  return [...sound, ...few]
}

function groupOf({ ratioLow, ratioHigh }: RevisitFigure): RankGroup {
  if (ratioLow !== null && ratioLow > 1) return 'above'
  return ratioHigh !== null && ratioHigh < 1 ? 'below' : 'asExpected'
}

/** How many of the sorted numbers are not above this one. */
const countUpTo = (sorted: readonly number[], n: number) => firstAt(sorted, (value) => value > n)
/** How many of the sorted numbers are below this one. */
const countBelow = (sorted: readonly number[], n: number) => firstAt(sorted, (value) => value >= n)

function firstAt(sorted: readonly number[], is: (value: number) => boolean): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (is(sorted[middle] ?? 0)) to = middle
    else from = middle + 1
  }
  return from
}
