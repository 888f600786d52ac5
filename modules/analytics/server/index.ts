import { defineModule } from '@renxin/server'
import { holdings } from './holdings.ts'
import { listeners } from './listeners.ts'
import { makeCellsOnce } from './make-cells.ts'
import { routes } from './routes.ts'
import { ticks } from './ticks.ts'

export const analytics = defineModule({
  name: 'analytics',
  migrations: new URL('./migrations/', import.meta.url),
  routes,
  holds: holdings,
  listeners,
  ticks,
  prepare: makeCellsOnce,
})

/** For whoever puts rows in past the events: a demo, an import. */
export { makeCells } from './make-cells.ts'
export { setRevisitThresholds } from './revisits/thresholds.ts'
