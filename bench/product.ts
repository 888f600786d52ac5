import { rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { resolve } from 'node:path'
import { openPool } from '@renxin/server'
import { connectOnly } from '@renxin/server/postgres'

export { type Product, runCommand, signIn, startProduct } from '@renxin/app-server/testing'

const ROOT = resolve(import.meta.dirname, '..')

export const freshFolder = async (name: string): Promise<string> => {
  const folder = resolve(ROOT, '.cache/bench', name)
  await rm(folder, { recursive: true, force: true })
  return folder
}

/** Connections to the product's database, to fill it and to count in it. */
export async function poolsOf(dataDir: string) {
  const urls = await connectOnly({ dataDir })
  if (!urls) throw new Error('the product is not running')
  return { app: openPool(urls.appUrl, { max: 4 }), owner: openPool(urls.ownerUrl, { max: 2 }), urls }
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** One GET; answers its time in milliseconds. Anything but 200 fails the run. */
export function timedGet(url: string, cookie = ''): Promise<number> {
  const began = performance.now()
  return new Promise((done, failed) => {
    const asked = request(url, { agent, headers: { cookie } }, (reply) => {
      let size = 0
      reply.on('data', (piece: Buffer) => {
        size += piece.length
      })
      reply.on('end', () =>
        reply.statusCode === 200
          ? done(performance.now() - began)
          : failed(new Error(`${url} answered ${reply.statusCode} (${size} bytes)`)),
      )
    })
    asked.on('error', failed)
    asked.end()
  })
}

/** So many GETs from `clients` at once, over the addresses in turn; answers each one's time in milliseconds. */
export async function timedGets(addresses: readonly string[], count: number, clients: number, cookie = ''): Promise<number[]> {
  const times: number[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < count) {
        const address = addresses[next % addresses.length] ?? ''
        next += 1
        times.push(await timedGet(address, cookie))
      }
    }),
  )
  return times
}
