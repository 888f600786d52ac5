import type { EncounterViews } from '@renxin/encounters'
import type { FeedbackViews } from '@renxin/feedback'
import type { FollowupViews } from '@renxin/followups'
import type { PatientViews } from '@renxin/patients'
import type { Context, Generated } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { SurveyViews } from '@renxin/surveys'

type Tables = {
  'integration.destinations': {
    id: string
    name: string
    host: string
    port: number
    application: string
    facility: string
    charset: 'utf-8' | 'gb18030'
    takesFollowups: boolean
    takesComplaints: boolean
    isActive: boolean
  }
  'integration.outgoing': {
    destinationId: string
    eventId: string
    seq: Generated<number>
    kind: 'followup' | 'complaint'
    objectId: string
    patientId: string
    message: string
    status: Generated<'waiting' | 'sent' | 'refused'>
    createdAt: Date
    attempts: Generated<number>
    nextAt: Date
    leasedUntil: Date | null
    sentAt: Date | null
    answer: string | null
    error: string | null
  }
}

export const db = (ctx: Context) =>
  ctx.db.$extendTables<Tables & PatientViews & EncounterViews & StaffViews & SurveyViews & FollowupViews & FeedbackViews>()
