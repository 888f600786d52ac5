import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { accessApi } from '@renxin/access/contract'
import { askAs, forget, isAlive, makeDataDir, type Product, runWords, signIn, startProduct } from '@renxin/app-server/testing'
import { listProcesses, openPool } from '@renxin/server'
import { type Embedded, startEmbedded } from '@renxin/server/postgres'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { askDatabase, inspectInbound } from './inspect.ts'
import { EVENTS, makeSender, messageOf, type Sent } from './senders.ts'

vi.setConfig({ testTimeout: 400_000, hookTimeout: 240_000 }) // processes of their own, on a machine that may be busy

const password = 'renxin-Trial-1'
const everything = 'web,worker,mllp'
let folder: string
let postgres: Embedded
let environment: NodeJS.ProcessEnv
let running: Product[] = []

/** A hospital's own PostgreSQL, fsync and all; the processes of Renxin come and go beside it. */
beforeAll(async () => {
  folder = await makeDataDir('several')
  postgres = await startEmbedded({ dataDir: folder, lock: false })
  environment = {
    DATABASE_URL: postgres.appUrl,
    DATABASE_OWNER_URL: postgres.ownerUrl,
    RENXIN_KEY: 'ab'.repeat(32),
    RENXIN_BACKUP: 'off',
    RENXIN_LOG: 'error',
  }
})
afterAll(async () => {
  for (const product of running) product.process.kill('SIGKILL')
  await postgres.stop()
  await forget(folder)
})

let made = 0
/** Another process on the same database, with a data folder of its own as on a machine of its own. */
async function start(roles = everything, more: NodeJS.ProcessEnv = {}): Promise<Product> {
  made += 1
  const product = await startProduct(join(folder, `machine-${made}`), { ...environment, ...more }, ['--roles', roles, '--no-pages'])
  running = [...running, product]
  return product
}

async function end(product: Product, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  running = running.filter((p) => p !== product)
  const ended = once(product.process, 'exit')
  product.process.kill(signal)
  await ended
}
const endAll = () => Promise.all(running.map((p) => end(p, 'SIGTERM')))

async function command(...words: string[]): Promise<void> {
  const ended = await runWords(folder, words, environment)
  if (ended.code !== 0) throw new Error(`${words.join(' ')}: ${ended.err}`)
}

const processes = async () => {
  const pool = openPool(postgres.appUrl, { max: 1 })
  return listProcesses(pool).finally(() => pool.end())
}

test('three that start at one moment on an empty database: the schema is made once, one of them leads', async () => {
  const three = await Promise.all([start(), start(), start('worker')])

  const here = await processes()
  expect(here.map((p) => p.pid).toSorted()).toEqual(three.map((p) => p.process.pid).toSorted())
  expect(here.filter((p) => p.leads)).toHaveLength(1)
  await command('hospital', 'create', '--name', '仁心演练医院')
  await command('user', 'create', '--name', 'system', '--role', 'systemAdministrator', '--password', password)
  await command('user', 'create', '--name', 'nurse', '--role', 'followupNurse', '--password', password)
  await endAll()
  expect(await processes()).toEqual([]) // who ends as he should is not missed
})

test('what is changed through one process is heard by the open pages of another, and who was locked out is out everywhere', async () => {
  const [here, there] = [await start('web'), await start('web')]
  const cookie = await signIn(here.url, 'nurse', password)
  const me = () => fetch(`${here.url}/api/access/me`, { headers: { cookie } })
  expect((await me()).status).toBe(200)
  const stream = await fetch(`${here.url}/api/events`, { headers: { cookie } })
  const heard = readUntil(stream, '"module":"access"')
  const system = await askAs(there.url, 'system', password)
  const id = await askDatabase(postgres, async (rows) => String((await rows(`select id from access.users where name = 'nurse'`))[0]?.id))

  const began = performance.now()
  await system(accessApi.disableUser, { id })
  await heard
  const seconds = (performance.now() - began) / 1000

  expect((await me()).status).toBe(401)
  expect(seconds).toBeLessThan(5)
  await system(accessApi.enableUser, { id })
  await endAll()
})

test('killed again and again under load, whoever leads first: every message is applied once, and another leads within a minute', async () => {
  const SENDERS = 4
  const STAYS = 12
  let all: Product[] = [await start(), await start('worker,mllp', { PORT: 'off' }), await start()]
  const sent: Sent[][] = Array.from({ length: SENDERS }, () => [])
  const doors = sent.map((_, i) => () => all.filter((p) => p.mllpPort > 0 && isAlive(p.process.pid ?? 0))[i % Math.max(1, all.length - 1)])
  const work = Promise.all(sent.map((own, i) => sendAll(i + 1, STAYS, own, doors[i] ?? (() => undefined))))
  work.catch(() => {}) // looked at below
  const waits: number[] = []

  for (let round = 0; round < 4; round += 1) {
    await pause(400)
    const leader = (await processes()).find((p) => p.leads)
    const victim = all.find((p) => p.process.pid === leader?.pid) ?? all[0]
    if (!victim) throw new Error('nobody runs')
    const began = performance.now()
    await end(victim, 'SIGKILL')
    all = all.filter((p) => p !== victim)
    const startAnother = () => (round % 2 === 0 ? start() : start('worker,mllp', { PORT: 'off' }))
    if (round > 1) all = [...all, await startAnother()] // one that starts on the same machine sees who is dead; else it has to be missed
    await expect
      .poll(async () => (await processes()).some((p) => p.leads && p.pid !== victim.process.pid), { timeout: 60_000, interval: 200 })
      .toBe(true)
    waits.push((performance.now() - began) / 1000)
    if (round <= 1) all = [...all, await startAnother()]
  }
  await work

  expect(Math.max(...waits)).toBeLessThan(60)
  await inspectInbound(postgres, sent.flat(), SENDERS * STAYS)
  await endAll()
})

test('one takes over from another on the same ports: no sender and no page is refused', async () => {
  const ports = { PORT: String(await freePort()), MLLP_PORT: String(await freePort()), RENXIN_SHARE_PORTS: 'on' }
  let old = await start(everything, ports)
  const before = await askDatabase(postgres, async (rows) =>
    Number((await rows('select count(*)::int as n from integration.messages'))[0]?.n),
  )
  const sent: Sent[] = []
  let isOver = false
  const sender = makeSender(() => old)
  const sending = (async () => {
    for (let stay = 0; !isOver; stay += 1) {
      for (const event of EVENTS) {
        const message = messageOf(9, stay, event)
        sent.push(message)
        await sender.send(message)
      }
    }
    await sender.close()
  })()
  const outcomes: string[] = []
  const asking = (async () => {
    while (!isOver) outcomes.push(await askAsBrowsersDo(`http://127.0.0.1:${ports.PORT}/api/setup/state`))
  })()

  for (let round = 0; round < 2; round += 1) {
    const young = await start(everything, ports)
    await end(old, 'SIGTERM')
    old = young
    await pause(500)
  }
  isOver = true
  await Promise.all([sending, asking])

  expect(new Set(outcomes)).toEqual(new Set(['200']))
  expect(outcomes.length).toBeGreaterThan(50)
  await askDatabase(postgres, async (rows) => {
    const kept = await rows(`select count(*)::int as n, count(distinct control_id)::int as ids from integration.messages`)
    expect(kept).toEqual([{ n: before + sent.length, ids: before + sent.length }])
  })
  await endAll()
})

/** One who was sent away within a connection that was kept open asks once more on a new one, as browsers do. */
async function askAsBrowsersDo(url: string): Promise<string> {
  const ask = async () => {
    const reply = await fetch(url)
    await reply.arrayBuffer()
    return String(reply.status)
  }
  return ask().catch(() => ask().catch((error: Error) => String(error.cause)))
}

async function sendAll(sender: number, stays: number, sent: Sent[], door: () => Product | undefined): Promise<void> {
  const { send, close } = makeSender(door)
  for (let stay = 0; stay < stays; stay += 1) {
    for (const event of EVENTS) {
      const message = messageOf(sender, stay, event)
      sent.push(message)
      await send(message)
      await pause(25)
    }
  }
  await close()
}

async function readUntil(stream: Response, wanted: string): Promise<void> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const piece of stream.body ?? []) {
    text += decoder.decode(piece, { stream: true })
    if (text.includes(wanted)) return
  }
  throw new Error(`the stream ended: ${text}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}
