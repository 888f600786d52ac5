import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { momentAt } from '@renxin/kernel'
import { keyInFile, restore, type Target } from '@renxin/server/backup'
import { storeOf } from '../backups.ts'
import { readConfig } from '../config.ts'
import { type Command, PlainError, readOptions, UsageError } from './command.ts'

export const restoreCommand: Command = {
  name: 'restore',
  about:
    'Brings everything back into an empty data folder (RENXIN_DATA), as it was at a moment, to the second. Nothing is ever written over a database.',
  usage: [
    '--to TIME         2026-11-28T14:30:00 by the clock of TZ, or with +08:00 or Z; without it the latest there is',
    '--from FOLDER     where the backups lie (RENXIN_BACKUP)',
    '--key-file FILE   the file "key" of the data folder that the backups came from (else RENXIN_KEY or RENXIN_BACKUP_KEY)',
  ],
  run: async (words) => {
    const { values } = readOptions(words, { to: { type: 'string' }, from: { type: 'string' }, 'key-file': { type: 'string' } })
    const config = readConfig()
    const target = targetOf(values.to, config.zone)
    const keyFile = resolve(values['key-file'] ?? join(config.dataDir, 'key'))
    const master = config.key ?? (await keyInFile(keyFile)) ?? null
    if (values['key-file'] && !master) throw new PlainError(`${keyFile} holds no key: 64 hexadecimal digits were looked for.`)
    const store = storeOf({ backup: { ...config.backup, ...(values.from && { folder: resolve(values.from) }) } }, master)

    const { backup, seconds, findings } = await restore(store, config.dataDir, target, (line) => console.log(line))
    await keepKey(config.dataDir, config.key, master)
    console.log(
      `Restored into ${config.dataDir} from the backup ${backup.id} ${target === 'latest' ? 'with all its log' : `to ${values.to}`} in ${seconds.toFixed(1)} s:`,
      `${findings.hospitals} hospital(s), ${findings.rows} rows of ${findings.tables} tables and ${findings.auditBlocks} audit blocks were read and are right.`,
    )
    console.log('Next: npx renxin audit restored --reason "…", then npm start. The first backup of the restored database is made at once.')
    if (!master)
      console.log('The master key is not known here: put it into the file "key" of the data folder, or set RENXIN_KEY, before you start.')
  },
}

/** A day and a time by the hospital's clock, or one that names its own zone. */
function targetOf(said: string | undefined, zone: string): Target {
  if (said === undefined) return 'latest'
  const [, day, time, offset] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?$/.exec(said) ?? []
  const at =
    day && time ? (offset ? new Date(`${day}T${time}${offset}`) : momentAt(zone, day, time.length === 5 ? `${time}:00` : time)) : undefined
  if (!at || Number.isNaN(at.getTime())) throw new UsageError(`renxin: --to "${said}" is no time; write 2026-11-28T14:30:00`)
  return at
}

/** A restored folder starts with the key it was made with, where that came from a file. */
async function keepKey(dataDir: string, fromEnvironment: Buffer | null, master: Buffer | null): Promise<void> {
  if (fromEnvironment || !master || (await keyInFile(join(dataDir, 'key')))) return
  await mkdir(dataDir, { recursive: true })
  await writeFile(join(dataDir, 'key'), `${master.toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
}
