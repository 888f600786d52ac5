import { MllpClient, readAck } from '@renxin/hl7'
import { type Context, type House, inHospital, listHospitals, sql } from '@renxin/server'
import { db } from './tables.ts'

const LOOK_EVERY_MS = 500
const LEASE_SECONDS = 60
const LONGEST_WAIT_SECONDS = 300
const REFUSED_AFTER = 3 // answers AE or CE before a message is set aside

type Load = {
  eventId: string
  destinationId: string
  message: string
  attempts: number
  host: string
  port: number
  charset: 'utf-8' | 'gb18030'
}
type Result = { status: 'sent'; answer: string } | { status: 'refused' | 'waiting'; error: string; answer?: string }

export type Courier = { stop(): Promise<void> }

/**
 * Carries what waits to its destinations: of each destination the oldest first, one at a time. What is on the way is leased, and the
 * transaction closed before anything leaves the building; a courier that dies is followed by another after the lease, with the same
 * control id, by which the receiver knows a repetition.
 */
export function startWriteBack(house: House): Courier {
  const clients = new Map<string, MllpClient>()
  let isStopping = false
  let wake = () => {}
  const clientOf = ({ host, port, charset }: Load) => {
    const key = `${host}:${port}:${charset}`
    const known = clients.get(key)
    if (known) return known
    const made = new MllpClient({ host, port, charset, answerTimeoutMs: 20_000 })
    clients.set(key, made)
    return made
  }

  async function round(): Promise<number> {
    let carried = 0
    for (const { id } of await listHospitals(house)) {
      const loads = await inHospital(house, id, lease)
      const results = await Promise.all(loads.map(async (load) => ({ load, result: await carry(clientOf(load), load) })))
      for (const { load, result } of results) await inHospital(house, id, (ctx) => note(ctx, load, result))
      carried += results.filter(({ result }) => result.status === 'sent').length
    }
    return carried
  }
  async function run() {
    while (!isStopping) {
      const carried = await round().catch((error) => {
        house.log.error({ err: error }, 'the write-back courier failed')
        return 0
      })
      if (carried > 0 || isStopping) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_EVERY_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const running = run()
  return {
    stop: async () => {
      isStopping = true
      wake()
      await running
      await Promise.all([...clients.values()].map((c) => c.close()))
    },
  }
}

/** The head of each destination's line, where it is due and nobody is on the way with it. */
async function lease(ctx: Context): Promise<Load[]> {
  const now = ctx.clock.now()
  const { rows } = await sql<Load>`
    with heads as (
      select distinct on (o.destination_id) o.destination_id, o.event_id, o.next_at, o.leased_until
      from integration.outgoing o where o.status = 'waiting' order by o.destination_id, o.seq
    ), due as (
      select o.destination_id, o.event_id from integration.outgoing o join heads h using (destination_id, event_id)
      where h.next_at <= ${now} and (h.leased_until is null or h.leased_until < ${now}) for update of o skip locked
    )
    update integration.outgoing o set leased_until = ${new Date(now.getTime() + LEASE_SECONDS * 1000)}, attempts = o.attempts + 1
    from due join integration.destinations d on d.id = due.destination_id
    where o.destination_id = due.destination_id and o.event_id = due.event_id and d.is_active
    returning o.event_id as "eventId", o.destination_id as "destinationId", o.message, o.attempts, d.host, d.port, d.charset`.execute(
    ctx.db,
  )
  return rows
}

async function carry(client: MllpClient, { message, attempts }: Load): Promise<Result> {
  try {
    const { code, text } = readAck(await client.send(message))
    if (code === 'AA' || code === 'CA') return { status: 'sent', answer: code }
    const error = [code, text].filter(Boolean).join(' ')
    return { status: code.endsWith('R') || attempts >= REFUSED_AFTER ? 'refused' : 'waiting', error, answer: code }
  } catch (error) {
    return { status: 'waiting', error: error instanceof Error ? error.message : String(error) }
  }
}

async function note(ctx: Context, { destinationId, eventId, attempts }: Load, result: Result): Promise<void> {
  const now = ctx.clock.now()
  const wait = Math.min(2 ** Math.min(attempts, 9), LONGEST_WAIT_SECONDS)
  await db(ctx)
    .updateTable('integration.outgoing')
    .set({
      status: result.status,
      leasedUntil: null,
      sentAt: result.status === 'sent' ? now : null,
      answer: result.answer ?? null,
      error: result.status === 'sent' ? null : result.error,
      nextAt: new Date(now.getTime() + wait * 1000),
    })
    .where('destinationId', '=', destinationId)
    .where('eventId', '=', eventId)
    .where('status', '=', 'waiting')
    .execute()
  ctx.touched.add('integration')
}
