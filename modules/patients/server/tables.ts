import type { AccessViews } from '@renxin/access'
import type { LocalDate } from '@renxin/kernel'
import type { Context, Generated } from '@renxin/server'
import type {
  MatchKind,
  PersonKind,
  PhoneKind,
  PrivacyClass,
  PrivacyRule,
  Relation,
  RequestKind,
  RequestState,
  RightsRequest,
  Sex,
  Tag,
  UnusualRule,
} from '../contract.ts'
import type { Likeness } from '../person/likeness.ts'
import type { AllergyFact } from './facts.ts'
import type { Link } from './links.ts'

/** When each field was last said, by the source's clock in milliseconds. */
export type SaidAt = Partial<Record<string, number>>

/**
 * A word that was corrected away by right. Only its keyed hash is kept (`print`), with that of the word that took its place (`by`), when that was, and since
 * when the hospital's systems say the right word themselves.
 */
export type Corrected = { print: string; by: string; at: number; until: number | null }
export type CorrectedAway = Partial<Record<string, Corrected[]>>

export type PatientRow = {
  id: string
  name: string
  namePinyin: string
  nameInitials: string
  sex: Sex
  birthOn: LocalDate | null
  identityCard: Buffer | null
  identityCardIndex: Buffer | null
  identityCardLast4: Buffer | null
  identityCardValid: boolean | null
  address: Buffer | null
  district: string | null
  ethnic: string | null
  marital: string | null
  job: string | null
  language: string | null
  birthPlace: string | null
  nationality: string | null
  religion: Buffer | null
  payer: string | null
  identityClass: string | null
  deceasedAt: Date | null
  isSaidDead: boolean
  diedAt: Date | null
  deathNotedAt: Date | null
  medicalRecordNumber: string | null
  bed: string | null
  mergedInto: string | null
  /** Others were merged into it: what it shows is put together from `own_states`. */
  isJoined: boolean
  /** The patient asked to be forgotten: the hospital's systems are not heard any more on what was erased. */
  erasedAt: Date | null
  /** Nothing had to stay: neither name nor numbers are taken until that person comes for a visit. */
  isForgotten: boolean
  saidAt: SaidAt
  /** Words that were corrected by right, which the hospital's systems do not bring back. */
  correctedAway: CorrectedAway | null
  createdAt: Date
}

/** The columns that are written with a patient, and their types. */
export const patientColumns = {
  id: 'uuid',
  name: 'text',
  name_pinyin: 'text',
  name_initials: 'text',
  sex: 'text',
  birth_on: 'date',
  identity_card: 'bytea',
  identity_card_index: 'bytea',
  identity_card_last4: 'bytea',
  identity_card_valid: 'boolean',
  address: 'bytea',
  district: 'text',
  ethnic: 'text',
  marital: 'text',
  job: 'text',
  language: 'text',
  birth_place: 'text',
  nationality: 'text',
  religion: 'bytea',
  payer: 'text',
  identity_class: 'text',
  deceased_at: 'timestamptz',
  is_said_dead: 'boolean',
  died_at: 'timestamptz',
  death_noted_at: 'timestamptz',
  medical_record_number: 'text',
  erased_at: 'timestamptz',
  is_forgotten: 'boolean',
  said_at: 'jsonb',
  corrected_away: 'jsonb',
  created_at: 'timestamptz',
}

export type ContactRow = {
  id: string
  patientId: string
  relation: Relation
  name: string | null
  phone: Buffer
  phoneIndex: Buffer
  phoneLast4: Buffer
  kind: PhoneKind
  source: 'his' | 'manual'
  rank: number
  isPreferred: boolean
  isVoid: boolean
  isFormer: boolean
  saidAt: Date
  bestHour: number | null
}

export const contactColumns = {
  id: 'uuid',
  patient_id: 'uuid',
  relation: 'text',
  name: 'text',
  phone: 'bytea',
  phone_index: 'bytea',
  phone_last4: 'bytea',
  kind: 'text',
  source: 'text',
  rank: 'int2',
  is_preferred: 'boolean',
  is_void: 'boolean',
  is_former: 'boolean',
  said_at: 'timestamptz',
}

export type PersonRow = {
  id: string
  kind: PersonKind
  name: string
  organisation: string | null
  phone: Buffer | null
  phoneIndex: Buffer | null
  note: string | null
  isActive: boolean
  savedAt: Date
  savedBy: string | null
}

export type RightsRow = {
  id: string
  patientId: string
  saidPatientId: string
  kind: RequestKind
  asker: RightsRequest['asker']
  askerName: Buffer | null
  proof: RightsRequest['proof']
  details: Buffer | null
  items: Buffer | null
  receivedAt: Date
  dueOn: LocalDate | null
  state: Generated<RequestState>
  recordedBy: string
  recordedByName: string
  decidedBy: string | null
  decidedByName: string | null
  refusal: Buffer | null
  doneAt: Date | null
  counts: Record<string, number> | null
}

export type Tables = {
  'patients.patients': PatientRow
  'patients.identifiers': {
    system: string
    type: string
    value: string
    patientId: string
    saidPatientId: string
    isRetired: Generated<boolean>
  }
  'patients.contacts': ContactRow
  'patients.searchKeys': { key: string; kind: MatchKind; patientId: string; position: number }
  'patients.tags': Tag
  'patients.tagged': { patientId: string; saidPatientId: string; tagId: string; taggedAt: Date; taggedBy: string | null }
  'patients.merges': {
    id: string
    survivorId: string
    retiredId: string
    reason: string | null
    mergedBy: string | null
    mergedAt: Date
    partedAt: Generated<Date | null>
    partedBy: Generated<string | null>
    partReason: Generated<string | null>
  }
  'patients.conflicts': {
    id: string
    patientId: string
    otherId: string
    saidPatientId: string
    saidOtherId: string
    cause: string
    seenAt: Date
    dismissedAt: Generated<Date | null>
  }
  'patients.links': Link
  'patients.people': PersonRow
  'patients.peopleTies': {
    personId: string
    patientId: string
    saidPatientId: string
    relation: Relation
    tiedAt: Date
    tiedBy: string | null
  }
  'patients.duplicates': {
    oneId: string
    otherId: string
    score: number
    reasons: Likeness[]
    print: string
    foundAt: Date
    dismissedAt: Date | null
    dismissedBy: string | null
    dismissedPrint: string | null
  }
  'patients.careUnits': { patientId: string; saidPatientId: string; unitId: string; lastOn: LocalDate }
  'patients.refusals': {
    patientId: string
    saidPatientId: string
    kind: 'channel' | 'purpose'
    value: string
    refusedAt: Date
    notedBy: string | null
  }
  'patients.holds': {
    cause: string
    objectId: string
    patientId: string
    saidPatientId: string
    setAt: Date
    releasedAt: Generated<Date | null>
  }
  'patients.contactLog': { id: string; patientId: string; saidPatientId: string; at: Date; purpose: string | null }
  'patients.settings': {
    quietHours: { from: string; to: string }[]
    contactsPerDay: number
    contactsPerWeek: number | null
    areaCode: string | null
    lastFourSearchesPerHour: number
    oldFromAge: number | null
  }
  'patients.privacy': {
    saidPatientId: string
    patientId: string
    class: PrivacyClass | 'none'
    byRule: PrivacyRule | null
    reason: Buffer | null
    setAt: Date | null
    setBy: string | null
    setByName: string | null
  }
  'patients.unusualLooks': {
    id: string
    rule: UnusualRule
    onDay: LocalDate
    actorId: string
    actorName: string
    patientId: string | null
    why: unknown
    firstAt: Date
    lastAt: Date
    looks: number
    state: 'open' | 'explained' | 'followUp'
    asked: string | null
    note: string | null
    decidedAt: Date | null
    decidedBy: string | null
    foundAt: Date
    changedAt: Date
  }
  'patients.rightsRequests': RightsRow
  'patients.rightsSettings': { answerDays: number | null }
  'patients.narrowSearches': { actorId: string; hourAt: Date; times: number }
}

/** What other modules may join. A row that was merged stays, with `mergedInto`; names pass through `showName` before they leave. */
export type PatientViews = {
  'patients.cards': Pick<
    PatientRow,
    'id' | 'name' | 'namePinyin' | 'sex' | 'birthOn' | 'deceasedAt' | 'medicalRecordNumber' | 'identityClass' | 'payer' | 'mergedInto'
  >
  /** What a patient does not bear, of all files of one person. */
  'patients.allergyCards': AllergyFact & { patientId: string; key: string; saidAt: Date }
  'patients.refusalCards': { patientId: string; kind: 'channel' | 'purpose'; value: string; refusedAt: Date }
  'patients.cautionCards': {
    id: string
    patientId: string
    kind: 'criticalValue' | 'incompatibility' | 'payer' | 'other'
    text: string
    notedAt: Date
    endedAt: Date | null
  }
  /** Tags and segments, and who is in them. */
  'patients.groupCards': { id: string; kind: 'tag' | 'segment'; name: string; isActive: boolean }
  'patients.groupMembers': { groupId: string; patientId: string }
  /** Those who asked to be forgotten. */
  'patients.erasedFiles': { patientId: string; erasedAt: Date; isForgotten: boolean }
}

export const db = (ctx: Context) => ctx.db.withTables<Tables & PatientViews & AccessViews>()
