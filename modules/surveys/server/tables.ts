import type { EncounterViews } from '@renxin/encounters'
import type { PatientViews } from '@renxin/patients'
import type { Context, Generated } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { Channel, Definition, Measure, QuestionnaireCard, Respondent, Verdict } from '../contract.ts'

type Dimensions = {
  day: string
  month: string
  wardId: string | null
  departmentId: string | null
  attendingId: string | null
  nurseId: string | null
}

type AnswerRow = Dimensions & {
  responseId: string
  position: number
  /** Which of its question's answers it is, from 0: rows with 0 count the people who answered. */
  nth: number
  questionnaireId: string
  versionId: string
  linkId: string
  code: string
  measure: Measure | null
  verdict: Verdict | null
  valueCode: string | null
  valueText: string | null
  valueNumber: number | null
  score: number | null
}

type ResponseRow = Dimensions & {
  id: string
  questionnaireId: string
  versionId: string
  /** Null: of one who asked to be forgotten. It still counts. */
  patientId: string | null
  saidPatientId: string | null
  encounterId: string | null
  channel: Channel
  respondent: Respondent
  recordedBy: string
  completedAt: Date
  scoreSum: number | null
  scoreMean: number | null
  scoreCount: number
}

export type SurveyTables = {
  'surveys.questionnaires': {
    id: string
    key: string | null
    title: string
    status: Generated<QuestionnaireCard['status']>
    currentVersionId: string | null
    draft: Definition | null
    revision: Generated<number>
    updatedAt: Date
  }
  'surveys.smallSamples': { least: number }
  'surveys.versions': {
    id: string
    questionnaireId: string
    number: number
    title: string
    definition: Definition
    publishedAt: Date
    publishedBy: string
    frozenAt: Date | null
  }
  'surveys.responses': ResponseRow & { resource: object; replacedBy: Generated<string | null> }
  'surveys.corrections': {
    responseId: string
    formerId: string
    reason: string
    correctedAt: Date
    correctedBy: string
    correctedByName: string
  }
  'surveys.answers': AnswerRow
}

/** What other modules may join. */
export type SurveyViews = {
  'surveys.questionnaireCards': {
    id: string
    key: string | null
    title: string
    status: QuestionnaireCard['status']
    currentVersionId: string | null
  }
  'surveys.responseCards': ResponseRow & { questionnaireTitle: string; versionNumber: number }
  'surveys.answerRows': AnswerRow
}

export const db = (ctx: Context) => ctx.db.withTables<SurveyTables & SurveyViews & PatientViews & EncounterViews & StaffViews>()
