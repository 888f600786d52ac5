import type { House } from '@renxin/server'
import type pg from 'pg'

export type Locks = { during(name: string, hospitalId: number, work: () => Promise<void>): Promise<void> }

/**
 * Locks of this process that last longer than a transaction and end with the process: advisory locks of one connection, taken from the pool while there is
 * something to hold. One connection serves all, since work under a lock needs others of the same pool.
 */
export function makeLocks(house: House): Locks {
  let holding = 0
  let held: pg.PoolClient | undefined
  let queue: Promise<unknown> = Promise.resolve()

  const open = async () => {
    const client = await house.pool.connect()
    client.once('error', drop)
    return client
  }
  /** With a connection that broke its locks are gone. Whoever reads on under one reads beside another process for a while, and the hashes bear it. */
  function drop(error: Error) {
    const lost = held
    held = undefined
    lost?.off('error', drop)
    lost?.release(error)
  }
  const ask = (statement: string, name: string, hospitalId: number): Promise<boolean> => {
    const asked = queue.then(async () => {
      held ??= await open()
      const { rows } = await held.query<{ done: boolean }>(`select ${statement}($1::int, hashtext($2)) as done`, [hospitalId, name])
      return rows[0]?.done ?? false
    })
    queue = asked.catch(drop)
    return asked
  }
  return {
    during: async (name, hospitalId, work) => {
      holding += 1
      try {
        if (!(await ask('pg_try_advisory_lock', name, hospitalId))) return
        await work().finally(() => ask('pg_advisory_unlock', name, hospitalId).catch(() => {}))
      } finally {
        holding -= 1
        if (holding === 0 && held) {
          const idle = held
          held = undefined
          idle.off('error', drop)
          idle.release()
        }
      }
    },
  }
}
