import { defineConsole } from '@renxin/client'
import { Icon } from '@renxin/ui'
import { surveysApi } from '../contract.ts'
import { words } from '../words.ts'

export { AnswerVersions } from './AnswerVersions.tsx'
export { labelOf } from './form/label-of.ts'
export { QuestionnaireForm, type QuestionnaireFormProps, titleOf } from './form/QuestionnaireForm.tsx'
export { ResponseAnswers } from './ResponseAnswers.tsx'

const isKind = (kind: string): kind is keyof typeof words.timeline => Object.hasOwn(words.timeline, kind)

export const console = defineConsole({
  module: 'surveys',
  pages: [
    {
      name: 'surveys.questionnaires',
      path: '/surveys',
      title: () => words.builder.title,
      may: 'surveys.read',
      menu: { group: 'settings', order: 20, icon: <Icon name="clipboard" /> },
      help: () => words.builder.help,
      load: () => import('./QuestionnairesPage.tsx').then((m) => m.QuestionnairesPage),
    },
    {
      name: 'surveys.templates',
      path: '/surveys/templates',
      title: () => words.templates.title,
      may: 'surveys.read',
      help: () => words.templates.help,
      load: () => import('./templates/TemplatesPage.tsx').then((m) => m.TemplatesPage),
    },
    {
      name: 'surveys.edit',
      path: '/surveys/:id/edit',
      title: () => words.builder.editTitle,
      may: 'surveys.edit',
      help: () => words.builder.help,
      load: () => import('./builder/BuilderPage.tsx').then((m) => m.BuilderPage),
    },
    {
      name: 'surveys.results',
      path: '/surveys/:id/results',
      title: () => words.results.title,
      may: 'surveys.results',
      help: () => words.results.help,
      load: () => import('./ResultsPage.tsx').then((m) => m.ResultsPage),
    },
    {
      name: 'surveys.response',
      path: '/surveys/responses/:id',
      title: () => words.results.responseTitle,
      may: 'encounters.read',
      load: () => import('./ResponsePage.tsx').then((m) => m.ResponsePage),
    },
  ],
  panels: [
    {
      slot: 'patients.file',
      name: 'surveys.ofPatient',
      title: () => words.timeline.response,
      may: 'encounters.read',
      order: 55,
      load: () => import('./OfPatient.tsx').then((m) => m.ResponsesOfPatient),
    },
  ],
  timeline: surveysApi.timeline,
  timelineWords: (kind) => (isKind(kind) ? words.timeline[kind] : undefined),
})
