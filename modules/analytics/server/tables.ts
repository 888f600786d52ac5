import type { EncounterViews } from '@renxin/encounters'
import type { FeedbackViews } from '@renxin/feedback'
import type { FollowupViews } from '@renxin/followups'
import type { PatientViews } from '@renxin/patients'
import type { Context } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { SurveyViews } from '@renxin/surveys'

type Units = { departmentId: string; wardId: string }

type Tables = {
  'analytics.stays': Units & { encounterId: string; day: string; isAlive: boolean; reachedOn: string | null }
  'analytics.contacts': Units & { taskId: string; day: string; outcome: string }
  'analytics.opinions': Units & { opinionId: string; day: string; kind: string; categoryId: string; category: string }
  'analytics.made': { counting: number; madeAt: Date }
}

export const db = (ctx: Context) =>
  ctx.db.withTables<Tables & EncounterViews & FeedbackViews & FollowupViews & PatientViews & StaffViews & SurveyViews>()

/** Stands for a department or ward that is not known. */
export { nilId as unknownUnit } from '@renxin/server'
