import { useRead } from '@renxin/client'
import { Drawer, Empty, formatFull, houseWords, Loaded } from '@renxin/ui'
import { LineChart } from '@renxin/ui/charts'
import { type AnalyteRow, recordsApi, type Trend } from '../../records-contract.ts'
import { words } from '../../words.ts'

/** How one analyte went, with the band that is normal; the numbers are one press away. */
export function TrendDrawer({ patientId, row, onClose }: { patientId: string; row: AnalyteRow; onClose: () => void }) {
  const trend = useRead(recordsApi.trend, { patientId, analyte: row.analyte })
  return (
    <Drawer title={`${row.name} · ${words.records.trend}`} onClose={onClose} size={720}>
      <Loaded of={trend}>{(data) => <Drawn trend={data} />}</Loaded>
    </Drawer>
  )
}

const written = (amount: number | null) => (amount === null ? houseWords.none : String(amount))

function Drawn({ trend: { name, unit, low, high, points } }: { trend: Trend }) {
  if (points.length < 2) return <Empty>{words.records.noTrend}</Empty>
  const amounts = points.map((p) => p.amount)
  const [least, most] = [Math.min(...amounts, low ?? Number.POSITIVE_INFINITY), Math.max(...amounts, high ?? Number.NEGATIVE_INFINITY)]
  const room = (most - least || Math.abs(most) || 1) * 0.15
  const min = least >= 0 ? Math.max(0, least - room) : least - room
  return (
    <LineChart
      title={unit ? words.records.trendTitle({ name, unit }) : words.records.trendTitlePlain({ name })}
      labels={points.map((p) => formatFull(p.at))}
      series={[{ name, values: amounts }]}
      format={written}
      min={rounded(min)}
      max={rounded(most + room)}
      {...(low !== null || high !== null
        ? { band: { from: low ?? rounded(min), to: high ?? rounded(most + room), name: words.records.normalRange } }
        : {})}
    />
  )
}

const rounded = (amount: number) => Number(amount.toPrecision(3))
