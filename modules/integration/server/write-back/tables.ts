import type { AccessViews } from '@renxin/access'
import type { EncounterViews } from '@renxin/encounters'
import type { FeedbackViews } from '@renxin/feedback'
import type { FollowupViews } from '@renxin/followups'
import type { PatientViews } from '@renxin/patients'
import type { Context, Generated } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { SurveyViews } from '@renxin/surveys'
import type { CorrectionStatus, FollowupsAs, LineStatus, Way, WrittenKind } from '../../write-back-contract.ts'

export type DestinationTable = {
  id: string
  name: string
  way: Generated<Way>
  host: string | null
  port: number | null
  application: string
  facility: string
  charset: 'utf-8' | 'gb18030'
  followupsAs: Generated<FollowupsAs>
  takesFollowups: boolean
  takesComplaints: boolean
  takesPhones: Generated<boolean>
  takesComplaintFlag: Generated<boolean>
  flagTags: Generated<string[]>
  baseUrl: string | null
  identifierSystem: Generated<string>
  auth: Generated<'none' | 'bearer' | 'basic'>
  authUser: Generated<string>
  authSecret: Buffer | null
  readerRole: string | null
  isActive: boolean
}

type Tables = {
  'integration.settings': { keepDays: number }
  'integration.destinations': DestinationTable
  'integration.outgoing': {
    destinationId: string
    eventId: string
    seq: Generated<number>
    kind: WrittenKind
    subject: Generated<string>
    objectId: string
    patientId: string
    message: string | null
    body: Buffer | null
    status: Generated<LineStatus>
    createdAt: Date
    attempts: Generated<number>
    nextAt: Date
    leasedUntil: Date | null
    sentAt: Date | null
    answer: string | null
    error: string | null
  }
  'integration.corrections': {
    id: string
    patientId: string
    contactId: string
    change: 'added' | 'voided'
    replacesId: string | null
    heardBy: string | null
    heardAt: Date
    status: Generated<CorrectionStatus>
    decidedBy: Generated<string | null>
    decidedAt: Generated<Date | null>
    reason: Generated<string | null>
  }
}

export const db = (ctx: Context) =>
  ctx.db.$extendTables<Tables & AccessViews & PatientViews & EncounterViews & StaffViews & SurveyViews & FollowupViews & FeedbackViews>()
