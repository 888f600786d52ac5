import { GoLink, useRead } from '@renxin/client'
import { Banner, formatPercent } from '@renxin/ui'
import { revisitsApi } from '../../contract.ts'
import { words } from '../../words.ts'
import { nameOf } from './show.ts'

const t = words.revisits

/** On the overview: whose discharged patients come back less than the hospital asks for. Nothing where that is nobody. */
export function RevisitAlarm({ departmentId }: { departmentId: string }) {
  const revisits = useRead(
    revisitsApi.revisits,
    { kind: 'discharged', by: 'department', ...(departmentId && { departmentId }) },
    { keep: true },
  )
  const shown = revisits.data
  const low = shown?.rows.filter((r) => r.figure.alarm !== 'no') ?? []
  if (!shown || low.length === 0) return null
  const said = { n: low.length, what: t.dimension.department, percent: formatPercent(shown.threshold) }
  const names = low.slice(0, 4).map((r) => `${nameOf(r)} ${formatPercent(r.figure.share)}`)
  return (
    <Banner tone="warning" actions={<GoLink to="analytics.revisits">{t.title}</GoLink>}>
      {shown.period.toMonth} {t.alarms(said)} <strong>{names.join('、')}</strong>
      {low.length > names.length && '…'}
    </Banner>
  )
}
