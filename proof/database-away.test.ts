import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { askAs, forget, makeDataDir, type Product, runWords, startProduct } from '@renxin/app-server/testing'
import { type Embedded, startEmbedded } from '@renxin/server/postgres'
import { installationApi, setupApi } from '@renxin/setup/contract'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { askDatabase } from './inspect.ts'
import { makeSender, messageOf } from './senders.ts'

vi.setConfig({ testTimeout: 200_000, hookTimeout: 200_000 }) // a process of its own, on a machine that may be busy

const password = 'renxin-Trial-1'
type Manner = 'well' | 'gone' | 'slow' | 'silent' | 'rubbish'
let folder: string
let postgres: Embedded
let way: Awaited<ReturnType<typeof openWay>>
let product: Product

/** The way to the database, on which things can go wrong. */
async function openWay(socketFile: string) {
  let manner: Manner = 'well'
  const open = new Set<Socket>()
  const hold = (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
  }
  const server = createServer((near) => {
    hold(near)
    if (manner === 'gone') return near.destroy()
    const far = connect(socketFile)
    hold(far)
    const carry = (from: Socket, to: Socket, isAnswer: boolean) =>
      from.on('data', (piece) => {
        if (manner === 'silent') return
        const carried = manner === 'rubbish' && isAnswer ? randomBytes(piece.length) : piece
        if (manner === 'slow') setTimeout(() => to.write(carried), 300)
        else to.write(carried)
      })
    carry(near, far, false)
    carry(far, near, true)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    return undefined
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    become: (next: Manner) => {
      manner = next
      if (next === 'gone' || next === 'well') for (const socket of open) socket.destroy()
    },
    close: () => {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}

beforeAll(async () => {
  folder = await makeDataDir('away')
  postgres = await startEmbedded({ dataDir: folder, lock: false })
  way = await openWay(join(folder, 'postgres/socket/.s.PGSQL.5432'))
  const at = (role: string) => `postgresql://${role}@127.0.0.1:${way.port}/${new URL(postgres.appUrl).pathname.slice(1)}`
  const environment = {
    DATABASE_URL: at('renxin_app'),
    DATABASE_OWNER_URL: at('renxin_owner'),
    RENXIN_KEY: 'ab'.repeat(32),
    RENXIN_BACKUP: 'off',
    RENXIN_LOG: 'silent',
  }
  const command = async (...words: string[]) => expect(await runWords(folder, words, environment)).toMatchObject({ code: 0 })
  await command('hospital', 'create', '--name', '仁心演练医院')
  await command('user', 'create', '--name', 'system', '--role', 'systemAdministrator', '--password', password)
  product = await startProduct(join(folder, 'machine'), environment, ['--no-pages'])
})
afterAll(async () => {
  await product.stop()
  way.close()
  await postgres.stop()
  await forget(folder)
})

const get = (path: string) => fetch(`${product.url}${path}`)
const isReady = async () => (await get('/readyz')).status === 200
beforeEach(async () => {
  way.become('well')
  await vi.waitFor(async () => expect(await isReady()).toBe(true), { timeout: 30_000, interval: 300 })
})

test.each([
  ['gone', 15],
  ['rubbish', 15],
  ['silent', 30],
] as const)(
  'a database that is %s: /readyz says so, whoever asks is told that the system is busy, and once it is back all goes on',
  async (manner, withinSeconds) => {
    way.become(manner)

    await vi.waitFor(async () => expect(await isReady()).toBe(false), { timeout: 10_000, interval: 100 })
    expect((await get('/healthz')).status).toBe(200)
    const began = performance.now()
    const refused = await get('/api/setup/state')
    const seconds = (performance.now() - began) / 1000
    const message = messageOf(1, ['gone', 'rubbish', 'silent'].indexOf(manner), 'A01')
    const sender = makeSender(() => product)
    const sending = sender.send(message)
    const metrics = await (await get('/metrics')).text()
    const wasTaken = message.isTaken

    way.become('well')
    await vi.waitFor(async () => expect(await isReady()).toBe(true), { timeout: 30_000, interval: 300 })
    await sending // as a sender does: again until it is taken
    await sender.close()

    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({ code: 'house.busy' })
    expect(seconds).toBeLessThan(withinSeconds)
    expect(metrics).toMatch(/^renxin_database_up 0$/m)
    expect(wasTaken).toBe(false)
    expect((await get('/api/setup/state')).status).toBe(200)
    await askDatabase(postgres, async (rows) => {
      const kept = await rows(`select count(*)::int as n from integration.messages where control_id = '${message.controlId}'`)
      expect(kept).toEqual([{ n: 1 }])
      await expect.poll(() => rows('select count(*)::int as n from house.events where pending'), { timeout: 60_000 }).toEqual([{ n: 0 }])
    })
  },
)

test('a database that is slow is slow and nothing worse: pages are answered, and the page of health says so in amber', async () => {
  const system = await askAs(product.url, 'system', password)
  way.become('slow')

  const state = await (await get('/api/setup/state')).json()
  const { checks } = await system(installationApi.health, {})

  expect(setupApi.state.reply.parse(state).isEmpty).toBe(false)
  expect(checks).toContainEqual(expect.objectContaining({ item: 'database', state: 'warning', finding: 'databaseSlow' }))
})
