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
  const { min, max } = axisFor([...amounts, ...[low, high].filter((limit) => limit !== null)])
  return (
    <LineChart
      title={unit ? words.records.trendTitle({ name, unit }) : words.records.trendTitlePlain({ name })}
      labels={points.map((p) => formatFull(p.at))}
      series={[{ name, values: amounts }]}
      format={written}
      min={min}
      max={max}
      {...(low !== null || high !== null ? { band: { from: low ?? min, to: high ?? max, name: words.records.normalRange } } : {})}
    />
  )
}

/** Round ends for the axis, a step beyond the least and the most. */
function axisFor(amounts: readonly number[]): { min: number; max: number } {
  const [least, most] = [Math.min(...amounts), Math.max(...amounts)]
  const span = most - least || Math.abs(most) || 1
  const step = 10 ** Math.floor(Math.log10(span)) / 2
  const end = (steps: number) => Number((steps * step).toPrecision(12))
  const min = end(Math.floor(least / step) - 1)
  return { min: least >= 0 ? Math.max(0, min) : min, max: end(Math.ceil(most / step) + 1) }
}
