export { operationOutcome } from './resources.ts'
export { fhirRoutes } from './service.ts'
