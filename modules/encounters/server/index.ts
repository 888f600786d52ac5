import { defineModule, tick } from '@renxin/server'
import { holdings } from './holdings.ts'
import { followClasses } from './identity-classes.ts'
import { listeners } from './listeners.ts'
import { routes } from './routes.ts'
import { sources } from './sources/index.ts'
import { tellAllStandings } from './tell-standings.ts'

export const encounters = defineModule({
  name: 'encounters',
  migrations: new URL('./migrations/', import.meta.url),
  seals: {
    'encounters.image_archives': { auth_secret: 'bytes', token_secret: 'bytes' },
  },
  routes,
  listeners,
  holds: holdings,
  sources,
  ticks: [tick('encounters.identityClasses', { everySeconds: 20 }, followClasses)],
  prepare: tellAllStandings,
})

export { type AccountFact, applyAccounts } from './accounts.ts'
export { applyEncounterFacts } from './apply-facts.ts'
export {
  admitted,
  bookingCancelled,
  bookingChanged,
  bookingMade,
  cancelled,
  corrected,
  criticalValueFound,
  criticalValueWithdrawn,
  dischargeCancelled,
  discharged,
  recordsChanged,
  registered,
  restated,
  transferred,
  visitsMoved,
} from './events.ts'
export type { EncounterEvent, EncounterFacts, SaidDiagnosis } from './facts.ts'
export { applyRecords } from './records/apply-records.ts'
export type {
  BookingFacts,
  BookingStatus,
  ChargeFacts,
  DocumentFacts,
  LineStatus,
  OrderFacts,
  OrderKind,
  ProcedureFacts,
  RecordFacts,
  RecordFile,
  ReportFacts,
  ReportItemFact,
  ReportKind,
  ReportLineFact,
  ReportPanelFact,
  ReportStatus,
} from './records/facts.ts'
export { leastSure } from './records/lines.ts'
export { getEncounter } from './service.ts'
export type { EncounterViews } from './tables.ts'
export { type EncounterChange, encounterChanges, type Withdrawn, withdrawEncounterFacts } from './withdraw-facts.ts'
