import pg from 'pg'
import { type Block, fits } from '../audit-block.ts'
import { databaseName, withDatabase } from '../postgres/urls.ts'

export type Findings = { hospitals: number; migrations: number; tables: number; rows: number; auditBlocks: number; problems: string[] }

/** The blocks after one, of all hospitals, as many as have so many rows together, each with what its rows say. A backup of before may know no archive and no algorithm. */
const BLOCKS = `
  select b.hospital_id as hospital, b.number::int, b.rows, b.previous_hash as "previousHash", b.hash, coalesce(to_jsonb(b) ->> 'algorithm', 'sha256') as algorithm,
         to_jsonb(b) ->> 'archive' is not null as "isArchived",
         array(select house.audit_text(a) from house.audit a where a.hospital_id = b.hospital_id and a.id = any (b.ids) order by a.id) as said
  from (select *, sum(n.rows) over (order by n.hospital_id, n.number) - n.rows as before
        from (select * from house.audit_blocks where (hospital_id, number) > ($1, $2) order by hospital_id, number limit 5000) n) b
  where b.before < 10000 order by b.hospital_id, b.number`
type Found = Pick<Block, 'number' | 'rows' | 'previousHash' | 'hash' | 'algorithm'> & {
  hospital: number
  isArchived: boolean
  said: string[]
}
const MOST_BROKEN = 5

/**
 * Blocks of the audit trail whose hash is not that of the block before and of their rows, or whose rows are not as many. Of a block whose rows left the database
 * only that it follows on the one before.
 */
async function brokenBlocks(client: pg.Client): Promise<Found[]> {
  const broken: Found[] = []
  let last: Pick<Found, 'hospital' | 'number' | 'hash'> = { hospital: 0, number: 0, hash: Buffer.alloc(0) }
  for (;;) {
    const { rows } = await client.query<Found>(BLOCKS, [last.hospital, last.number])
    for (const block of rows) {
      const before = block.hospital === last.hospital ? last : { number: 0, hash: Buffer.alloc(0) }
      const follows = block.number === before.number + 1 && block.previousHash.equals(before.hash)
      if (!follows || !(block.isArchived || (block.said.length === block.rows && fits(block, block.said)))) broken.push(block)
      if (broken.length === MOST_BROKEN) return broken
      last = block
    }
    if (rows.length === 0) return broken
  }
}

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
    for (const { hospital, number } of await brokenBlocks(client)) {
      problems.push(`the audit chain of hospital ${hospital} breaks at block ${number}`)
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
