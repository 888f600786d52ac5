import { sql } from '@renxin/server'

/** A piece of SQL with its parameters. */
export type Piece<T = unknown> = ReturnType<typeof sql<T>>

/**
 * Many rows as one table of a query: `unnest($1::uuid[], $2::text[]) as name (id, …)`. A statement then has the same text whatever the number of rows.
 * `columns` are column → PostgreSQL type; a row's field is the column in camel case.
 */
export function rowsAs<T extends object>(name: string, columns: Record<string, string>, rows: readonly T[]): Piece {
  const lists = Object.entries(columns).map(([column, type]) => {
    const field = column.replace(/_(\w)/g, (_, c: string) => c.toUpperCase())
    const list = rows.map((row) => (row as Record<string, unknown>)[field] ?? null) // the columns name the row's own fields
    return sql`${type === 'jsonb' ? list.map((v) => JSON.stringify(v)) : list}::${sql.raw(type)}[]`
  })
  return sql`unnest(${sql.join(lists)}) as ${sql.raw(name)} (${sql.raw(Object.keys(columns).join(', '))})`
}

/** `name = n.name, …` for these columns. */
export const changing = (columns: object, except: readonly string[], source: string) =>
  sql.raw(
    Object.keys(columns)
      .filter((c) => !except.includes(c))
      .map((c) => `${c} = ${source}.${c}`)
      .join(', '),
  )
