import { defineModule } from '@renxin/server'
import { holdings } from './emergencies.ts'
import { prepareHospital } from './roles.ts'
import { routes } from './routes.ts'
import { ticks } from './ticks.ts'

export const access = defineModule({
  name: 'access',
  migrations: new URL('./migrations/', import.meta.url),
  seals: {
    'access.users': { totp_secret: 'bytes', totp_pending: 'bytes' },
    'access.sso': { secret: 'bytes' },
    'access.sso_attempts': { secrets: 'bytes', leave_url: 'bytes' },
    'access.sessions': { leave_url: 'bytes' },
  },
  routes,
  ticks,
  prepare: prepareHospital,
  holds: holdings,
})

export { suggestPassword } from '../first-password.ts'
export { authenticator } from './actors.ts'
export { holdersOf } from './administrators.ts'
export { createApiKey } from './api-keys.ts'
export { auditDeletionMonths, auditRetentionMonths } from './audit-settings.ts'
export { createClient, grantToken } from './clients.ts'
export { openEmergency, reviewEmergency } from './emergencies.ts'
export { listRoleNames, listRolesByName, listRolesOf, roleIdsOf } from './own-roles.ts'
export { prepareHospital } from './roles.ts'
export { isSignedInAs, signInByLink } from './sign-in.ts'
export { tryProvider, type WatchedProvider, watchProvider } from './sso/watch-provider.ts'
export type { AccessViews } from './tables.ts'
export { createUser } from './users.ts'
export { listViewers } from './viewers.ts'
export { whoMay } from './who-may.ts'
