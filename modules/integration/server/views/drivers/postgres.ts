import pg from 'pg'
import type { Cell } from '../../columns/index.ts'
import { noRows } from '../dialects.ts'
import type { Column, ColumnType, Connection, Session, Timeouts } from '../session.ts'

const times: Readonly<Record<number, string>> = { 1082: 'date', 1114: 'timestamp', 1184: 'timestamptz' }
const texts = new Set([18, 19, 25, 1042, 1043])
const numbers = new Set([20, 21, 23, 700, 701, 1700])

export async function open(connection: Connection, { connectMs, queryMs }: Timeouts): Promise<Session> {
  const client = new pg.Client({
    host: connection.host,
    port: connection.port,
    database: connection.database,
    user: connection.username,
    password: connection.password,
    ssl: connection.tls ? { rejectUnauthorized: false } : false, // certificates of hospital databases are their own; the network is theirs
    connectionTimeoutMillis: connectMs,
    query_timeout: queryMs,
    statement_timeout: queryMs,
    application_name: 'renxin',
    types: { getTypeParser: () => (text: string | Buffer) => text.toString() } as unknown as pg.CustomTypesConfig, // its type wants an overload for each format; text is text
  })
  client.on('error', () => {}) // a connection that breaks between two queries fails the next one
  await client.connect()
  await client.query(`set default_transaction_read_only = on; set default_transaction_isolation = 'read committed'`)
  await client.query(`select set_config('timezone', $1, false)`, [connection.zone])
  return {
    relations: async () => {
      const { rows } = await client.query<{ schema: string; name: string; is_view: string }>(`
        select n.nspname as schema, c.relname as name, (c.relkind <> 'r')::int as is_view from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname not in ('pg_catalog', 'information_schema') and has_table_privilege(c.oid, 'select')
        order by 3 desc, 1, 2 limit 2000`)
      return rows.map((r) => ({ schema: r.schema, name: r.name, isView: r.is_view === '1' }))
    },
    columns: async (from) => {
      const { fields } = await client.query(noRows(from))
      return fields.map((f): Column => ({ name: f.name, type: typeOf(f.dataTypeID), native: times[f.dataTypeID] ?? '' }))
    },
    rows: async (text, params) => (await client.query<Record<string, Cell>>(text, [...params])).rows,
    close: () => client.end(),
  }
}

const typeOf = (oid: number): ColumnType => (times[oid] ? 'time' : texts.has(oid) ? 'text' : numbers.has(oid) ? 'number' : 'other')
