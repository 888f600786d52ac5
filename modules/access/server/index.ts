import { defineModule } from '@renxin/server'
import { holdings } from './emergencies.ts'
import { prepareHospital } from './roles.ts'
import { routes } from './routes.ts'
import { ticks } from './ticks.ts'

export const access = defineModule({
  name: 'access',
  migrations: new URL('./migrations/', import.meta.url),
  routes,
  ticks,
  prepare: prepareHospital,
  holds: holdings,
})

export { suggestPassword } from '../first-password.ts'
export { authenticator } from './actors.ts'
export { createApiKey } from './api-keys.ts'
export { auditRetentionMonths } from './audit-settings.ts'
export { createClient, grantToken } from './clients.ts'
export { openEmergency, reviewEmergency } from './emergencies.ts'
export { listRoleNames, roleIdsOf } from './own-roles.ts'
export { prepareHospital } from './roles.ts'
export { isSignedInAs, signInByLink } from './sign-in.ts'
export type { AccessViews } from './tables.ts'
export { createUser } from './users.ts'
export { listViewers } from './viewers.ts'
