import type { LocalDate } from '@renxin/kernel'
import type { Context, Generated } from '@renxin/server'
import type { MatchKind, PhoneKind, Relation, Sex, Tag } from '../contract.ts'

/** When each field was last said, by the source's clock in milliseconds. */
export type SaidAt = Partial<Record<string, number>>

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
  payer: string | null
  identityClass: string | null
  deceasedAt: Date | null
  isSaidDead: boolean
  diedAt: Date | null
  deathNotedAt: Date | null
  medicalRecordNumber: string | null
  bed: string | null
  mergedInto: string | null
  saidAt: SaidAt
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
  payer: 'text',
  identity_class: 'text',
  deceased_at: 'timestamptz',
  is_said_dead: 'boolean',
  died_at: 'timestamptz',
  death_noted_at: 'timestamptz',
  medical_record_number: 'text',
  said_at: 'jsonb',
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

export type Tables = {
  'patients.patients': PatientRow
  'patients.identifiers': { system: string; type: string; value: string; patientId: string; isRetired: Generated<boolean> }
  'patients.contacts': ContactRow
  'patients.searchKeys': { key: string; kind: MatchKind; patientId: string; position: number }
  'patients.tags': Tag
  'patients.tagged': { patientId: string; tagId: string; taggedAt: Date; taggedBy: string | null }
  'patients.merges': {
    id: string
    survivorId: string
    retiredId: string
    reason: string | null
    mergedBy: string | null
    mergedAt: Date
    before: unknown
  }
  'patients.conflicts': { id: string; patientId: string; otherId: string; cause: string; seenAt: Date; dismissedAt: Generated<Date | null> }
  'patients.careUnits': { patientId: string; unitId: string; lastOn: LocalDate }
  'patients.refusals': { patientId: string; kind: 'channel' | 'purpose'; value: string; refusedAt: Date; notedBy: string | null }
  'patients.holds': { cause: string; objectId: string; patientId: string; setAt: Date; releasedAt: Generated<Date | null> }
  'patients.contactLog': { id: string; patientId: string; at: Date; purpose: string | null }
  'patients.settings': {
    quietHours: { from: string; to: string }[]
    contactsPerDay: number
    contactsPerWeek: number | null
    areaCode: string | null
    lastFourSearchesPerHour: number
  }
  'patients.narrowSearches': { actorId: string; hourAt: Date; times: number }
}

/** What other modules may join. A row that was merged stays, with `mergedInto`; names pass through `showName` before they leave. */
export type PatientViews = {
  'patients.cards': Pick<
    PatientRow,
    'id' | 'name' | 'namePinyin' | 'sex' | 'birthOn' | 'deceasedAt' | 'medicalRecordNumber' | 'identityClass' | 'payer' | 'mergedInto'
  >
}

export const db = (ctx: Context) => ctx.db.withTables<Tables & PatientViews>()
