import { defineModule } from '@renxin/server'
import { routes } from './routes.ts'

export const integration = defineModule({
  name: 'integration',
  migrations: new URL('./migrations/', import.meta.url),
  routes: [...routes],
})

export { type Incoming, readFrame } from './incoming.ts'
export { ingest, type Taken } from './ingest.ts'
export { importSender } from './manage-senders.ts'
export { type MllpDoor, readAssigned, startMllp } from './mllp.ts'
