import { chmod, chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type Embedded, StartRefused, startEmbedded } from '../postgres/embedded.ts'
import { findFolders, makePrivate, prepareFolders } from '../postgres/folders.ts'
import { type OsUser, userForCluster } from '../postgres/os-user.ts'
import { findRunning, stopPostgres } from '../postgres/running.ts'
import { BackupRefused } from './errors.ts'
import { followLog } from './log-files.ts'
import { readSealed } from './sealed.ts'
import { type Backup, baseFolder, elsewhere, listBackups, noneOf, readReached, type Store } from './store.ts'
import { type Unpacked, unpackTar } from './untar.ts'

/** What to bring back: the base backup alone, everything there is, or the state at a moment. */
export type Target = 'base' | 'latest' | Date

/** The newest backup that ended before the moment wanted. */
export async function chooseBackup(store: Store, target: Target): Promise<Backup> {
  const { good, bad } = await listBackups(store)
  const found = target instanceof Date ? good.find((b) => new Date(b.endedAt) <= target) : good[0]
  if (found) return found
  const oldest = good.at(-1)
  if (oldest)
    throw new BackupRefused(
      `The oldest backup in ${store.folder} ended at ${oldest.endedAt}: nothing of before can be brought back from here.`,
      'tooOld',
    )
  throw noneOf(bad, `There is no backup in ${store.folder}. Name the folder where they lie with --from or RENXIN_BACKUP.`)
}

type Options = {
  store: Store
  backup: Backup
  target: Target
  /** An empty folder, on a disk with room for the database and its log. */
  dataDir: string
  /** Where the backup lies, if not under its name yet. */
  folder?: string
  log?: (line: string) => void
  /** A scratch server need not survive a power cut. */
  isScratch: boolean
  signal?: AbortSignal
}

/** Brings a backup back into a folder of its own and starts the server on it, recovered to the moment wanted. */
export async function recover({
  store,
  backup,
  target,
  dataDir,
  folder = baseFolder(store, backup.id),
  log,
  isScratch,
  signal,
}: Options): Promise<Embedded> {
  await mkdir(dataDir, { recursive: true })
  const { user, home, cluster } = await prepareFolders(dataDir, userForCluster)
  const unpacked = await makeFor(user, join(home, 'cluster-unpacked'))
  const logFiles = await makeFor(user, join(home, 'log'))
  await unpackBase({ store, backup, folder, into: unpacked, user, signal })
  const reach = isBaseAlone(target, backup) ? undefined : await followLog(store, backup, { folder: logFiles })
  if (reach?.gap) {
    throw new BackupRefused(
      `The log after the backup ${backup.id} has a gap: ${reach.gap} is missing. This backup alone can be restored with --to ${backup.endedAt}.`,
      'gap',
    )
  }
  if (user) await Promise.all((await readdir(logFiles)).map((name) => chown(join(logFiles, name), user.uid, user.gid)))
  await writeFile(join(unpacked, 'recovery.signal'), '')
  if (user) await chown(join(unpacked, 'recovery.signal'), user.uid, user.gid)
  await rename(unpacked, cluster)

  const start = (aim: Record<string, string>) =>
    startEmbedded({
      dataDir,
      lock: false,
      ...(log ? { log } : {}),
      settings: {
        ...(isScratch ? { fsync: 'off', shared_buffers: '64MB', autovacuum: 'off' } : {}),
        hot_standby: 'off', // nobody is let in before it is done
        restore_command: `cp "${logFiles.replaceAll('%', '%%')}/%f" "%p"`,
        recovery_target_timeline: 'current',
        recovery_target_action: 'promote',
        ...aim,
      },
    })
  const server = await start(aimOf(target, backup)).catch(async (error: unknown) => {
    if (!(error instanceof StartRefused)) throw error
    if (!/recovery target was reached|before configured recovery target/.test(error.message) || !(target instanceof Date)) {
      throw new BackupRefused(
        `The backup ${backup.id} was unpacked, and PostgreSQL could not recover it: ${error.message}. ${elsewhere}`,
        'notRecovered',
      )
    }
    const reached = await readReached(store)
    const isCovered = reached?.timeline === backup.timeline && new Date(reached.at) >= target && (reach?.lsn ?? 0) >= reached.lsn
    if (isCovered) return start({}) // nothing was written between the end of the log and that moment
    const latest = reached && reached.timeline === backup.timeline ? `The log here reaches to ${reached.at}` : 'The log here ends before it'
    throw new BackupRefused(
      `The state at ${target.toISOString()} cannot be brought back. ${latest}: name a moment before, or leave --to out for the latest state there is.`,
      'tooOld',
    )
  })
  await rm(logFiles, { recursive: true, force: true })
  return server
}

/** The base backup ends where its own log ends: that moment is the first at which it is whole, and needs no more log. */
const isBaseAlone = (target: Target, backup: Backup) =>
  target === 'base' || (target !== 'latest' && target.getTime() === new Date(backup.endedAt).getTime())

const aimOf = (target: Target, backup: Backup): Record<string, string> => {
  if (target === 'latest') return {}
  if (target === 'base' || isBaseAlone(target, backup)) return { recovery_target: 'immediate' }
  return { recovery_target_time: target.toISOString().replace('T', ' ').replace('Z', '+00') } // read before PostgreSQL knows what a Z is
}

type Unpacking = { store: Store; backup: Backup; folder: string; into: string; user: OsUser; signal: AbortSignal | undefined }

async function unpackBase({ store, backup, folder, into, user, signal }: Unpacking): Promise<void> {
  async function* read(name: string) {
    const shown = `${name}.sealed of the backup ${backup.id}`
    for await (const piece of readSealed(join(folder, `${name}.sealed`), store.key, `${backup.id}/${name}`, { shown })) {
      signal?.throwIfAborted()
      yield piece
    }
  }
  try {
    const found = await unpackTar(read('base.tar'), into, user, `base.tar of the backup ${backup.id}`)
    const pieces: Buffer[] = []
    for await (const piece of read('manifest')) pieces.push(piece)
    compare(found, Buffer.concat(pieces).toString('utf8'), backup.id)
  } catch (error) {
    if (error instanceof BackupRefused && !error.message.includes(elsewhere))
      throw new BackupRefused(`${error.message} ${elsewhere}`, error.fault)
    throw error
  }
}

const Manifest = z.object({
  Files: z.array(z.object({ Path: z.string().optional(), 'Encoded-Path': z.string().optional(), Size: z.number(), Checksum: z.string() })),
})

/** Every file that PostgreSQL lists is there with its checksum, and nothing beside them but the log. */
function compare(found: Unpacked, manifest: string, id: string): void {
  const listed = new Map(
    Manifest.parse(JSON.parse(manifest)).Files.map((f) => [f.Path ?? Buffer.from(f['Encoded-Path'] ?? '', 'hex').toString('utf8'), f]),
  )
  for (const [path, { Size, Checksum }] of listed) {
    const file = found.get(path)
    if (!file) throw new BackupRefused(`The backup ${id} is not whole: the file ${path} of the database is missing in it.`, 'spoilt')
    if (file.bytes !== Size || file.sha256 !== Checksum)
      throw new BackupRefused(`The backup ${id} is spoilt: the file ${path} of the database is not as PostgreSQL sent it.`, 'spoilt')
  }
  const strange = [...found.keys()].find((path) => !listed.has(path) && !path.startsWith('pg_wal/'))
  if (strange) throw new BackupRefused(`The backup ${id} is spoilt: PostgreSQL does not know the file ${strange} in it.`, 'spoilt')
}

async function makeFor(user: OsUser, folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  return makePrivate(folder, user)
}

/** A folder in which nothing is left of whoever was killed there before, a running server included. */
export async function emptyScratch(dataDir: string): Promise<void> {
  const folders = await findFolders(dataDir)
  const running = await findRunning(folders)
  if (running) await stopPostgres(running.pid)
  if (!folders.home.startsWith(dataDir)) await rm(folders.home, { recursive: true, force: true })
  await rm(dataDir, { recursive: true, force: true })
}

/** Moves a recovered cluster to the data folder that it is for. */
export async function moveCluster(from: string, to: string): Promise<void> {
  const source = await findFolders(from)
  const { cluster } = await prepareFolders(to, userForCluster)
  await chmod(dirname(cluster), 0o755)
  await rename(source.cluster, cluster)
}
