import { chartColours, colours, fontFamily } from '../tokens.ts'

/** Dash and marker of each series, so that they differ without colour. */
export const dashes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3], [12, 4], [2, 4], [6, 2], [10, 3, 3, 3]] as const
export const markers = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect', 'emptyTriangle', 'emptyDiamond'] as const

const still = () => typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches
const writing = { color: colours.text2, fontFamily, fontSize: 12 }

/** What all charts share. */
export const baseOption = () => ({
  color: [...chartColours],
  animationDuration: still() ? 0 : 200,
  animation: !still(),
  textStyle: writing,
  grid: { left: 8, right: 16, top: 36, bottom: 8, outerBoundsMode: 'same' as const, outerBoundsContain: 'axisLabel' as const },
  legend: { top: 0, left: 0, textStyle: writing, itemWidth: 22, itemHeight: 10 },
  tooltip: { trigger: 'axis' as const, textStyle: { ...writing, color: colours.text, fontSize: 13 }, borderColor: colours.line },
})

export const axisOf = (labels: readonly string[]) => ({
  type: 'category' as const,
  data: [...labels],
  axisLine: { lineStyle: { color: colours.controlLine } },
  axisTick: { show: false },
  axisLabel: { ...writing, hideOverlap: true },
})

export const scaleOf = (format: (value: number) => string, bounds: { min?: number | undefined; max?: number | undefined }) => ({
  type: 'value' as const,
  ...bounds,
  axisLabel: { ...writing, formatter: format },
  splitLine: { lineStyle: { color: colours.line } },
})
