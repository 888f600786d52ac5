import { blindIndex, type Context, openText } from '@renxin/server'
import { checkIdentityCard, longForm } from '../../person/identity-card.ts'
import type { PatientFacts } from '../facts.ts'
import type { Corrected, PatientRow } from '../tables.ts'

export const heldFields = ['name', 'sex', 'birthOn', 'identityCard', 'payer', 'identityClass', 'address'] as const
export type HeldField = (typeof heldFields)[number]
type Keys = Pick<Context, 'keys'>
type Word = string | null

/** Systems write one thing with other spaces and widths of letters. */
const printOf = (ctx: Keys, field: HeldField, word: Word): string => {
  const plain = (word ?? '').normalize('NFKC').replace(/\s/gu, '').toUpperCase()
  return blindIndex(ctx, 'patients.corrected', `${field}\n${plain}`).toString('hex')
}

/** What a file says of a field, as text. */
export function wordIn(ctx: Keys, row: PatientRow, field: HeldField): Word {
  if (field === 'identityCard' || field === 'address') return row[field] && openText(ctx, row[field])
  return row[field] || null
}

function wordSaid(fact: PatientFacts, field: HeldField): Word {
  if (field === 'address') return fact.address?.full?.trim() || null
  if (field === 'sex') return fact.sex ?? 'unknown'
  const word = fact[field]?.trim() || null
  return field === 'identityCard' && word ? longForm(checkIdentityCard(word).number) : word
}

const stands = ({ until }: Corrected, at: number): boolean => until === null || at <= until

/**
 * What is heard of the hospital's systems where words were corrected away by right: everything but those. Once a system says the right word itself the hold has
 * ended, and what it says after that is its own news again. Notes that end in the row.
 */
export function uncorrected(ctx: Keys, row: PatientRow, fact: PatientFacts): PatientFacts {
  const heard = { ...fact }
  for (const field of heldFields) {
    const held = row.correctedAway?.[field] ?? []
    if (held.length === 0 || fact[field] === undefined) continue
    const [print, at] = [printOf(ctx, field, wordSaid(fact, field)), fact.sourceAt.getTime()]
    for (const h of held) if (h.by === print && at > h.at) h.until = Math.min(h.until ?? at, at)
    if (!held.some((h) => h.print === print && stands(h, at))) continue
    delete heard[field]
    if (field === 'name') delete heard.namePhonetic
  }
  return heard
}

/** Keeps what stood in a file's field from being taken again, now that another word stands there by right. */
export function correctAway(ctx: Keys, row: PatientRow, field: HeldField, words: readonly Word[], right: Word, at: Date): void {
  const by = printOf(ctx, field, right)
  const wrong = new Set(words.map((word) => printOf(ctx, field, word)))
  wrong.delete(by)
  const others = (row.correctedAway?.[field] ?? []).filter((h) => h.print !== by && !wrong.has(h.print))
  const held = [...others, ...[...wrong].map((print) => ({ print, by, at: at.getTime(), until: null }))]
  row.correctedAway = { ...row.correctedAway, [field]: held }
}

/** Whether one of these files holds what another says of a field. */
export function isHeldBy(ctx: Keys, holder: PatientRow, said: PatientRow, field: string): boolean {
  const known = heldFields.find((f) => f === field)
  const held = known ? (holder.correctedAway?.[known] ?? []) : []
  if (!known || held.length === 0) return false
  const print = printOf(ctx, known, wordIn(ctx, said, known))
  return held.some((h) => h.print === print && stands(h, said.saidAt[known] ?? 0))
}
