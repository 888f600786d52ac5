import { defineModule } from '@renxin/server'
import { routes } from './routes.ts'

export const files = defineModule({
  name: 'files',
  migrations: new URL('./migrations/', import.meta.url),
  routes,
})

export { type Guard, guardFiles } from './guards.ts'
export { attachFile, getFile, hideFiles, keepFiles, listFiles, problemOfFile, readFile } from './service.ts'
