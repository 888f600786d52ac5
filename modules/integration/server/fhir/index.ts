export { fhirRoutes } from './handlers.ts'
export { type HookCourier, startHooks } from './hooks.ts'
export { clearNotices, fhirListeners } from './listeners.ts'
export { operationOutcome } from './outcome.ts'
