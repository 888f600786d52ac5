import { asJson, asList, choiceOf, isJson, type Json } from './fhir.ts'
import { type FilledValue, originOf } from './fill.ts'
import type { Answers, Form, Item, Value } from './model.ts'
import { readValue } from './read-form.ts'
import { answersTo, enabledItems, isQuestion } from './visible.ts'

type ResponseItem = { linkId: string; text?: string; extension?: Json[]; answer?: Json[]; item?: ResponseItem[] }

/**
 * The items of a FHIR R4 QuestionnaireResponse: what is in force and was answered, in the order and nesting of the questionnaire. An item that the records filled
 * says where that came from.
 */
export function toResponseItems(
  form: Form,
  answers: Answers,
  enabled = enabledItems(form, answers),
  filled: readonly FilledValue[] = [],
): ResponseItem[] {
  const origins = new Map(filled.map((f) => [f.linkId, originOf(f)]))
  const build = (items: readonly Item[]): ResponseItem[] =>
    items.flatMap((item): ResponseItem[] => {
      if (!enabled.has(item.linkId) || (item.kind !== 'group' && !isQuestion(item))) return []
      const below = build(item.items)
      const words = item.text.text ? { text: item.text.text } : {}
      if (item.kind === 'group') return below.length > 0 ? [{ linkId: item.linkId, ...words, item: below }] : []
      const answer = answersTo(answers, item.linkId).map((value) => toFhirValue(item, value))
      if (answer.length === 0) return []
      // Questions below a question with several answers are asked once: they stand with the first.
      const origin = origins.get(item.linkId)
      const from = origin ? { extension: [origin] } : {}
      return [
        {
          linkId: item.linkId,
          ...words,
          ...from,
          answer: answer.map((a, at) => (at === 0 && below.length > 0 ? { ...a, item: below } : a)),
        },
      ]
    })
  return build(form.items)
}

function toFhirValue(item: Item, value: Value): Json {
  const option = typeof value === 'object' ? undefined : item.options.find((o) => o.key === value)
  if (option) return { [`value${option.value.name}`]: option.value.content }
  if (typeof value === 'object') return { valueString: value.other }
  if (item.kind === 'quantity') {
    const { label, system, code } = item.unit ?? { label: '', system: null, code: null }
    return { valueQuantity: { value, ...(label && { unit: label }), ...(system && { system }), ...(code && { code }) } }
  }
  return { [valueNames[item.kind] ?? 'valueString']: value }
}

const valueNames: Readonly<Record<string, string>> = {
  boolean: 'valueBoolean',
  integer: 'valueInteger',
  decimal: 'valueDecimal',
  date: 'valueDate',
  dateTime: 'valueDateTime',
  time: 'valueTime',
  url: 'valueUri',
}

/** The answers in a QuestionnaireResponse to this form. What answers none of its questions, or not in their kind, is left out. */
export function answersOf(form: Form, response: unknown): Record<string, Value[]> {
  const answers: Record<string, Value[]> = {}
  const walk = (element: Json) => {
    for (const raw of asList(element.item)) {
      const item = typeof raw.linkId === 'string' ? form.byLinkId.get(raw.linkId) : undefined
      for (const answer of asList(raw.answer)) {
        const value = choiceOf(answer, 'value')
        const read = item && value && isQuestion(item) ? readValue(value, item.kind, item.options) : undefined
        if (item && read !== undefined) answers[item.linkId] = [...(answers[item.linkId] ?? []), read]
        walk(answer)
      }
      walk(raw)
    }
  }
  if (isJson(response)) walk(asJson(response))
  return answers
}
