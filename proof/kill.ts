import { once } from 'node:events'
import { type Product, postgresOf } from '@renxin/app-server/testing'

export type Victim = 'server' | 'both' | 'database'

/** kill -9, as a power cut would: our process, PostgreSQL, or both; a server whose database died ends by itself. */
export async function killHard(running: Product, victim: Victim): Promise<void> {
  const postgres = await postgresOf(running.dataDir)
  if (!postgres) throw new Error('no PostgreSQL runs on this folder')
  const isGone = once(running.process, 'exit')
  if (victim !== 'database') running.process.kill('SIGKILL')
  if (victim !== 'server') process.kill(postgres, 'SIGKILL')
  await isGone
}
