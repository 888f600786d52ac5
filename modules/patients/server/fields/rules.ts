import type { Refusal } from '@renxin/kernel'
import { type FieldContent, type FieldDefinition, fieldErrors } from '../../contract.ts'

/** A content as it is kept: one of the three, or several texts. */
export type Kept = { textValue: string | null; numberValue: number | null; dateValue: string | null }

type Read = { contents: Kept[] } | { problem: Refusal }

const MOST_CHARACTERS = 500
const text = (textValue: string): Kept => ({ textValue, numberValue: null, dateValue: null })

/**
 * Reads what somebody typed or a system said as what the field takes. Systems say numbers and days as text and several options in one: `1,3`, `20260901`, `高血压;糖尿病`.
 * Nothing at all (`null`, an empty text) is no content.
 */
export function readContent(field: FieldDefinition, said: unknown): Read {
  const plain = typeof said === 'string' ? said.trim() : said
  const about = { field: field.label }
  if (plain === null || plain === undefined || plain === '' || (Array.isArray(plain) && plain.length === 0)) return { contents: [] }
  switch (field.kind) {
    case 'text': {
      const value = typeof plain === 'number' || typeof plain === 'boolean' ? String(plain) : plain
      if (typeof value !== 'string') return { problem: fieldErrors.fieldNotInForm(about) }
      if (value.length > MOST_CHARACTERS) return { problem: fieldErrors.fieldTooLong(about) }
      if (field.pattern && !wholly(field.pattern).test(value)) return { problem: fieldErrors.fieldNotInForm(about) }
      return { contents: [text(value)] }
    }
    case 'number': {
      const value = typeof plain === 'number' ? plain : typeof plain === 'string' ? numberIn(plain) : Number.NaN
      if (!Number.isFinite(value)) return { problem: fieldErrors.fieldNotNumber(about) }
      const isOutside = (field.least !== null && value < Number(field.least)) || (field.most !== null && value > Number(field.most))
      if (isOutside) return { problem: fieldErrors.fieldOutOfRange({ ...about, least: field.least ?? '', most: field.most ?? '' }) }
      return { contents: [{ textValue: null, numberValue: value, dateValue: null }] }
    }
    case 'date': {
      const value = typeof plain === 'string' ? dayIn(plain) : undefined
      if (!value) return { problem: fieldErrors.fieldNotDay(about) }
      const isOutside = (field.least !== null && value < field.least) || (field.most !== null && value > field.most)
      if (isOutside) return { problem: fieldErrors.fieldOutOfRange({ ...about, least: field.least ?? '', most: field.most ?? '' }) }
      return { contents: [{ textValue: null, numberValue: null, dateValue: value }] }
    }
    case 'choice': {
      const option = field.options.find((o) => o === wordIn(plain))
      return option === undefined ? { problem: fieldErrors.fieldNotOption(about) } : { contents: [text(option)] }
    }
    case 'multiple': {
      const parts = Array.isArray(plain) ? plain.map(wordIn) : optionsIn(field, wordIn(plain))
      const options = field.options.filter((o) => parts.includes(o)) // in the order of the definition
      if (new Set(parts).size !== options.length) return { problem: fieldErrors.fieldNotOption(about) }
      return { contents: options.map(text) }
    }
  }
}

const wordIn = (said: unknown): string => (typeof said === 'string' ? said.trim() : typeof said === 'number' ? String(said) : '')

/** An option may hold a comma itself. */
const optionsIn = (field: FieldDefinition, plain: string): string[] =>
  field.options.includes(plain) ? [plain] : plain.split(/[,，;；、|]/u).flatMap((p) => p.trim() || [])

const numberIn = (plain: string): number =>
  /^[+-]?\d{1,15}(\.\d{1,10})?$/.test(plain.replaceAll(',', '')) ? Number(plain.replaceAll(',', '')) : Number.NaN

/** `2026-09-01`, `20260901`, `2026/9/1`, with or without a time behind it. */
function dayIn(plain: string): string | undefined {
  const found = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T\s]\d{1,2}:\d{2}.*)?$/u.exec(plain)
  if (!found) return undefined
  const [, year = '', month = '', day = ''] = found
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text ? undefined : text
}

/** What stands in a field, for a page. */
export function contentOf(field: FieldDefinition, kept: readonly Kept[]): FieldContent {
  const [first] = kept
  if (!first) return null
  if (field.kind === 'multiple') return kept.flatMap((k) => k.textValue ?? [])
  return first.numberValue ?? first.dateValue ?? first.textValue
}

/** What is wrong with a definition. */
export function problemOf(field: FieldDefinition): Refusal | undefined {
  const hasOptions = field.kind === 'choice' || field.kind === 'multiple'
  if (hasOptions && (field.options.length === 0 || new Set(field.options).size < field.options.length))
    return fieldErrors.fieldNeedsOptions()
  if (field.isSensitive && (field.kind !== 'text' || field.object !== 'patient')) return fieldErrors.fieldSensitiveText()
  if (field.pattern && !isSafe(field.pattern)) return fieldErrors.fieldPatternBad()
  const isBound = (bound: string | null) =>
    bound === null || (field.kind === 'number' ? Number.isFinite(numberIn(bound)) : field.kind === 'date' ? dayIn(bound) === bound : false)
  if (!isBound(field.least) || !isBound(field.most)) return fieldErrors.fieldRangeBad()
  return undefined
}

const wholly = (pattern: string) => new RegExp(`^(?:${pattern})$`, 'u')

/**
 * A form is tried on what anybody types, so one that takes for ever must not come in: no repetition of what repeats itself or has alternatives,
 * and nothing that refers back. That leaves the forms of codes and numbers.
 */
function isSafe(pattern: string): boolean {
  if (/\\[1-9k]|\(\?[=!<]|\)[*+{]/.test(pattern)) return false
  if ((pattern.match(/[*+]|\{\d+,\d*\}/g) ?? []).length > 3) return false
  if ((pattern.replaceAll('(?:', '(').match(/\?/g) ?? []).length > 8) return false // each may be taken or left: twice the ways with every one
  try {
    wholly(pattern)
    return true
  } catch {
    return false
  }
}
