import { type Backup, clearAway, drill, listBackups, type Made, makeBackup, readOutcome, readReached } from '@renxin/server/backup'
import { megabytesOf, sourceOf, storeOf } from '../backups.ts'
import { type Command, readOptions, UsageError, withHouse } from './command.ts'

export const backupCommand: Command = {
  name: 'backup',
  about:
    'Makes a backup while Renxin runs or not: the database with all its files, encrypted, every byte read again, and brought back on trial.',
  usage: [
    '(no word)     makes one now, and takes away those older than RENXIN_BACKUP_KEEP_DAYS',
    'list          those that there are, those that cannot be used and why, and how the last backup and drill went',
    'drill         brings the newest back beside the data with all its log, verifies it, and says how long that took',
    '--no-try      makes it without bringing it back on trial',
    'Set by the environment: RENXIN_BACKUP (folder, best on another disk), RENXIN_BACKUP_KEY (else drawn from the master key).',
  ],
  run: async (words) => {
    const [verb = 'make', ...rest] = words[0]?.startsWith('--') ? ['make', ...words] : words
    const { values } = readOptions(rest, { 'no-try': { type: 'boolean', default: false } })
    if (!['make', 'list', 'drill'].includes(verb)) throw new UsageError(`renxin: there is no "backup ${verb}"`)
    await withHouse(async (_, { masterKey, app }, config) => {
      const store = storeOf(config, masterKey, app)
      if (verb === 'list') return list(store)
      const source = await sourceOf(config)
      if (verb === 'drill') return console.log(`The drill went well. ${describe(await drill(store, source))}`)
      const made = await makeBackup(store, source, { tryIt: !values['no-try'] })
      const gone = await clearAway(store, config.backup.keepDays, new Date())
      console.log(`The backup ${made.backup.id} lies in ${store.folder}. ${describe(made)}`)
      if (gone.length > 0) console.log(`Taken away, older than ${config.backup.keepDays} days: ${gone.join(', ')}.`)
      console.log(keyNote(made.backup))
    })
  },
}

const describe = ({ backup, seconds, tried }: Made): string =>
  [
    `${megabytes(backup)} in ${seconds.toFixed(1)} s.`,
    tried
      ? `Brought back on trial: ${tried.rows} rows of ${tried.tables} tables and ${tried.auditBlocks} audit blocks were read and are right.`
      : 'It was not brought back on trial.',
  ].join(' ')

const keyNote = ({ isOwnKey, keyPrint }: Backup): string =>
  isOwnKey
    ? `It opens with RENXIN_BACKUP_KEY (print ${keyPrint}). Keep that key and the master key apart from the backups: neither is in them.`
    : `It opens with the master key (print ${keyPrint}): RENXIN_KEY, or the file "key" of the data folder. Keep a copy of it apart: it is in no backup.`

const megabytes = (backup: Backup): string => `${megabytesOf(backup).toFixed(1)} MB`

async function list(store: Parameters<typeof listBackups>[0]): Promise<void> {
  const { good, bad } = await listBackups(store)
  for (const b of good) console.log(`${b.id}  ended ${b.endedAt}  ${megabytes(b)}  PostgreSQL ${b.postgres}  Renxin ${b.product}`)
  for (const b of bad) console.log(`${b.id}  CANNOT BE USED: ${b.problem}`)
  if (good.length + bad.length === 0) console.log(`There is no backup in ${store.folder}.`)
  const reached = await readReached(store)
  if (reached) console.log(`The log reaches to ${reached.at}.`)
  for (const kind of ['backup', 'drill'] as const) {
    const last = await readOutcome(store, kind)
    if (last) console.log(`The last ${kind}, ${last.at}: ${last.ok ? `good, ${last.seconds} s` : `FAILED: ${last.problem}`}`)
  }
}
