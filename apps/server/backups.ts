import { join } from 'node:path'
import { type BackupKey, BackupRefused, backupKey, type Source, type Store } from '@renxin/server/backup'
import { connectOnly } from '@renxin/server/postgres'
import packageJson from '../../package.json' with { type: 'json' }
import type { Config } from './config.ts'

/** Where backups lie and how they are sealed: by a key drawn from the master key, or by one of their own. */
export function storeOf({ backup }: Pick<Config, 'backup'>, master: Buffer | null): Store {
  if (!backup.folder)
    throw new BackupRefused('Backups are turned off (RENXIN_BACKUP=off). Name a folder with RENXIN_BACKUP, best on another disk.')
  return { folder: backup.folder, key: keyOf(backup.ownKey, master) }
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
