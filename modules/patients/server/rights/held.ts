import { type Context, sql } from '@renxin/server'
import type { PatientFacts } from '../facts.ts'
import type { Draft } from '../fold.ts'
import type { PatientRow } from '../tables.ts'

/**
 * What is heard of the hospital's systems on somebody who asked to be forgotten: who the person is and whether he lives, for the medical record that stays; of one
 * of whom nothing had to stay, only whether he lives. A hand may write again what such a person says himself.
 */
export function unheld(fact: PatientFacts, { erasedAt, isForgotten }: Pick<PatientRow, 'erasedAt' | 'isForgotten'>): PatientFacts {
  if (erasedAt === null) return fact
  const {
    ethnic: _,
    marital: _m,
    job: _j,
    language: _g,
    birthPlace: _bp,
    nationality: _na,
    religion: _re,
    payer: _p,
    identityClass: _c,
    ...rest
  } = fact
  const { address: _a, phones: _t, kin: _k, kinChanges: _kc, extra: _e, ...known } = rest
  if (!isForgotten) return known
  const { name: _n, namePhonetic: _r, sex: _s, birthOn: _b, identityCard: _i, allergies: _l, allergyChanges: _lc, ...least } = known
  return least
}

/**
 * Whoever was forgotten and comes for a visit after that is known again: a medical record must be somebody's. What was said before the erasure wakes nobody. Contacts
 * and the other erased facts stay unheard.
 */
export async function wakeForgotten(
  ctx: Context,
  drafts: readonly Draft[],
  told: readonly { fact: PatientFacts; id: string }[],
): Promise<void> {
  const asleep = drafts.filter((d) => d.row.isForgotten)
  if (asleep.length === 0) return
  const seen = await seenOf(ctx, asleep.map((d) => d.row.id)) // biome-ignore format: one thought
  for (const { row } of asleep) {
    const later = told.filter(({ id, fact }) => id === row.id && row.erasedAt !== null && fact.sourceAt > row.erasedAt)
    if (later.some(({ fact }) => fact.isOfVisit || seen.has(row.id))) row.isForgotten = false
  }
}

/** Those of whom a visit or stay is known: told by the rooms above, or by the door that tells visits and persons apart. */
async function seenOf(ctx: Context, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ patientId: string }>`
    select patient_id from patients.standings where patient_id = any(${[...ids]}::uuid[]) and encounter_id is not null`.execute(ctx.db)
  return new Set(rows.map((r) => r.patientId))
}
