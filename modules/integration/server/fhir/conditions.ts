import type { Clause, Query, Wanted } from '@renxin/fhir'
import { type Context, sql } from '@renxin/server'
import { aliasesOf } from './aliases.ts'
import { indexed } from './store.ts'

export type Piece = ReturnType<typeof sql<boolean>>

/** What a clause comes to once other resources were asked: these references, or these ids. */
export type Settled = Clause | { is: 'references'; parameter: string; values: readonly string[] } | { is: 'ids'; ids: readonly string[] }

const END = '\u{10ffff}'
const all = (pieces: readonly Piece[], word: Piece | ReturnType<typeof sql>) => sql<boolean>`(${sql.join(pieces, sql` ${word} `)})`
const or = sql`or`

/** What a kept resource `r` must be to answer these clauses. */
export async function conditionsOf(ctx: Context, type: string, clauses: readonly Settled[]): Promise<Piece[]> {
  const pieces: Piece[] = []
  for (const clause of clauses) pieces.push(await conditionOf(ctx, type, clause))
  return pieces
}

async function conditionOf(ctx: Context, type: string, clause: Settled): Promise<Piece> {
  if (clause.is === 'ids') return sql<boolean>`r.id = any(${[...clause.ids]}::text[])`
  if (clause.is === 'references') return within(`${type}.${clause.parameter}`, sql<boolean>`i.value = any(${[...clause.values]}::text[])`)
  if (clause.is === 'chain' || clause.is === 'has') throw new Error('a chain is settled before it comes here')
  const { parameter } = clause
  const what = `${type}.${parameter.name}`
  if (clause.is === 'missing') {
    if (parameter.name.startsWith('_')) return clause.isMissing ? sql<boolean>`false` : sql<boolean>`true`
    const there = sql<boolean>`exists (select from integration.fhir_index i where i.key = r.key and i.what = ${what})`
    return clause.isMissing ? sql<boolean>`not ${there}` : there
  }
  if (parameter.name === '_id') return byId(clause)
  if (parameter.name === '_lastUpdated')
    return all(
      clause.values.map((w) => (w.kind === 'date' ? spanned(sql`r.changed_at`, sql`r.changed_at`, w) : never)),
      or,
    )
  const meets: Piece[] = []
  for (const wanted of clause.values) meets.push(await meet(ctx, type, parameter.name, clause.modifier, wanted))
  if (clause.modifier !== 'not') return within(what, all(meets, or))
  return sql<boolean>`not exists (select from integration.fhir_index i where i.key = r.key and i.what = ${what} and ${all(meets, or)})`
}

const never = sql<boolean>`false`
const within = (what: string, meets: Piece): Piece =>
  sql<boolean>`r.key in (select i.key from integration.fhir_index i where i.what = ${what} and ${meets})`

function byId(clause: Clause & { is: 'values' }): Piece {
  const ids = clause.values.flatMap((w) => (w.kind === 'token' && w.code ? [w.code] : []))
  return clause.modifier === 'not' ? sql<boolean>`r.id <> all(${ids}::text[])` : sql<boolean>`r.id = any(${ids}::text[])`
}

async function meet(ctx: Context, type: string, parameter: string, modifier: string | undefined, wanted: Wanted): Promise<Piece> {
  switch (wanted.kind) {
    case 'token': {
      const code = wanted.code === undefined ? undefined : indexed(ctx, type, parameter, wanted.code)
      const ofSystem =
        wanted.system === undefined
          ? sql<boolean>`true`
          : wanted.system === ''
            ? sql<boolean>`i.system is null`
            : sql<boolean>`i.system = ${wanted.system}`
      return code === undefined ? sql<boolean>`(i.value is not null and ${ofSystem})` : sql<boolean>`(i.value = ${code} and ${ofSystem})`
    }
    case 'string':
      if (modifier === 'contains') return sql<boolean>`position(${wanted.folded} in i.value) > 0`
      if (modifier === 'exact')
        return sql<boolean>`(i.value >= ${wanted.folded} and i.value < ${wanted.folded + END} and i.system = ${wanted.written})`
      return sql<boolean>`(i.value >= ${wanted.folded} and i.value < ${wanted.folded + END})`
    case 'uri':
      return sql<boolean>`i.value = ${wanted.value}`
    case 'reference':
      return sql<boolean>`i.value = any(${await referencesTo(ctx, wanted)}::text[])`
    case 'date':
      return sql<boolean>`(i.low is not null and ${spanned(sql`i.low`, sql`i.high`, wanted)})`
    case 'number':
      return sql<boolean>`(i.amount is not null and ${counted(wanted)} and ${unitOf(wanted)})`
  }
}

/** Every way in which this target may be written; a patient by all the ids that he has. */
export async function referencesTo(ctx: Context, { value, types }: Wanted & { kind: 'reference' }): Promise<string[]> {
  const written = [value, ...types.map((t) => `${t}/${value}`)]
  const patients = written.flatMap((w) => (w.startsWith('Patient/') ? [w.slice(8)] : []))
  if (patients.length === 0) return written
  const { ids } = await aliasesOf(ctx, patients)
  return [...new Set([...written, ...ids.map((id) => `Patient/${id}`)])]
}

type Column = ReturnType<typeof sql>

/** How the span of a row stands to the one that is wanted (R4, 3.1.1.4.6). */
export function spanned(low: Column, high: Column, { prefix, low: from, high: until }: Wanted & { kind: 'date' }): Piece {
  switch (prefix) {
    case 'eq':
      return sql<boolean>`(${low} >= ${from} and ${low} < ${until} and ${high} <= ${until})`
    case 'ne':
      return sql<boolean>`(${low} < ${from} or ${high} > ${until})`
    case 'gt':
      return sql<boolean>`${high} > ${until}`
    case 'ge':
      return sql<boolean>`${high} > ${from}`
    case 'lt':
      return sql<boolean>`${low} < ${from}`
    case 'le':
      return sql<boolean>`${low} < ${until}`
    case 'sa':
      return sql<boolean>`${low} >= ${until}`
    case 'eb':
      return sql<boolean>`${high} <= ${from}`
    case 'ap':
      return sql<boolean>`(${low} < ${until} and ${high} > ${from})`
  }
}

function counted({ prefix, low, high, amount }: Wanted & { kind: 'number' }): Piece {
  const a = sql`i.amount`
  switch (prefix) {
    case 'eq':
      return sql<boolean>`(${a} >= ${low}::float8 and ${a} < ${high}::float8)`
    case 'ne':
      return sql<boolean>`(${a} < ${low}::float8 or ${a} >= ${high}::float8)`
    case 'gt':
    case 'sa':
      return sql<boolean>`${a} > ${amount}::float8`
    case 'ge':
      return sql<boolean>`${a} >= ${amount}::float8`
    case 'lt':
    case 'eb':
      return sql<boolean>`${a} < ${amount}::float8`
    case 'le':
      return sql<boolean>`${a} <= ${amount}::float8`
    case 'ap': {
      const near = Math.abs(amount) * 0.1
      return sql<boolean>`(${a} >= ${amount - near}::float8 and ${a} <= ${amount + near}::float8)`
    }
  }
}

const unitOf = ({ system, unit }: Wanted & { kind: 'number' }) =>
  sql<boolean>`(${unit ? sql`i.value = ${unit}` : sql`true`} and ${system ? sql`i.system = ${system}` : sql`true`})`

/** By what a kept resource is put in order: text that sorts as it should, what has none at the end. */
export const sortKey = (type: string, { parameter, isDescending }: Query['sort'][number]) => {
  if (parameter.name === '_id') return sql`r.id`
  const moment = sql`to_char(r.changed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`
  if (parameter.name === '_lastUpdated') return moment
  const value = parameter.type === 'date' ? sql`to_char(i.low at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')` : sql`i.value`
  const best = isDescending ? sql`max(${value} collate "C")` : sql`min(${value} collate "C")`
  return sql`coalesce((select ${best} from integration.fhir_index i where i.key = r.key and i.what = ${`${type}.${parameter.name}`}), ${isDescending ? '' : END})`
}
