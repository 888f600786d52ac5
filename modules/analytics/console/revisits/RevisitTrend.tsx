import { formatPercent, Panel } from '@renxin/ui'
import { LineChart } from '@renxin/ui/charts'
import type { Revisits } from '../../contract.ts'
import { words } from '../../words.ts'

const t = words.revisits

/** Month by month; one of which no visit is due is a gap. */
export function RevisitTrend({ trend, threshold }: Pick<Revisits, 'trend' | 'threshold'>) {
  return (
    <Panel title={t.trend}>
      <LineChart
        title={t.rate}
        labels={trend.map((m) => m.month)}
        format={formatPercent}
        min={0}
        max={1}
        series={[
          { name: t.rate, values: trend.map((m) => m.share) },
          ...(threshold === null ? [] : [{ name: t.threshold, values: trend.map(() => threshold) }]),
        ]}
      />
    </Panel>
  )
}
