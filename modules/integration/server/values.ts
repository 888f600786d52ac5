import { Message, type Repetition, readTime, type Segment } from '@renxin/hl7'
import type { z } from 'zod'
import type { Note } from '../contract.ts'
import { type CodeTable, codedAt, type FieldName, type Mapping, repetitionAt, textAt } from './mapping.ts'
import { atNoon, momentOf } from './sent-time.ts'

export type Reading = { mapping: Mapping; zone: string; notes: Note[] }

type Coded<T> = { name: FieldName; table: CodeTable; shape: z.ZodType<T>; also?: ((text: string) => string) | undefined }

/** A code by the mapping's table, else the word itself where it is one of ours; anything else is noted and left unsaid. */
export function codeAt<T extends string>(message: Message, { mapping, notes }: Reading, coded: Coded<T>): T | null | undefined {
  const { name, table, shape, also } = coded
  const found = codedAt(message, mapping, name)
  if (!found) return found
  const codes = mapping.codes.get(table)
  const guess = codes?.get(found.code) ?? codes?.get(found.text)
  for (const word of [guess, found.code, found.text, also?.(found.text), also?.(found.code)]) {
    const read = shape.safeParse(word)
    if (read.success) return read.data
  }
  if (table !== 'class' || found.code !== 'N') notes.push({ code: 'unknownCode', field: name, value: found.code.slice(0, 40) })
  return undefined
}

export type Place = { code: string | null; name: string | null }

/** A department as `0301^心血管内科`; a ward as its name, or as a code that the mapping's table may name. */
export function placeAt(message: Message, mapping: Mapping, field: 'ward' | 'department' | 'nextWard'): Place | undefined {
  const found = codedAt(message, mapping, field)
  const name = field === 'nextWard' ? 'ward' : field
  if (found === undefined) return undefined
  if (found === null) return { code: null, name: null }
  const word = mapping.codes.get(name)?.get(found.code)
  if (word) return { code: found.code, name: word }
  if (found.code === found.text && /[^\x20-\x7e]/.test(found.code)) return { code: null, name: found.text } // a name in the place of a code
  return { code: found.code, name: found.text }
}

/** A moment out of a value; of a day alone its noon, which lies in that day whatever is reckoned from it. */
export function momentIn(value: string | undefined, { zone, notes }: Reading, field: string): Date | undefined {
  if (!value) return undefined
  const time = readTime(value)
  const at = momentOf(time, zone) ?? atNoon(time, zone)
  if (!at) notes.push({ code: 'badTime', field, value: value.slice(0, 40) })
  return at
}

export function momentAt(message: Message, reading: Reading, name: FieldName): Date | null | undefined {
  const value = textAt(message, reading.mapping, name)
  return value === null ? null : momentIn(value, reading, name)
}

/** The words of a coded value, else its code. */
export const wordsOf = (value: Repetition | undefined): string | undefined => value?.get(2)?.trim() || value?.get(1)?.trim() || undefined

export function wordsAt(message: Message, mapping: Mapping, name: FieldName): string | null | undefined {
  const found = repetitionAt(message, mapping, name)
  return found && wordsOf(found.value)
}

/** `120.50`, `120.50&CNY`, `¥1,200`: in cents. `undefined` is no amount. */
export function centsOf(text: string | null | undefined): number | undefined {
  const amount = Number(text?.replace(/[,，¥￥\s元]/g, '') || Number.NaN)
  const cents = Math.round(amount * 100)
  return Number.isSafeInteger(cents) ? cents : undefined
}

/** `0310` in one field and `0310^x` in the next: a number as it may be kept. */
export const numberIn = (text: string | null | undefined): string | undefined => text?.trim().slice(0, 200) || undefined

/**
 * A message cut into one for each group of its segments, each with what stands before the first group. So a place of the mapping means the
 * segment of the group that is being read.
 */
export function groupsOf(message: Message, begins: (segment: Segment, group: readonly Segment[]) => boolean): Message[] {
  const before: Segment[] = []
  const groups: Segment[][] = []
  for (const segment of message.segments) {
    const group = groups.at(-1)
    if (begins(segment, group ?? [])) groups.push([segment])
    else (group ?? before).push(segment)
  }
  return groups.map((group) => new Message([...before, ...group], message.delimiters))
}

/** Without the keys that say nothing. */
export function given<T extends object>(facts: T): T {
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(facts)) if (value !== undefined) out[key] = value
  return out as T // the same keys, fewer of them
}
