import pg from 'pg'
import { locks } from '../locks.ts'
import { StartRefused } from './errors.ts'

export type ServerLock = { release(): Promise<void> }

/**
 * One server for one database: a lock that lives as long as this connection, so that no crash leaves it behind.
 * `onLost` is told when the connection breaks: whoever has lost the lock must stop.
 */
export async function holdServerLock(url: string, onLost?: (error: Error) => void): Promise<ServerLock> {
  const client = new pg.Client({ connectionString: url, application_name: 'renxin lock', keepAlive: true })
  await client.connect()
  let isReleased = false
  client.on('error', (error) => {
    if (!isReleased) onLost?.(error)
  })
  if (!(await tryLock(client))) {
    isReleased = true
    await client.end()
    throw new StartRefused('Renxin is already running on this data folder. Stop it first, or name another folder with RENXIN_DATA.')
  }
  return {
    release: async () => {
      isReleased = true
      await client.end().catch(() => undefined)
    },
  }
}

/** Whether a server holds it now. Asked for a while: a server just killed lets go a moment later. */
export async function isLockTaken(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'renxin lock' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return !(await tryLock(client))
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function tryLock(client: pg.Client): Promise<boolean> {
  for (let attempt = 0; attempt < 6; attempt++) {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1, $2) as mine', [...locks.server])
    if (rows[0]?.mine) return true
    await new Promise((done) => setTimeout(done, 50))
  }
  return false
}
