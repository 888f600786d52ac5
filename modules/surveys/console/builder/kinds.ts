import { fhirUrls } from '../../contract.ts'
import { extensionOf, type RawItem, records, textOf, withExtension } from './change-definition.ts'

/** The kinds of item that the editor makes. */
export const kinds = [
  'single',
  'multiple',
  'scale',
  'nps',
  'boolean',
  'integer',
  'decimal',
  'date',
  'string',
  'text',
  'filled',
  'group',
  'display',
] as const
export type Kind = (typeof kinds)[number]

export const measureOf = (item: RawItem): string => textOf(extensionOf(item, fhirUrls.measure)?.valueCode)

/** What an item is in the editor's words; `other` where it was made elsewhere and is kept as it is. */
export function kindOf(item: RawItem): Kind | 'other' {
  const type = textOf(item.type)
  if (extensionOf(item, fhirUrls.source)) return 'filled'
  if (type === 'choice' || type === 'coding') return item.answerValueSet ? 'other' : item.repeats === true ? 'multiple' : 'single'
  if (type === 'integer') {
    if (measureOf(item) === 'nps') return 'nps'
    return extensionOf(item, fhirUrls.scale) ? 'scale' : 'integer'
  }
  const same = kinds.find((k) => k === type)
  return same ?? 'other'
}

export const hasOptions = (kind: Kind | 'other') => kind === 'single' || kind === 'multiple'
export const isAsked = (kind: Kind | 'other') => kind !== 'group' && kind !== 'display' && kind !== 'filled'

/** From what an item is filled: the path of a source; empty where it is not chosen yet. */
export const sourceOf = (item: RawItem): string => textOf(extensionOf(item, fhirUrls.source)?.valueString)

const sourceTypes = { text: 'string', longText: 'text', number: 'decimal', date: 'date', dateTime: 'dateTime' } as const

/** The item filled from this source: its type is that of what comes from there. An item that says nothing yet gets the name of its source. */
export function fromSource(item: RawItem, path: string, kind: keyof typeof sourceTypes, title: string): RawItem {
  const named = textOf(item.text) === '' ? { ...item, text: title } : item
  return withExtension({ ...named, type: sourceTypes[kind] }, fhirUrls.source, { valueString: path })
}

const slider = { valueCodeableConcept: { coding: [{ system: fhirUrls.controlSystem, code: 'slider' }] } }

/** The item as one of this kind: what only the former kind had is taken away, everything else stays. */
export function asKind(item: RawItem, kind: Kind): RawItem {
  const { type: _, repeats: __, ...rest } = item
  const wasScale = kindOf(item) === 'scale' || kindOf(item) === 'nps'
  const isScale = kind === 'scale' || kind === 'nps'
  let next: RawItem = { ...rest, type: typeOf(kind), ...(kind === 'multiple' ? { repeats: true } : {}) }
  if (!hasOptions(kind)) {
    const { answerOption: ___, ...without } = next
    next = without
  } else if (records(next.answerOption).length === 0) {
    next = { ...next, answerOption: [option('a', ''), option('b', '')] }
  }
  if (wasScale !== isScale || isScale) {
    next = withExtension(next, fhirUrls.control, isScale ? slider : undefined)
    next = withExtension(next, fhirUrls.scale, kind === 'scale' ? { valueBoolean: true } : undefined)
    next = withExtension(next, fhirUrls.minValue, isScale ? { valueInteger: kind === 'nps' ? 0 : 1 } : undefined)
    next = withExtension(next, fhirUrls.maxValue, isScale ? { valueInteger: kind === 'nps' ? 10 : 5 } : undefined)
  }
  if (kind === 'filled') {
    const { required: ____, ...unasked } = next
    return withExtension(withExtension(unasked, fhirUrls.measure, undefined), fhirUrls.source, { valueString: sourceOf(item) })
  }
  next = withExtension(next, fhirUrls.source, undefined)
  if (kind === 'nps') return withExtension(next, fhirUrls.measure, { valueCode: 'nps' })
  const mayMeasure = kind === 'single' || kind === 'scale'
  return measureOf(next) === 'nps' || !mayMeasure ? withExtension(next, fhirUrls.measure, undefined) : next
}

const typeOf = (kind: Kind): string => {
  if (kind === 'single' || kind === 'multiple') return 'choice'
  if (kind === 'filled') return 'string'
  return kind === 'scale' || kind === 'nps' ? 'integer' : kind
}

export const newItem = (linkId: string, kind: Kind): RawItem =>
  asKind({ linkId, text: '', ...(isAsked(kind) ? { required: kind !== 'string' && kind !== 'text' && kind !== 'multiple' } : {}) }, kind)

export const option = (code: string, display: string): RawItem => ({ valueCoding: { code, display } })

/** A code that no option has yet: a, b, c, …, then o27. */
export function freshCode(options: readonly RawItem[]): string {
  const used = new Set(
    options.map((o) => (typeof o.valueCoding === 'object' && o.valueCoding ? Reflect.get(o.valueCoding, 'code') : o.valueString)),
  )
  for (let n = 0; ; n += 1) {
    const code = n < 26 ? String.fromCharCode(97 + n) : `o${n + 1}`
    if (!used.has(code)) return code
  }
}

const five: readonly (readonly [zh: string, en: string])[] = [
  ['很满意', 'Very satisfied'],
  ['满意', 'Satisfied'],
  ['一般', 'Neither'],
  ['不满意', 'Dissatisfied'],
  ['很不满意', 'Very dissatisfied'],
]

/** Five points and "does not apply", as satisfaction is usually asked. The words are part of the form, not of our pages. */
export function fivePoints(): RawItem[] {
  const said = (zh: string, en: string) => ({
    display: zh,
    _display: {
      extension: [
        {
          url: fhirUrls.translation,
          extension: [
            { url: 'lang', valueCode: 'en' },
            { url: 'content', valueString: en },
          ],
        },
      ],
    },
  })
  return [
    ...five.map(([zh, en], at) => ({
      extension: [{ url: fhirUrls.ordinal, valueDecimal: 5 - at }],
      valueCoding: { code: String(5 - at), ...said(zh, en) },
    })),
    { extension: [{ url: fhirUrls.notApplicable, valueBoolean: true }], valueCoding: { code: 'na', ...said('不适用', 'Does not apply') } },
  ]
}
