import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Suite } from '../secrets/suites.ts'
import { type BackupFault, BackupRefused, backupFaults } from './errors.ts'
import { type BackupKey, isSigned, signed } from './keys.ts'
import { readSealed } from './sealed.ts'

/**
 * Where backups lie: `base/<id>/` holds one base backup, `log/` the database's log by its segments, and beside them how the last backup and the last
 * drill went. A base backup stands there under its name only when it is whole and was tried: while it is made its folder begins with a dot.
 */
export type Store = {
  folder: string
  key: BackupKey
  /** By which suite is written now, AES where nobody says. What is read names its own: in one store there may be both. */
  suite?: () => Promise<Suite>
}

export const suiteOf = async ({ suite }: Store): Promise<Suite> => (await suite?.()) ?? 'aes'

const SealedFacts = z.union([z.object({ bytes: z.number(), sha256: z.string() }), z.object({ bytes: z.number(), sm3: z.string() })])

const Backup = z.object({
  format: z.literal(1),
  id: z.string().regex(/^\d{8}T\d{6}Z$/),
  startedAt: z.iso.datetime(),
  /** By the clock of the database: what was committed until then is in it. */
  endedAt: z.iso.datetime(),
  startLsn: z.number(),
  endLsn: z.number(),
  timeline: z.number(),
  systemId: z.string(),
  segmentBytes: z.number(),
  postgres: z.string(),
  product: z.string(),
  keyPrint: z.string(),
  isOwnKey: z.boolean(),
  plainBytes: z.number(),
  files: z.record(z.string(), SealedFacts),
})
export type Backup = z.infer<typeof Backup>

export const baseFolder = (store: Store, id: string) => join(store.folder, 'base', id)
export const logFolder = (store: Store) => join(store.folder, 'log')
export const unfinished = (id: string) => `.unfinished-${id}`
const FACTS = 'backup.json'
const Signed = z.object({ facts: z.unknown(), signature: z.string(), by: z.literal('sm3').optional() }) // the facts as they were written: the signature is of their bytes

export async function makeFolders(store: Store): Promise<void> {
  for (const folder of [join(store.folder, 'base'), logFolder(store)]) {
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      throw new BackupRefused(
        `The backup folder ${store.folder} cannot be written to (${error.code}). Name another with RENXIN_BACKUP, or open it to this user.`,
        'folder',
      )
    })
  }
}

export const writeFacts = (store: Store, folder: string, backup: Backup): Promise<void> => writeSigned(store, join(folder, FACTS), backup)

export type BadBackup = { id: string; problem: string; fault: BackupFault }

/** The finished backups, newest first, and those that cannot be used with the reason. */
export async function listBackups(store: Store): Promise<{ good: Backup[]; bad: BadBackup[] }> {
  const names = await readdir(join(store.folder, 'base')).catch(() => [])
  const good: Backup[] = []
  const bad: BadBackup[] = []
  for (const id of names
    .filter((n) => !n.startsWith('.'))
    .sort()
    .reverse()) {
    try {
      good.push(await readFacts(store, id))
    } catch (error) {
      if (!(error instanceof BackupRefused)) throw error
      bad.push({ id, problem: error.message, fault: error.fault })
    }
  }
  return { good, bad }
}

/** Why there is none to be brought back: what is wrong with the newest, or that there never was one. */
export const noneOf = (bad: readonly BadBackup[], never: string): BackupRefused =>
  new BackupRefused(bad[0]?.problem ?? never, bad[0]?.fault ?? 'noBackup')

/** What a backup says of itself, with its signature looked at and the sizes of its files. */
export async function readFacts(store: Store, id: string, folder = baseFolder(store, id)): Promise<Backup> {
  const text = await readFile(join(folder, FACTS), 'utf8').catch(() => {
    throw new BackupRefused(`The backup ${id} is not whole: its ${FACTS} is missing. ${elsewhere}`, 'spoilt')
  })
  const said = Signed.safeParse(parseJson(text))
  const facts = Backup.safeParse(said.data?.facts)
  if (!said.success || !facts.success)
    throw new BackupRefused(`The backup ${id} is spoilt: its ${FACTS} cannot be understood. ${elsewhere}`, 'spoilt')
  if (facts.data.keyPrint !== store.key.print) {
    const which = facts.data.isOwnKey ? 'RENXIN_BACKUP_KEY' : 'the master key (RENXIN_KEY, or the file "key" of the data folder)'
    throw new BackupRefused(
      `The backup ${id} was sealed with another key: its print is ${facts.data.keyPrint}, and the print of the key in use is ${store.key.print}. It needs ${which} as it was when the backup was made.`,
      'otherKey',
    )
  }
  if (!isSigned(store.key, said.data))
    throw new BackupRefused(`The backup ${id} is spoilt: its ${FACTS} was changed since it was written. ${elsewhere}`, 'spoilt')
  for (const [name, { bytes }] of Object.entries(facts.data.files)) {
    const size = (await stat(join(folder, name)).catch(() => undefined))?.size
    if (size === undefined) throw new BackupRefused(`The backup ${id} is not whole: ${name} is missing. ${elsewhere}`, 'spoilt')
    if (size !== bytes)
      throw new BackupRefused(`The backup ${id} is cut short: ${name} has ${size} bytes of ${bytes}. ${elsewhere}`, 'spoilt')
  }
  return facts.data
}

export const elsewhere = 'Use an earlier one ("npx renxin backup list" shows them), or a copy of this one kept elsewhere.'

/** Reads every sealed byte of a backup and compares its hash. */
export async function checkBytes(store: Store, backup: Backup, folder = baseFolder(store, backup.id)): Promise<void> {
  for (const [name, file] of Object.entries(backup.files)) {
    const [digest, said] = 'sm3' in file ? ['sm3', file.sm3] : ['sha256', file.sha256]
    const hash = createHash(digest)
    for await (const piece of createReadStream(join(folder, name), { highWaterMark: 2 ** 20 })) hash.update(piece)
    if (hash.digest('hex') !== said) {
      throw new BackupRefused(
        `The backup ${backup.id} is spoilt: the bytes of ${name} are not those that were written. ${elsewhere}`,
        'spoilt',
      )
    }
  }
}

/** Opens pieces of the newest backup for so long, its list of files first, and compares each with its seal; answers its name and how much was read. */
export async function readSome(store: Store, patienceMs: number): Promise<{ id: string; megabytes: number; ofMegabytes: number }> {
  const newest = (await listBackups(store)).good[0]
  if (!newest) throw new BackupRefused('There is no backup that can be used.', 'noBackup')
  const until = performance.now() + patienceMs
  let bytes = 0
  const files = Object.entries(newest.files).toSorted(([, a], [, b]) => a.bytes - b.bytes)
  for (const [file] of files) {
    const path = join(baseFolder(store, newest.id), file)
    for await (const piece of readSealed(path, store.key, `${newest.id}/${file.replace(/\.sealed$/, '')}`, { shown: file })) {
      bytes += piece.length
      if (performance.now() > until) break
    }
  }
  return { id: newest.id, megabytes: bytes / 2 ** 20, ofMegabytes: newest.plainBytes / 2 ** 20 }
}

export async function removeUnfinished(store: Store): Promise<void> {
  const names = await readdir(join(store.folder, 'base')).catch(() => [])
  await Promise.all(names.filter((n) => n.startsWith('.')).map((n) => rm(baseFolder(store, n), { recursive: true, force: true })))
}

/** How the last try went, good or bad. */
const Outcome = z.object({
  at: z.iso.datetime(),
  ok: z.boolean(),
  problem: z.string().nullable(),
  fault: z.enum(backupFaults).nullable().default(null), // outcomes from before have none
  seconds: z.number(),
  backupId: z.string().nullable(),
  detail: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Outcome = z.infer<typeof Outcome>
export type Kind = 'backup' | 'drill' | 'good-drill'

export const writeOutcome = (store: Store, kind: Kind, outcome: Outcome): Promise<void> =>
  writeSigned(store, join(store.folder, `last-${kind}.json`), outcome)

export const readOutcome = (store: Store, kind: Kind): Promise<Outcome | undefined> =>
  readSigned(store, join(store.folder, `last-${kind}.json`), Outcome)

/** Until when the log is complete in the store, as the archiver last wrote it down. */
const Reached = z.object({ timeline: z.number(), lsn: z.number(), at: z.iso.datetime() })
export type Reached = z.infer<typeof Reached>

export const writeReached = (store: Store, reached: Reached): Promise<void> =>
  writeSigned(store, join(store.folder, 'log-reached.json'), reached)

export const readReached = (store: Store): Promise<Reached | undefined> =>
  readSigned(store, join(store.folder, 'log-reached.json'), Reached)

const writeSigned = async (store: Store, path: string, facts: object): Promise<void> =>
  writeDurably(path, signed(store.key, await suiteOf(store), facts))

/** What cannot be read or was not signed by us counts as not there. */
async function readSigned<T>(store: Store, path: string, shape: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const said = Signed.safeParse(parseJson(text))
  const facts = shape.safeParse(said.data?.facts)
  return said.success && facts.success && isSigned(store.key, said.data) ? facts.data : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whoever reads it finds the old words or the new ones, whatever is cut off between. */
async function writeDurably(path: string, text: string): Promise<void> {
  const beside = `${path}.new`
  await writeFile(beside, text, { mode: 0o600, flush: true })
  await rename(beside, path)
}

/** A name in a folder is on the disk when the folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
