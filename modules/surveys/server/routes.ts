import { ofVisible } from '@renxin/patients'
import { serve } from '@renxin/server'
import { surveysApi } from '../contract.ts'
import { exportVersion, getQuestionnaire, getVersion, listQuestionnaires } from './questionnaires.ts'
import { getResponse, listResponses, patientTimeline } from './responses.ts'
import { questionResults } from './results.ts'
import {
  copyQuestionnaire,
  createQuestionnaire,
  disableQuestionnaire,
  enableQuestionnaire,
  inspectDefinition,
  publishQuestionnaire,
  saveDraft,
} from './write-questionnaires.ts'

export const routes = serve(surveysApi, {
  questionnaires: listQuestionnaires,
  questionnaire: getQuestionnaire,
  version: (ctx, { id }) => getVersion(ctx, id),
  exportVersion,
  inspect: inspectDefinition,
  create: createQuestionnaire,
  saveDraft,
  publish: publishQuestionnaire,
  copy: copyQuestionnaire,
  disable: disableQuestionnaire,
  enable: enableQuestionnaire,
  results: questionResults,
  responses: listResponses,
  response: getResponse,
  timeline: ofVisible(patientTimeline),
})
