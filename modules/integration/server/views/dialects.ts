import type { From, SourceKind } from '../../views-contract.ts'
import type { Column, Param } from './session.ts'

/** What the four systems say differently. Everything else of a statement is the same for all. */
type Dialect = {
  quote(name: string): string
  /** The n-th parameter, counted from 1. */
  param(at: number): string
  /** A time column as text, with all its digits. */
  timeText(expression: string, column: Column): string
  /** A parameter that is such a text, as the column's own type: an index on it stays of use. */
  timeParam(param: string, column: Column): string
  /** The bytes of a text column as hexadecimal digits: where they are not what the database says they are. */
  hex(expression: string): string
  limited(select: { list: string; rest: string }, limit: number): string
}

const dialects: Record<SourceKind, Dialect> = {
  postgres: {
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    param: (at) => `$${at}`,
    timeText: (expression) => `${expression}::text`,
    timeParam: (param, { native }) => `${param}::${native}`,
    hex: (expression) => `encode(convert_to(${expression}::text, getdatabaseencoding()::name), 'hex')`,
    limited: ({ list, rest }, limit) => `select ${list} ${rest} limit ${limit}`,
  },
  mysql: {
    quote: (name) => `\`${name.replaceAll('`', '``')}\``,
    param: () => '?',
    timeText: (expression) => `cast(${expression} as char)`,
    timeParam: (param) => `cast(${param} as datetime(6))`,
    hex: (expression) => `hex(cast(${expression} as binary))`,
    limited: ({ list, rest }, limit) => `select ${list} ${rest} limit ${limit}`,
  },
  sqlserver: {
    quote: (name) => `[${name.replaceAll(']', ']]')}]`,
    param: (at) => `@p${at}`,
    timeText: (expression) => `convert(varchar(33), ${expression}, 121)`,
    // In its own type: a datetime beside a datetime2 is a third of a millisecond off, and a page would end where it began.
    timeParam: (param, { native }) => `convert(${native}, ${param}, 121)`,
    hex: (expression) => `convert(varchar(max), cast(${expression} as varbinary(max)), 2)`,
    limited: ({ list, rest }, limit) => `select top (${limit}) ${list} ${rest}`,
  },
  oracle: {
    quote: (name) => `"${name.replaceAll('"', '')}"`,
    param: (at) => `:${at}`,
    timeText: (expression, { native }) => `to_char(${expression}, '${oracleFormat(native)}')`,
    timeParam: (param, { native }) => `${native === 'DATE' ? 'to_date' : 'to_timestamp'}(${param}, '${oracleFormat(native)}')`,
    hex: (expression) => `rawtohex(utl_raw.cast_to_raw(${expression}))`,
    limited: ({ list, rest }, limit) => `select * from (select ${list} ${rest}) where rownum <= ${limit}`, // before 12c there is no fetch first
  },
}

const oracleFormat = (native: string) => (native === 'DATE' ? 'YYYY-MM-DD HH24:MI:SS' : 'YYYY-MM-DD HH24:MI:SS.FF6')

/** Aliases under which a row brings what a page needs to go on from it. */
export const MARK = 'renxin_u'
export const keyAlias = (at: number) => `renxin_k${at}`

export type Statement = { text: string; params: Param[] }

/** What is read of a view. */
export type Reading = {
  kind: SourceKind
  from: From
  columns: readonly Column[]
  /** The columns that are mapped. */
  wanted: readonly string[]
  keys: readonly string[]
  update: string | null
  /** Text is fetched as bytes: they are in another charset than the database believes. */
  asBytes: boolean
}

/** Where a page begins: after this row. */
export type Cursor = { mark: string | null; keys: Param[] }

/** What stands behind `from`. */
export function fromText(kind: SourceKind, from: From): string {
  const { quote } = dialects[kind]
  if ('select' in from) return `(${from.select.trim().replace(/;\s*$/, '')}) t`
  return `${from.schema ? `${quote(from.schema)}.` : ''}${quote(from.name)} t`
}

/** Nothing but the names and types of its columns. */
export const noRows = (from: string): string => `select t.* from ${from} where 1 = 0`

/** The next page, in the order of (update time, keys): from a mark on, then after a row. */
export function pageOf(
  reading: Reading,
  { since, after, limit }: { since: string | null; after: Cursor | null; limit: number },
): Statement {
  const to = writer(reading)
  const { update, keys } = reading
  const conditions = keys.map((key) => `${to.name(key)} is not null`)
  if (update) conditions.push(`${to.name(update)} is not null`)
  const from = after?.mark ?? since
  if (update && from !== null) conditions.push(`${to.name(update)} >= ${to.value(update, from)}`)
  if (after) conditions.push(behind(reading, to, after))
  return to.statement(conditions, limit)
}

/** Row values side by side are not understood everywhere: `u > a or (u = a and k > b)`. */
function behind({ update, keys }: Reading, to: Writer, after: Cursor): string {
  const path: [string, Param][] = [
    ...(update && after.mark !== null ? [[update, after.mark] as [string, Param]] : []),
    ...keys.map((key, at): [string, Param] => [key, after.keys[at] ?? '']),
  ]
  const ways = path.map(([column, value], depth) => {
    const same = path.slice(0, depth).map(([c, v]) => `${to.name(c)} = ${to.value(c, v)}`)
    return [...same, `${to.name(column)} > ${to.value(column, value)}`].join(' and ')
  })
  return `(${ways.map((w) => `(${w})`).join(' or ')})`
}

/** The rows whose column is on or after a time, and those whose update time is not there at all; by key, after a key. */
export function pageSince(
  reading: Reading,
  { recent, after, limit }: { recent: { column: string; since: string } | null; after: Param[] | null; limit: number },
): Statement {
  const to = writer(reading)
  const conditions = reading.keys.map((key) => `${to.name(key)} is not null`)
  const either = [
    ...(recent ? [`${to.name(recent.column)} >= ${to.value(recent.column, recent.since)}`] : []),
    ...(reading.update ? [`${to.name(reading.update)} is null`] : []),
  ]
  conditions.push(`(${either.join(' or ')})`)
  if (after) conditions.push(behind({ ...reading, update: null }, to, { mark: null, keys: after }))
  return to.statement(conditions, limit, reading.keys)
}

/** All rows that have one of these values. */
export function rowsWith(reading: Reading, column: string, values: readonly Param[], limit: number): Statement {
  const to = writer(reading)
  return to.statement([`${to.name(column)} in (${values.map((v) => to.value(column, v)).join(', ')})`], limit, [column, ...reading.keys])
}

/** How many rows can never be read, since they have no key. */
export function withoutKey(reading: Reading): Statement {
  const to = writer(reading)
  const text = `select count(*) as renxin_n from ${fromText(reading.kind, reading.from)} where ${reading.keys.map((k) => `${to.name(k)} is null`).join(' or ')}`
  return { text, params: [] }
}

type Writer = ReturnType<typeof writer>

function writer({ kind, from, columns, wanted, keys, update, asBytes }: Reading) {
  const dialect = dialects[kind]
  const params: Param[] = []
  const columnOf = (name: string) => columns.find((c) => c.name === name)
  const name = (column: string) => `t.${dialect.quote(column)}`
  const value = (column: string, said: Param): string => {
    params.push(said)
    const known = columnOf(column)
    const param = dialect.param(params.length)
    return known?.type === 'time' ? dialect.timeParam(param, known) : param
  }
  const shown = (column: string, alias: string, isRaw = false): string => {
    const known = columnOf(column)
    const plain = name(column)
    const text =
      known?.type === 'time' ? dialect.timeText(plain, known) : asBytes && !isRaw && known?.type === 'text' ? dialect.hex(plain) : plain
    return `${text} as ${dialect.quote(alias)}`
  }
  return {
    name,
    value,
    statement: (conditions: readonly string[], limit: number, order?: readonly string[]): Statement => {
      const list = [
        ...wanted.map((c) => shown(c, c)),
        ...(update ? [shown(update, MARK)] : []),
        ...keys.map((key, at) => shown(key, keyAlias(at), true)),
      ].join(', ')
      const by = order ?? [...(update ? [update] : []), ...keys]
      const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''
      const rest = `from ${fromText(kind, from)}${where}${by.length > 0 ? ` order by ${by.map(name).join(', ')}` : ''}`
      return { text: dialect.limited({ list, rest }, limit), params }
    },
  }
}
