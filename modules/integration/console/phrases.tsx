import { formatMoment, StatusTag, type Tone } from '@renxin/ui'
import { Cause, type Fact, type MessageRow, type MessageStatus, Reason } from '../contract.ts'
import type { OwnFieldName } from '../own-fields-contract.ts'
import { words } from '../words.ts'
import { ownWord } from './own-fields.ts'

/** `ADT^A03`; a message that says no type has none. */
export const eventOf = (m: { type: string; event: string }): string | null => [m.type, m.event].filter(Boolean).join('^') || null

/** A sender that names itself neither in MSH-3 nor in MSH-4 is called `?` until somebody gives it a name. */
export const senderWord = (name: string): string => (name === '?' ? `（${words.notWritten}）` : name)

/** Why, and what to do. */
export function reasonOf(reason: string | null): string | null {
  const known = Reason.safeParse(reason)
  return known.success ? words.reasons[known.data] : reason
}

/** The same in a word or two, for lists. */
export function causeWord(cause: string | null): string | null {
  const known = Cause.safeParse(cause)
  return known.success ? words.causes[known.data] : cause
}

const tones: Record<MessageStatus, Tone> = { applied: 'success', ignored: 'plain', waiting: 'warning', failed: 'danger' }

export function MessageState({ of: m }: { of: Pick<MessageRow, 'status'> }) {
  return <StatusTag tone={tones[m.status]}>{words.status[m.status]}</StatusTag>
}

const isOwn = <T extends object>(of: T, key: string): key is Extract<keyof T, string> => Object.hasOwn(of, key)

export const fieldWord = (field: string, own: readonly OwnFieldName[] = []): string =>
  isOwn(words.fields, field) ? words.fields[field] : (ownWord(field, own) ?? field)

/** What a code can mean, as a person reads it. */
export const meaningWord = (table: string, meaning: string): string => {
  if (table === 'disposition' && isOwn(words.dispositions, meaning)) return words.dispositions[meaning]
  return isOwn(words.values, meaning) ? words.values[meaning] : meaning
}

const coded = new Set(['status', 'sex', 'class', 'event', 'deceased', 'kind', 'job', 'isActive'])

/** The value of a fact as a person reads it. */
export function valueWord({ field, value }: Pick<Fact, 'field' | 'value'>): string {
  if (value === '') return words.removed
  if (coded.has(field) && isOwn(words.values, value)) return words.values[value]
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? formatMoment(value) : value
}
