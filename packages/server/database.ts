import {
  CamelCasePlugin,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import pg from 'pg'
import type { HouseTables } from './context.ts'
import { GatheringSocket } from './gathering-socket.ts'
import { clientClass } from './hosts.ts'

const DATE = 1082
const INT8 = 20

/** A `date` stays text (a Date would be midnight of this machine's zone), and a `bigint` is a number or an error. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === DATE) return (text: string) => text
    if (oid === INT8) return wholeNumber
    return pg.types.getTypeParser(oid, format ?? 'text')
  }) as typeof pg.types.getTypeParser, // the overloads of pg differ only in the format
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Error(`${text} does not fit a number`)
  return value
}

/** Whoever waits longer for a connection is told that the system is busy: the pool is used up, or nobody answers at the other end. */
const PATIENCE_MS = 10_000
/** A look-up is small: one that takes so long stands on a connection that leads nowhere. */
const LONGEST_LOOK_UP_MS = 15_000
/** A query of which nothing is heard for so long is given up with its connection, which then leads nowhere. */
const LONGEST_QUERY_MS = 120_000
/** Of a process that died with its machine, or hangs within a transaction, the database lets the locks go within a minute or two. */
const LET_GO = `set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3;
  set idle_in_transaction_session_timeout = '120s'`

/** `pipeline`: what needs no answer of what is on its way goes after it at once, such as the begin of a transaction and its first statement. */
const ways = { types, stream: () => new GatheringSocket(), pipeline: true, keepAlive: true, keepAliveInitialDelayMillis: 10_000 }

export function openPool(
  url: string,
  options: { max?: number; name?: string; patienceMs?: number; longestQueryMs?: number } = {},
): pg.Pool {
  const pool = new pg.Pool({
    ...ways,
    connectionString: url,
    Client: clientClass(url),
    max: options.max ?? 10,
    application_name: options.name ?? 'renxin',
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: options.patienceMs ?? PATIENCE_MS,
    query_timeout: options.longestQueryMs ?? LONGEST_QUERY_MS,
  })
  pool.on('connect', (client) => {
    client.on('error', () => {}) // one that breaks while it is out fails the next query; unheard, its error would end the process
    client.query(LET_GO).catch(() => {}) // it broke at once, and the next query tells
  })
  pool.on('error', () => {}) // an idle connection that broke is replaced by the next one taken
  return pool
}

/** One transaction on a connection of its own, without a house around it: what the database's owner does. */
export async function oneTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((e: Error) => {
      broken = e
    })
    throw error
  } finally {
    client.release(broken)
  }
}

const camelCase = new CamelCasePlugin({ maintainNestedObjectKeys: true })

/** Where a transaction stands: it begins with its first statement, and work that asks nothing has none. */
export type Place = {
  db: Kysely<HouseTables>
  begin: ((viewer: string) => Promise<pg.PoolClient>) | undefined
  client: Promise<pg.PoolClient> | undefined
  /** For whom the veil is drawn when it begins (`drawVeil`); empty: for nobody. */
  viewer: string
}

/** To make a Kysely takes longer than a look-up: places are used again. */
const freePlaces: Place[] = []

export function takePlace(begin: NonNullable<Place['begin']>): Place {
  const place = freePlaces.pop() ?? makePlace()
  place.begin = begin
  return place
}

export function leavePlace(place: Place): void {
  place.begin = undefined
  place.client = undefined
  place.viewer = ''
  freePlaces.push(place)
}

function makePlace(): Place {
  const acquireConnection = async () => {
    if (!place.begin) throw new Error('the transaction is over')
    place.client ??= place.begin(place.viewer)
    return connectionOn(await place.client)
  }
  const db = kyselyWith({ acquireConnection, releaseConnection: async () => {} })
  const place: Place = { db, begin: undefined, client: undefined, viewer: '' }
  return place
}

const MOST_VIEWERS = 1000

/**
 * Connections that belong to one hospital for as long as they live, and that many share: each statement is a transaction of its own, planned once for all values, and
 * goes out at once with those of others. For small statements whose plan is the same whatever is asked; a slow one would hold up the rest. Answers them as a
 * Kysely for each viewer before whom the veil is drawn (`drawVeil`); for the empty one it is not.
 */
export function sharedLines(
  pool: pg.Pool,
  hospitalId: number,
  { count, isReadOnly }: { count: number; isReadOnly: boolean },
): (viewer: string) => Kysely<HouseTables> {
  const first = `${LET_GO}; set house.hospital = '${Number(hospitalId)}'; set plan_cache_mode = force_generic_plan; set default_transaction_read_only = ${isReadOnly}`
  const lines = Array.from({ length: count }, () => sharedLine(pool, first))
  const leastBusy = () => lines.reduce((a, b) => (b.waiting < a.waiting ? b : a))
  const known = new Map<string, Kysely<HouseTables>>()
  return (viewer) => {
    const before = known.get(viewer)
    if (before) return before
    if (known.size >= MOST_VIEWERS) known.clear()
    const made = kyselyWith({
      acquireConnection: async () => ({ executeQuery: (query) => leastBusy().ask(query, viewer), streamQuery: refuseStream }),
      releaseConnection: async () => {},
    })
    known.set(viewer, made)
    return made
  }
}

const TELL_VIEWER = `select set_config('house.veil', $1, false), set_config('house.viewer', $2, false)`

function sharedLine(pool: pg.Pool, first: string) {
  const Client = clientClass(pool.options.connectionString ?? '')
  let open: Promise<pg.Client> | undefined
  let socket = new GatheringSocket()
  let viewerThere = ''
  const connect = async () => {
    socket = new GatheringSocket()
    const client = new Client({ ...pool.options, ...ways, query_timeout: LONGEST_LOOK_UP_MS, stream: () => socket })
    const gone = () => {
      if (open === made) open = undefined // the next statement has a new one
    }
    client.on('error', gone).on('end', gone)
    await client.connect()
    viewerThere = ''
    client.query(first).catch(leave)
    return client
  }
  let made: ReturnType<typeof connect> | undefined
  /** What the database did not say itself, such as that nothing is heard of it, is the connection's end; so is a viewer who could not be told. */
  const leave = async () => {
    const left = open
    open = undefined
    const client = await left?.catch(() => undefined)
    client?.connection.stream.destroy()
  }
  /** Goes out with the statement that follows it, so that no other comes between. */
  const tellViewer = async (client: pg.Client, viewer: string) => {
    if (viewer === viewerThere) return
    viewerThere = viewer
    try {
      await client.query({ name: 'viewer', text: TELL_VIEWER, values: [viewer === '' ? '' : 'on', viewer] })
    } catch (error) {
      await leave()
      throw error
    }
  }
  const line = {
    waiting: 0,
    ask: async <R>(query: CompiledQuery, viewer: string): Promise<QueryResult<R>> => {
      line.waiting += 1
      try {
        open ??= made = connect()
        const client = await open
        socket.ref()
        const [, result] = await Promise.all([tellViewer(client, viewer), connectionOn(client).executeQuery<R>(query)])
        return result
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) await leave()
        throw error
      } finally {
        line.waiting -= 1
        if (line.waiting === 0) socket.unref() // nobody ends these connections: they hold up no process that has nothing else to do
      }
    },
  }
  return line
}

/** Kysely whose every statement is a transaction of one hospital: for scripts and for arranging tests. */
export function kyselyEach(pool: pg.Pool, hospitalId: number): Kysely<HouseTables> {
  const taken = new WeakMap<DatabaseConnection, pg.PoolClient>()
  return kyselyWith({
    acquireConnection: async () => {
      const client = await pool.connect()
      await client.query(`begin; select set_config('house.hospital', '${Number(hospitalId)}', true)`)
      const connection = connectionOn(client)
      taken.set(connection, client)
      return connection
    },
    releaseConnection: async (connection) => {
      const client = taken.get(connection)
      await client?.query('commit')
      client?.release()
    },
  })
}

function kyselyWith(source: Pick<Driver, 'acquireConnection' | 'releaseConnection'>): Kysely<HouseTables> {
  const driver: Driver = {
    init: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => {},
    ...source,
  }
  return new Kysely<HouseTables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    plugins: [camelCase],
  })
}

async function refuse(): Promise<never> {
  throw new Error('a transaction is open already; use savepoint(ctx, …)')
}

const connections = new WeakMap<pg.ClientBase, DatabaseConnection>()

function connectionOn(client: pg.ClientBase): DatabaseConnection {
  const known = connections.get(client)
  if (known) return known
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const name = nameOf(query.sql)
      const result = await client.query<R & pg.QueryResultRow>({ text: query.sql, values: [...query.parameters], ...(name && { name }) })
      const counts = result.command === 'INSERT' || result.command === 'UPDATE' || result.command === 'DELETE' || result.command === 'MERGE'
      return { rows: result.rows ?? [], ...(counts ? { numAffectedRows: BigInt(result.rowCount ?? 0) } : {}) }
    },
    streamQuery: refuseStream,
  }
  connections.set(client, connection)
  return connection
}

function refuseStream(): never {
  throw new Error('streaming is not offered; read by pages')
}

const HOT_FROM = 20
const MOST_PREPARED = 300
const uses = new Map<string, number>()
const names = new Map<string, string>()

/**
 * The name under which a statement is prepared on its connection, once it has shown to be a hot one. To parse and plan our small statements costs more than to run
 * them: prepared, a message was taken in half the time. PostgreSQL itself goes on planning where the values make a difference (`plan_cache_mode`).
 */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known || names.size >= MOST_PREPARED) return known
  const times = (uses.get(text) ?? 0) + 1
  if (times >= HOT_FROM) {
    names.set(text, `s${names.size}`)
    uses.delete(text)
    return names.get(text)
  }
  if (uses.size > 10_000) uses.clear()
  uses.set(text, times)
  return undefined
}
