import { type Context, sql } from '@renxin/server'
import { listedClass, wordKey } from '../../person/identity-class.ts'
import type { Piece } from '../bulk.ts'
import type { PatientFacts } from '../facts.ts'

/** Pairs of a key and the name of its class, as they come from the database. */
export type ClassPairs = [key: string, name: string][] | null

/** The keys of the classes that facts name. */
export const classKeysOf = (facts: readonly PatientFacts[]): string[] => [
  ...new Set(facts.flatMap((f) => (f.identityClass?.trim() ? wordKey(f.identityClass) : []))),
]

/** Of these keys those that mean a class, as one value of a query that is made anyway. Who was switched off still means the same. */
export const classPairs = (keys: readonly string[]): Piece<ClassPairs> =>
  sql<ClassPairs>`(select jsonb_agg(jsonb_build_array(w.key, k.name)) from patients.identity_class_words w
     join patients.identity_classes k on k.hospital_id = w.hospital_id and k.id = w.class_id where w.key = any(${[...keys]}::text[]))`

/** The name of its class by each of these keys. */
export async function classesByKey(ctx: Context, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map()
  const { rows } = await sql<{ pairs: ClassPairs }>`select ${classPairs(keys)} as pairs`.execute(ctx.db)
  return new Map(rows[0]?.pairs ?? [])
}

/** What the hospital's list calls these words; a word that it does not have is not among them. */
export async function nameIdentityClasses(ctx: Context, words: readonly string[]): Promise<(said: string | null) => string | null> {
  const names = await classesByKey(ctx, [...new Set(words.map(wordKey))])
  return (said) => listedClass(names, said)
}

/** The different classes that stand in files, each found by a step along the index and not by reading all of them. */
export async function standingClasses(ctx: Context): Promise<string[]> {
  const { rows } = await sql<{ value: string }>`
    with recursive step (value, n) as (
      (select identity_class, 1 from patients.patients where merged_into is null and identity_class is not null order by identity_class limit 1)
      union all
      select (select identity_class from patients.patients where merged_into is null and identity_class > s.value order by identity_class limit 1), s.n + 1
        from step s where s.value is not null and s.n < 500
    ) select value from step where value is not null`.execute(ctx.db)
  return rows.map((r) => r.value)
}
