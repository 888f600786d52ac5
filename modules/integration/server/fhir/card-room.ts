import { fold, type Resource } from '@renxin/fhir'
import { type Context, sql } from '@renxin/server'
import { aliasesOf } from './aliases.ts'
import { type Piece, type Settled, spanned } from './conditions.ts'
import { objectsOf } from './references-known.ts'
import type { Room } from './rooms.ts'
import { type Setting, UUID } from './setting.ts'

/** How rows of a published view are found and shown as resources of one type. Columns are those of the view, read as `c`. */
export type Cards<Row> = {
  view: string
  /** Which of its rows; all where it is not said. */
  only?: string
  columns: string
  patient?: string
  encounter?: string
  /** Parameter → the column that holds the code. */
  tokens?: Readonly<Record<string, string>>
  /** Parameter → the column that holds the moment. */
  dates?: Readonly<Record<string, string>>
  /** Parameter → an expression that holds the text, folded. */
  strings?: Readonly<Record<string, string>>
  /** Parameter → the type to which it refers, and the column that holds the product's id of it. */
  references?: Readonly<Record<string, { type: string; column: string }>>
  /** Parameter → our words for the codes of the standard. */
  codes?: Readonly<Record<string, { column: string; of: Readonly<Record<string, string>> }>>
  show(row: Row, setting: Setting): Resource
}

type Known = { id: string; patientId?: string }

/** A room over a view: what can be asked of its columns is asked of them, anything else finds nothing. */
export function cardRoom<Row extends Known>(cards: Cards<Row>): Room {
  const from = sql.raw(cards.view)
  const only = sql.raw(cards.only ?? 'true')
  const rowsOf = async (ctx: Context, ids: readonly string[]): Promise<Row[]> => {
    const { rows } = await sql<Row>`
      select ${sql.raw(cards.columns)} from ${from} c where c.id = any(${[...ids]}::uuid[]) and ${only} order by c.id`.execute(ctx.db)
    return rows
  }
  return {
    find: async (ctx, clauses, { after, limit }) => {
      const conditions: Piece[] = after ? [sql<boolean>`c.id > ${after}::uuid`] : []
      for (const clause of clauses) {
        const condition = await conditionOf(ctx, clause, cards)
        if (!condition) return []
        conditions.push(condition)
      }
      const { rows } = await sql<{ id: string }>`
        select c.id from ${from} c where ${only} ${conditions.length > 0 ? sql`and ${sql.join(conditions, sql` and `)}` : sql``}
        order by c.id limit ${limit}`.execute(ctx.db)
      return rows.map((r) => r.id)
    },
    describe: async (ctx, setting, ids) => new Map((await rowsOf(ctx, ids)).map((row) => [row.id, cards.show(row, setting)])),
    ...(cards.patient
      ? {
          patientOf: async (ctx, ids) =>
            new Map((await rowsOf(ctx, ids)).flatMap((row) => (row.patientId ? [[row.id, row.patientId]] : []))),
        }
      : {}),
  }
}

type Columns = Omit<Cards<never>, 'show'>

const oneOf = (column: string, values: readonly string[], type: 'uuid' | 'text') =>
  sql<boolean>`${sql.raw(`c.${column}`)} = any(${[...values]}::${sql.raw(type)}[])`
const idsIn = (values: readonly string[], type: string) =>
  values.flatMap((v) => (v.startsWith(`${type}/`) ? [v.slice(type.length + 1)] : v.includes('/') ? [] : [v]))

async function conditionOf(ctx: Context, clause: Settled, cards: Columns): Promise<Piece | undefined> {
  if (clause.is === 'ids') return oneOf('id', clause.ids.filter((id) => UUID.test(id)), 'uuid') // biome-ignore format: one thought
  if (clause.is === 'references') return referring(ctx, clause.parameter, clause.values, cards)
  if (clause.is !== 'values' || clause.modifier) return undefined
  const { name } = clause.parameter
  const codes = clause.values.flatMap((w) => (w.kind === 'token' && w.code ? [w.code] : []))
  if (name === '_id') return oneOf('id', codes.filter((id) => UUID.test(id)), 'uuid') // biome-ignore format: one thought
  if (clause.parameter.type === 'reference') return referring(ctx, name, clause.values.flatMap((w) => (w.kind === 'reference' ? [w.value] : [])), cards) // biome-ignore format: one thought
  const [token, date, text, coded] = [cards.tokens?.[name], cards.dates?.[name], cards.strings?.[name], cards.codes?.[name]]
  if (token) return oneOf(token, codes, 'text')
  if (coded) return oneOf(coded.column, Object.keys(coded.of).filter((word) => codes.includes(coded.of[word] ?? '')), 'text') // biome-ignore format: one thought
  if (date) {
    const column = sql.raw(`c.${date}`)
    const spans = clause.values.flatMap((w) => (w.kind === 'date' ? [spanned(column, column, w)] : []))
    return sql<boolean>`(${sql.join(spans, sql` or `)})`
  }
  if (text) {
    const wanted = clause.values.flatMap((w) => (w.kind === 'string' ? [fold(w.written)] : []))
    return sql<boolean>`(${sql.join(wanted.map((w) => sql`position(${w} in ${sql.raw(text)}) > 0`), sql` or `)})` // biome-ignore format: one thought
  }
  return undefined
}

async function referring(ctx: Context, parameter: string, values: readonly string[], cards: Columns): Promise<Piece | undefined> {
  if (cards.patient && (parameter === 'patient' || parameter === 'subject' || parameter === 'actor'))
    return oneOf(cards.patient, (await aliasesOf(ctx, idsIn(values, 'Patient'))).objectIds, 'uuid')
  const other = cards.references?.[parameter]
  if (other) {
    const targets = idsIn(values, other.type).map((id) => ({ type: other.type, id }))
    return oneOf(other.column, [...(await objectsOf(ctx, targets, new Map())).values()], 'uuid')
  }
  if (cards.encounter && parameter === 'encounter') {
    const targets = idsIn(values, 'Encounter').map((id) => ({ type: 'Encounter', id }))
    return oneOf(cards.encounter, [...(await objectsOf(ctx, targets, new Map())).values()], 'uuid')
  }
  return undefined
}
