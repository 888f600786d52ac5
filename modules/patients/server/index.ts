import { defineModule, tick } from '@renxin/server'
import { seenBy } from '../contract.ts'
import { findDuplicates } from './find-duplicates.ts'
import { followClasses } from './identity/follow.ts'
import { prepareIdentityClasses } from './identity/presets.ts'
import { holdings } from './rights/holdings.ts'
import { routes } from './routes.ts'
import { prepareSegments } from './segments/presets.ts'
import { reckonSegments } from './segments/reckon.ts'
import { sources } from './sources.ts'
import { watchLooks } from './unusual/watch.ts'

export const patients = defineModule({
  name: 'patients',
  migrations: new URL('./migrations/', import.meta.url),
  seals: {
    'patients.patients': { identity_card: 'bytes', address: 'bytes', religion: 'bytes' },
    'patients.contacts': { phone: 'bytes' },
    'patients.people': { phone: 'bytes' },
    'patients.field_values': { sealed: 'bytes' },
    'patients.privacy': { reason: 'bytes' },
    'patients.rights_requests': { asker_name: 'bytes', details: 'bytes', items: 'bytes', refusal: 'bytes' },
    'patients.own_states': { row: 'json', contacts: 'json' },
    'patients.origins': { before: 'json' },
    'patients.value_origins': { before: 'json' },
  },
  routes,
  holds: holdings,
  sees: seenBy,
  sources,
  ticks: [
    tick('patients.findDuplicates', { everySeconds: 3 }, findDuplicates),
    tick('patients.segments', { everySeconds: 20 }, reckonSegments),
    tick('patients.identityClasses', { everySeconds: 20 }, followClasses),
    tick('patients.unusual', { everySeconds: 60 }, watchLooks),
  ],
  prepare: async (ctx) => {
    await prepareSegments(ctx)
    await prepareIdentityClasses(ctx)
  },
})

export { maskIdentityCard, maskName } from '../person/masking.ts'
export { maskPhone } from '../person/phone.ts'
export { applyPatientFacts, type Traced, tracePatientFacts } from './apply-facts.ts'
export { usualAuthority } from './authority.ts'
export { noteCare, patientVisible, setBedKey, setBedKeys } from './care.ts'
export { type CautionFact, endCautions, noteCriticalValues, tellCautions, withdrawCriticalValues } from './cautions.ts'
export { contactsOf, type PhoneCard, phonesOf, revealContacts, revealPhone, type WholeContact } from './contacts.ts'
export { describePatients, findPatientIds, type PatientDescription, type PatientQuery } from './describe.ts'
export {
  allergiesChanged,
  cautionChanged,
  deathWithdrawn,
  fileChanged,
  filesOpened,
  identityClassesChanged,
  patientDied,
  patientMerged,
  patientParted,
  patientTagged,
  phoneCorrected,
} from './events.ts'
export type { AllergyFact, Identifier, KinFact, PatientFacts, PhoneFact } from './facts.ts'
export { changeFields, readFields } from './fields/by-hand.ts'
export { listFields } from './fields/definitions.ts'
export { readContent } from './fields/rules.ts'
export { valueChanges, withdrawValues } from './fields/value-origins.ts'
export { applyExtras, type ExtraFact } from './fields/values.ts'
export { findPatient, getPatient, ofVisible, type PatientRecord, visibleId } from './get-patient.ts'
export { nameIdentityClasses } from './identity/words.ts'
export { listTags, refuse } from './marks.ts'
export { mayContact, noteContact, releaseHold, setHold } from './may-contact.ts'
export { mergePatients } from './merge.ts'
export { forgetOrigin, type PatientChange, patientChanges } from './origins.ts'
export { type Parting, partPatients } from './part.ts'
export { readName } from './pinyin.ts'
export { type NewPatient, registerPatient, revealIdentityCard } from './register.ts'
export { eraseExtras } from './rights/erase.ts'
export type { ContactChannel, MayContact } from './rules.ts'
export { keysOfName } from './search-keys.ts'
export { showName } from './show-name.ts'
export { type FollowupNews, noteDiagnoses, noteFollowups, noteStandings, type Standing, takeStandings, tellAtEnd } from './standings.ts'
export type { PatientViews } from './tables.ts'
export { type KeptField, type TakenBack, withdrawPatientFacts } from './take-back.ts'
