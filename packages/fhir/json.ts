/** A JSON object of which nothing is known yet. */
export type Element = { [field: string]: unknown }
export type Resource = Element & { resourceType: string; id?: string }

type RawJson = { rawJSON: string }
type ExactJson = {
  parse(text: string, revive: (key: string, value: unknown, context: { source: string }) => unknown): unknown
  rawJSON(text: string): RawJson
  isRawJSON(value: unknown): boolean
}
const exact = JSON as unknown as ExactJson // in Node since 22, in the compiler's library not yet (ECMA-262, JSON.parse source text access)

/** A number whose way of writing would be lost: `1.50`, `1e3`, more than fifteen digits. */
const FUSSY = /[:[,\s]-?(?:\d+\.\d*0|\d+(?:\.\d+)?[eE]|[\d.]{16,})/

/**
 * JSON as FHIR needs it: the precision of a decimal is part of it (R4, 2.24.0.1), so a number that JavaScript would write otherwise keeps its own
 * spelling and is written back as it came.
 */
export function readJson(text: string): unknown {
  if (!FUSSY.test(text)) return JSON.parse(text)
  return exact.parse(text, (_, value, { source }) =>
    typeof value === 'number' && String(value) !== source ? exact.rawJSON(source) : value,
  )
}

/** The number that stands here, however it is spelt. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return exact.isRawJSON(value) ? Number((value as RawJson).rawJSON) : undefined // what `isRawJSON` says of it
}

export const isElement = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !exact.isRawJSON(value)

export const isResource = (value: unknown): value is Resource => isElement(value) && typeof value.resourceType === 'string'

/** What a table of ours has under a word that came from outside: `constructor` is none of its words. */
export const entryOf = <T>(table: Readonly<Record<string, T>>, word: unknown): T | undefined =>
  typeof word === 'string' && Object.hasOwn(table, word) ? table[word] : undefined

/** What stands in a field, once or repeated. */
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value])
export const elementsOf = (value: unknown): Element[] => listOf(value).filter(isElement)
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
