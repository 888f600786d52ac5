import type { AccountFact, EncounterFacts } from '@renxin/encounters'
import type { PatientFacts } from '@renxin/patients'
import type { Note, Reason } from '../contract.ts'
import type { Mapping } from './mapping.ts'
import type { OwnField } from './own-fields.ts'
import type { RecordReading, RecordSaid } from './records.ts'
import type { MasterSaid } from './translate-master.ts'

export type VisitFacts = Omit<EncounterFacts, 'patientId'>

/** What a message says, in the words of the rooms that keep it. */
export type Translation = {
  status: 'applied' | 'ignored' | 'waiting' | 'failed'
  reason: Reason | null
  person?: PatientFacts
  visit?: VisitFacts
  /** Others of whom the message speaks: the second of two who swap beds, each pair of a merge, each visit that moves. */
  also?: readonly Told[]
  /** The first two are said to be two persons after all (A37). */
  isUnlinked?: boolean
  records?: readonly RecordSaid[]
  master?: MasterSaid
  accounts?: readonly AccountSaid[]
  visitNumber: string | null
  sentAt: Date | null
  notes: Note[]
}

/** `movedTo`: the account is the person's at this place among those of whom the message tells. */
export type AccountSaid = Omit<AccountFact, 'ownerId'> & { movedTo?: number }

export type Told = { person: PatientFacts; visit?: VisitFacts }

/** `source`: the sender, under whose numbers its reports and orders are kept. `own`: what its mapping may name of the hospital's own fields. */
export type Setting = { mapping: Mapping; zone: string; receivedAt: Date; source: string; own?: readonly OwnField[] }

/** A part of a translation: what a kind of message adds to what is said of every one. */
export type Part = Pick<Translation, 'status' | 'reason' | 'person' | 'visit' | 'also' | 'isUnlinked' | 'records' | 'master' | 'accounts'>
export type Reading = RecordReading

export const LONGEST_NUMBER = 100
export const unsaid = (status: Translation['status'], reason: Reason | null = null): Part => ({ status, reason })
