import { houseErrors, type Page } from '@renxin/kernel'
import { type SelectQueryBuilder, sql } from 'kysely'

type Cursor = { after?: string | undefined; limit?: number }

/**
 * One page of a query by keyset: ordered by `columns`, which together are unique and never null, all in one direction.
 * The cursor carries the columns as PostgreSQL writes them, so that no precision is lost on the way.
 */
export async function paged<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  { after, limit = 50 }: Cursor,
  columns: readonly string[],
  direction: 'asc' | 'desc' = 'asc',
): Promise<Page<O>> {
  const refs = columns.map((c) => sql.ref(c))
  let asked = query.limit(sql.lit(limit + 1)) // written out: a prepared plan that does not know it would expect a tenth of the table
  for (const ref of refs) asked = asked.orderBy(ref, direction)
  if (after !== undefined) {
    const from = readCursor(after, columns.length)
    const beyond = direction === 'asc' ? sql`>` : sql`<`
    asked = asked.where(sql<boolean>`(${sql.join(refs)}) ${beyond} (${sql.join(from)})`)
  }
  const marks = columns.map((_, i) => `cursor${i}`)
  const rows = (await asked.select(refs.map((ref, i) => sql<string>`${ref}::text`.as(marks[i] ?? ''))).execute()) as (O &
    Record<string, string>)[]
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { rows: shown, next: last ? writeCursor(marks.map((m) => last[m] ?? '')) : null }
}

const writeCursor = (values: string[]) => Buffer.from(JSON.stringify(values)).toString('base64url')

function readCursor(text: string, length: number): string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (Array.isArray(values) && values.length === length && values.every((v) => typeof v === 'string')) return values
  } catch {
    // falls through to the refusal
  }
  throw houseErrors.invalid({ field: 'after' })
}
