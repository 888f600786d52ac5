import { type Definition, fhirUrls } from '../../contract.ts'

/** Chinese, and the same in English. */
export type Said = readonly [zh: string, en: string]

const translation = (en: string) => ({
  extension: [
    {
      url: fhirUrls.translation,
      extension: [
        { url: 'lang', valueCode: 'en' },
        { url: 'content', valueString: en },
      ],
    },
  ],
})

const said = (field: string, [zh, en]: Said) => ({ [field]: zh, [`_${field}`]: translation(en) })

type Extra = {
  required?: boolean
  repeats?: boolean
  enableWhen?: object[]
  enableBehavior?: 'any' | 'all'
  maxLength?: number
  extension?: object[]
}

export const questionnaire = (key: string, title: Said, description: Said, item: object[]): Definition => ({
  resourceType: 'Questionnaire',
  url: `${fhirUrls.canonical}${key}`,
  language: 'zh-CN',
  ...said('title', title),
  ...said('description', description),
  status: 'active',
  subjectType: ['Patient'],
  item,
})

export const group = (linkId: string, text: Said, item: object[]) => ({ linkId, type: 'group', ...said('text', text), item })

export const choice = (linkId: string, text: Said, options: object[], extra: Extra = { required: true }) => ({
  linkId,
  type: 'choice',
  code: [{ code: linkId }],
  ...said('text', text),
  answerOption: options,
  ...extra,
})

export const freeText = (linkId: string, text: Said, extra: Extra = {}) => ({
  linkId,
  type: 'text',
  code: [{ code: linkId }],
  ...said('text', text),
  maxLength: 500,
  ...extra,
})

export const option = (code: string, label: Said, score?: number, ...extension: object[]) => ({
  ...(extension.length > 0 || score !== undefined
    ? { extension: [...(score === undefined ? [] : [{ url: fhirUrls.ordinal, valueDecimal: score }]), ...extension] }
    : {}),
  valueCoding: { code, ...said('display', label) },
})

export const when = (question: string, operator: string, code: string) => ({ question, operator, answerCoding: { code } })
export const measures = (measure: 'satisfaction' | 'aspect' | 'nps') => ({ url: fhirUrls.measure, valueCode: measure })
export const notApplicable = { url: fhirUrls.notApplicable, valueBoolean: true }
