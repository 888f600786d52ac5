import { defineWords } from '@renxin/ui/words'
import { analysesEn, analysesZh } from './words/analyses.ts'
import { builderEn, builderZh } from './words/builder.ts'
import { errorsEn, errorsZh } from './words/errors.ts'
import { formEn, formZh } from './words/form.ts'
import { redFlagsEn, redFlagsZh } from './words/red-flags.ts'
import { resultsEn, resultsZh } from './words/results.ts'
import { templatesEn, templatesZh } from './words/templates.ts'

const ofPatientZh = { at: '完成时间', mood: '评价', unhappy: '有不满意的回答', empty: '还没有填过问卷。随访或扫码填写后会出现在这里。' }
const ofPatientEn = {
  at: 'Answered',
  mood: 'Opinion',
  unhappy: 'Has an unhappy answer',
  empty: 'No questionnaire answered yet. It appears after a follow-up.',
}

export const words = defineWords('surveys', {
  zh: {
    form: formZh,
    analyses: analysesZh,
    builder: builderZh,
    redFlags: redFlagsZh,
    results: resultsZh,
    templates: templatesZh,
    timeline: { response: '问卷' },
    ofPatient: ofPatientZh,
    errors: errorsZh,
  },
  en: {
    form: formEn,
    analyses: analysesEn,
    builder: builderEn,
    redFlags: redFlagsEn,
    results: resultsEn,
    templates: templatesEn,
    timeline: { response: 'Questionnaire' },
    ofPatient: ofPatientEn,
    errors: errorsEn,
  },
})
