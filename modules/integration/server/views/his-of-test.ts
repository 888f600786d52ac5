import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { foreignDatabase } from '@renxin/server/testing'
import { freePort } from '@renxin/server/testing-port'
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { SourceKind } from '../../views-contract.ts'

/** The database of an imaginary HIS. */
export type His = {
  kind: SourceKind
  host: string
  port: number
  database: string
  username: string
  password: string
  run(sql: string): Promise<void>
  close(): Promise<void>
}

/** A database of the tests' own cluster. `SQL_ASCII` keeps whatever bytes it is given. */
export async function postgresHis(encoding: 'UTF8' | 'SQL_ASCII' = 'UTF8'): Promise<His> {
  const url = new URL(await foreignDatabase(encoding))
  const place = { host: decodeURIComponent(url.hostname), port: Number(url.port), database: url.pathname.slice(1) }
  const client = new pg.Client({ ...place, user: url.username })
  client.on('error', () => {}) // a test may drop what it is connected to
  await client.connect()
  return {
    kind: 'postgres',
    ...place,
    username: url.username,
    password: '',
    run: async (sql) => void (await client.query(sql)),
    close: () => client.end(),
  }
}

const find = (program: string) =>
  ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/usr/local/sbin'].map((f) => join(f, program)).find(existsSync)

/** Why there is no MariaDB on this machine; undefined where there is one (`apt-get install mariadb-server`). */
export const noMariaDb = (): string | undefined =>
  find('mariadbd') && find('mariadb-install-db') ? undefined : 'there is no mariadbd on this machine: apt-get install mariadb-server'

/** A MariaDB of its own in a folder of its own, under a user that is not root. */
export async function mariaDbHis(charset = 'gbk'): Promise<His> {
  const folder = await mkdtemp(join(tmpdir(), 'renxin-mariadb-'))
  const isRoot = process.getuid?.() === 0
  const user = isRoot ? ['--user=mysql'] : []
  if (isRoot) spawnSync('chown', ['mysql', folder])
  const data = join(folder, 'data')
  const made = spawnSync(
    find('mariadb-install-db') ?? '',
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...user],
    { encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`MariaDB could not be made: ${made.stderr}`)
  const port = await freePort()
  const server = spawn(
    find('mariadbd') ?? '',
    [
      ...['--no-defaults', `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(folder, 's.sock')}`],
      ...['--innodb-buffer-pool-size=32M', '--skip-log-bin', ...user],
    ],
    { stdio: 'ignore' },
  )
  const client = await connected(port)
  await client.query(`create database his character set ${charset}`)
  await client.query(`create user reader@'127.0.0.1' identified by 'secret'`)
  await client.query(`grant select on his.* to reader@'127.0.0.1'`)
  await client.changeUser({ database: 'his' })
  return {
    kind: 'mysql',
    host: '127.0.0.1',
    port,
    database: 'his',
    username: 'reader',
    password: 'secret',
    run: async (sql) => void (await client.query(sql)),
    close: async () => {
      await client.end()
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function connected(port: number): Promise<mysql.Connection> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await mysql.createConnection({ host: '127.0.0.1', port, user: 'root', charset: 'utf8mb4', multipleStatements: true })
    } catch (error) {
      if (tries > 300) throw error
      await pause(100)
    }
  }
}
