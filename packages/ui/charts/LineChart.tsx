import { useMemo } from 'react'
import { colours } from '../tokens.ts'
import { Chart, type ChartProps } from './Chart.tsx'
import { axisOf, baseOption, dashes, markers, scaleOf } from './look.ts'

type LineChartProps = ChartProps & {
  min?: number
  max?: number
  /** A band that is asked for, 60–80 % for instance. */
  band?: { from: number; to: number; name: string }
}

/** How amounts went over time. A month without a sample is a gap, not a zero. */
export function LineChart({ min, max, band, ...chart }: LineChartProps) {
  const { labels, series, format = String } = chart
  const option = useMemo(
    () => ({
      ...baseOption(),
      xAxis: { ...axisOf(labels), boundaryGap: false },
      yAxis: scaleOf(format, { min, max }),
      series: series.map((s, at) => ({
        type: 'line' as const,
        name: s.name,
        data: [...s.values],
        connectNulls: false,
        symbol: markers[at % markers.length],
        symbolSize: 7,
        lineStyle: { width: 2, type: dashes[at % dashes.length] },
        tooltip: { valueFormatter: (v: unknown) => format(typeof v === 'number' ? v : null) },
        markArea:
          band && at === 0
            ? {
                silent: true,
                itemStyle: { color: colours.primaryTint, opacity: 0.8 },
                label: { color: colours.text2, position: 'insideTopRight' as const },
                data: [[{ name: band.name, yAxis: band.from }, { yAxis: band.to }]],
              }
            : undefined,
      })),
    }),
    [labels, series, format, min, max, band],
  )
  return <Chart {...chart} option={option} />
}
