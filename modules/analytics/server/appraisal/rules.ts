import { addDays, addMonths, type LocalDate } from '@renxin/kernel'
import type { AppraisalCounts, AppraisalRow, AppraisalSpan, Days } from '../../contract.ts'

export type AppraisalPeriod = {
  span: AppraisalSpan
  fromMonth: string
  toMonth: string
  days: Days
  before: Days
  yearAgo: Days
  isPartial: boolean
}

const monthsIn = { month: 1, quarter: 3, year: 12 } as const

/**
 * The calendar month, quarter or year in which a month lies, the one before it, and the same of the year before. One that is not over, by the last day that is
 * counted, is compared with as many days of theirs: half a month always has less than a whole one.
 */
export function appraisalPeriodOf(asked: { span: AppraisalSpan; month?: string | undefined }, dueUntil: LocalDate): AppraisalPeriod {
  const length = monthsIn[asked.span]
  const month = asked.month ?? lastOver(length, dueUntil)
  const first = firstOf(length, month)
  const end = addDays(addMonths(first, length), -1)
  const isPartial = dueUntil < end
  const back = (months: number): Days => ({
    from: addMonths(first, -months),
    to: isPartial && dueUntil >= first ? addMonths(dueUntil, -months) : addDays(addMonths(first, length - months), -1),
  })
  return {
    span: asked.span,
    fromMonth: first.slice(0, 7),
    toMonth: end.slice(0, 7),
    days: { from: first, to: end },
    before: back(length),
    yearAgo: back(12),
    isPartial,
  }
}

const firstOf = (length: number, month: string): LocalDate => {
  const nth = Number(month.slice(5, 7)) - 1
  return `${month.slice(0, 4)}-${String(nth - (nth % length) + 1).padStart(2, '0')}-01`
}

/** The last month, quarter or year that is over. */
function lastOver(length: number, dueUntil: LocalDate): string {
  const first = firstOf(length, addDays(dueUntil, 1).slice(0, 7))
  return addMonths(first, -length).slice(0, 7)
}

export const noCounts: AppraisalCounts = {
  due: 0,
  done: 0,
  doneInTime: 0,
  reached: 0,
  reachedInTime: 0,
  stopped: 0,
  tries: 0,
  talks: 0,
  measured: 0,
  seconds: 0,
}

export function addCounts(a: AppraisalCounts, b: AppraisalCounts): AppraisalCounts {
  return {
    due: a.due + b.due,
    done: a.done + b.done,
    doneInTime: a.doneInTime + b.doneInTime,
    reached: a.reached + b.reached,
    reachedInTime: a.reachedInTime + b.reachedInTime,
    stopped: a.stopped + b.stopped,
    tries: a.tries + b.tries,
    talks: a.talks + b.talks,
    measured: a.measured + b.measured,
    seconds: a.seconds + b.seconds,
  }
}

/** Who lacks most first: the lowest share reached in time; of those with nobody due the most work. */
export function byLack(a: AppraisalRow, b: AppraisalRow): number {
  const share = ({ counts }: AppraisalRow) => (counts.due === 0 ? 2 : counts.reachedInTime / counts.due)
  return share(a) - share(b) || b.counts.due - a.counts.due || b.counts.tries - a.counts.tries || (a.key < b.key ? -1 : 1)
}
