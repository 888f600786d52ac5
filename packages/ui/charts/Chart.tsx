import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useId, useRef, useState } from 'react'
import { Button } from '../parts/Button.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { houseWords } from '../words.ts'

export type ChartSeries = { name: string; values: readonly (number | null)[] }

export type ChartProps = {
  title: string
  /** What stands along the axis: months, wards. */
  labels: readonly string[]
  series: readonly ChartSeries[]
  height?: number
  /** How a value is written, `formatPercent`. */
  format?: (value: number | null) => string
  /** A click on a point leads to the rows behind it. */
  onOpen?: ((at: number, series: string) => void) | undefined
}

/** A picture of numbers and, one press away and for every reader, the numbers themselves. */
export function Chart({
  title,
  labels,
  series,
  height = 260,
  format = String,
  onOpen,
  option,
}: ChartProps & { option: EChartsCoreOption }) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(null)
  const opener = useRef(onOpen)
  const [isTable, setTable] = useState(false)
  const [isReady, setReady] = useState(false)
  const id = useId()
  useEffect(() => {
    opener.current = onOpen
  })
  useEffect(() => {
    if (isTable) return
    let isGone = false
    let watch: ResizeObserver | undefined
    import('./echarts.ts').then(({ chartIn }) => {
      const { current: box } = place
      if (isGone || !box) return
      const made = chartIn(box)
      made.on('click', (p) => {
        const { dataIndex, seriesName } = p as { dataIndex: number; seriesName: string } // echarts says so of a click on a point
        opener.current?.(dataIndex, seriesName)
      })
      watch = new ResizeObserver(() => made.resize())
      watch.observe(box)
      chart.current = made
      setReady(true)
    })
    return () => {
      isGone = true
      watch?.disconnect()
      chart.current?.dispose()
      chart.current = null
      setReady(false)
    }
  }, [isTable])
  useEffect(() => {
    if (isReady) chart.current?.setOption(option, true)
  }, [isReady, option])
  return (
    <figure className="rx-chart" aria-labelledby={id}>
      <figcaption id={id}>
        <span>{title}</span>
        <Button kind="quiet" size="small" pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? houseWords.showChart : houseWords.showTable}
        </Button>
      </figcaption>
      {!isTable && (
        <div ref={place} style={{ height }} aria-hidden="true">
          {!isReady && <Skeleton lines={5} />}
        </div>
      )}
      <div className={isTable ? 'rx-chart-table' : 'rx-hidden'}>
        <table className="rx-table rx-table-dense">
          <caption className="rx-hidden">{title}</caption>
          <thead>
            <tr>
              <td />
              {series.map((s) => (
                <th key={s.name} scope="col">
                  {s.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map((label, at) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {series.map((s) => (
                  <td key={s.name}>{s.values[at] === undefined || s.values[at] === null ? houseWords.none : format(s.values[at])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
