import { setTimeout as pause } from 'node:timers/promises'
import { askAs, type Product, runCommand, signIn, startProduct } from '@renxin/app-server/testing'
import { followupsApi } from '@renxin/followups/contract'
import { buildAck, decode, encodeText, type MllpServer, parseMessage, startMllpServer } from '@renxin/hl7'
import { newId } from '@renxin/kernel'
import { makeRandom } from '@renxin/seed'
import { askDatabase, inspectInbound } from './inspect.ts'
import { killHard } from './kill.ts'
import { makeSender, messageOf, type Sent, staysOf } from './senders.ts'

const PASSWORD = 'Renxin-proof-1'
const WARD = 24 // so that there is time to visit who lies there
const PROGRAMME = '床旁访视' // of every admission, and asks nothing: what a nurse finishes at once

const victims = ['server', 'destination', 'database', 'both'] as const
type Victim = (typeof victims)[number]

export type Faults = {
  kills: Record<Victim, number>
  messages: number
  stays: number
  writtenBack: number
  repeated: number
  seconds: number
}

/** How long it goes on: for so many seconds, or until something of the server was killed so many times. */
type Until = { seconds: number; kills?: undefined } | { kills: number; seconds?: undefined }

/** Kills by -9 of the server, of its PostgreSQL, and of both at once; the destination is closed, which is no kill. */
export const killsOf = ({ kills }: Pick<Faults, 'kills'>): number => kills.server + kills.database + kills.both

/**
 * Until then the hospital's system sends, a nurse finishes what comes of it, and what she finishes is written back, while the server, its database and
 * the destination are killed by chance. Then everything is let run to its end and looked at: nothing acknowledged is missing, nothing is there twice.
 */
export async function runFaults(
  dataDir: string,
  { seed, senders = 8, ...until }: Until & { seed: number; senders?: number },
): Promise<Faults> {
  const random = makeRandom(seed)
  const began = performance.now()
  const isOver = () => (until.seconds === undefined ? killsOf({ kills }) >= until.kills : performance.now() - began > until.seconds * 1000)
  const kills: Faults['kills'] = { server: 0, both: 0, database: 0, destination: 0 }
  const destination = await makeDestination()
  let product: Product | undefined = await startProduct(dataDir)
  const sent: Sent[] = []
  let stays = 0
  const done = new Set<string>()
  try {
    await runCommand(dataDir, ['hospital', 'create', '--name', '仁心演练医院'])
    await runCommand(dataDir, ['user', 'create', '--name', 'system', '--password', PASSWORD])
    await runCommand(dataDir, ['user', 'create', '--name', 'nurse', '--role', 'followupNurse', '--password', PASSWORD])
    const destinationId = newId()
    await addDestination(product, destinationId, destination.port)

    const work = Promise.all([...Array.from({ length: senders }, (_, i) => sendStays(i)), nurse(), breakThings()])
    work.catch(() => {}) // looked at below
    await work
    await destination.open()
    await nurse(true)
    await addDestination(product, destinationId, destination.port) // said again, so that nobody waits for the pause after the last try
    await inspectInbound(dataDir, sent, stays)
    const { writtenBack, repeated } = await inspectOutbound(dataDir, done, destination.taken)
    return { kills, messages: sent.length, stays, writtenBack, repeated, seconds: (performance.now() - began) / 1000 }
  } finally {
    await destination.close()
    await product?.stop()
  }

  async function sendStays(sender: number): Promise<void> {
    const { send, close } = makeSender(() => product)
    for (const { stay, event } of staysOf(WARD, isOver)) {
      if (event === 'A01') stays += 1
      const message = messageOf(sender, stay, event)
      sent.push(message)
      await send(message)
    }
    await close()
  }

  /** Takes some at a time and finishes them, again and again until the server has said so. */
  async function nurse(isLast = false): Promise<void> {
    const mine = new Map<string, string>()
    let ask: Awaited<ReturnType<typeof askAs>> | undefined
    let at: Product | undefined
    while (isLast ? mine.size > 0 || at === undefined : !isOver() || mine.size > 0) {
      if (!product) {
        await pause(20)
        continue
      }
      try {
        if (at !== product || !ask) ask = await askAs(product.url, 'nurse', PASSWORD)
        at = product
        const { rows } = await ask(followupsApi.queue, { list: 'unclaimed', limit: 20 })
        const fresh = rows.filter((t) => t.stepName === PROGRAMME).map((t) => t.id)
        if (fresh.length > 0) for (const { id } of (await ask(followupsApi.claim, { ids: fresh })).rows) mine.set(id, newId())
        for (const [id, attemptId] of mine) {
          await ask(followupsApi.complete, { id, attemptId, outcome: 'reached', note: '', response: null })
          mine.delete(id)
          done.add(id)
        }
        if (fresh.length === 0) await pause(50)
      } catch (error) {
        if (error instanceof Error && /refused/.test(error.message) && /followups\.(closed|taken|notYours)/.test(error.message))
          mine.clear()
        await pause(50)
      }
    }
  }

  async function breakThings(): Promise<void> {
    const eachOnce: Victim[] = [...victims]
    while (!isOver() || eachOnce.length > 0) {
      await pause(random.int(300, 2000))
      const victim =
        eachOnce.shift() ??
        random.weighted([
          ['server', 4],
          ['both', 2],
          ['database', 2],
          ['destination', 4],
        ] as const)
      kills[victim] += 1
      if (victim === 'destination') {
        await destination.close()
        await pause(random.int(100, 1500))
        await destination.open()
        continue
      }
      const running = product
      if (!running) throw new Error('the product is not there to be killed')
      const gone = killHard(running, victim)
      product = undefined
      await gone
      product = await startProduct(dataDir)
    }
  }
}

async function addDestination({ url }: Product, id: string, port: number): Promise<void> {
  const cookie = await signIn(url, 'system', PASSWORD)
  const body = {
    name: '电子病历',
    host: '127.0.0.1',
    port,
    application: 'EMR',
    facility: '甲院',
    charset: 'utf-8',
    takesFollowups: true,
    takesComplaints: false,
    isActive: true,
  }
  const answer = await fetch(`${url}/api/integration/destinations/${id}`, {
    method: 'PUT',
    headers: { cookie, 'x-renxin': '1', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`the destination was refused: ${await answer.text()}`)
}

/** The other hospital system: takes what is written back, and now and then dies before or after it has taken a message. */
async function makeDestination() {
  const taken: string[] = []
  let server: MllpServer | undefined
  let port = 0
  const open = async () => {
    server ??= await startMllpServer({
      host: '127.0.0.1',
      port,
      answer: async (frame) => {
        const message = frame.kind === 'frame' ? parseMessage(decode(frame.bytes).text) : undefined
        if (!message) return []
        taken.push(message.controlId)
        return [encodeText(buildAck(message, { code: 'AA', controlId: `R${taken.length}`, sentAt: '20261101000000' }), 'utf-8')]
      },
    })
    port = server.port
  }
  await open()
  return {
    taken,
    open,
    get port() {
      return port
    },
    close: async () => {
      await server?.close()
      server = undefined
    },
  }
}

/** Every task that was finished has one message in the outbox, sent, and taken by the other side under the id that is its own, in the order of the line. */
async function inspectOutbound(dataDir: string, done: ReadonlySet<string>, taken: readonly string[]) {
  const rows = async () =>
    askDatabase(dataDir, (ask) => ask('select event_id, object_id, status, seq from integration.outgoing order by seq'))
  for (const until = performance.now() + 120_000; performance.now() < until; await pause(200)) {
    if ((await rows()).every((r) => r.status === 'sent')) break
  }
  const line = await rows()
  const [missing, unsent] = [[...done].filter((id) => !line.some((r) => r.object_id === id)), line.filter((r) => r.status !== 'sent')]
  if (missing.length > 0 || unsent.length > 0)
    throw new Error(`${missing.length} finished tasks are not in the outbox, ${unsent.length} were not sent`)
  if (new Set(line.map((r) => r.object_id)).size !== line.length) throw new Error('a task stands in the outbox twice')
  const first = [...new Set(taken)]
  const expected = line.map((r) => String(r.event_id))
  if (first.join() !== expected.join())
    throw new Error(`the other side took ${first.length} messages, the outbox holds ${expected.length}, or their order differs`)
  return { writtenBack: first.length, repeated: taken.length - first.length }
}
