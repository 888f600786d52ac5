import oracledb from 'oracledb'
import type { Cell } from '../../columns/index.ts'
import { noRows } from '../dialects.ts'
import type { Column, Connection, Param, Session, Timeouts } from '../session.ts'

/** In thin mode: nothing of Oracle's own is installed. It reads databases from 12.1 on; an older one is told as `unsupported`. */
export async function open(connection: Connection, { connectMs, queryMs }: Timeouts): Promise<Session> {
  const client = await oracledb.getConnection({
    user: connection.username,
    password: connection.password,
    connectString: connectText(connection, connectMs),
  })
  client.callTimeout = queryMs
  await client.execute(`alter session set time_zone = '${connection.zone.replaceAll("'", '')}'`, [])
  const asText = ({ dbType }: { dbType: unknown }) =>
    dbType === oracledb.DB_TYPE_CLOB || dbType === oracledb.DB_TYPE_NCLOB || dbType === oracledb.DB_TYPE_NUMBER
      ? { type: oracledb.STRING }
      : undefined
  const run = async (text: string, params: readonly Param[]) => {
    await client.execute('set transaction read only', []) // one reading sees one state, and cannot write
    const result = await client.execute(text, params, { outFormat: oracledb.OUT_FORMAT_OBJECT, fetchTypeHandler: asText })
    await client.rollback()
    return result
  }
  return {
    relations: async () => {
      const { rows } = await run(
        `select * from (select owner as s, object_name as n, object_type as t from all_objects
         where object_type in ('VIEW', 'MATERIALIZED VIEW', 'TABLE', 'SYNONYM') and oracle_maintained = 'N'
         order by case when object_type = 'TABLE' then 1 else 0 end, owner, object_name) where rownum <= 2000`,
        [],
      )
      return (rows ?? []).map((r) => ({ schema: String(r.S), name: String(r.N), isView: String(r.T).includes('VIEW') }))
    },
    columns: async (from) => ((await run(noRows(from), [])).metaData ?? []).map(columnOf),
    rows: async (text, params) => ((await run(text, params)).rows ?? []) as Record<string, Cell>[], // numbers and large texts come as text
    close: () => client.close(),
  }
}

/** `sid:ORCL` for what has no service name yet. */
export function connectText(
  { host, port, database, tls }: Pick<Connection, 'host' | 'port' | 'database' | 'tls'>,
  connectMs: number,
): string {
  const sid = /^sid:(.+)$/i.exec(database)?.[1]
  const clean = (text: string) => text.replace(/[()=\s]/g, '')
  const place = `(ADDRESS=(PROTOCOL=${tls ? 'TCPS' : 'TCP'})(HOST=${clean(host)})(PORT=${port}))`
  const what = sid ? `(SID=${clean(sid)})` : `(SERVICE_NAME=${clean(database)})`
  return `(DESCRIPTION=(TRANSPORT_CONNECT_TIMEOUT=${Math.ceil(connectMs / 1000)})${place}(CONNECT_DATA=${what}))`
}

export function columnOf({ name, dbTypeName }: { name: string; dbTypeName: string }): Column {
  if (dbTypeName === 'DATE' || dbTypeName.startsWith('TIMESTAMP')) return { name, type: 'time', native: dbTypeName }
  if (/CHAR|LONG$/.test(dbTypeName)) return { name, type: 'text', native: dbTypeName }
  return { name, type: /NUMBER|FLOAT|DOUBLE|INTEGER/.test(dbTypeName) ? 'number' : 'other', native: dbTypeName }
}
