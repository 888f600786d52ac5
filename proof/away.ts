import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { forget, makeDataDir, runWords, startProduct } from '@renxin/app-server/testing'
import { startEmbedded } from '@renxin/server/postgres'
import { expect, vi } from 'vitest'
import { askDatabase } from './inspect.ts'
import { makeSender, messageOf } from './senders.ts'

const manners = ['well', 'gone', 'slow', 'silent', 'rubbish'] as const
type Manner = (typeof manners)[number]
export const PASSWORD = 'renxin-Trial-1'

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

/** A product that comes to its database over a way on which things can go wrong. */
export async function openAway() {
  const folder = await makeDataDir('away')
  const postgres = await startEmbedded({ dataDir: folder, lock: false })
  const way = await openWay(join(folder, 'postgres/socket/.s.PGSQL.5432'))
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
  await command('user', 'create', '--name', 'system', '--role', 'systemAdministrator', '--password', PASSWORD)
  const product = await startProduct(join(folder, 'machine'), environment, ['--no-pages'])
  const get = (path: string) => fetch(`${product.url}${path}`)
  const isReady = async () => (await get('/readyz')).status === 200
  return {
    product,
    postgres,
    way,
    get,
    isReady,
    beWell: async () => {
      way.become('well')
      await vi.waitFor(async () => expect(await isReady()).toBe(true), { timeout: 30_000, interval: 300 })
    },
    close: async () => {
      await product.stop()
      way.close()
      await postgres.stop()
      await forget(folder)
    },
  }
}

/** The database becomes like that, says so by `/readyz`, refuses in words within these seconds, takes nothing, and goes on when it is back. */
export async function expectToldAndSurvived(
  away: Awaited<ReturnType<typeof openAway>>,
  manner: Manner,
  withinSeconds: number,
): Promise<void> {
  const { product, postgres, way, get, isReady, beWell } = away
  way.become(manner)

  await vi.waitFor(async () => expect(await isReady()).toBe(false), { timeout: 10_000, interval: 100 })
  expect((await get('/healthz')).status).toBe(200)
  const began = performance.now()
  const refused = await get('/api/setup/state')
  const seconds = (performance.now() - began) / 1000
  const message = messageOf(1, manners.indexOf(manner), 'A01')
  const sender = makeSender(() => product)
  const sending = sender.send(message)
  const metrics = await (await get('/metrics')).text()
  const wasTaken = message.isTaken

  await beWell()
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
}
