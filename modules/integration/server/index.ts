import { defineModule } from '@renxin/server'
import { deadLettersRoutes, goOn } from './dead-letters/index.ts'
import { clearNotices, fhirListeners, fhirRoutes, hookRoutes } from './fhir/index.ts'
import { healthRoutes, watchDoors } from './health/index.ts'
import { clearImports, importRoutes } from './imports/index.ts'
import { ownFieldRoutes } from './own-fields.ts'
import { clearMessages } from './retention.ts'
import { clearErased } from './rights/erase.ts'
import { holdings } from './rights/holdings.ts'
import { routes } from './routes.ts'

import { clearVisits, screenLinkRoutes } from './screen-link/index.ts'
import { viewRoutes } from './views/index.ts'
import { clearOutgoing, writeBackListeners, writeBackRoutes } from './write-back/index.ts'

export const integration = defineModule({
  name: 'integration',
  migrations: new URL('./migrations/', import.meta.url),
  seals: {
    'integration.messages': { body: 'bytes', mended: 'bytes' },
    'integration.destinations': { auth_secret: 'bytes' },
    'integration.outgoing': { body: 'bytes' },
    'integration.fhir_versions': { body: 'bytes' },
    'integration.fhir_subscriptions': { channel: 'bytes' },
    'integration.imports': { peek: 'bytes' },
    'integration.import_files': { body: 'bytes' },
    'integration.import_rows': { cells: 'bytes', changes: 'bytes' },
    'integration.view_sources': { password: 'bytes' },
    'integration.view_rows': { body: 'bytes' },
    'integration.view_questions': { asked: 'bytes', answer: 'bytes' },
    'integration.runs': { rule: 'bytes' },
    'integration.screen_links': { secret: 'bytes' },
  },
  routes: [
    ...routes,
    ...ownFieldRoutes,
    ...writeBackRoutes,
    ...deadLettersRoutes,
    ...healthRoutes,
    ...screenLinkRoutes,
    ...fhirRoutes,
    ...hookRoutes,
    ...importRoutes,
    ...viewRoutes,
  ],
  holds: holdings,
  listeners: [...writeBackListeners, ...fhirListeners],
  ticks: [clearErased, clearImports, clearMessages, clearNotices, clearOutgoing, goOn, watchDoors, clearVisits],
})

export { operationOutcome, startHooks } from './fhir/index.ts'
export { doorHeard, doorSilent, listDoors } from './health/index.ts'
export { type Backfilled, backfill, startImports, workOnce } from './imports/index.ts'
export { type Incoming, readFrame } from './incoming.ts'
export { ingest, type Taken } from './ingest.ts'
export { importSender } from './manage-senders.ts'
export { type MllpDoor, readAssigned, startMllp } from './mllp.ts'
export { type Poller, saveSource, saveView, startViews } from './views/index.ts'
export { type Courier, knockDestinations, saveDestination, startWriteBack } from './write-back/index.ts'
