import type { AccessViews } from '@renxin/access'
import type { EncounterViews } from '@renxin/encounters'
import type { FeedbackViews } from '@renxin/feedback'
import type { FollowupViews } from '@renxin/followups'
import type { PatientViews } from '@renxin/patients'
import type { Context } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { SurveyViews } from '@renxin/surveys'
import type { AppraisalLevel, RevisitKind } from '../contract.ts'

type Units = { departmentId: string; wardId: string }

type Tables = {
  'analytics.stays': Units & { encounterId: string; day: string; isAlive: boolean; reachedOn: string | null }
  'analytics.contacts': Units & { taskId: string; day: string; outcome: string }
  'analytics.opinions': Units & { opinionId: string; day: string; kind: string; categoryId: string; category: string }
  'analytics.revisits': Units & {
    encounterId: string
    patientId: string
    kind: RevisitKind
    day: string
    doctorId: string
    chapter: number
    sex: string
    ageBand: number
    stayBand: number
    leftOut: 'died' | 'transferred' | 'readmitted' | null
    cameOn: string | null
  }
  'analytics.revisitDue': { dueUntil: string; vanishedUntil: string | null }
  'analytics.revisitTasks': {
    taskId: string
    encounterId: string
    state: 'open' | 'asked' | 'unreached' | 'stopped'
    reason: string | null
    reasonText: string | null
  }
  'analytics.revisitThresholds': { kind: RevisitKind; percent: number | null; setBy: string; setAt: Date }
  'analytics.appraised': Units & {
    taskId: string
    dueOn: string
    level: AppraisalLevel
    nurseId: string
    identityClass: string
    state: 'open' | 'done' | 'stopped'
    isReached: boolean
    isInTime: boolean
    outcome: string
  }
  'analytics.efforts': Units & {
    attemptId: string
    taskId: string
    day: string
    level: AppraisalLevel
    nurseId: string
    identityClass: string
    isTalk: boolean
    seconds: number | null
  }
  'analytics.appraisalDue': { dueUntil: string }
  'analytics.made': { counting: number; madeAt: Date }
}

export const db = (ctx: Context) =>
  ctx.db.withTables<Tables & AccessViews & EncounterViews & FeedbackViews & FollowupViews & PatientViews & StaffViews & SurveyViews>()

/** Stands for a department or ward that is not known. */
export { nilId as unknownUnit } from '@renxin/server'
