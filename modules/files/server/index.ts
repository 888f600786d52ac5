import { defineModule } from '@renxin/server'
import { holdings } from './holdings.ts'
import { routes } from './routes.ts'

export const files = defineModule({
  name: 'files',
  migrations: new URL('./migrations/', import.meta.url),
  routes,
  holds: holdings,
})

export { type Guard, guardFiles } from './guards.ts'
export { attachFile, getFile, hideFiles, keepFiles, listFiles, problemOfFile, readFile } from './service.ts'
