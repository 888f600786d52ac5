import { Columns, formatCount, formatNps, formatPercent, Panel } from '@renxin/ui'
import { BarChart, LineChart } from '@renxin/ui/charts'
import type { CoverageBand, Dashboard } from '../contract.ts'
import { words } from '../words.ts'

/** The last twelve months. A month of too few answers is a gap, not a zero. */
export function Trend({ trend, band }: { trend: Dashboard['trend']; band: CoverageBand }) {
  const labels = trend.map((t) => t.month)
  return (
    <Panel title={words.trend}>
      <Columns sizes="repeat(3, minmax(0, 1fr))">
        <LineChart
          title={words.trendShares}
          labels={labels}
          format={formatPercent}
          min={0}
          max={1}
          band={{ from: band.low / 100, to: band.high / 100, name: words.band(band) }}
          series={[
            { name: words.coverage, values: trend.map((t) => t.coverage) },
            { name: words.satisfaction, values: trend.map((t) => t.satisfaction) },
          ]}
        />
        <LineChart
          title={words.trendNps}
          labels={labels}
          format={formatNps}
          series={[{ name: words.nps, values: trend.map((t) => t.nps) }]}
        />
        <BarChart
          title={words.trendCounts}
          labels={labels}
          format={formatCount}
          series={[
            { name: words.complaints, values: trend.map((t) => t.complaints) },
            { name: words.praise, values: trend.map((t) => t.praise) },
          ]}
        />
      </Columns>
    </Panel>
  )
}
