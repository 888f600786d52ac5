export { fhirRoutes } from './handlers.ts'
export { operationOutcome } from './outcome.ts'
