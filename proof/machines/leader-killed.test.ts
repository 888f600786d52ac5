import { setTimeout as pause } from 'node:timers/promises'
import { isAlive, type Product } from '@renxin/app-server/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { inspectInbound } from '../inspect.ts'
import { EVENTS, makeSender, messageOf, type Sent } from '../senders.ts'
import { openSeveral } from '../several.ts'

vi.setConfig({ testTimeout: 400_000, hookTimeout: 240_000 }) // processes of their own, on a machine that may be busy

let several: Awaited<ReturnType<typeof openSeveral>>
beforeAll(async () => {
  several = await openSeveral('leader')
})
afterAll(() => several.close())

test('killed again and again under load, whoever leads first: every message is applied once, and another leads within a minute', async () => {
  await several.command('hospital', 'create', '--name', '仁心演练医院')
  const SENDERS = 4
  const STAYS = 12
  let all: Product[] = [await several.start(), await several.start('worker,mllp', { PORT: 'off' }), await several.start()]
  const sent: Sent[][] = Array.from({ length: SENDERS }, () => [])
  const doors = sent.map((_, i) => () => all.filter((p) => p.mllpPort > 0 && isAlive(p.process.pid ?? 0))[i % Math.max(1, all.length - 1)])
  const work = Promise.all(sent.map((own, i) => sendAll(i + 1, STAYS, own, doors[i] ?? (() => undefined))))
  work.catch(() => {}) // looked at below
  const waits: number[] = []

  for (let round = 0; round < 4; round += 1) {
    await pause(400)
    const leader = (await several.processes()).find((p) => p.leads)
    const victim = all.find((p) => p.process.pid === leader?.pid) ?? all[0]
    if (!victim) throw new Error('nobody runs')
    const began = performance.now()
    await several.end(victim, 'SIGKILL')
    all = all.filter((p) => p !== victim)
    const startAnother = () => (round % 2 === 0 ? several.start() : several.start('worker,mllp', { PORT: 'off' }))
    if (round > 1) all = [...all, await startAnother()] // one that starts on the same machine sees who is dead; else it has to be missed
    await expect
      .poll(async () => (await several.processes()).some((p) => p.leads && p.pid !== victim.process.pid), {
        timeout: 60_000,
        interval: 200,
      })
      .toBe(true)
    waits.push((performance.now() - began) / 1000)
    if (round <= 1) all = [...all, await startAnother()]
  }
  await work

  expect(Math.max(...waits)).toBeLessThan(60)
  await inspectInbound(several.postgres, sent.flat(), SENDERS * STAYS)
  await several.endAll()
})

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
