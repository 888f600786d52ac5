import { formatDuration } from '@renxin/ui'
import type { Appraisal, AppraisalCounts, AppraisalDimension, AppraisalTime, Days } from '../../contract.ts'
import { words } from '../../words.ts'

export type AppraisedShare = 'done' | 'doneInTime' | 'reached' | 'reachedInTime'

/** A share of those due; null where nobody was. */
export const shareOf = (counts: AppraisalCounts, name: AppraisedShare): number | null =>
  counts.due === 0 ? null : counts[name] / counts.due

/** How a share moved; null where one of the two is not. */
export function changeOf(now: number | null, then: number | null): number | null {
  return now === null || then === null ? null : now - then
}

/** What the row of a dimension asks the lists for. */
export function ofRow(by: AppraisalDimension, key: string): Record<string, string> {
  switch (by) {
    case 'level':
      return { level: key }
    case 'department':
      return { departmentId: key }
    case 'ward':
      return { wardId: key }
    case 'nurse':
      return { nurseId: key }
    case 'class':
      return { identityClass: key }
  }
}

/** `2026-10`, 2026 年第 4 季度, 2026 年. */
export function nameOfPeriod({ span, fromMonth }: { span: 'month' | 'quarter' | 'year'; fromMonth: string }): string {
  const [year = '', month = ''] = fromMonth.split('-')
  if (span === 'month') return fromMonth
  return span === 'year'
    ? words.appraisal.yearOf({ year })
    : words.appraisal.quarterOf({ year, quarter: String(Math.ceil(Number(month) / 3)) })
}

/** `35:20`, or the hours with one decimal; a dash where no call was measured. */
export function formatWork({ measured, seconds }: AppraisalCounts): string {
  if (measured === 0) return formatDuration(null)
  return seconds < 3600 ? formatDuration(seconds) : words.appraisal.hours({ n: (seconds / 3600).toFixed(1) })
}

/** Of what is counted so far: the period that runs ends for now with the last day that is. */
export function countedDays({ days, before, yearAgo, dueUntil }: Appraisal['period'], time: AppraisalTime = 'now'): Days {
  const { from, to } = { now: days, before, yearAgo }[time]
  return { from, to: to < dueUntil ? to : dueUntil }
}
