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

export const questionnaire = (key: string, title: Said, description: Said, item: object[], extension: object[] = []): Definition => ({
  resourceType: 'Questionnaire',
  url: `${fhirUrls.canonical}${key}`,
  language: 'zh-CN',
  ...said('title', title),
  ...said('description', description),
  status: 'active',
  subjectType: ['Patient'],
  ...(extension.length > 0 ? { extension } : {}),
  item,
})

/** A way in which the answers are looked at; its name is the hospital's to change. */
export const analysis = (name: string, kind: 'distribution' | 'mean' | 'cross', item: string, by?: string) => ({
  url: fhirUrls.analysis,
  extension: [
    { url: 'name', valueString: name },
    { url: 'kind', valueCode: kind },
    { url: 'item', valueString: item },
    ...(by ? [{ url: 'by', valueString: by }] : []),
  ],
})

const part = (url: string, words: Said) => ({ url, ...said('valueString', words) })

/**
 * Words that are an emergency wherever they are said: chest pain, breathlessness, bleeding, suicide. Custom of the trade in hospitals' call centres, where such words
 * go at once to a nurse and to the advice to ring 120. Without a deadline: no rule names one, so each hospital writes its own.
 */
export const emergencyWords = (question: string) => ({
  url: fhirUrls.redFlag,
  extension: [
    { url: 'id', valueString: 'emergency-words' },
    part('title', ['提到胸痛、呼吸困难、出血或轻生', 'Speaks of chest pain, breathlessness, bleeding or suicide']),
    { url: 'severity', valueCode: 'emergency' },
    part('say', [
      '您说的情况需要医生马上知道，我现在就报告医生。请问您现在身边有人吗？请不要独自一人。',
      'A doctor must know of this now, and I am telling one. Is somebody with you? Please do not stay alone.',
    ]),
    part('tell', [
      '如果现在正在发作或加重，请马上拨打 120，不要自己开车来医院。请保持电话畅通，医生会尽快联系您。',
      'If it is happening now or getting worse, ring 120 at once and do not drive yourself. Keep your telephone free; a doctor will ring you.',
    ]),
    { url: 'needs', valueCode: 'any' },
    {
      url: 'when',
      extension: [
        { url: 'question', valueString: question },
        { url: 'operator', valueCode: 'contains' },
        ...['胸痛', '胸口痛', '胸口疼', '呼吸困难', '喘不上气', '出血', '流血', '自杀', '轻生', '不想活'].map((valueString) => ({
          url: 'answer',
          valueString,
        })),
      ],
    },
  ],
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
