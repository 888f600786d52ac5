import pg from 'pg'

/*
 * A database on several hosts, of which one takes writes and the others stand by: `postgresql://renxin_app@one:5432,two:5432/renxin?target_session_attrs=read-write`,
 * as libpq writes it. The driver knows one host only, so the one that takes writes is found here; who is promoted is decided elsewhere.
 */

/** What a look at a host may take. */
const LOOK_MS = 3000
/** How often it is looked whether another was promoted: a machine that lost its power breaks no connection. */
const WATCH_MS = 5000

/** The address of each host that an address names; undefined for what is no address of PostgreSQL, or asks for a host that takes no writes. */
export function hostsOf(url: string): string[] | undefined {
  const [, head = '', names = '', tail = ''] = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^/?#]+)(.*)$/.exec(url) ?? []
  const each = names.split(',')
  const hosts = each.map((name) => `${head}${name}${tail}`)
  if (each.includes('') || !hosts.every((host) => URL.canParse(host))) return undefined
  const wish = new URL(hosts[0] ?? '').searchParams.get('target_session_attrs')
  if (wish !== null && wish !== 'read-write' && wish !== 'primary') return undefined
  return hosts.map(withoutWish)
}

function withoutWish(host: string): string {
  const url = new URL(host)
  if (!url.searchParams.has('target_session_attrs')) return host
  url.searchParams.delete('target_session_attrs')
  return url.href
}

/** The client for an address: a plain one where it names one host. */
export const clientFor = (config: pg.ClientConfig & { connectionString: string }): pg.Client =>
  new (clientClass(config.connectionString))(config)

/** What a pool makes its clients of. */
export function clientClass(url: string): typeof pg.Client {
  const hosts = hostsOf(url)
  return hosts === undefined || hosts.length < 2 ? pg.Client : GoingClient
}

type Found = { url: string; timeline: number }

/** A host that takes writes says so with the number of its timeline, which grows with each promotion. */
type Seen = { url: string; timeline: number | null; why: string }

/** None of the hosts takes writes now; the code is that of a database which has become a standby. */
class NoPrimary extends Error {
  readonly code = '25006'
}

/** Knows which of several hosts takes writes, for all connections to them. */
class Compass {
  readonly hosts: readonly string[]
  #found: Found | undefined
  #looking: Promise<Found> | undefined
  #watching: NodeJS.Timeout | undefined
  readonly #open = new Map<GoingClient, string>()

  constructor(hosts: readonly string[]) {
    this.hosts = hosts
  }

  find(): Promise<Found> {
    if (this.#found) return Promise.resolve(this.#found)
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  forget(url: string): void {
    if (this.#found?.url === url) this.#found = undefined
  }

  /**
   * From now on it is cut off when another host than its own is found to take writes. When it breaks, the next one looks again; one that is ended by us says nothing of
   * its host, and a look may have to wait for a host that is silent.
   */
  join(client: GoingClient, url: string): void {
    this.#open.set(client, url)
    client.once('error', () => this.forget(url))
    client.once('end', () => {
      this.#open.delete(client)
      if (this.#open.size === 0) this.forget(url) // nobody watches any more
    })
    this.#watching ??= setTimeout(() => void this.#watch(), WATCH_MS).unref()
  }

  /** Of two that take writes the one promoted last: the other came back without having been told. */
  async #look(): Promise<Found> {
    const seen = await Promise.all(this.hosts.map(look))
    const [first] = seen
      .flatMap(({ url, timeline }) => (timeline === null ? [] : [{ url, timeline }]))
      .toSorted((a, b) => b.timeline - a.timeline)
    if (!first) throw new NoPrimary(`none of its hosts takes writes (${seen.map(({ url, why }) => `${nameOf(url)}: ${why}`).join('; ')})`)
    this.#found = first
    for (const [client, url] of this.#open) if (url !== first.url) client.cutOff()
    return first
  }

  async #watch(): Promise<void> {
    await this.#look().catch(() => undefined) // with no host at all, whoever asks is told
    const isNeeded = this.#open.size > 0
    this.#watching = isNeeded ? setTimeout(() => void this.#watch(), WATCH_MS).unref() : undefined
    if (!isNeeded) this.#found = undefined
  }
}

const nameOf = (url: string) => decodeURIComponent(new URL(url).host)

async function look(url: string): Promise<Seen> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: LOOK_MS,
    query_timeout: LOOK_MS,
    application_name: 'renxin look',
  })
  client.on('error', () => {}) // told by what was asked
  try {
    await client.connect()
    const { rows } = await client.query<{ timeline: string | null }>(
      `select case when not pg_is_in_recovery() then left(pg_walfile_name(pg_current_wal_lsn()), 8) end as timeline`,
    )
    const timeline = rows[0]?.timeline ?? null
    return { url, timeline: timeline === null ? null : Number.parseInt(timeline, 16), why: 'it stands by' }
  } catch (error) {
    const why = error instanceof AggregateError ? error.errors[0] : error
    return { url, timeline: null, why: why instanceof Error ? why.message : String(why) }
  } finally {
    client.end().catch(() => {})
  }
}

const compasses = new Map<string, Compass>()

function compassOf(url: string): Compass {
  const known = compasses.get(url) ?? new Compass(hostsOf(url) ?? [])
  compasses.set(url, known)
  return known
}

/** Connects to whichever host takes writes now. */
class GoingClient extends pg.Client {
  readonly #compass: Compass

  constructor(config: pg.ClientConfig = {}) {
    const compass = compassOf(config.connectionString ?? '')
    super({ ...config, connectionString: compass.hosts[0] ?? '' })
    this.#compass = compass
  }

  override connect(): Promise<pg.Client>
  override connect(callback: (error: Error | undefined) => void): void
  override connect(callback?: (error: Error | undefined) => void): Promise<pg.Client> | undefined {
    const connected = this.#go()
    if (!callback) return connected
    connected.then(() => callback(undefined), callback)
    return undefined
  }

  cutOff(): void {
    this.connection.stream.destroy()
  }

  async #go(): Promise<pg.Client> {
    const { url } = await this.#compass.find()
    const { host, port } = new pg.Client({ connectionString: url }) // read as the driver reads it, a folder of a socket file too
    this.host = host
    this.port = port
    try {
      await super.connect()
    } catch (error) {
      this.#compass.forget(url)
      throw error
    }
    this.#compass.join(this, url)
    return this
  }
}
