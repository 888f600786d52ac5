import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../context.ts'
import { keyNumberOf, openBytes, sealBytes } from './suites.ts'
import { currentKey, type HospitalKeys, UnknownKey } from './texts.ts'

export type SealedTable = { name: string; columns: [column: string, how: 'bytes' | 'json'][] }

/** At once no more than this is taken into memory. */
const MOST_BYTES = 8 * 2 ** 20
/** What is read of a column to know its key. */
const HEAD = 64

type Key = { column: string; type: string }
const keysOfTables = new Map<string, Key[]>()

/** The primary key without the hospital, which the wall adds; where a hospital has one row, that alone. */
async function keyOf(ctx: Context, table: string): Promise<Key[]> {
  const known = keysOfTables.get(table)
  if (known) return known
  const { rows } = await sql<Key>`
    select a.attname as column, format_type(a.atttypid, null) as type
    from pg_index i cross join unnest(i.indkey) with ordinality as k (attnum, at) join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where i.indrelid = ${table}::regclass and i.indisprimary and (a.attname <> 'hospital_id' or i.indnkeyatts = 1) order by k.at`.execute(
    ctx.db,
  )
  if (rows.length === 0) throw new Error(`${table} has no key by which to walk it`)
  keysOfTables.set(table, rows)
  return rows
}

const list = (parts: RawBuilder<unknown>[]) => sql.join(parts, sql`, `)
type Said = Buffer | string | null | undefined
type Row = { key: string[] } & Record<`c${number}`, Said>
export type SealedRow = { key: string[]; isStale: boolean }

/** The next rows of a table in the order of its key: of each whether something in it is under an old key. `next` is null at its end. */
export async function readSealed(
  ctx: Context,
  { name, columns }: SealedTable,
  after: readonly string[] | null,
  limit: number,
): Promise<{ rows: SealedRow[]; next: string[] | null }> {
  const key = await keyOf(ctx, name)
  const of = list(key.map((k) => sql.id(k.column)))
  const behind = after ? sql`where (${of}) > (${list(key.map((k, i) => sql`${after[i]}::text::${sql.raw(k.type)}`))})` : sql``
  const size = columns.map(([c, how]) => (how === 'bytes' ? sql`coalesce(octet_length(${sql.id(c)}), 0)` : sql`0`))
  const said = columns.map(([c, how], i) =>
    how === 'bytes' ? sql`substr(${sql.id(c)}, 1, ${HEAD}) as ${sql.id(`c${i}`)}` : sql`${sql.id(c)}::text as ${sql.id(`c${i}`)}`,
  )
  const { rows } = await sql<Row & { size: number }>`
    select array[${list(key.map((k) => sql`${sql.id(k.column)}::text`))}] as key, ${sql.join(size, sql` + `)} as size, ${list(said)}
      from ${sql.table(name)} ${behind} order by ${of} limit ${limit}`.execute(ctx.db)
  const taken: SealedRow[] = []
  let bytes = 0
  for (const row of rows) {
    const isStale = columns.some((_, i) => isOld(ctx.keys, row[`c${i}`]))
    bytes += isStale ? row.size : 0
    if (bytes > MOST_BYTES && taken.length > 0) break
    taken.push({ key: row.key, isStale })
  }
  const isEnd = taken.length === rows.length && rows.length < limit
  return { rows: taken, next: isEnd ? null : (taken.at(-1)?.key ?? null) }
}

/** Seals these rows anew where nobody holds them; answers how many. */
export async function writeSealed(ctx: Context, { name, columns }: SealedTable, keys: readonly (readonly string[])[]): Promise<number> {
  const key = await keyOf(ctx, name)
  const arrays = (of: readonly (readonly string[])[]) => key.map((k, i) => sql`${of.map((row) => row[i])}::text[]::${sql.raw(k.type)}[]`)
  const names = key.map((_, i) => sql.id(`k${i}`))
  const isOne = sql.join(key.map((k, i) => sql`t.${sql.id(k.column)} = w.${sql.id(`k${i}`)}`), sql` and `) // biome-ignore format: one thought
  const said = columns.map(([c, how], i) => sql`t.${sql.id(c)}${sql.raw(how === 'json' ? '::text' : '')} as ${sql.id(`c${i}`)}`)
  const { rows } = await sql<Row>`
    select array[${list(key.map((k) => sql`t.${sql.id(k.column)}::text`))}] as key, ${list(said)}
      from ${sql.table(name)} t join unnest(${list(arrays(keys))}) as w (${list(names)}) on ${isOne} for no key update of t skip locked`.execute(
    ctx.db,
  )
  if (rows.length === 0) return 0
  const anew = columns.map(([, how], i) => {
    const values = rows.map((row) => sealAnew(ctx.keys, row[`c${i}`]))
    return sql`${values}::${sql.raw(how === 'json' ? 'text' : 'bytea')}[]`
  })
  const sets = columns.map(([c, how], i) => sql`${sql.id(c)} = w.${sql.id(`c${i}`)}${sql.raw(how === 'json' ? '::jsonb' : '')}`)
  await sql`
    update ${sql.table(name)} t set ${list(sets)}
      from unnest(${list([...arrays(rows.map((r) => r.key)), ...anew])}) as w (${list([...names, ...columns.map((_, i) => sql.id(`c${i}`))])})
     where ${isOne}`.execute(ctx.db)
  return rows.length
}

/** Bytes as jsonb has them when it is text. */
const IN_JSON = /(?<=")\\\\x(0[123][0-9a-f]{58,})(?=")/g

/** Whether something is under another key than the current one. What looks so in JSON counts where it can be opened: somebody may have typed it. */
function isOld(keys: HospitalKeys, said: Said): boolean {
  if (typeof said === 'string') return inJson(keys, said) !== said
  const number = said ? keyNumberOf(said) : undefined
  return number !== undefined && number !== currentKey(keys).number
}

/** The same under the current key. Throws where bytes cannot be opened: then nothing is written, and the old key stays. */
function sealAnew(keys: HospitalKeys, said: Said): Said {
  if (!said) return null
  return typeof said === 'string' ? inJson(keys, said) : bytesAnew(keys, said)
}

function bytesAnew(keys: HospitalKeys, bytes: Buffer): Buffer {
  const number = keyNumberOf(bytes)
  const current = currentKey(keys)
  if (number === undefined || number === current.number) return bytes
  const key = keys.seals.get(number)
  if (!key) throw new UnknownKey(`a text sealed under key ${number}, which is not there`)
  return sealBytes(current, openBytes(key, bytes))
}

const inJson = (keys: HospitalKeys, text: string): string =>
  text.replace(IN_JSON, (as, hex: string) => {
    try {
      return `\\\\x${bytesAnew(keys, Buffer.from(hex, 'hex')).toString('hex')}`
    } catch {
      return as
    }
  })
