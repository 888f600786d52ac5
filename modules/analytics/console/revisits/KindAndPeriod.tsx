import { Choice } from '@renxin/ui'
import { type RevisitKind, revisitKinds } from '../../contract.ts'
import { words } from '../../words.ts'
import { PeriodFields } from '../PeriodFields.tsx'

const t = words.revisits
type Props = {
  kind: RevisitKind
  from: string
  to: string
  onChange: (change: { kind: string } | { from: string; to: string }) => void
}

/** Whose revisits in which months: what both pages of revisits are asked by. */
export function KindAndPeriod({ kind, from, to, onChange }: Props) {
  return (
    <>
      <Choice
        label={t.kindLabel}
        hideLabel
        value={kind}
        onChange={(value) => onChange({ kind: value ?? '' })}
        options={revisitKinds.map((value) => ({ value, label: t.kind[value] }))}
      />
      <PeriodFields from={from} to={to} spans={['lastMonth', 'lastQuarter', 'lastYear']} onChange={onChange} />
    </>
  )
}
