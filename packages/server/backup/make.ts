import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type pg from 'pg'
import { clientFor } from '../hosts.ts'
import { locks } from '../locks.ts'
import { embeddedMajor } from '../postgres/binaries.ts'
import { checkDatabase, type Findings } from './check.ts'
import { type BackupFault, BackupRefused, faultOf } from './errors.ts'
import { dropLogBefore } from './log-files.ts'
import { emptyScratch, recover, type Target } from './recover.ts'
import { connectForReplication, identify, receiveBase, reserveLog, segmentBytes } from './replication.ts'
import { createSealed } from './sealed.ts'
import {
  type Backup,
  baseFolder,
  checkBytes,
  listBackups,
  makeFolders,
  noneOf,
  readFacts,
  removeUnfinished,
  type Store,
  suiteOf,
  syncFolder,
  unfinished,
  writeFacts,
  writeOutcome,
} from './store.ts'

/** The server keeps its log for us under this name. */
export const SLOT = 'renxin_backup'
const PIECE = 2 ** 20

/** Where the database is reached with the right of replication, and where a scratch server may be put. */
export type Source = { url: string; product: string; scratch: string; log?: (line: string) => void; signal?: AbortSignal }

/** One backup, drill or clearing at a time for one database, whoever asks; a killed one lets go by itself. */
export async function alone<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = clientFor({ connectionString: url, application_name: 'renxin backup', keepAlive: true })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    throw new BackupRefused(
      `The database cannot be reached for a backup: ${error instanceof Error ? error.message : error}.`,
      'unreachable',
    )
  }
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1, $2) as mine', [...locks.backup])
    if (!rows[0]?.mine)
      throw new BackupRefused(
        'A backup or a drill is under way already. Wait until it has ended ("npx renxin backup list" shows its outcome).',
        'busy',
      )
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

export type Made = { backup: Backup; seconds: number; tried: Findings | null }

/** Makes a base backup while the database works, reads it all again, and brings it back into a scratch server unless told otherwise. */
export async function makeBackup(store: Store, source: Source, { tryIt = true }: { tryIt?: boolean } = {}): Promise<Made> {
  return noting(store, 'backup', () =>
    alone(source.url, async (client) => {
      const began = performance.now()
      await makeFolders(store)
      await removeUnfinished(store)
      const backup = await receive(store, source, client)
      const folder = baseFolder(store, unfinished(backup.id))
      await readFacts(store, backup.id, folder)
      await checkBytes(store, backup, folder)
      const canTry = tryIt && backup.postgres.split('.')[0] === (await embeddedMajor()) // another version's cluster runs on that version alone
      const tried = canTry ? await inScratch({ store, source, backup, target: 'base', folder }) : null
      await rename(folder, baseFolder(store, backup.id)) // from here on it counts
      await syncFolder(dirname(folder))
      return { backup, seconds: (performance.now() - began) / 1000, tried }
    }),
  )
}

async function receive(store: Store, source: Source, client: pg.Client): Promise<Backup> {
  const replication = await connectForReplication(source.url)
  try {
    const { systemId } = await identify(replication)
    const stranger = (await listBackups(store)).good.find((b) => b.systemId !== systemId)
    if (stranger) {
      throw new BackupRefused(
        `${store.folder} holds backups of another database (${stranger.id}). Name a folder of its own with RENXIN_BACKUP.`,
        'otherDatabase',
      )
    }
    await reserveLog(replication, SLOT) // from now on, so that the log is complete from the backup on
    const bytes = await segmentBytes(replication)
    const startedAt = await clockOf(client)
    const id = `${startedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
    const folder = baseFolder(store, unfinished(id))
    await mkdir(folder, { mode: 0o700 })
    const { places, files, plainBytes } = await receiveFiles({ store, replication, id, folder, signal: source.signal })
    const { rows } = await client.query(`select split_part(current_setting('server_version'), ' ', 1) as version`)
    const backup: Backup = {
      format: 1,
      id,
      startedAt: startedAt.toISOString(),
      endedAt: (await clockOf(client)).toISOString(),
      ...places,
      systemId,
      segmentBytes: bytes,
      postgres: String(rows[0].version),
      product: source.product,
      keyPrint: store.key.print,
      isOwnKey: store.key.isOwn,
      plainBytes,
      files,
    }
    await writeFacts(store, folder, backup)
    await syncFolder(folder)
    return backup
  } finally {
    await replication.end().catch(() => undefined)
  }
}

type Receiving = { store: Store; replication: pg.Client; id: string; folder: string; signal: AbortSignal | undefined }

async function receiveFiles({ store, replication, id, folder, signal }: Receiving) {
  const suite = await suiteOf(store)
  const tar = await createSealed(join(folder, 'base.tar.sealed'), { ...store, suite }, `${id}/base.tar`)
  const manifest = await createSealed(join(folder, 'manifest.sealed'), { ...store, suite }, `${id}/manifest`)
  const places = { startLsn: 0, endLsn: 0, timeline: 0 }
  let plainBytes = 0
  let waiting: Buffer[] = []
  let waitingBytes = 0
  const put = async (writer: typeof tar) => {
    if (waitingBytes > 0) await writer.append(Buffer.concat(waiting))
    waiting = []
    waitingBytes = 0
  }
  let last: 'tar' | 'manifest' = 'tar'
  for await (const piece of receiveBase(replication)) {
    signal?.throwIfAborted()
    if (piece.is === 'start') Object.assign(places, { startLsn: piece.lsn, timeline: piece.timeline })
    if (piece.is === 'end') places.endLsn = piece.lsn
    if (piece.is === 'tablespaces' && piece.count !== 1) {
      throw new BackupRefused(
        'The database has tablespaces of its own, which this backup does not carry. Use pg_basebackup of your PostgreSQL.',
        'tablespaces',
      )
    }
    if (piece.is !== 'tar' && piece.is !== 'manifest') continue
    if (piece.is !== last) await put(tar)
    last = piece.is
    waiting.push(piece.bytes)
    waitingBytes += piece.bytes.length
    plainBytes += piece.bytes.length
    if (waitingBytes >= PIECE) await put(last === 'tar' ? tar : manifest)
  }
  await put(last === 'tar' ? tar : manifest)
  return { places, plainBytes, files: { 'base.tar.sealed': await tar.finish(), 'manifest.sealed': await manifest.finish() } }
}

/** The clock of the database: what it committed before is of before. */
async function clockOf(client: pg.Client): Promise<Date> {
  return (await client.query('select clock_timestamp() as now')).rows[0].now
}

type Scratch = { store: Store; source: Pick<Source, 'scratch' | 'signal'>; backup: Backup; target: Target; folder?: string }

/** Brings a backup back beside the data, has it answer, and takes it away again. */
export async function inScratch({ store, source, backup, target, folder }: Scratch): Promise<Findings> {
  await emptyScratch(source.scratch)
  try {
    const { scratch: dataDir, signal } = source
    const server = await recover({ store, backup, target, dataDir, isScratch: true, ...(folder && { folder }), ...(signal && { signal }) })
    try {
      const findings = await checkDatabase(server.superUrl)
      if (findings.problems.length > 0) {
        throw new BackupRefused(
          `The backup ${backup.id} was brought back, and what is in it is not right: ${findings.problems.join('; ')}.`,
          'notRight',
        )
      }
      return findings
    } finally {
      await server.stop()
    }
  } finally {
    await emptyScratch(source.scratch)
  }
}

/** Brings the newest backup back with all its log, verifies it, and writes down how long that took. */
export function drill(store: Store, source: Source): Promise<Made> {
  return noting(store, 'drill', () =>
    alone(source.url, async () => {
      const began = performance.now()
      const { good, bad } = await listBackups(store)
      const [backup] = good
      if (!backup) throw noneOf(bad, 'There is no backup to try. Make one with: npx renxin backup')
      const tried = await inScratch({ store, source, backup, target: 'latest' })
      return { backup, seconds: (performance.now() - began) / 1000, tried }
    }),
  )
}

/** Takes away backups older than so many days, but never the newest two, and the log that only they needed. */
export async function clearAway(store: Store, keepDays: number, now: Date): Promise<string[]> {
  const { good } = await listBackups(store)
  const before = now.getTime() - keepDays * 86_400_000
  const old = good.filter((b, at) => at >= 2 && new Date(b.endedAt).getTime() < before)
  for (const { id } of old) {
    const leaving = baseFolder(store, unfinished(id)) // half removed it must not count
    await rename(baseFolder(store, id), leaving)
    await rm(leaving, { recursive: true, force: true })
  }
  const oldest = good.filter((b) => !old.includes(b)).at(-1)
  if (oldest) await dropLogBefore(store, oldest)
  return old.map((b) => b.id)
}

/** Leaves the outcome in the store, where the page and the alarm find it. */
async function noting(store: Store, kind: 'backup' | 'drill', work: () => Promise<Made>): Promise<Made> {
  const began = performance.now()
  const note = async (made: Made | null, problem: string | null, fault: BackupFault | null) => {
    const { problems: _, ...counts } = made?.tried ?? { problems: [] }
    const outcome = {
      at: new Date().toISOString(),
      ok: made !== null,
      problem,
      fault,
      seconds: Math.round((performance.now() - began) / 100) / 10,
      backupId: made?.backup.id ?? null,
      detail: counts,
    }
    await writeOutcome(store, kind, outcome)
    if (kind === 'drill' && outcome.ok) await writeOutcome(store, 'good-drill', outcome)
  }
  try {
    const made = await work()
    await note(made, null, null)
    return made
  } catch (error) {
    await note(null, error instanceof Error ? error.message : String(error), faultOf(error)).catch(() => undefined) // the folder itself may be why
    throw error
  }
}

/** Whether this folder holds the key of a data folder, and what it is. */
export const keyInFile = async (path: string): Promise<Buffer | undefined> => {
  const text = (await readFile(path, 'utf8').catch(() => '')).trim()
  return /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : undefined
}
