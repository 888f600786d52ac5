import type { PatientViews } from '@renxin/patients'
import type { Context } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { SurveyViews } from '@renxin/surveys'

type ContentTables = {
  'followups.extras': {
    id: string
    name: string
    groupId: string
    questionnaireId: string
    fromOn: string
    untilOn: string | null
    savedAt: Date
    savedBy: string
  }
  'followups.extraResponses': { taskId: string; extraId: string; responseId: string }
  'followups.news': {
    id: string
    departmentId: string | null
    title: string
    text: string
    fromOn: string
    untilOn: string
    writtenAt: Date
    writtenBy: string
    writtenByName: string
  }
  'followups.newsTold': { newsId: string; taskId: string; toldAt: Date; toldBy: string }
}

export const db = (ctx: Context) => ctx.db.withTables<ContentTables & PatientViews & StaffViews & SurveyViews>()
