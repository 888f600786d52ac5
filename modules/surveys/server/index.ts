import { defineModule } from '@renxin/server'
import { holdings } from './holdings.ts'
import { listeners } from './listeners.ts'
import { prepareSurveys } from './prepare.ts'
import { routes } from './routes.ts'

export const surveys = defineModule({
  name: 'surveys',
  migrations: new URL('./migrations/', import.meta.url),
  routes,
  holds: holdings,
  listeners,
  prepare: prepareSurveys,
})

export { correctResponse } from './correct-response.ts'
export { responseRecorded } from './events.ts'
export { fillForms, seenBy, showFilled } from './fill.ts'
export { prepareSurveys } from './prepare.ts'
export { currentVersion, findQuestionnaireByKey, getQuestionnaire, getVersion } from './questionnaires.ts'
export { type NewResponse, type RecordedResponse, recordManyResponses, recordResponse } from './record-response.ts'
export { type FlaggedResponse, flaggedResponses, type RaisedByAnswers } from './red-flags.ts'
export { describeQuestionnaires, describeResponses } from './resources.ts'
export { getResponse } from './responses.ts'
export { leastShown } from './small-samples.ts'
export type { SurveyViews } from './tables.ts'
export { takeTemplate } from './templates.ts'
export { createQuestionnaire, publishQuestionnaire, saveDraft } from './write-questionnaires.ts'
