import pg from 'pg'
import { discharge, drained, marks, send } from './feed.ts'
import { paired } from './pairs.ts'
import { dropFolder, freshFolder, poolsOf, runCommand, startProduct } from './product.ts'
import { plainRow, type Row, rowOf } from './result.ts'

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
    rows.push(await besideBatches({ port: product.mllpPort, app, raw, template, log }))
    rows.push(await backlogRow({ port: product.mllpPort, app, log }))
    await raw.end()
    await app.end()
    await owner.end()
    return rows
  } finally {
    await product.stop()
    await dropFolder(dataDir)
  }
}

type Feed = { port: number; app: pg.Pool; log: (line: string) => void }

/** Many senders at once, beside the same rows by the batch: what a database takes when two hundred messages share a transaction. */
async function besideBatches({ port, app, raw, template, log }: Feed & { raw: pg.Pool; template: readonly Written[] }): Promise<Row> {
  const ours = async () => {
    const count = 4000
    const messages = marks(count).map((mark) => discharge(mark))
    const began = performance.now()
    await send(port, 64, messages)
    await drained(app)
    return count / ((performance.now() - began) / 1000)
  }
  const pair = await paired(ours, () => writeRaw(raw, template, marks(4000), 4, 200))
  log(`mllp-batched: ${pair.ours.map(Math.round)} beside ${pair.beside.map(Math.round)}`)
  return rowOf(pair, {
    name: 'mllp-batched',
    what: 'ADT^A03 over 64 connections, full effect, backlog drained',
    unit: 'msg/s',
    beside: 'same rows, raw SQL, 200 messages a transaction, 4 clients',
    goal: '≥ 0.15',
    isMet: (ratio) => ratio >= 0.15,
  })
}

const BACKLOG = 100_000

/** A platform's queue after a night's stop: a hundred thousand messages as fast as they are taken, until nothing of them is left to do. */
async function backlogRow({ port, app, log }: Feed): Promise<Row> {
  const messages = (function* () {
    for (let i = 0; i < BACKLOG; i += 1) yield discharge(marks(1)[0] ?? '')
  })()
  const began = performance.now()
  await send(port, 8, messages)
  const sent = (performance.now() - began) / 1000
  await drained(app)
  const seconds = (performance.now() - began) / 1000
  log(`backlog: ${BACKLOG} messages acknowledged in ${sent.toFixed(0)} s, drained after ${seconds.toFixed(0)} s`)
  return plainRow([BACKLOG / seconds], {
    name: 'mllp-backlog',
    what: `${BACKLOG.toLocaleString('en')} messages of a stopped queue over 8 connections, drained`,
    unit: 'msg/s',
    goal: '≥ 20 (a night within the hour)',
    isMet: (rate) => rate >= 20,
  })
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

/**
 * Writes the template's rows again for each mark, so many marks a transaction in one round trip: the least a database can be asked for these rows.
 * Of one table the rows of a whole batch go into one statement.
 */
async function writeRaw(
  pool: pg.Pool,
  template: readonly Written[],
  marks: readonly string[],
  connections: number,
  batch = 1,
): Promise<number> {
  const own = new Set(template.map((t) => t.values[t.columns.indexOf('id')] ?? '').filter((id) => id.length === 36))
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
