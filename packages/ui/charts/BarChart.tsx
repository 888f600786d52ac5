import { useMemo } from 'react'
import { Chart, type ChartProps } from './Chart.tsx'
import { axisOf, baseOption, scaleOf } from './look.ts'

type BarChartProps = ChartProps & { stacked?: boolean; horizontal?: boolean; max?: number }

const patterns = [0, Math.PI / 4, -Math.PI / 4, Math.PI / 2]

/** Amounts side by side; each series has a pattern of its own besides its colour. */
export function BarChart({ stacked = false, horizontal = false, max, ...chart }: BarChartProps) {
  const { labels, series, format = String } = chart
  const option = useMemo(() => {
    const names = { ...axisOf(labels), inverse: horizontal }
    const scale = scaleOf(format, { max })
    return {
      ...baseOption(),
      legend: series.length > 1 ? baseOption().legend : { show: false },
      grid: { ...baseOption().grid, top: series.length > 1 ? 36 : 12 },
      xAxis: horizontal ? scale : names,
      yAxis: horizontal ? names : scale,
      series: series.map((s, at) => ({
        type: 'bar' as const,
        name: s.name,
        data: [...s.values],
        barMaxWidth: 28,
        stack: stacked ? 'all' : undefined,
        itemStyle: {
          borderRadius: stacked ? 0 : horizontal ? [0, 4, 4, 0] : [4, 4, 0, 0],
          decal:
            at === 0
              ? undefined
              : { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: patterns[at % 4], color: 'rgb(255 255 255 / 0.55)' },
        },
        tooltip: { valueFormatter: (v: unknown) => format(typeof v === 'number' ? v : null) },
      })),
    }
  }, [labels, series, format, stacked, horizontal, max])
  return <Chart {...chart} option={option} />
}
