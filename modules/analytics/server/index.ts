import { defineModule } from '@renxin/server'
import { listeners } from './listeners.ts'
import { makeCellsOnce } from './make-cells.ts'
import { routes } from './routes.ts'

export const analytics = defineModule({
  name: 'analytics',
  migrations: new URL('./migrations/', import.meta.url),
  routes,
  listeners,
  prepare: makeCellsOnce,
})

/** For whoever puts rows in past the events: a demo, an import. */
export { makeCells } from './make-cells.ts'
