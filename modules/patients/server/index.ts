export { patientDied, patientMerged, deathWithdrawn } from './events.ts'
export type { Identifier, KinFact, PatientFacts, PhoneFact } from './facts.ts'
export { showName } from './show-name.ts'
export type { PatientViews } from './tables.ts'
