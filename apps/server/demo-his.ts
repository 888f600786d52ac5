import { type HisDatabase, hisSchema, hisViews } from '@renxin/seed'
import { asSuper, databaseName, withDatabase } from '@renxin/server/postgres'

const DATABASE = 'demo_his'
const READER = 'demo_his_reader'
const RESULTS = 'demo_his_results'

/**
 * Makes the database of the imaginary hospital's own system beside ours, in the embedded server: it is reached by its socket file, as a system on this machine,
 * by a role that may read its views, and another that may read what is written back.
 */
export async function withDemoHis<T>(superUrl: string, work: (his: HisDatabase) => Promise<T>): Promise<T> {
  await dropDemoHis(superUrl)
  await asSuper(superUrl, async (client) => {
    await client.query(`create database ${DATABASE}`)
    await client.query(`revoke all on database ${DATABASE} from public`)
    for (const role of [READER, RESULTS])
      await client.query(`create role ${role} login nosuperuser nocreatedb nocreaterole nobypassrls noreplication`)
    await client.query(`grant connect on database ${DATABASE} to ${READER}`)
  })
  await asSuper(withDatabase(superUrl, databaseName), async (client) => {
    await client.query(`grant connect on database ${databaseName} to ${RESULTS}`)
    await client.query(`grant usage on schema integration_out to ${RESULTS}`)
    await client.query(`grant select on integration_out.results to ${RESULTS}`)
  })
  const url = withDatabase(superUrl, DATABASE)
  const { hostname, port } = new URL(url)
  return asSuper(url, async (client) => {
    await client.query(hisSchema)
    await client.query(`grant select on ${hisViews.join(', ')} to ${READER}`)
    return work({
      reader: { host: decodeURIComponent(hostname), port: Number(port), database: DATABASE, username: READER },
      resultsRole: RESULTS,
      run: async (sql, params = []) => void (await client.query(sql, [...params])),
    })
  })
}

/** Takes it away with all that it was granted; nothing happens where there is none. */
export async function dropDemoHis(superUrl: string): Promise<void> {
  await asSuper(superUrl, (client) => client.query(`drop database if exists ${DATABASE} with (force)`))
  await asSuper(withDatabase(superUrl, databaseName), async (client) => {
    const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles where rolname = any($1)', [[READER, RESULTS]])
    for (const { rolname } of rows) {
      await client.query(`drop owned by ${rolname}`)
      await client.query(`drop role ${rolname}`)
    }
  })
}
