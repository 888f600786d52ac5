import { Choice, MonthField } from '@renxin/ui'
import { words } from '../words.ts'
import { monthsOfSpan, type Span, spanOf } from './period.ts'

type Months = { from: string; to: string }

/** The months of a page: the usual spans, or from one to another. */
export function PeriodFields({ from, to, spans, onChange }: Months & { spans: readonly Span[]; onChange: (change: Months) => void }) {
  return (
    <>
      <Choice
        label={words.period}
        hideLabel
        value={spanOf({ from, to })}
        onChange={(span) => span && onChange(monthsOfSpan(span))}
        options={spans.map((span) => ({ value: span, label: words[span] }))}
      />
      <MonthField
        label={words.from}
        hideLabel
        value={from || null}
        onChange={(month) => month && onChange({ from: month, to: month > to ? month : to })}
      />
      <MonthField
        label={words.to}
        hideLabel
        value={to || null}
        onChange={(month) => month && onChange({ to: month, from: month < from ? month : from })}
      />
    </>
  )
}
