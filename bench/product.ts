import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { join, resolve } from 'node:path'
import { openPool } from '@renxin/server'
import { connectOnly, withDatabase } from '@renxin/server/postgres'
import pg from 'pg'

export { type Product, runCommand, signIn, startProduct } from '@renxin/app-server/testing'

const ROOT = resolve(import.meta.dirname, '..')

export const freshFolder = async (name: string, isKept = false): Promise<string> => {
  const folder = resolve(ROOT, '.cache/bench', name)
  if (!isKept) await dropFolder(folder)
  return folder
}

/** A million patients take ten gigabytes: nothing of it is left lying. */
export const dropFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true })

/** Connections to the product's database, to fill it and to count in it. */
export async function poolsOf(dataDir: string) {
  const urls = await connectOnly({ dataDir })
  if (!urls) throw new Error('the product is not running')
  const openSuper = async () => {
    const client = new pg.Client({ connectionString: withDatabase(urls.superUrl, 'renxin') })
    await client.connect()
    return client
  }
  return { app: openPool(urls.appUrl, { max: 4 }), owner: openPool(urls.ownerUrl, { max: 2 }), openSuper, urls }
}

export const masterKeyOf = async (dataDir: string): Promise<Buffer> =>
  Buffer.from((await readFile(join(dataDir, 'key'), 'utf8')).trim(), 'hex')

export type Peer = { url: string; secondsToReady: number; stop(): Promise<void> }

/** The server that ours stands beside, as a process of its own (`peer.ts`). */
export function startPeer(databaseUrl?: string): Promise<Peer> {
  const began = performance.now()
  const { DATABASE_URL: _, ...rest } = process.env
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'peer.ts')], {
    env: { ...rest, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise((ready, failed) => {
    child.stdout.setEncoding('utf8').once('data', (said: string) => {
      const stop = () =>
        new Promise<void>((stopped) => {
          child.once('exit', () => stopped())
          child.kill('SIGTERM')
        })
      ready({ url: said.trim(), secondsToReady: (performance.now() - began) / 1000, stop })
    })
    child.once('exit', (code) => failed(new Error(`the peer ended with ${code}`)))
  })
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
let asked = 0
/** As from many desks: the product lets one address ask 6,000 times a minute. */
const desk = () => `10.0.${(asked >> 6) & 255}.${asked++ & 63}`

/** One GET; answers its time in milliseconds. Anything but 200 fails the run. */
function timedGet(url: string, cookie: string): Promise<number> {
  const began = performance.now()
  return new Promise((done, failed) => {
    const sent = request(url, { agent, headers: { cookie, 'x-forwarded-for': desk() } }, (reply) => {
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
    sent.on('error', failed)
    sent.end()
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
