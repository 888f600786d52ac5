import { setTimeout as pause } from 'node:timers/promises'
import { accessApi } from '@renxin/access/contract'
import { askAs, type Product, runCommand } from '@renxin/app-server/testing'
import { feedbackApi } from '@renxin/feedback/contract'
import { followupsApi } from '@renxin/followups/contract'
import { newId, type Route } from '@renxin/kernel'
import { patientsApi } from '@renxin/patients/contract'
import { residentMegabytes } from './hl7-rubbish.ts'
import { openMemory } from './memory.ts'
import { makeSender, messageOf, type Sent, staysOf } from './senders.ts'

/*
 * A hospital of 10,000 outpatients a day at its burst, for as long as is asked: 5 messages a second, and 50 of its staff who read 0.2 times a second each. These are the
 * figures of the plan behind docs/operations.md, "How large"; a follow-up is finished every 8 s and something noted every 15 s. Before that some minutes of haste, after
 * which the server is as warm as on any other day: what is often run has been compiled by then.
 */
const MESSAGES_A_SECOND = 5
const SENDERS = 5
const WARD = 12
const STAFF = 10
const READS_A_SECOND = 10
const FINISHED_EVERY_MS = 8000
const NOTED_EVERY_MS = 15_000
const WARM_UP_SECONDS = 180
const HASTE = { messages: 8, reads: 2 } // of reads more would be refused: a person who looks up so much is no person
const COLLECTED_EVERY_MS = 10_000
const PASSWORD = 'Renxin-proof-1'

type Minute = { readsMs: number[]; messagesMs: number[]; leastMegabytes: number; residentMegabytes: number }

export type Soak = {
  sent: Sent[]
  stays: number
  reads: number
  /** Of each minute: the 95th percentile of reads and of messages, the least that the server held after a collection, and what the system had given it then. */
  minutes: { readsMs: number; messagesMs: number; megabytes: number; residentMegabytes: number }[]
  /** How much of its memory it gains in an hour, by a line through the least of each minute after the first third. */
  percentAnHour: number
  /** The p95 of reads in the last third of the time, by that of the middle one. */
  readsLater: number
  seconds: number
}

/** The product must have been started with `inspectedOn(port)`. */
export async function soak(product: Product, dataDir: string, { seconds, port }: { seconds: number; port: number }): Promise<Soak> {
  await runCommand(dataDir, ['hospital', 'create', '--name', '仁心演练医院'])
  await runCommand(dataDir, ['user', 'create', '--name', 'nurse', '--role', 'followupNurse', '--password', PASSWORD])
  const memory = await openMemory(port)
  const minutes: Minute[] = []
  const emptyMinute = (): Minute => ({ readsMs: [], messagesMs: [], leastMegabytes: Number.POSITIVE_INFINITY, residentMegabytes: 0 })
  const began = performance.now() + WARM_UP_SECONDS * 1000
  const isWarm = () => performance.now() >= began
  const isOver = () => performance.now() > began + seconds * 1000
  const minute = (): Minute => {
    if (!isWarm()) return emptyMinute() // of what nobody asks
    const nth = Math.floor((performance.now() - began) / 60_000)
    minutes[nth] ??= emptyMinute()
    return minutes[nth]
  }
  const timed = async (of: 'readsMs' | 'messagesMs', work: () => Promise<unknown>) => {
    const from = performance.now()
    await work()
    minute()[of].push(performance.now() - from)
  }
  const sent: Sent[] = []
  let stays = 0
  let reads = 0
  await Promise.all([
    ...Array.from({ length: SENDERS }, (_, i) => sendStays(i)),
    ...Array.from({ length: STAFF }, () => read()),
    finish(),
    watch(),
  ])
  memory.close()
  minutes.length = Math.floor(seconds / 60) // what ended later is of no whole minute
  const third = Math.floor(minutes.length / 3)
  const later = minutes.slice(2 * third).flatMap((m) => m.readsMs)
  const middle = minutes.slice(third, 2 * third).flatMap((m) => m.readsMs)
  return {
    sent,
    stays,
    reads,
    minutes: minutes.map((m) => ({
      readsMs: p95(m.readsMs),
      messagesMs: p95(m.messagesMs),
      megabytes: Math.round(m.leastMegabytes * 10) / 10,
      residentMegabytes: Math.round(m.residentMegabytes),
    })),
    percentAnHour: growthAnHour(minutes.slice(third).map((m) => m.leastMegabytes)),
    readsLater: p95(later) / p95(middle),
    seconds: (performance.now() - began) / 1000,
  }

  async function sendStays(sender: number): Promise<void> {
    const { send, close } = makeSender(() => product)
    const beat = everyMs(() => (SENDERS * 1000) / MESSAGES_A_SECOND / (isWarm() ? 1 : HASTE.messages))
    for (const { stay, event } of staysOf(WARD, isOver)) {
      if (event === 'A01') stays += 1
      const message = messageOf(sender, stay, event)
      sent.push(message)
      if (!isOver()) await beat()
      await timed('messagesMs', () => send(message))
    }
    await close()
  }

  /** What people have open: their list of tasks, opinions, patients, one of them, and who they are. */
  async function read(): Promise<void> {
    const ask = await askAs(product.url, 'nurse', PASSWORD)
    const beat = everyMs(() => (STAFF * 1000) / READS_A_SECOND / (isWarm() ? 1 : HASTE.reads))
    const pages: [Route, object][] = [
      [followupsApi.queue, { list: 'unclaimed', limit: 20 }],
      [feedbackApi.list, { limit: 20 }],
      [patientsApi.list, { limit: 20 }],
      [patientsApi.search, { q: '患者1' }],
      [accessApi.me, {}],
    ]
    for (let nth = 0; !isOver(); nth += 1) {
      const [route, input] = pages[nth % pages.length] ?? [accessApi.me, {}]
      await beat()
      await timed('readsMs', () => ask(route, input))
      reads += 1
    }
  }

  async function finish(): Promise<void> {
    const ask = await askAs(product.url, 'nurse', PASSWORD)
    for (let nextNote = performance.now(); !isOver(); ) {
      await pause(FINISHED_EVERY_MS)
      const { rows } = await ask(followupsApi.queue, { list: 'unclaimed', limit: 20 })
      const visit = rows.find((t) => t.stepName === '床旁访视')
      if (visit) await finishOne(ask, visit.id)
      if (performance.now() < nextNote) continue
      await ask(feedbackApi.record, { id: newId(), kind: 'praise', text: '护士很耐心', source: 'call' })
      nextNote = performance.now() + NOTED_EVERY_MS
    }
  }

  /** One that was closed meanwhile, because its patient went home, is no fault. */
  async function finishOne(ask: Awaited<ReturnType<typeof askAs>>, id: string): Promise<void> {
    try {
      await ask(followupsApi.claim, { ids: [id] })
      await ask(followupsApi.complete, { id, attemptId: newId(), outcome: 'reached', note: '', response: null })
    } catch (error) {
      if (!String(error).includes('followups.closed')) throw error
    }
  }

  async function watch(): Promise<void> {
    while (!isOver()) {
      const held = await memory.held()
      const now = minute()
      now.leastMegabytes = Math.min(now.leastMegabytes, held)
      now.residentMegabytes = await residentMegabytes(product)
      await pause(COLLECTED_EVERY_MS)
    }
  }
}

/** Comes back once for each of its turns; one that came late is not made up for. */
function everyMs(ms: () => number): () => Promise<void> {
  let next = performance.now() + Math.random() * ms()
  return async () => {
    await pause(Math.max(0, next - performance.now()))
    next = Math.max(next + ms(), performance.now())
  }
}

const p95 = (all: readonly number[]): number => {
  const sorted = all.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.floor(sorted.length * 0.95)] ?? 0) * 10) / 10
}

/** Least squares through one value a minute, as percents of where the line begins. */
function growthAnHour(values: readonly number[]): number {
  const n = values.length
  if (n < 2) return 0
  const meanX = (n - 1) / 2
  const meanY = values.reduce((a, b) => a + b, 0) / n
  const slope = values.reduce((sum, y, x) => sum + (x - meanX) * (y - meanY), 0) / values.reduce((sum, _, x) => sum + (x - meanX) ** 2, 0)
  return (slope * 60 * 100) / (meanY - slope * meanX)
}
