import pg from 'pg'
import { databaseName, withDatabase } from '../postgres/urls.ts'

export type Findings = { hospitals: number; migrations: number; tables: number; rows: number; auditBlocks: number; problems: string[] }

/**
 * Blocks of the audit trail, of all hospitals, whose hash is not that of the block before and of their rows, or whose rows are not as many. Of a block
 * whose rows left the database (`archive`), only that it follows on the one before.
 */
const BROKEN_BLOCKS = `
  with bodies as (
    select b.hospital_id, b.number, count(*) as rows, string_agg(house.audit_text(a), E'\\n' order by a.id) as body
    from house.audit_blocks b join house.audit a on a.hospital_id = b.hospital_id and a.id = any (b.ids) group by b.hospital_id, b.number
  ), chain as (
    select b.*, to_jsonb(b) ->> 'archive' is not null as is_archived, lag(b.hash, 1, '\\x') over w as before, lag(b.number, 1, 0) over w as last
    from house.audit_blocks b window w as (partition by b.hospital_id order by b.number)
  )
  select c.hospital_id, c.number from chain c left join bodies t on t.hospital_id = c.hospital_id and t.number = c.number
  where c.number <> c.last + 1 or c.previous_hash <> c.before
     or not c.is_archived and (t.rows is distinct from c.rows or c.hash is distinct from sha256(c.before || convert_to(t.body, 'UTF8')))
  order by 1, 2 limit 5`

/**
 * Reads every row of every table, which has PostgreSQL look at the checksum of every page, and asks what must be true: the audit chain and
 * the constraints. As the superuser of a recovered server, who sees over all walls.
 */
export async function checkDatabase(superUrl: string): Promise<Findings> {
  const client = new pg.Client({ connectionString: withDatabase(superUrl, databaseName) })
  await client.connect()
  const count = async (text: string) => Number((await client.query(text)).rows[0]?.n ?? 0)
  const problems: string[] = []
  try {
    await client.query(`set timezone to 'UTC'`)
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1`,
    )
    let rows = 0
    for (const { name } of tables.rows) rows += await count(`select count(t.*) as n from ${name} t`)
    for (const { hospital_id, number } of (await client.query(BROKEN_BLOCKS)).rows) {
      problems.push(`the audit chain of hospital ${hospital_id} breaks at block ${number}`)
    }
    const loose = await client.query(`select conrelid::regclass as t, conname from pg_constraint where not convalidated limit 5`)
    for (const { t, conname } of loose.rows) problems.push(`the constraint ${conname} of ${t} is not valid`)
    return {
      hospitals: await count('select count(*) as n from house.hospitals'),
      migrations: await count('select count(*) as n from public.renxin_migrations'),
      tables: tables.rows.length,
      rows,
      auditBlocks: await count('select count(*) as n from house.audit_blocks'),
      problems,
    }
  } finally {
    await client.end()
  }
}
