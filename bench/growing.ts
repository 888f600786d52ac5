import { startEmbedded, withDatabase } from '@renxin/server/postgres'
import pg from 'pg'
import { keepOriginals, type Log, multiply, timed } from './multiply.ts'

/** While nothing but rows goes in, none of which is missed if the machine fails: the folder is thrown away and made anew. */
const GROWING = {
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '4GB',
  checkpoint_timeout: '1h',
  autovacuum: 'off',
  maintenance_work_mem: '1GB',
  max_parallel_maintenance_workers: 0, // two indexes are built at a time
}

/** Lets a stopped product's hospital grow by the copies `from` to `to`. */
export function grow(
  dataDir: string,
  masterKey: Buffer,
  { from, to, names, log }: { from: number; to: number; names?: number; log: Log },
): Promise<void> {
  return openGrowing(dataDir, async (open) => {
    const db = await open()
    const kept = await db.query(`select to_regnamespace('bench') is not null as is_kept`)
    if (!kept.rows[0].is_kept) await timed(log, 'the originals and a crowd of names', () => keepOriginals(db, masterKey, names))
    if (!kept.rows[0].is_kept) await db.query('vacuum analyze')
    await db.end()
    if (to >= from) await multiply(open, { from, to, names, log })
  })
}

/** Work on a stopped product's database, as its superuser; it is the usual PostgreSQL, durable, checkpointed, vacuumed and analyzed, that starts on it afterwards. */
export async function openGrowing(dataDir: string, work: (open: () => Promise<pg.Client>) => Promise<void>): Promise<void> {
  const server = await startEmbedded({ dataDir, settings: GROWING })
  try {
    await work(async () => {
      const client = new pg.Client({ connectionString: withDatabase(server.superUrl, 'renxin') })
      await client.connect()
      return client
    })
  } finally {
    await server.stop()
  }
}
