import { ofVisible } from '@renxin/patients'
import { serve } from '@renxin/server'
import { analysesApi, surveysApi } from '../contract.ts'
import { listAnalyses, listAnalysisRows, runAnalysis } from './analyses.ts'
import { listAnswerVersions } from './correct-response.ts'
import { exportAnalyses } from './export-analyses.ts'
import { listSourceChoices, listSources } from './fill.ts'
import { exportVersion, getQuestionnaire, getVersion, listQuestionnaires } from './questionnaires.ts'
import { getResponse, listResponses, patientTimeline } from './responses.ts'
import { questionResults } from './results.ts'
import { getSmallSamples, saveSmallSamples } from './small-samples.ts'
import { getTemplate, listTemplates, renewTemplate, takeTemplate } from './templates.ts'
import {
  copyQuestionnaire,
  createQuestionnaire,
  disableQuestionnaire,
  enableQuestionnaire,
  inspectDefinition,
  publishQuestionnaire,
  saveDraft,
} from './write-questionnaires.ts'

export const routes = [
  ...serve(analysesApi, { analyses: listAnalyses, analysis: runAnalysis, analysisRows: listAnalysisRows, exportAnalyses }),
  ...serve(surveysApi, {
    questionnaires: listQuestionnaires,
    questionnaire: getQuestionnaire,
    version: (ctx, { id }) => getVersion(ctx, id),
    exportVersion,
    inspect: inspectDefinition,
    templates: listTemplates,
    template: getTemplate,
    takeTemplate,
    renewTemplate,
    sources: listSources,
    sourceChoices: listSourceChoices,
    create: createQuestionnaire,
    saveDraft,
    publish: publishQuestionnaire,
    copy: copyQuestionnaire,
    disable: disableQuestionnaire,
    enable: enableQuestionnaire,
    smallSamples: getSmallSamples,
    saveSmallSamples,
    results: questionResults,
    responses: listResponses,
    response: getResponse,
    answerVersions: listAnswerVersions,
    timeline: ofVisible(patientTimeline),
  }),
]
