import { defineWords } from '@renxin/ui/words'
import { builderEn, builderZh } from './words/builder.ts'
import { errorsEn, errorsZh } from './words/errors.ts'
import { formEn, formZh } from './words/form.ts'
import { resultsEn, resultsZh } from './words/results.ts'

export const words = defineWords('surveys', {
  zh: { form: formZh, builder: builderZh, results: resultsZh, timeline: { response: '问卷' }, errors: errorsZh },
  en: { form: formEn, builder: builderEn, results: resultsEn, timeline: { response: 'Questionnaire' }, errors: errorsEn },
})
