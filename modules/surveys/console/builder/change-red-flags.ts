import { type Definition, type FlagOperator, fhirUrls, type Item } from '../../contract.ts'
import { extensionOf, type RawItem, records, textOf, withExtension } from './change-definition.ts'

// The rules as they stand in the definition. What is unknown in one goes through every change untouched.

export const rulesOf = (definition: RawItem): RawItem[] => records(definition.extension).filter((e) => e.url === fhirUrls.redFlag)

const withRules = (definition: Definition, rules: readonly RawItem[]): Definition => {
  const { extension: _, ...rest } = definition
  const all = [...records(definition.extension).filter((e) => e.url !== fhirUrls.redFlag), ...rules]
  return { ...rest, resourceType: 'Questionnaire', ...(all.length > 0 ? { extension: all } : {}) }
}

export const changeRule = (definition: Definition, at: number, make: (rule: RawItem) => RawItem): Definition =>
  withRules(definition, rulesOf(definition).map((r, n) => (n === at ? make(r) : r))) // biome-ignore format: one thought

export const removeRule = (definition: Definition, at: number): Definition =>
  withRules(definition, rulesOf(definition).filter((_, n) => n !== at)) // biome-ignore format: one thought

/** A rule over the first question, without words and without a deadline: those the hospital writes. */
export function addRule(definition: Definition, question: Item): Definition {
  const used = new Set(rulesOf(definition).map((r) => textOf(extensionOf(r, 'id')?.valueString)))
  let n = used.size + 1
  while (used.has(`flag${n}`)) n += 1
  const rule = {
    url: fhirUrls.redFlag,
    extension: [{ url: 'id', valueString: `flag${n}` }, { url: 'severity', valueCode: 'urgent' }, conditionOn(question)],
  }
  return withRules(definition, [...rulesOf(definition), rule])
}

export const partOf = (rule: RawItem, part: string): string => {
  const found = extensionOf(rule, part)
  return textOf(found?.valueString) || textOf(found?.valueCode)
}

/** A translation of words that were changed would say something else: it goes with them. */
export const withText = (rule: RawItem, part: string, text: string): RawItem =>
  withExtension(rule, part, text ? { valueString: text } : undefined)

export const withCode = (rule: RawItem, part: string, code: string): RawItem => withExtension(rule, part, { valueCode: code })

export type Deadline = { value: number | null; unit: 'min' | 'h' }

export function deadlineOf(rule: RawItem): Deadline {
  const duration = extensionOf(rule, 'deadline')?.valueDuration
  if (typeof duration !== 'object' || duration === null) return { value: null, unit: 'min' }
  const value = Reflect.get(duration, 'value')
  return { value: typeof value === 'number' ? value : null, unit: Reflect.get(duration, 'code') === 'h' ? 'h' : 'min' }
}

export const withDeadline = (rule: RawItem, { value, unit }: Deadline): RawItem =>
  withExtension(
    rule,
    'deadline',
    value === null ? undefined : { valueDuration: { value, unit, system: 'http://unitsofmeasure.org', code: unit } },
  )

// ---- the answers that raise it ----

export const conditionsOf = (rule: RawItem): RawItem[] => records(rule.extension).filter((e) => e.url === 'when')

export const withConditions = (rule: RawItem, conditions: readonly RawItem[]): RawItem => ({
  ...rule,
  extension: [...records(rule.extension).filter((e) => e.url !== 'when'), ...conditions],
})

/** What can be asked of a question of this kind, the usual first. */
export function operatorsFor(question: Item): FlagOperator[] {
  if (question.options.length > 0) return ['=', ...(question.kind === 'openChoice' ? (['contains'] as const) : []), 'exists']
  if (question.kind === 'boolean') return ['=']
  if (['integer', 'decimal', 'quantity'].includes(question.kind)) return ['>=', '>', '<=', '<', '=']
  if (['date', 'dateTime', 'time'].includes(question.kind)) return ['exists']
  return ['contains', 'exists']
}

export const conditionOn = (question: Item, operator: FlagOperator = operatorsFor(question)[0] ?? 'exists'): RawItem => ({
  url: 'when',
  extension: [
    { url: 'question', valueString: question.linkId },
    { url: 'operator', valueCode: operator },
    ...(question.kind === 'boolean' && operator === '=' ? [{ url: 'answer', valueBoolean: true }] : []),
  ],
})

export const answersIn = (condition: RawItem): RawItem[] => records(condition.extension).filter((e) => e.url === 'answer')

export const withAnswers = (condition: RawItem, answers: readonly RawItem[]): RawItem => ({
  ...condition,
  extension: [...records(condition.extension).filter((e) => e.url !== 'answer'), ...answers.map((a): RawItem => ({ url: 'answer', ...a }))],
})

/** `胸痛、呼吸困难`: divided by whatever people divide words with. */
export const wordsIn = (text: string): RawItem[] =>
  text
    .split(/[、，,；;\n]+/)
    .map((w) => w.trim())
    .filter(Boolean)
    .map((valueString) => ({ valueString }))
