import { addMonths } from '@renxin/kernel'
import { today } from '@renxin/ui'

export type Span = 'thisMonth' | 'lastMonth' | 'lastQuarter' | 'lastYear'
type Months = { from: string; to: string }

/** The months that a button stands for, reckoned from the present one. */
export function monthsOfSpan(span: Span, day: string = today()): Months {
  const back = (months: number) => addMonths(day, -months).slice(0, 7)
  switch (span) {
    case 'thisMonth':
      return { from: back(0), to: back(0) }
    case 'lastMonth':
      return { from: back(1), to: back(1) }
    case 'lastQuarter':
      return { from: back(3), to: back(1) }
    case 'lastYear':
      return { from: back(12), to: back(1) }
  }
}

export const spans: readonly Span[] = ['thisMonth', 'lastMonth', 'lastQuarter', 'lastYear']

export const spanOf = ({ from, to }: Months): Span | null =>
  spans.find((span) => {
    const months = monthsOfSpan(span)
    return months.from === from && months.to === to
  }) ?? null
