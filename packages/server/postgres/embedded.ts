import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { link, mkdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { type Binaries, installBinaries, removeOtherBinaries } from './binaries.ts'
import { StartRefused } from './errors.ts'
import { type Folders, findFolders, makePrivate, prepareFolders, prepareSocketFolder } from './folders.ts'
import { holdServerLock } from './lock.ts'
import { type OsUser, userForCluster } from './os-user.ts'
import { clearTheWay, findRunning, isAlive, stopPostgres } from './running.ts'
import { type Settings, usualSettings } from './settings.ts'
import { type ClusterUrls, databaseName, urlsOf, withDatabase } from './urls.ts'

export { StartRefused } from './errors.ts'
export { holdServerLock } from './lock.ts'
export { databaseName, withDatabase } from './urls.ts'

export type Embedded = ClusterUrls & { pid: number; stop(): Promise<void> }

export type EmbeddedOptions = {
  dataDir: string
  log?: (line: string) => void
  /** Hold the lock that says "a server runs here". On by default. */
  lock?: boolean
  settings?: Settings
  /** Told when PostgreSQL ends, or the lock is lost, without `stop()`. */
  onDeath?: (error: Error) => void
}

/** Starts the PostgreSQL that npm brought, on a unix socket of its own, making its cluster, roles and database the first time. */
export async function startEmbedded({
  dataDir,
  log = () => undefined,
  lock = true,
  settings,
  onDeath,
}: EmbeddedOptions): Promise<Embedded> {
  const { user, ...folders } = await prepareFolders(dataDir, userForCluster)
  const free = await claimStart(folders)
  try {
    await clearTheWay(folders, log)
    const binaries = await installBinaries(folders.home)
    await makeCluster(folders, binaries, user, log)
    const socketFolder = await prepareSocketFolder(folders, user)
    const urls = urlsOf(socketFolder)

    const server = await start(
      folders,
      binaries,
      user,
      { ...usualSettings(), ...settings, unix_socket_directories: socketFolder },
      urls,
      log,
    )
    let isStopping = false
    let hasDied = false
    const die = (reason: string) => {
      hasDied = true
      if (!isStopping) onDeath?.(new Error(reason))
    }
    server.child.once('exit', () => die(`PostgreSQL ended by itself; its last words are in ${folders.log}`))
    try {
      await makeRolesAndDatabase(urls)
      const held = lock
        ? await holdServerLock(urls.ownerUrl, () => die('The connection that holds the lock of this data folder broke'))
        : undefined
      await removeOtherBinaries(folders.home, binaries)
      const stop = async () => {
        if (isStopping) return server.ended
        isStopping = true
        await held?.release()
        await stopPostgres(server.pid, { atOnce: hasDied })
        await server.ended
      }
      return { ...urls, pid: server.pid, stop }
    } catch (error) {
      isStopping = true
      await stopPostgres(server.pid)
      throw error
    }
  } finally {
    await free()
  }
}

/** The addresses of the server that runs on this data folder, for the command line; it takes no lock. */
export async function connectOnly({ dataDir }: { dataDir: string }): Promise<ClusterUrls | undefined> {
  const running = await findRunning(await findFolders(dataDir))
  if (!running) return undefined
  const { ownerUrl, appUrl, superUrl } = running
  return { ownerUrl, appUrl, superUrl }
}

/** What this process is starting: in its own number it could not tell a claim of its own from one that a dead namesake left. */
const underWay = new Set<string>()

/** Two starts at one moment: between starting PostgreSQL and taking its lock, a file keeps the second one out. */
async function claimStart({ home }: Folders): Promise<() => Promise<void>> {
  if (underWay.has(home)) throw new StartRefused(startUnderWay)
  underWay.add(home)
  try {
    const claim = await writeClaim(home)
    return async () => {
      await unlink(claim).catch(() => undefined)
      underWay.delete(home)
    }
  } catch (error) {
    underWay.delete(home)
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EROFS') throw new StartRefused(`The data folder cannot be written to: ${message}`)
    throw error
  }
}

const startUnderWay = 'Another start on this data folder is under way.'

/** The claim appears with its whole text, so nobody ever reads half of one. */
async function writeClaim(home: string): Promise<string> {
  const claim = join(home, 'starting')
  const mine = `${claim}.${randomUUID()}`
  await writeFile(mine, `${process.pid} ${mine}`)
  try {
    while (!(await hasLinked(mine, claim))) await clearDeadClaim(claim)
  } finally {
    await rm(mine, { force: true })
  }
  return claim
}

async function hasLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Takes away what a start that was killed left behind. Of two that find the same, the slower may get hold of the quicker one's claim: it puts that back. */
async function clearDeadClaim(claim: string): Promise<void> {
  const found = await readClaim(claim)
  if (found.isAlive) throw new StartRefused(startUnderWay)
  const away = `${claim}.${randomUUID()}`
  await rename(claim, away).catch(() => undefined)
  const taken = await readClaim(away)
  if (taken.text !== found.text && taken.isAlive) await hasLinked(away, claim)
  await rm(away, { force: true })
}

/** A start takes seconds: who has held its claim for minutes is another program that was given the number. */
async function readClaim(file: string): Promise<{ text: string; isAlive: boolean }> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const age = Date.now() - ((await stat(file).catch(() => undefined))?.mtimeMs ?? 0)
  const pid = Number.parseInt(text, 10)
  return { text, isAlive: pid > 0 && pid !== process.pid && isAlive(pid) && age < 120_000 }
}

async function makeCluster({ home, cluster }: Folders, binaries: Binaries, user: OsUser, log: (line: string) => void): Promise<void> {
  const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (version && version !== binaries.major) {
    throw new StartRefused(`The data in ${cluster} is of PostgreSQL ${version}, and this is PostgreSQL ${binaries.major}.`)
  }
  if (version) return
  if (await stat(cluster).catch(() => undefined)) throw new StartRefused(`${cluster} exists and is not readable as a PostgreSQL cluster.`)

  log('making the database for the first time')
  const unfinished = join(home, 'cluster-unfinished') // whoever is killed here begins again
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished)
  await makePrivate(unfinished, user)
  const flags = ['-D', unfinished, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--data-checksums']
  // Never the locale of the environment: with "C", text search drops every Chinese character.
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C.UTF-8']
  const output = await run(binaries.initdb, [...flags, ...locale, '--set', 'timezone=UTC'], user)
  if (output.code !== 0) throw new StartRefused(`PostgreSQL could not make its data folder: ${lastWords(output.text)}`)
  await rename(unfinished, cluster)
}

/** On a machine that has much to do the children of a server that was killed take their time. */
const STILL_DYING_MS = 30_000

/** Starts, and starts again while the children of a server killed before are still dying. */
async function start(
  folders: Folders,
  binaries: Binaries,
  user: OsUser,
  settings: Settings,
  urls: ClusterUrls,
  log: (line: string) => void,
) {
  const until = performance.now() + STILL_DYING_MS
  for (;;) {
    await trimLog(folders.log)
    const from = (await stat(folders.log).catch(() => undefined))?.size ?? 0
    const server = launch(folders, binaries, user, settings)
    if (await isReady(server, urls, log)) return server
    const said = (await readFile(folders.log, 'utf8')).slice(from)
    const isOccupied = /lock file|shared memory block|still in use/.test(said)
    if (!isOccupied || performance.now() > until) {
      throw new StartRefused(`PostgreSQL did not start: ${lastWords(said)} (see ${folders.log})`)
    }
    await pause(200)
  }
}

function launch({ cluster, log }: Folders, { postgres }: Binaries, user: OsUser, settings: Settings) {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const output = openSync(log, 'a', 0o640)
  // A session of its own: Ctrl-C at the terminal reaches us, and we stop it when our connections are closed.
  const child = spawn(postgres, ['-D', cluster, ...options], { ...asUser(user), detached: true, stdio: ['ignore', output, output] })
  closeSync(output)
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  return { child, ended, pid: child.pid ?? 0 }
}

async function isReady(
  { child, ended }: { child: ChildProcess; ended: Promise<void> },
  { superUrl }: ClusterUrls,
  log: (line: string) => void,
) {
  let hasEnded = false
  void ended.then(() => {
    hasEnded = true
  })
  let tellAt = performance.now() + 3000
  while (!hasEnded) {
    const client = new pg.Client({ connectionString: superUrl })
    client.on('error', () => undefined)
    try {
      await client.connect()
      const { rows } = await client.query<{ pid: string }>(`select split_part(pg_read_file('postmaster.pid'), E'\\n', 1) as pid`)
      if (rows[0]?.pid === String(child.pid)) return true
    } catch {
      await pause(15)
    } finally {
      await client.end().catch(() => undefined)
    }
    if (performance.now() > tellAt) {
      log('PostgreSQL is recovering from an unclean end')
      tellAt += 10_000
    }
  }
  return false
}

/** The owner makes and migrates; the application owns nothing and obeys the walls. Neither can become the other, or anyone else. */
async function makeRolesAndDatabase({ superUrl }: ClusterUrls): Promise<void> {
  await asSuper(superUrl, async (client) => {
    const powers = 'login nosuperuser nocreatedb nocreaterole nobypassrls noreplication'
    for (const role of ['renxin_owner', 'renxin_app']) {
      const known = await client.query('select from pg_roles where rolname = $1', [role])
      if (known.rowCount === 0) await client.query(`create role ${role} ${powers}`)
    }
    const known = await client.query('select from pg_database where datname = $1', [databaseName])
    if (known.rowCount === 0) await client.query(`create database ${databaseName} owner renxin_owner`)
    const open = await client.query(
      `select from pg_database where datname = $1 and not has_database_privilege('renxin_app', oid, 'temporary')`,
      [databaseName],
    )
    if (open.rowCount) return
    await client.query(`revoke all on database ${databaseName} from public`)
    await client.query(`grant connect on database ${databaseName} to renxin_app`)
  })
  // Whether the owner reaches its database is seen here, and not in the first migration.
  await asSuper(withDatabase(superUrl, databaseName), (client) => client.query('select 1'))
}

/** Works on a connection of its own, which is ended after it. */
export async function asSuper<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function run(command: string, args: string[], user: OsUser): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...asUser(user), stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    child.once('error', (error) => resolve({ code: null, text: error.message }))
    child.once('close', (code) => resolve({ code, text }))
  })
}

/** Nothing of our environment goes along: not LANG, not PGDATA, no secret. */
function asUser(user: OsUser) {
  return { ...user, cwd: '/', env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' } }
}

/** Why it ended, not what whoever knocked meanwhile was told. */
function lastWords(text: string): string {
  const lines = text
    .trim()
    .split('\n')
    .filter((line) => !line.includes('the database system is '))
  const fatal = lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? ''
  return fatal.replace(/^.*?(FATAL|PANIC|error):\s*/, '').trim() || 'it said nothing'
}

async function trimLog(log: string): Promise<void> {
  const size = (await stat(log).catch(() => undefined))?.size ?? 0
  if (size < 10_000_000) return
  await rename(log, `${log}.1`)
  await writeFile(log, '', { mode: 0o640 })
}
