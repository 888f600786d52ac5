export { BarChart } from './BarChart.tsx'
export type { ChartSeries } from './Chart.tsx'
export { LineChart } from './LineChart.tsx'
