import { asJson, asList, asText, choiceOf, extensionsOf, extensionValue, type Json, urls } from './fhir.ts'
import type { Answers, Form, Item, Value } from './model.ts'
import { isQuestion } from './visible.ts'

/** What an item was filled with, and where that came from. */
export type FilledValue = {
  readonly linkId: string
  /** The path of the source, as the item has it. */
  readonly path: string
  readonly value: string | number
  /** When it was so, or was said: a moment. */
  readonly at: string | null
  /** Of which record it is, and which system keeps that. */
  readonly of: string | null
  readonly system: string | null
}

/** Whether an item is filled from the hospital's records. */
export const isFilled = (item: Item): boolean => item.source !== null && isQuestion(item)

/** The answers with those that the records give. Whatever else was given to such an item does not count: nobody answers it. */
export function withFilled(form: Form, answers: Answers, filled: readonly FilledValue[]): Answers {
  const given = Object.entries(answers).filter(([linkId]) => {
    const item = form.byLinkId.get(linkId)
    return !item || !isFilled(item)
  })
  const found = filled.flatMap(({ linkId, value }): [string, Value[]][] => {
    const item = form.byLinkId.get(linkId)
    const fitting = item && isFilled(item) ? fit(item, value) : undefined
    return fitting === undefined ? [] : [[linkId, [fitting]]]
  })
  return Object.fromEntries([...given, ...found])
}

const longest = 20_000

/** What was found as an answer to an item of this kind; undefined where it can be none. */
function fit({ kind, options }: Item, value: string | number): Value | undefined {
  switch (kind) {
    case 'string':
    case 'text':
    case 'url':
      return String(value).slice(0, longest)
    case 'integer':
    case 'decimal':
    case 'quantity':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined
    case 'dateTime':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined
    case 'choice':
    case 'openChoice':
      return options.find((o) => o.key === String(value) || o.label.text === String(value))?.key
    default:
      return undefined
  }
}

/** Where a value came from, as an extension of its item in a QuestionnaireResponse. */
export const originOf = ({ path, at, of, system }: FilledValue): Json => ({
  url: urls.source,
  extension: [
    { url: 'path', valueString: path },
    ...(at ? [{ url: 'at', valueDateTime: at }] : []),
    ...(of ? [{ url: 'of', valueString: of }] : []),
    ...(system ? [{ url: 'system', valueString: system }] : []),
  ],
})

/** What a QuestionnaireResponse says its items were filled with. */
export function filledOf(response: unknown): FilledValue[] {
  const found: FilledValue[] = []
  const walk = (element: Json) => {
    for (const raw of asList(element.item)) {
      const origin = extensionsOf(raw).find((e) => e.url === urls.source)
      const value = contentOf(asList(raw.answer)[0])
      if (origin && value !== undefined) {
        const part = (name: string) => asText(extensionValue(origin, name)) || null
        found.push({ linkId: asText(raw.linkId), path: part('path') ?? '', value, at: part('at'), of: part('of'), system: part('system') })
      }
      for (const answer of asList(raw.answer)) walk(answer)
      walk(raw)
    }
  }
  walk(asJson(response))
  return found
}

function contentOf(answer: Json | undefined): string | number | undefined {
  const content = answer && choiceOf(answer, 'value')?.content
  const value = typeof content === 'object' ? (asJson(content).value ?? asJson(content).code) : content
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}
