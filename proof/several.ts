import { once } from 'node:events'
import { join } from 'node:path'
import { forget, makeDataDir, type Product, runWords, startProduct } from '@renxin/app-server/testing'
import { listProcesses, openPool } from '@renxin/server'
import { startEmbedded } from '@renxin/server/postgres'

const everything = 'web,worker,mllp'

/** A hospital's own PostgreSQL, fsync and all; the processes of Renxin come and go beside it, each with a data folder of its own as on a machine of its own. */
export async function openSeveral(name: string) {
  const folder = await makeDataDir(name)
  const postgres = await startEmbedded({ dataDir: folder, lock: false })
  const environment = {
    DATABASE_URL: postgres.appUrl,
    DATABASE_OWNER_URL: postgres.ownerUrl,
    RENXIN_KEY: 'ab'.repeat(32),
    RENXIN_BACKUP: 'off',
    RENXIN_LOG: 'error',
  }
  let running: Product[] = []
  let made = 0

  async function end(product: Product, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    running = running.filter((p) => p !== product)
    const ended = once(product.process, 'exit')
    product.process.kill(signal)
    await ended
  }

  return {
    postgres,
    end,
    endAll: () => Promise.all(running.map((p) => end(p, 'SIGTERM'))),
    start: async (roles = everything, more: NodeJS.ProcessEnv = {}): Promise<Product> => {
      made += 1
      const product = await startProduct(join(folder, `machine-${made}`), { ...environment, ...more }, ['--roles', roles, '--no-pages'])
      running = [...running, product]
      return product
    },
    command: async (...words: string[]): Promise<void> => {
      const ended = await runWords(folder, words, environment)
      if (ended.code !== 0) throw new Error(`${words.join(' ')}: ${ended.err}`)
    },
    processes: async () => {
      const pool = openPool(postgres.appUrl, { max: 1 })
      return listProcesses(pool).finally(() => pool.end())
    },
    close: async () => {
      for (const product of running) product.process.kill('SIGKILL')
      await postgres.stop()
      await forget(folder)
    },
  }
}
