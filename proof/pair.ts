import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { openPool } from '@renxin/server'
import { type Embedded, startEmbedded } from '@renxin/server/postgres'

const SLOT = 'renxin_standby'
const run = promisify(execFile)

/** Asks as the superuser of one cluster, on one connection. */
export async function askCluster<T>(
  { superUrl }: Embedded,
  work: (ask: (text: string) => Promise<Record<string, unknown>[]>) => Promise<T>,
): Promise<T> {
  const pool = openPool(superUrl, { max: 1 })
  const client = await pool.connect()
  try {
    return await work(async (text) => (await client.query(text)).rows)
  } finally {
    client.release()
    await pool.end()
  }
}

/**
 * A standby that streams from a running primary, made as pg_basebackup makes one (which the PostgreSQL that npm brings does not have): its files between two calls,
 * its log over the wire. Comes back once commits at the primary wait for it.
 */
export async function startStandby(primary: Embedded, { of, in: dataDir }: { of: string; in: string }): Promise<Embedded> {
  const [from, to] = [join(of, 'postgres/cluster'), join(dataDir, 'postgres/cluster')]
  await mkdir(join(dataDir, 'postgres'), { recursive: true })
  await askCluster(primary, async (ask) => {
    await ask(`select pg_create_physical_replication_slot('${SLOT}', true)`)
    await ask(`select pg_backup_start('standby', true)`)
    await run('cp', ['-a', from, to])
    const [label] = await ask('select labelfile from pg_backup_stop(false)')
    await writeFile(join(to, 'backup_label'), String(label?.labelfile))
  })
  for (const gone of ['postmaster.pid', 'postmaster.opts', 'pg_replslot', 'pg_wal'])
    await rm(join(to, gone), { recursive: true, force: true })
  for (const empty of ['pg_replslot', 'pg_wal']) await run('install', ['-d', '-m', '700', join(to, empty)])
  await writeFile(join(to, 'standby.signal'), '')
  await run('chown', ['-R', '--reference', to, to])
  const socket = new URL(primary.superUrl).hostname
  const standby = await startEmbedded({
    dataDir,
    lock: false,
    settings: {
      primary_conninfo: `host=${decodeURIComponent(socket)} port=5432 user=postgres application_name=${SLOT}`,
      primary_slot_name: SLOT,
    },
  })
  await askCluster(primary, async (ask) => {
    await ask(`alter system set synchronous_standby_names = '${SLOT}'`)
    await ask('select pg_reload_conf()')
    const state = async () => (await ask(`select sync_state from pg_stat_replication where application_name = '${SLOT}'`))[0]?.sync_state
    while ((await state()) !== 'sync') await pause(50)
  })
  return standby
}

/** The machine of a cluster is gone at once: no process of it does anything more, and nothing is said to anybody. */
export async function loseMachine({ pid }: Embedded): Promise<void> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  for (const one of [pid, ...children.trim().split(' ').map(Number)]) process.kill(one, 'SIGKILL')
}
