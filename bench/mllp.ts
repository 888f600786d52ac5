import pg from 'pg'
import { discharge, drained, marks, send } from './feed.ts'
import { paired } from './pairs.ts'
import { dropFolder, freshFolder, poolsOf, runCommand, startProduct } from './product.ts'
import { type Row, rowOf } from './result.ts'

/** Messages acknowledged per second with their full effect committed and the backlog drained, beside the same rows by raw SQL, one transaction a message. */
export async function mllpRows({ log }: { log: (line: string) => void }): Promise<Row[]> {
  const dataDir = await freshFolder('mllp')
  const product = await startProduct(dataDir)
  try {
    await runCommand(dataDir, ['hospital', 'create', '--name', 'BENCH'])
    const { app, owner, urls } = await poolsOf(dataDir)
    await send(product.mllpPort, 1, [discharge('00000000')]) // makes the units and people, which a real feed makes once
    await drained(app)
    const before = await snapshot(app)
    await send(product.mllpPort, 1, [discharge(MARK)])
    await drained(app)
    const template = await rowsSince(app, before)
    log(`one discharge writes ${template.length} rows in ${new Set(template.map((t) => t.table)).size} tables`)

    const rows: Row[] = []
    const raw = new pg.Pool({ connectionString: urls.appUrl, max: 64 })
    for (const connections of [1, 8, 64]) {
      const count = connections === 1 ? 400 : 2000
      const ours = async () => {
        const messages = marks(count).map((mark) => discharge(mark))
        const began = performance.now()
        await send(product.mllpPort, connections, messages)
        await drained(app)
        return count / ((performance.now() - began) / 1000)
      }
      const beside = () => writeRaw(raw, template, marks(count), connections)
      await ours()
      await owner.query('analyze') // as the database does by itself within a minute
      const pair = await paired(ours, beside)
      rows.push(
        rowOf(pair, {
          name: `mllp-${connections}`,
          what: `ADT^A03 over ${connections} connection${connections > 1 ? 's' : ''}, full effect, backlog drained`,
          unit: 'msg/s',
          beside: 'same rows, raw SQL, a transaction each',
          goal: '≥ 0.30',
          isMet: (ratio) => ratio >= 0.3,
        }),
      )
      log(`mllp-${connections}: ${pair.ours.map(Math.round)} beside ${pair.beside.map(Math.round)}`)
    }
    await raw.end()
    await app.end()
    await owner.end()
    return rows
  } finally {
    await product.stop()
    await dropFolder(dataDir)
  }
}

const MARK = '77777777'
const HOSPITAL = `select set_config('house.hospital', '1', true)`

type Table = { name: string; columns: string[]; key: string[] }
type Written = { table: string; columns: string[]; values: (string | null)[] }

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

const snapshot = (app: pg.Pool) =>
  inside(app, async (client) => {
    const known = new Map<string, Set<string>>()
    for (const t of await tables(client)) known.set(t.name, new Set((await client.query(keyed(t))).rows.map((r) => r.key)))
    return known
  })

const rowsSince = (app: pg.Pool, before: Map<string, Set<string>>) =>
  inside(app, async (client): Promise<Written[]> => {
    const written: Written[] = []
    for (const t of await tables(client)) {
      const { rows } = await client.query(
        `select array[${t.columns.map((c) => `"${c}"::text`).join(', ')}] as row, array_to_json(array[${t.key.map((k) => `${k}::text`).join(', ')}])::text as key from ${t.name}`,
      )
      for (const r of rows) if (!before.get(t.name)?.has(r.key)) written.push({ table: t.name, columns: t.columns, values: r.row })
    }
    return written
  })

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Writes the template's rows again for each mark, as one transaction in one round trip: the least a database can be asked for these rows. */
async function writeRaw(pool: pg.Pool, template: readonly Written[], marks: readonly string[], connections: number): Promise<number> {
  const own = new Set(template.map((t) => t.values[t.columns.indexOf('id')] ?? '').filter((id) => id.length === 36))
  const text = template
    .map(
      (t) =>
        `insert into ${t.table} (${t.columns.join(', ')}) values (${t.values.map((v) => (v === null ? 'null' : pg.escapeLiteral(v))).join(', ')});`,
    )
    .join('')
  let next = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = await pool.connect()
      for (let mark = marks[next++]; mark !== undefined; mark = marks[next++]) {
        const renamed = new Map([...own].map((id) => [id, crypto.randomUUID()]))
        const statements = text.replaceAll(UUID, (id) => renamed.get(id) ?? id).replaceAll(MARK, mark)
        await client.query(`begin; ${HOSPITAL}; ${statements} commit`)
      }
      client.release()
    }),
  )
  return marks.length / ((performance.now() - began) / 1000)
}
