import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { askAs, forget, makeDataDir, type Product, runWords, startProduct } from '@renxin/app-server/testing'
import { feedbackApi } from '@renxin/feedback/contract'
import { newId } from '@renxin/kernel'
import { type Embedded, startEmbedded } from '@renxin/server/postgres'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { askDatabase, inspectInbound } from '../inspect.ts'
import { askCluster, loseMachine, startStandby } from '../pair.ts'
import { EVENTS, makeSender, messageOf, type Sent } from '../senders.ts'

vi.setConfig({ testTimeout: 200_000, hookTimeout: 200_000 }) // two clusters and a product, on a machine that may be busy

const password = 'renxin-Trial-1'
const SENDERS = 4
const ACKNOWLEDGED_BEFORE = 60
const STAYS = 14
const PATIENCE = 60_000

let folder: string
let [one, two]: [string, string] = ['', '']
let primary: Embedded
let standby: Embedded
let product: Product

beforeAll(async () => {
  folder = await makeDataDir('standby')
  ;[one, two] = [join(folder, 'one'), join(folder, 'two')]
  primary = await startEmbedded({ dataDir: one, lock: false })
  const socketOf = (of: string) => encodeURIComponent(join(of, 'postgres/socket'))
  const both = (role: string) => `postgresql://${role}@${socketOf(one)}:5432,${socketOf(two)}:5432/renxin?target_session_attrs=read-write`
  const environment = {
    DATABASE_URL: both('renxin_app'),
    DATABASE_OWNER_URL: both('renxin_owner'),
    RENXIN_KEY: 'ab'.repeat(32),
    RENXIN_BACKUP: 'off',
    RENXIN_LOG: 'silent',
  }
  const command = async (...words: string[]) => expect(await runWords(folder, words, environment)).toMatchObject({ code: 0 })
  await command('hospital', 'create', '--name', '仁心演练医院')
  await command('user', 'create', '--name', 'nurse', '--role', 'followupNurse', '--password', password)
  standby = await startStandby(primary, { of: one, in: two })
  product = await startProduct(join(folder, 'machine'), environment, ['--no-pages'])
})
afterAll(async () => {
  await product.stop()
  await standby.stop()
  await primary.stop()
  await forget(folder)
})

test('the machine of the primary is lost under load and the standby promoted: all that was acknowledged is there, once, and all goes on by itself', async () => {
  const sent: Sent[] = []
  const praise = new Set<string>()
  let isOver = false
  const sending = Promise.all(Array.from({ length: SENDERS }, (_, sender) => sendStays(sender, sent)))
  const writing = recordPraise(praise, () => isOver)
  writing.catch(() => {}) // looked at below
  const acknowledged = () => sent.filter((m) => m.isTaken).length + praise.size
  await vi.waitFor(() => expect(Math.min(acknowledged(), praise.size * 10)).toBeGreaterThan(ACKNOWLEDGED_BEFORE), {
    timeout: PATIENCE,
    interval: 10,
  })

  await loseMachine(primary)
  const lostAt = performance.now()
  const before = [...praise]
  expect(sent.filter((m) => m.isTaken).length).toBeLessThan(SENDERS * STAYS * EVENTS.length) // they were busy
  await askCluster(standby, (ask) => ask('select pg_promote()'))
  const enough = acknowledged() + 5
  await vi.waitFor(() => expect(acknowledged()).toBeGreaterThan(enough), { timeout: PATIENCE, interval: 10 })
  const seconds = (performance.now() - lostAt) / 1000
  await sending
  isOver = true
  await writing

  console.log(
    JSON.stringify({ messages: sent.length, praise: praise.size, acknowledgedBefore: before.length, secondsUntilItWentOn: seconds }),
  )
  expect(seconds).toBeLessThan(15)
  await inspectInbound(standby, sent, SENDERS * STAYS)
  await askDatabase(standby, async (rows) => {
    const kept = await rows(`select id from feedback.opinions where kind = 'praise'`)
    expect(kept.map((o) => o.id).toSorted()).toEqual([...praise].toSorted())
  })
})

test('the lost primary comes back without having been told: nobody writes to it', async () => {
  primary = await startEmbedded({ dataDir: one, lock: false })
  await askCluster(primary, (ask) => ask(`alter system reset synchronous_standby_names`)) // else it would wait for a standby, and nobody could
  await askCluster(primary, (ask) => ask('select pg_reload_conf()'))
  const praises = async (at: Embedded) =>
    askDatabase(at, async (rows) => Number((await rows(`select count(*)::int as n from feedback.opinions`))[0]?.n))
  const [atOne, atTwo] = [await praises(primary), await praises(standby)]
  const broken = `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'renxin_app'`
  await askCluster(standby, (ask) => ask(broken)) // whoever connects anew has to choose

  const praise = new Set<string>()
  await recordPraise(praise, () => praise.size >= 5)

  expect([await praises(primary), await praises(standby)]).toEqual([atOne, atTwo + praise.size])
})

async function sendStays(sender: number, sent: Sent[]): Promise<void> {
  const { send, close } = makeSender(() => product)
  for (let stay = 0; stay < STAYS; stay += 1) {
    for (const event of EVENTS) {
      const message = messageOf(sender, stay, event)
      sent.push(message)
      await send(message)
    }
  }
  await close()
}

/** A nurse notes what patients praise, each again and again until the server has said that it is kept. */
async function recordPraise(kept: Set<string>, isOver: () => boolean): Promise<void> {
  let ask: Awaited<ReturnType<typeof askAs>> | undefined
  while (!isOver()) {
    const id = newId()
    for (const until = performance.now() + PATIENCE; !kept.has(id); ) {
      try {
        ask ??= await askAs(product.url, 'nurse', password)
        await ask(feedbackApi.record, { id, kind: 'praise', text: '护士很耐心', source: 'call' })
        kept.add(id)
      } catch (error) {
        if (performance.now() > until) throw error
        await pause(50)
      }
    }
  }
}
