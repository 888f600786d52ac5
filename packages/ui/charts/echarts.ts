import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { type EChartsType, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

/** A chart in this element, with the parts of echarts that we use and no more. */
export function chartIn(box: HTMLElement): EChartsType {
  // Here and not beside the imports, where a bundler may leave it out as having no effect.
  use([
    BarChart,
    LineChart,
    AriaComponent,
    GridComponent,
    LegendComponent,
    MarkAreaComponent,
    MarkLineComponent,
    TooltipComponent,
    SVGRenderer,
  ])
  return init(box, undefined, { renderer: 'svg' })
}
