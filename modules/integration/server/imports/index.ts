export { type Backfilled, backfill } from './backfill.ts'
export { startImports, workOnce } from './loop.ts'
export { clearImports } from './retention.ts'
export { importRoutes } from './routes.ts'
