import { Figure, Figures, formatCount, formatPercent, Tag } from '@renxin/ui'
import type { RevisitFigure, Revisits } from '../../contract.ts'
import { words } from '../../words.ts'
import { SmallTag } from '../KeyFigures.tsx'
import { formatRatio, spanOfRatio, spanOfShare, verdictOf } from './show.ts'

const t = words.revisits

/** The rate, what was to be expected, and who is in neither. */
export function RevisitFigures({ shown: { total, leftOut, threshold, period }, look }: { shown: Revisits; look: (part: string) => void }) {
  const { base, came } = total
  return (
    <Figures>
      <Figure
        label={t.rate}
        value={formatPercent(total.share)}
        n={base}
        note={
          <>
            {words.interval} {spanOfShare(total)} <AlarmTag figure={total} threshold={threshold} />
          </>
        }
        onOpen={() => look('base')}
      />
      <Figure
        label={t.expectedRate}
        value={formatPercent(total.expectedShare)}
        note={
          period.reference.base === 0
            ? t.noReference
            : t.reference({ from: period.reference.fromMonth, to: period.reference.toMonth, n: formatCount(period.reference.base) })
        }
      />
      <Figure
        label={t.ratio}
        value={formatRatio(total.ratio)}
        note={
          total.ratio !== null && (
            <>
              {spanOfRatio(total)} <Verdict figure={total} />
            </>
          )
        }
      />
      <Figure label={t.vanished} value={formatCount(base - came)} note={`${t.came} ${formatCount(came)}`} onOpen={() => look('vanished')} />
      <Figure
        label={t.leftOut}
        value={formatCount(leftOut.died + leftOut.transferred + leftOut.readmitted)}
        note={`${t.state.died} ${leftOut.died} · ${t.state.transferred} ${leftOut.transferred} · ${t.state.readmitted} ${leftOut.readmitted}${
          leftOut.notYet > 0 ? ` · ${t.state.notYet} ${formatCount(leftOut.notYet)}` : ''
        }`}
        onOpen={() => look('leftOut')}
      />
    </Figures>
  )
}

export function AlarmTag({ figure, threshold }: { figure: RevisitFigure; threshold: number | null }) {
  if (figure.standing === 'small') return <SmallTag />
  if (figure.alarm === 'no') return null
  return (
    <Tag tone="warning" title={t.thresholdAt({ percent: formatPercent(threshold) })}>
      {t.alarmOf[figure.alarm]}
    </Tag>
  )
}

export function Verdict({ figure }: { figure: RevisitFigure }) {
  const verdict = verdictOf(figure)
  if (verdict === null) return null
  return <Tag tone={verdict === 'below' ? 'warning' : verdict === 'above' ? 'success' : 'plain'}>{t[verdict]}</Tag>
}
