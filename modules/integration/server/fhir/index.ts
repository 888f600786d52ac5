import { serve } from '@renxin/server'
import { hookHostsApi } from '../../fhir-contract.ts'
import { listHooks, pauseHook } from './manage-hooks.ts'
import { hookHosts, saveHookHosts } from './subscriptions.ts'

export const hookRoutes = serve(hookHostsApi, {
  hooks: async (ctx) => ({ rows: await listHooks(ctx) }),
  pauseHook: (ctx, { id }) => pauseHook(ctx, id, true),
  resumeHook: (ctx, { id }) => pauseHook(ctx, id, false),
  hookHosts: async (ctx) => ({ hosts: await hookHosts(ctx) }),
  saveHookHosts,
})
export { fhirRoutes } from './handlers.ts'
export { startHooks } from './hooks.ts'
export { clearNotices, fhirListeners } from './listeners.ts'
export { operationOutcome } from './outcome.ts'
