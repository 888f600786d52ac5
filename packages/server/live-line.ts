import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '@renxin/kernel'
import type pg from 'pg'
import { z } from 'zod'
import { clientFor } from './hosts.ts'
import type { House } from './house.ts'

const CHANNEL = 'renxin_live'
/** Several commits of one moment are told together: a notification costs the database a lock that all who notify share. */
const GATHER_MS = 50
const AGAIN_MS = 1000

const Told = z.object({ from: z.uuid(), hospital: z.int(), modules: z.array(z.string()) })

/** How long a connection lasts: within something, or whoever waits for the connection would wait for its end. */
type Heard = { lasts: Promise<void> }

export type LiveLine = { stop(): Promise<void> }

/**
 * Joins the open pages of this process with the commits of the others on this database: what one announces all hear. What others change of accounts or of the
 * calendar is read anew here, too. When the line was down, everything counts as changed, since nobody knows what was missed.
 */
export async function startLiveLine(house: House, url: string): Promise<LiveLine> {
  const from = newId()
  const waiting = new Map<number, Set<string>>()
  let sending: NodeJS.Timeout | undefined
  let isStopping = false
  let listening: pg.Client | undefined

  const send = async () => {
    sending = undefined
    const told = [...waiting].map(([hospital, modules]) => JSON.stringify({ from, hospital, modules: [...modules] }))
    waiting.clear()
    await house.pool.query(`select pg_notify('${CHANNEL}', told) from unnest($1::text[]) told`, [told]).catch((error: unknown) => {
      house.log.warn({ err: error }, 'the other processes could not be told what changed')
    })
  }
  house.live.carry = (hospital, modules) => {
    const together = waiting.get(hospital) ?? new Set()
    for (const module of modules) together.add(module)
    waiting.set(hospital, together)
    sending ??= setTimeout(() => void send(), GATHER_MS)
  }

  const heed = (hospital: number, modules: readonly string[]) => {
    if (house.authenticator.modules.some((m) => modules.includes(m))) house.actors.clear()
    house.calendars.delete(hospital)
    house.live.hear(hospital, modules)
  }
  const listen = async (): Promise<Heard> => {
    const client = clientFor({
      connectionString: url,
      application_name: 'renxin live',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 10_000,
    })
    const lasts = new Promise<void>((done) => {
      client.on('error', () => done())
      client.on('end', () => done())
    })
    client.on('notification', ({ payload }) => {
      const told = Told.safeParse(parse(payload))
      if (told.success && told.data.from !== from) heed(told.data.hospital, told.data.modules)
    })
    await client.connect()
    listening = client
    await client.query(`listen ${CHANNEL}`)
    return { lasts }
  }
  const listenAgain = async (): Promise<Heard | undefined> => {
    while (!isStopping) {
      await pause(AGAIN_MS)
      const heard = isStopping ? undefined : await listen().catch(() => undefined)
      if (heard) return heard
    }
    return undefined
  }
  const run = async (first: Heard) => {
    for (let heard: Heard | undefined = first; heard; ) {
      await heard.lasts
      if (isStopping) return
      house.log.warn({}, 'the line to the other processes broke and is opened again')
      heard = await listenAgain()
      house.actors.clear()
      const all = house.modules.map((m) => m.name)
      for (const id of house.hospitals.keys()) heed(id, all)
    }
  }
  const running = run(await listen())
  return {
    stop: async () => {
      isStopping = true
      house.live.carry = undefined
      if (sending) {
        clearTimeout(sending)
        await send()
      }
      await listening?.end().catch(() => undefined)
      await running
    },
  }
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined // another program's, on the same channel
  }
}
