import type { AccessViews } from '@renxin/access'
import type { Context, Generated } from '@renxin/server'
import type { SurveyViews } from '@renxin/surveys'
import type { ReviewStep } from '../../contract.ts'
import type { Tables } from '../tables.ts'

type ReviewTables = {
  'followups.reviewSteps': {
    id: string
    seq: Generated<number>
    taskId: string
    at: Date
    kind: ReviewStep['kind']
    byId: string
    byName: string
    note: Generated<string>
    formerId: string | null
    responseId: string | null
  }
  'followups.extraResponses': { taskId: string; extraId: string; responseId: string }
}

export const db = (ctx: Context) => ctx.db.withTables<ReviewTables & Pick<Tables, 'followups.tasks'> & AccessViews & SurveyViews>()
