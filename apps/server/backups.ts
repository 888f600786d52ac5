import { mkdir } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { type Log, type Suite, suiteOfAll } from '@renxin/server'
import {
  type Backup,
  type BackupKey,
  BackupRefused,
  type BackupState,
  backupKey,
  type Keeper,
  type Outcome,
  readSome,
  type Source,
  type Store,
  startKeeper,
} from '@renxin/server/backup'
import { connectOnly } from '@renxin/server/postgres'
import type { Backups } from '@renxin/setup/contract'
import packageJson from '../../package.json' with { type: 'json' }
import type { Config } from './config.ts'
import type { Database } from './database.ts'

/** Where backups lie and how they are sealed: by a key drawn from the master key, or by one of their own. */
export function storeOf({ backup }: Pick<Config, 'backup'>, master: Buffer | null, app?: Database['app']): Store {
  if (!backup.folder)
    throw new BackupRefused('Backups are turned off (RENXIN_BACKUP=off). Name a folder with RENXIN_BACKUP, best on another disk.')
  return { folder: backup.folder, key: keyOf(backup.ownKey, master), ...(app && { suite: suiteAsked(app) }) }
}

/** By 国密 as soon as one hospital of the database has chosen it; as last heard while the database does not answer. */
function suiteAsked(app: Database['app']): () => Promise<Suite> {
  let last: Suite = 'aes'
  return async () => {
    last = await suiteOfAll(app).catch(() => last)
    return last
  }
}

function keyOf(own: Buffer | null, master: Buffer | null): BackupKey {
  const key = backupKey({ own, master })
  if (key) return key
  throw new BackupRefused(
    'Without its key no backup can be opened. Name the file "key" of the data folder it came from with --key-file, or set RENXIN_KEY or RENXIN_BACKUP_KEY.',
  )
}

/** The database as backups reach it: the embedded one that runs, or the hospital's own by the address of its own. */
export async function sourceOf(config: Config, log?: (line: string) => void): Promise<Source> {
  const url = config.database ? config.backup.url : (await connectOnly({ dataDir: config.dataDir }))?.superUrl
  if (!url) {
    throw new BackupRefused(
      config.database
        ? 'The database of DATABASE_URL is the hospital’s own, and its own tools back it up. To have Renxin do it, name a role with REPLICATION in DATABASE_BACKUP_URL.'
        : 'The database does not run.',
    )
  }
  return { url, product: packageJson.version, scratch: join(config.dataDir, 'scratch'), ...(log ? { log } : {}) }
}

export type RunningBackups = {
  state(): Promise<Backups>
  begin: Keeper['begin']
  stop(): Promise<void>
  ageSeconds(): Promise<number | undefined>
  /** Reads of the newest for some seconds; answers how much of what. */
  read(): Promise<string>
}
const READ_MS = 10_000
type Parts = { config: Config; database: Pick<Database, 'app' | 'masterKey'>; log: Log; now: () => Date; isWorker: boolean }

/** The backups of a server: kept by the process that works by the clock, and shown by each. */
export async function startBackups({ config, database, log, now, isWorker }: Parts): Promise<RunningBackups> {
  const { folder, url, at, keepDays, alarmHours, drillDays } = config.backup
  const mode = folder === null ? 'off' : config.database && !url ? 'outside' : 'on'
  // The folder of one's own is there from the start, and no alarm until the first night; one that somebody named and that is missing is one: its disk is not there.
  if (mode === 'on' && folder?.startsWith(config.dataDir + sep)) await mkdir(folder, { recursive: true, mode: 0o700 })
  const plan = { at, zone: config.zone, keepDays, alarmHours, drillDays }
  const store = () => storeOf(config, database.masterKey, database.app)
  const keeper = mode === 'on' ? startKeeper({ store: store(), source: await sourceOf(config), plan, log, now, isWorker }) : undefined
  const shown = { mode, folder: folder ?? '', isOwnKey: config.backup.ownKey !== null, at, keepDays, alarmHours, drillDays } as const
  return {
    state: async () => ({ ...shown, ...(keeper ? factsOf(await keeper.state()) : nothing) }),
    begin: (what) => keeper?.begin(what) ?? false,
    stop: async () => keeper?.stop(),
    read: async () => {
      const { id, megabytes, ofMegabytes } = await readSome(store(), READ_MS)
      return `${id} · ${megabytes.toFixed(1)} / ${ofMegabytes.toFixed(1)} MB`
    },
    ageSeconds: async () => {
      const newest = (await keeper?.state())?.good[0]
      return newest && (now().getTime() - new Date(newest.endedAt).getTime()) / 1000
    },
  }
}

const outcomeOf = (o: Outcome | null): Backups['lastDrill'] => {
  if (!o) return null
  const count = (name: string) => (typeof o.detail[name] === 'number' ? o.detail[name] : null)
  const { at, ok, problem, seconds } = o
  return {
    at,
    ok,
    problem,
    fault: ok ? null : (o.fault ?? 'unforeseen'),
    seconds,
    rows: count('rows'),
    tables: count('tables'),
    auditBlocks: count('auditBlocks'),
  }
}

const nothing = {
  isOnSameDisk: false,
  alarms: [],
  running: null,
  lastGoodAt: null,
  lastBackup: null,
  lastDrill: null,
  goodDrill: null,
  logUntil: null,
  rows: [],
}

const factsOf = (s: BackupState): Pick<Backups, keyof typeof nothing> => ({
  isOnSameDisk: s.isOnSameDisk,
  alarms: s.alarms,
  running: s.running,
  lastGoodAt: s.good[0]?.endedAt ?? null,
  lastBackup: outcomeOf(s.lastBackup),
  lastDrill: outcomeOf(s.lastDrill),
  goodDrill: outcomeOf(s.goodDrill),
  logUntil: s.logUntil,
  rows: [
    ...s.good.map((b) => ({ id: b.id, endedAt: b.endedAt, megabytes: megabytesOf(b), fault: null, problem: null })),
    ...s.bad.map((b) => ({ id: b.id, endedAt: null, megabytes: null, fault: b.fault, problem: b.problem })),
  ],
})

export const megabytesOf = ({ files }: Backup): number => Object.values(files).reduce((sum, f) => sum + f.bytes, 0) / 2 ** 20
