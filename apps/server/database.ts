import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkAppRole, fingerprint, migrate, openPool } from '@renxin/server'
import { connectOnly, StartRefused, startEmbedded } from '@renxin/server/postgres'
import { setupTables } from '@renxin/setup'
import type pg from 'pg'
import type { Config } from './config.ts'
import { modules } from './modules.ts'

export type Database = {
  owner: pg.Pool
  app: pg.Pool
  appUrl: string
  /** Of the embedded server, whose master we are; of a hospital's own we never are. */
  superUrl: string | null
  masterKey: Buffer
  close(): Promise<void>
}

type Options = {
  /** A server holds the data folder for itself; a command joins the server that runs there. */
  as: 'server' | 'command'
  log?: (line: string) => void
  onDeath?: (error: Error) => void
}

/** Opens the database, the embedded one or the hospital's own, brings its schema up to date and checks its role and its key. */
export async function openDatabase(config: Config, { as, log = () => {}, onDeath }: Options): Promise<Database> {
  const { appUrl, ownerUrl, superUrl, stop } = config.database ? await outside(config.database) : await embedded(config, as, log, onDeath)
  const owner = openPool(ownerUrl, { max: 3, name: 'renxin owner', longestQueryMs: 0 }) // a migration may take its time
  const app = openPool(appUrl, { max: 16, name: 'renxin' })
  const close = async () => {
    await Promise.all([app.end(), owner.end()])
    await stop()
  }
  try {
    await reach(owner, 'DATABASE_OWNER_URL')
    await reach(app, 'DATABASE_URL')
    await migrate(owner, [...modules, setupTables])
    await checkAppRole(app)
    const masterKey = config.key ?? (await keyOfFolder(config.dataDir))
    await checkKey(owner, masterKey)
    return { owner, app, appUrl, superUrl, masterKey, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function reach(pool: pg.Pool, setting: string): Promise<void> {
  await pool.query('select 1').catch((error: unknown) => {
    const why = error instanceof AggregateError ? error.errors[0] : error // a host with several addresses fails at each
    throw new StartRefused(`The database of ${setting} cannot be reached: ${why instanceof Error ? why.message : why}.`)
  })
}

type Urls = { appUrl: string; ownerUrl: string; superUrl: string | null; stop: () => Promise<void> }

/** Several processes may share a hospital's own database, so no lock is taken there. */
const outside = async (urls: { appUrl: string; ownerUrl: string }): Promise<Urls> => ({ ...urls, superUrl: null, stop: async () => {} })

async function embedded(config: Config, as: Options['as'], log: (line: string) => void, onDeath?: (error: Error) => void): Promise<Urls> {
  const running = as === 'command' ? await connectOnly({ dataDir: config.dataDir }) : undefined
  if (running) return { ...running, stop: async () => {} }
  return startEmbedded({ dataDir: config.dataDir, log, onDeath })
}

/** The master key of a data folder: made once, readable by its owner alone. */
async function keyOfFolder(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, 'key')
  const known = await readFile(path, 'utf8').catch(() => null)
  if (known) return Buffer.from(known.trim(), 'hex')
  const made = randomBytes(32)
  await writeFile(path, `${made.toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  return made
}

async function checkKey(owner: pg.Pool, key: Buffer): Promise<void> {
  const print = fingerprint(key)
  await owner.query(`insert into house.settings (name, value) values ('key', $1) on conflict do nothing`, [print])
  const { rows } = await owner.query(`select value from house.settings where name in ('key', 'nextKey')`) // two while one follows the other
  if (!rows.some((r) => r.value === print)) {
    throw new StartRefused(
      'RENXIN_KEY is not the key that this database was encrypted with. Use the key from before; without it phones and identity numbers cannot be read.',
    )
  }
}
