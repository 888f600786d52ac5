import type { PatientViews } from '@renxin/patients'
import type { Context, Generated } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { Condition, DiagnosisType, Disposition, EncounterClass, EncounterStatus, NursingLevel } from '../contract.ts'
import type { EncounterEvent } from './facts.ts'
import type { RecordTables, RecordViews } from './records/tables.ts'
import type { Said } from './rules.ts'

type Card = {
  id: string
  patientId: string
  /** The file of which the visit was said: another than `patientId` where the two are one person today. */
  saidPatientId: string
  number: string
  class: EncounterClass
  status: EncounterStatus
  /** When the present status began: the admission, the discharge, the cancellation. Lists are in this order. */
  statusAt: Date
  departmentId: string | null
  wardId: string | null
  room: string | null
  bed: string | null
  attendingId: string | null
  nurseId: string | null
  nursingLevel: NursingLevel | null
  condition: Condition | null
  everCritical: boolean
  everSerious: boolean
  everSpecialNursing: boolean
  everLevelOne: boolean
  admittedAt: Date | null
  dischargedAt: Date | null
  dischargedOn: string | null
  disposition: Disposition | null
  identityClass: string | null
  payer: string | null
  lengthOfStayDays: number | null
  mainDiagnosisCode: string | null
  mainDiagnosisName: string | null
  priorDischargeOn: string | null
  expectedDischargeAt: Date | null
  dischargePlannedSince: Date | null
  transferPlannedSince: Date | null
  transferExpectedAt: Date | null
  nextWardId: string | null
  nextRoom: string | null
  nextBed: string | null
}

/** What other modules may join. */
export type EncounterViews = {
  'encounters.cards': Card
  'encounters.diagnosisCards': DiagnosisCard
  /** When each visit was last spoken of. */
  'encounters.lastSaid': { encounterId: string; saidAt: Date }
  'encounters.teamCards': { encounterId: string; position: number; role: string; personId: string }
} & RecordViews

type DiagnosisCard = {
  encounterId: string
  patientId: string
  type: DiagnosisType
  rank: number
  code: string | null
  name: string
  system: string | null
  admittedAt: Date | null
}

type Tables = {
  'encounters.imageArchives': {
    id: string
    name: string
    qidoUrl: string
    viewerUrl: string
    auth: 'none' | 'basic' | 'bearer'
    authUser: string
    authSecret: Buffer | null
    tokenSecret: Buffer | null
    tokenSeconds: number
    isActive: boolean
  }
  'encounters.encounters': Card & {
    summary: string | null
    openedAt: Date
    onLeaveSince: Date | null
    mergedInto: Generated<string | null>
    isLeaving: Generated<boolean>
    admitReason: string | null
    accidentAt: Date | null
    accidentKind: string | null
    accidentPlace: string | null
  }
  'encounters.formerNumbers': { number: string; encounterId: string }
  'encounters.facts': {
    encounterId: string
    arrived: Generated<number>
    sourceAt: Date
    event: EncounterEvent
    said: Said
    origin: Generated<string | null>
  }
  'encounters.stays': {
    encounterId: string
    position: number
    departmentId: string | null
    wardId: string | null
    room: string | null
    bed: string | null
    fromAt: Date
    toAt: Date | null
  }
  'encounters.team': { encounterId: string; position: number; role: string; personId: string }
  'encounters.levels': { encounterId: string; position: number; kind: 'nursingLevel' | 'condition'; value: string | null; fromAt: Date }
  'encounters.diagnoses': {
    encounterId: string
    type: DiagnosisType
    rank: number
    code: string | null
    name: string
    system: string | null
    isCurrent: boolean
  }
}

export const db = (ctx: Context) => ctx.db.withTables<Tables & RecordTables & EncounterViews & PatientViews & StaffViews>()
