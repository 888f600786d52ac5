import { Connection as Client, ISOLATION_LEVEL, Request, TYPES } from 'tedious'
import type { Cell } from '../../columns/index.ts'
import { noRows } from '../dialects.ts'
import type { Column, Connection, Param, Session, Timeouts } from '../session.ts'

type ColumnMetaData = { colName: string; type: { name: string }; dataLength?: number | undefined; scale?: number | undefined }

export async function open(connection: Connection, { connectMs, queryMs }: Timeouts): Promise<Session> {
  const client = new Client({
    server: connection.host,
    authentication: { type: 'default', options: { userName: connection.username, password: connection.password } },
    options: {
      port: connection.port,
      database: connection.database,
      encrypt: connection.tls,
      trustServerCertificate: true, // certificates of hospital databases are their own; the network is theirs
      ...(!connection.tls && { cryptoCredentialsDetails: { minVersion: 'TLSv1' } }), // the sign-in of SQL Server 2008 and 2012
      connectTimeout: connectMs,
      requestTimeout: queryMs,
      cancelTimeout: 2000,
      appName: 'renxin',
      readOnlyIntent: true,
      connectionIsolationLevel: ISOLATION_LEVEL.READ_COMMITTED,
      useUTC: true,
      rowCollectionOnRequestCompletion: false,
    },
  })
  client.on('error', () => {}) // a connection that breaks between two queries fails the next one
  await new Promise<void>((resolve, reject) => client.connect((error) => (error ? reject(error) : resolve())))
  const run = (text: string, params: readonly Param[]) =>
    new Promise<{ columns: ColumnMetaData[]; rows: Record<string, Cell>[] }>((resolve, reject) => {
      const rows: Record<string, Cell>[] = []
      let columns: ColumnMetaData[] = []
      const request = new Request(text, (error) => (error ? reject(error) : resolve({ columns, rows })))
      for (const [at, value] of params.entries()) request.addParameter(`p${at + 1}`, typeOfParam(value), value)
      request.on('columnMetadata', (all) => {
        columns = Array.isArray(all) ? all : Object.values(all)
      })
      request.on('row', (cells: { metadata: ColumnMetaData; value: unknown }[]) =>
        rows.push(Object.fromEntries(cells.map((c) => [c.metadata.colName, cellOf(c.value)]))),
      )
      client.execSql(request)
    })
  return {
    relations: async () => {
      const { rows } = await run(
        `select top (2000) s.name as s, o.name as n, o.type as t from sys.objects o join sys.schemas s on s.schema_id = o.schema_id
         where o.type in ('U', 'V', 'SN') order by case when o.type = 'V' then 0 else 1 end, s.name, o.name`,
        [],
      )
      return rows.map((r) => ({ schema: String(r.s), name: String(r.n), isView: String(r.t).trim() === 'V' }))
    },
    columns: async (from) => (await run(noRows(from), [])).columns.map(columnOf),
    rows: async (text, params) => (await run(text, params)).rows,
    close: async () => client.close(),
  }
}

/** A column of varchar beside a parameter of nvarchar is read without its index. */
const typeOfParam = (value: Param) =>
  typeof value === 'number' ? TYPES.Float : /[^\x20-\x7e]/.test(value) ? TYPES.NVarChar : TYPES.VarChar

function cellOf(value: unknown): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (value instanceof Date || value instanceof Uint8Array) return value
  return value === undefined ? null : String(value)
}

export function columnOf({ colName, type, dataLength, scale }: ColumnMetaData): Column {
  const time = timeNative(type.name, dataLength, scale)
  if (time) return { name: colName, type: 'time', native: time }
  if (/Char|Text|Xml/.test(type.name)) return { name: colName, type: 'text', native: '' }
  return { name: colName, type: /Int|Decimal|Numeric|Float|Real|Money/.test(type.name) ? 'number' : 'other', native: '' }
}

/** A column that may be null is told by its length alone. */
function timeNative(type: string, length: number | undefined, scale: number | undefined): string | undefined {
  if (type === 'SmallDateTime' || (type === 'DateTimeN' && length === 4)) return 'smalldatetime'
  if (type === 'DateTime' || type === 'DateTimeN') return 'datetime'
  if (type === 'DateTime2') return `datetime2(${scale ?? 7})`
  if (type === 'DateTimeOffset') return `datetimeoffset(${scale ?? 7})`
  return type === 'Date' ? 'date' : undefined
}
