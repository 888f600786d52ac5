import { setTimeout as pause } from 'node:timers/promises'
import { accessApi } from '@renxin/access/contract'
import { askAs, signIn } from '@renxin/app-server/testing'
import { freePort } from '@renxin/server/testing-port'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { askDatabase } from './inspect.ts'
import { EVENTS, makeSender, messageOf, type Sent } from './senders.ts'
import { openSeveral } from './several.ts'

vi.setConfig({ testTimeout: 400_000, hookTimeout: 240_000 }) // processes of their own, on a machine that may be busy

const password = 'renxin-Trial-1'
let several: Awaited<ReturnType<typeof openSeveral>>
beforeAll(async () => {
  several = await openSeveral('several')
})
afterAll(() => several.close())

test('three that start at one moment on an empty database: the schema is made once, one of them leads', async () => {
  const three = await Promise.all([several.start(), several.start(), several.start('worker')])

  const here = await several.processes()
  expect(here.map((p) => p.pid).toSorted()).toEqual(three.map((p) => p.process.pid).toSorted())
  expect(here.filter((p) => p.leads)).toHaveLength(1)
  await several.command('hospital', 'create', '--name', '仁心演练医院')
  await several.command('user', 'create', '--name', 'system', '--role', 'systemAdministrator', '--password', password)
  await several.command('user', 'create', '--name', 'nurse', '--role', 'followupNurse', '--password', password)
  await several.endAll()
  expect(await several.processes()).toEqual([]) // who ends as he should is not missed
})

test('what is changed through one process is heard by the open pages of another, and who was locked out is out everywhere', async () => {
  const [here, there] = [await several.start('web'), await several.start('web')]
  const cookie = await signIn(here.url, 'nurse', password)
  const me = () => fetch(`${here.url}/api/access/me`, { headers: { cookie } })
  expect((await me()).status).toBe(200)
  const stream = await fetch(`${here.url}/api/events`, { headers: { cookie } })
  const heard = readUntil(stream, '"module":"access"')
  const system = await askAs(there.url, 'system', password)
  const id = await askDatabase(several.postgres, async (rows) =>
    String((await rows(`select id from access.users where name = 'nurse'`))[0]?.id),
  )

  const began = performance.now()
  await system(accessApi.disableUser, { id })
  await heard
  const seconds = (performance.now() - began) / 1000

  expect((await me()).status).toBe(401)
  expect(seconds).toBeLessThan(5)
  await system(accessApi.enableUser, { id })
  await several.endAll()
})

test('one takes over from another on the same ports: no sender and no page is refused', async () => {
  const ports = { PORT: String(await freePort()), MLLP_PORT: String(await freePort()), RENXIN_SHARE_PORTS: 'on' }
  let old = await several.start(undefined, ports)
  const before = await askDatabase(several.postgres, async (rows) =>
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
    const young = await several.start(undefined, ports)
    await several.end(old, 'SIGTERM')
    old = young
    await pause(500)
  }
  isOver = true
  await Promise.all([sending, asking])

  expect(new Set(outcomes)).toEqual(new Set(['200']))
  expect(outcomes.length).toBeGreaterThan(50)
  await askDatabase(several.postgres, async (rows) => {
    const kept = await rows(`select count(*)::int as n, count(distinct control_id)::int as ids from integration.messages`)
    expect(kept).toEqual([{ n: before + sent.length, ids: before + sent.length }])
  })
  await several.endAll()
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

async function readUntil(stream: Response, wanted: string): Promise<void> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const piece of stream.body ?? []) {
    text += decoder.decode(piece, { stream: true })
    if (text.includes(wanted)) return
  }
  throw new Error(`the stream ended: ${text}`)
}
