import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'

/** The rows that one thing writes, written again by raw SQL: the least a database can be asked for them. */
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
/** What stands in a row where each copy has a mark of its own. */
export const MARK = '77777777'
const HOSPITAL = `select set_config('house.hospital', '1', true)`

type Table = { name: string; columns: string[]; key: string[] }
/** A row that is new; `own`: the ids that came into being with it. */
export type Written = { table: string; columns: string[]; values: (string | null)[]; own: string[] }

async function inside<T>(app: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await app.connect()
  try {
    await client.query(`begin; ${HOSPITAL}`)
    return await work(client)
  } finally {
    await client.query('commit')
    client.release()
  }
}

/** The hospital's tables in the order in which they were made, which foreign keys follow. */
async function tables(client: pg.PoolClient): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select format('%I.%I', n.nspname, c.relname) as name,
           (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = '') as columns,
           (select array_agg(a.attname::text) from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey) where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'hospital_id')
      and has_table_privilege(c.oid, 'insert') order by c.oid`)
  return rows
}

const keyed = (t: Table) => `select array_to_json(array[${t.key.map((k) => `${k}::text`).join(', ')}])::text as key from ${t.name}`

/** The keys of all rows there are. */
export const snapshot = (app: pg.Pool) =>
  inside(app, async (client) => {
    const known = new Map<string, Set<string>>()
    for (const t of await tables(client)) known.set(t.name, new Set((await client.query(keyed(t))).rows.map((r) => r.key)))
    return known
  })

export const rowsSince = (app: pg.Pool, before: Map<string, Set<string>>) =>
  inside(app, async (client): Promise<Written[]> => {
    const written: Written[] = []
    const known = new Set([...before.values()].flatMap((keys) => [...keys].flatMap((key) => key.match(UUID) ?? [])))
    for (const t of await tables(client)) {
      const { rows } = await client.query(
        `select array[${t.columns.map((c) => `"${c}"::text`).join(', ')}] as row, array_to_json(array[${t.key.map((k) => `${k}::text`).join(', ')}])::text as key from ${t.name}`,
      )
      for (const r of rows) {
        if (before.get(t.name)?.has(r.key)) continue
        const own: string[] = (r.key.match(UUID) ?? []).filter((id: string) => !known.has(id))
        const isOurs = own.length > 0 || r.row.some((v: string | null) => v?.includes(MARK)) // a tick may have made something meanwhile
        if (isOurs) written.push({ table: t.name, columns: t.columns, values: r.row, own })
      }
    }
    return written
  })

/**
 * Writes the template's rows again for each mark, so many marks a transaction in one round trip: the least a database can be asked for these rows.
 * Of one table the rows of a whole batch go into one statement.
 */
export async function writeRaw(
  pool: pg.Pool,
  template: readonly Written[],
  marks: readonly string[],
  connections: number,
  batch = 1,
): Promise<number> {
  const own = new Set(template.flatMap((t) => t.own))
  const inserts = Map.groupBy(template, (t) => `insert into ${t.table} (${t.columns.join(', ')}) values `)
  const values = [...inserts].map(([head, rows]) => ({
    head,
    text: rows.map((t) => `(${t.values.map((v) => (v === null ? 'null' : pg.escapeLiteral(v))).join(', ')})`).join(', '),
  }))
  const textOf = (marks: readonly string[]) => {
    const renamed = marks.map((mark) => ({ mark, ids: new Map([...own].map((id) => [id, crypto.randomUUID()])) }))
    const rows = (text: string) =>
      renamed.map(({ mark, ids }) => text.replaceAll(UUID, (id) => ids.get(id) ?? id).replaceAll(MARK, mark)).join(', ')
    return values.map(({ head, text }) => `${head}${rows(text)};`).join('')
  }
  let next = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = await pool.connect()
      for (let from = next; from < marks.length; from = next) {
        next = from + batch
        await client.query(`begin; ${HOSPITAL}; ${textOf(marks.slice(from, next))} commit`)
      }
      client.release()
    }),
  )
  return marks.length / ((performance.now() - began) / 1000)
}

export type CopyFile = { table: string; columns: readonly string[]; file: string }

/** The template's rows for each mark as files that COPY reads, one a table, in the order in which foreign keys want them. */
export async function copyFiles(template: readonly Written[], marks: readonly string[], folder: string): Promise<CopyFile[]> {
  const own = new Set(template.flatMap((t) => t.own))
  const renamed = marks.map((mark) => ({ mark, ids: new Map([...own].map((id) => [id, crypto.randomUUID()])) }))
  const files: CopyFile[] = []
  for (const [table, rows] of Map.groupBy(template, (t) => t.table)) {
    const text = rows.map((t) => t.values.map((v) => (v === null ? '' : `"${v.replaceAll('"', '""')}"`)).join(',')).join('\n')
    const file = join(folder, `${table}.csv`)
    const lines = renamed.map(({ mark, ids }) => text.replaceAll(UUID, (id) => ids.get(id) ?? id).replaceAll(MARK, mark))
    await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o644 })
    files.push({ table, columns: rows[0]?.columns ?? [], file })
  }
  return files
}
