import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { findFolders } from '../postgres/folders.ts'
import { checkDatabase, type Findings } from './check.ts'
import { BackupRefused } from './errors.ts'
import { chooseBackup, emptyScratch, moveCluster, recover, type Target } from './recover.ts'
import { type Backup, checkBytes, type Store } from './store.ts'

export type Restored = { backup: Backup; seconds: number; findings: Findings }

/** Brings the database back into an empty data folder as it was at a moment. The folder has its database only when all went well. */
export async function restore(store: Store, dataDir: string, target: Target, log?: (line: string) => void): Promise<Restored> {
  const began = performance.now()
  const { cluster } = await findFolders(dataDir)
  if (await stat(cluster).catch(() => undefined)) {
    throw new BackupRefused(
      `${dataDir} has a database already, and nothing is ever written over one. Name an empty folder with RENXIN_DATA, or move this one away.`,
      'folder',
    )
  }
  await mkdir(dataDir, { recursive: true })
  const backup = await chooseBackup(store, target)
  const scratch = join(dataDir, 'restoring')
  await emptyScratch(scratch)
  try {
    log?.(`the backup ${backup.id} is read and checked`)
    await checkBytes(store, backup)
    const server = await recover({ store, backup, target, dataDir: scratch, isScratch: false, ...(log ? { log } : {}) })
    const findings = await checkDatabase(server.superUrl).finally(() => server.stop())
    if (findings.problems.length > 0)
      throw new BackupRefused(`The backup ${backup.id} was brought back, and it is not right: ${findings.problems.join('; ')}.`, 'notRight')
    await moveCluster(scratch, dataDir)
    return { backup, seconds: (performance.now() - began) / 1000, findings }
  } finally {
    await emptyScratch(scratch)
  }
}
