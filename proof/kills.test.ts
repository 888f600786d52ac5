import { forget, makeDataDir, type Product, runCommand, startProduct } from '@renxin/app-server/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inspectInbound } from './inspect.ts'
import { killHard, type Victim } from './kill.ts'
import { EVENTS, makeSender, messageOf, type Sent } from './senders.ts'

const KILLS = 20
const SENDERS = 8
const STAYS_OF_EACH = 32
const PATIENCE = 400_000 // twenty starts on a machine that may be busy

let folder: string
let product: Product | undefined

beforeAll(async () => {
  folder = await makeDataDir('kills')
})
afterAll(() => forget(folder, product))

test('killed twenty times under eight senders: every acknowledged message is there and applied, none twice', {
  timeout: PATIENCE,
}, async () => {
  product = await start()
  await runCommand(folder, ['hospital', 'create', '--name', '仁心演练医院'])
  let acknowledged = 0
  const heard = new Set<() => void>()
  const sent: Sent[][] = Array.from({ length: SENDERS }, () => [])
  const work = sent.map((own, i) =>
    sendAll(i, own, () => {
      acknowledged += 1
      for (const hear of heard) hear()
    }),
  )
  const allSent = Promise.all(work)
  allSent.catch(() => {}) // looked at below; a sender that gave up must not end the process first

  const hit: Record<Victim, number> = { server: 0, both: 0, database: 0 }
  for (let kill = 0; kill < KILLS; kill += 1) {
    const wanted = acknowledged + 1 + ((kill * 7) % 29)
    await Promise.race([allSent, new Promise<void>((enough) => heard.add(() => acknowledged >= wanted && enough()))])
    heard.clear()
    const victim = (['server', 'both', 'server', 'database'] as const)[kill % 4] ?? 'server'
    await killHard(product, victim)
    hit[victim] += 1
    product = undefined
    product = await start()
  }
  expect(hit).toEqual({ server: 10, both: 5, database: 5 })
  expect(sent.flat().filter((m) => m.isTaken).length).toBeLessThan(SENDERS * STAYS_OF_EACH * EVENTS.length) // the senders were busy to the end
  await allSent

  await inspectInbound(folder, sent.flat(), SENDERS * STAYS_OF_EACH)
})

const start = () => startProduct(folder, { PORT: 'off' })

async function sendAll(sender: number, sent: Sent[], acknowledged: () => void): Promise<void> {
  const { send, close } = makeSender(() => product)
  for (let stay = 0; stay < STAYS_OF_EACH; stay += 1) {
    for (const event of EVENTS) {
      const message = messageOf(sender, stay, event)
      sent.push(message)
      await send(message)
      acknowledged()
    }
  }
  await close()
}
