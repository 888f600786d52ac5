import { wallTime } from '@renxin/kernel'
import mysql from 'mysql2/promise'
import type { Cell } from '../../columns/index.ts'
import { noRows } from '../dialects.ts'
import type { Column, ColumnType, Connection, Session, Timeouts } from '../session.ts'

const times = new Set([7, 10, 12, 14]) // timestamp, date, datetime, newdate
const texts = new Set([15, 249, 250, 251, 252, 253, 254])
const numbers = new Set([0, 1, 2, 3, 4, 5, 8, 9, 246])
const BINARY = 63

export async function open(connection: Connection, { connectMs, queryMs }: Timeouts): Promise<Session> {
  const client = await mysql.createConnection({
    host: connection.host,
    port: connection.port,
    database: connection.database,
    user: connection.username,
    password: connection.password,
    ...(connection.tls && { ssl: { rejectUnauthorized: false } }),
    connectTimeout: connectMs,
    charset: 'utf8mb4', // the server turns a column of gbk into it
    dateStrings: true,
    supportBigNumbers: true,
    decimalNumbers: false,
    flags: ['-LOCAL_FILES'],
  })
  client.on('error', () => {}) // a connection that breaks between two queries fails the next one
  await client.query('set session transaction isolation level read committed, read only')
  await client.query('set session time_zone = ?', [offsetOf(connection.zone)])
  const run = async (text: string, params: readonly (string | number)[]) => {
    const [rows] = await client.query<mysql.RowDataPacket[]>({ sql: text, timeout: queryMs }, [...params])
    return rows as Record<string, Cell>[] // text, numbers and nothing: that is how they were asked for
  }
  return {
    relations: async () => {
      const rows = await run(
        `select table_schema as s, table_name as n, table_type as t from information_schema.tables
         where table_schema not in ('mysql', 'information_schema', 'performance_schema', 'sys') order by table_type = 'VIEW' desc, 1, 2 limit 2000`,
        [],
      )
      return rows.map((r) => ({ schema: String(r.s), name: String(r.n), isView: r.t === 'VIEW' }))
    },
    columns: async (from) => {
      const [, fields] = await client.query<mysql.RowDataPacket[]>({ sql: noRows(from), timeout: queryMs })
      return fields.map((f): Column => ({ name: f.name, type: typeOf(f.columnType ?? f.type ?? -1, f.characterSet), native: '' }))
    },
    rows: run,
    close: () => client.end(),
  }
}

function typeOf(code: number, charset: number | undefined): ColumnType {
  if (times.has(code)) return 'time'
  if (numbers.has(code)) return 'number'
  return texts.has(code) && charset !== BINARY ? 'text' : 'other'
}

/** `+08:00`: many servers have no tables of zones. */
function offsetOf(zone: string): string {
  const at = new Date(Math.floor(Date.parse('2026-01-01T00:00:00Z')))
  const minutes = Math.round((Date.parse(`${wallTime(at, zone).replace(' ', 'T')}Z`) - at.getTime()) / 60_000)
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`
}
