import type { Condition, DiagnosisType, Disposition, EncounterClass, NursingLevel } from '../contract.ts'

export type EncounterEvent =
  | 'admit'
  | 'register'
  | 'transfer'
  | 'discharge'
  | 'update'
  | 'cancelAdmit'
  | 'cancelDischarge'
  | 'cancelTransfer'
  /** Announced for a later day: planned until it is admitted. */
  | 'preadmit'
  | 'cancelPreadmit'
  /** The same visit goes on as a stay, or as an out-patient's. */
  | 'toInpatient'
  | 'toOutpatient'
  /** Out of the house for some hours or days, and expected back. */
  | 'leave'
  | 'return'
  | 'cancelLeave'
  | 'cancelReturn'
  /** To be moved, to go home: nothing has happened yet. */
  | 'planTransfer'
  | 'planDischarge'
  | 'cancelPlanTransfer'
  | 'cancelPlanDischarge'

type Staff = { number?: string | null; name?: string | null }

export type SaidDiagnosis = { code: string | null; name: string; system: string | null; type: DiagnosisType; rank: number }

/** What one message says about one encounter. `undefined` is "not said", `null` is "deleted". */
export type EncounterFacts = {
  /** The visit's number at the hospital (PV1-19). */
  number: string
  /** Numbers that were this visit's, or are found to be the same visit: what was and will be said of them is said of this one. */
  retires?: readonly string[]
  patientId: string
  event: EncounterEvent
  /** When the sender said it (MSH-7): statements of one encounter are taken in this order, then by arrival. */
  sourceAt: Date
  /** When it happened (EVN-6, else EVN-2); `sourceAt` where it is not said. */
  occurredAt?: Date | null
  class?: EncounterClass
  departmentCode?: string | null
  departmentName?: string | null
  wardCode?: string | null
  wardName?: string | null
  room?: string | null
  bed?: string | null
  attending?: Staff | null
  nurse?: Staff | null
  nursingLevel?: NursingLevel | null
  condition?: Condition | null
  identityClass?: string | null
  payer?: string | null
  admittedAt?: Date | null
  dischargedAt?: Date | null
  disposition?: Disposition | null
  /** When he is expected to go home; of a day alone its noon. */
  expectedDischargeAt?: Date | null
  transferExpectedAt?: Date | null
  nextWardCode?: string | null
  nextWardName?: string | null
  nextRoom?: string | null
  nextBed?: string | null
  /** Replaces what was said before of the same types; an empty list says nothing. */
  diagnoses?: SaidDiagnosis[] | null
  /** The hospital's own fields of stays and visits, by their keys. `null`: delete. */
  extra?: Readonly<Record<string, unknown>>
  /** Who has which part in it; each role that is named is said anew. A role is a code of HL7 table 0443, else the sender's word. */
  team?: readonly (Staff & { role: string })[] | null
  /** Why the patient came (PV2-3). */
  admitReason?: string | null
  /** The accident behind it (ACC). */
  accident?: { at: Date | null; kind: string | null; place: string | null } | null
  /** The text of the discharge summary. */
  summary?: string | null
}
