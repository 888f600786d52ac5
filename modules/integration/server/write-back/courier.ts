import { MllpClient, readAck } from '@renxin/hl7'
import {
  type Context,
  type House,
  inHospital,
  isClosedAddress,
  isClosedHost,
  listHospitals,
  openLookup,
  openText,
  sql,
  startRounds,
} from '@renxin/server'
import { openLine } from './bodies.ts'
import { type Carried, carryFhir } from './carry-fhir.ts'
import { FhirRequest } from './fhir.ts'
import { TableLine } from './table-line.ts'
import { db } from './tables.ts'

const LOOK_EVERY_MS = 500
const LEASE_SECONDS = 50 // longer than the two requests that a patient's numbers take
const LONGEST_WAIT_SECONDS = 300
const REFUSED_AFTER = 3 // errors of the other side before a line is set aside

type Place = { way: 'hl7'; host: string; port: number; charset: 'utf-8' | 'gb18030' } | Fhir | { way: 'table' }
type Fhir = { way: 'fhir'; baseUrl: string; auth: 'none' | 'bearer' | 'basic'; authUser: string; secret: string }
type Load = { eventId: string; destinationId: string; text: string; attempts: number; place: Place }
type Result = { status: 'sent' | 'refused' | 'waiting'; says: string; answer: string | null; retryAfterSeconds: number }

export type Courier = { stop(): Promise<void> }

/**
 * Carries what waits to its destinations: of each destination the oldest first, one at a time, and no destination waits for another. What is on
 * the way is leased, and the transaction closed before anything leaves the building; a courier that dies is followed by another after the lease,
 * under the same id, by which the receiver knows a repetition.
 */
export function startWriteBack(house: House): Courier {
  const clients = new Map<string, MllpClient>()
  const onTheWay = new Map<string, Promise<void>>()
  const clientOf = (host: string, port: number, charset: 'utf-8' | 'gb18030') => {
    const key = `${host}:${port}:${charset}`
    const known = clients.get(key)
    if (known) return known
    const made = new MllpClient({ host, port, charset, answerTimeoutMs: 20_000, lookup: openLookup })
    clients.set(key, made)
    return made
  }

  const carry = async ({ place, text }: Load): Promise<Carried> => {
    if (place.way === 'hl7' && isClosedHost(place.host)) return CLOSED
    if (place.way === 'hl7') return carryHl7(clientOf(place.host, place.port, place.charset), text)
    if (place.way === 'fhir') return carryFhir(place, FhirRequest.parse(JSON.parse(text)))
    return { outcome: 'sent', says: 'table' } // laid down in the transaction that notes it
  }

  /** The whole line of one destination, until its head is not due. */
  async function drain(hospitalId: number, first: Load): Promise<void> {
    let load: Load | undefined = first
    while (load) {
      const now: Load = load
      const result = resultOf(now, await carry(now))
      load = await inHospital(house, hospitalId, async (ctx) => {
        await note(ctx, now, result)
        return rounds.isStopping() ? undefined : (await lease(ctx, [], now.destinationId))[0]
      })
    }
  }
  const rounds = startRounds(house, { everyMs: LOOK_EVERY_MS, failed: 'the write-back courier failed' }, async () => {
    for (const { id } of await listHospitals(house)) {
      const loads = await inHospital(house, id, (ctx) => lease(ctx, [...onTheWay.keys()]))
      for (const load of loads) {
        const going = drain(id, load)
          .catch((error) => house.log.error({ err: error }, 'the write-back courier failed'))
          .finally(() => onTheWay.delete(load.destinationId))
        onTheWay.set(load.destinationId, going)
      }
    }
    return false // each line goes its own way meanwhile
  })
  return {
    stop: async () => {
      await rounds.stop()
      await Promise.all(onTheWay.values())
      await Promise.all([...clients.values()].map((c) => c.close()))
    },
  }
}

type Leased = {
  eventId: string
  destinationId: string
  body: Buffer | null
  message: string | null
  attempts: number
  way: Place['way']
  host: string
  port: number
  charset: 'utf-8' | 'gb18030'
  baseUrl: string
  auth: Fhir['auth']
  authUser: string
  authSecret: Buffer | null
}

/** The head of each destination's line, where it is due and nobody is on the way with it. */
async function lease(ctx: Context, without: readonly string[], only: string | null = null): Promise<Load[]> {
  const now = ctx.clock.now()
  const { rows } = await sql<Leased>`
    with heads as (
      select h.* from integration.destinations d, lateral (
        select o.destination_id, o.event_id, o.next_at, o.leased_until from integration.outgoing o
        where o.destination_id = d.id and o.status = 'waiting' order by o.seq limit 1) h
      where d.is_active and d.id <> all(${[...without]}::uuid[]) and (${only}::uuid is null or d.id = ${only}::uuid)
    ), due as (
      select o.destination_id, o.event_id from integration.outgoing o join heads h using (destination_id, event_id)
      where h.next_at <= ${now} and (h.leased_until is null or h.leased_until < ${now}) for update of o skip locked
    )
    update integration.outgoing o set leased_until = ${new Date(now.getTime() + LEASE_SECONDS * 1000)}, attempts = o.attempts + 1
    from due join integration.destinations d on d.id = due.destination_id
    where o.destination_id = due.destination_id and o.event_id = due.event_id and o.status = 'waiting'
    returning o.event_id, o.destination_id, o.body, o.message, o.attempts, d.way, d.host, d.port, d.charset, d.base_url, d.auth, d.auth_user, d.auth_secret`.execute(
    ctx.db,
  )
  return rows.map((row) => ({
    eventId: row.eventId,
    destinationId: row.destinationId,
    text: openLine(ctx, row) ?? '',
    attempts: row.attempts,
    place: placeOf(ctx, row),
  }))
}

function placeOf(ctx: Context, { way, host, port, charset, baseUrl, auth, authUser, authSecret }: Leased): Place {
  switch (way) {
    case 'hl7':
      return { way, host, port, charset }
    case 'fhir':
      return { way, baseUrl, auth, authUser, secret: authSecret ? openText(ctx, authSecret) : '' }
    case 'table':
      return { way }
  }
}

const CLOSED: Carried = { outcome: 'passing', says: 'mllp: closedAddress' }

async function carryHl7(client: MllpClient, text: string): Promise<Carried> {
  try {
    const { code, text: why } = readAck(await client.send(text))
    if (code === 'AA' || code === 'CA') return { outcome: 'sent', says: code }
    // An answer to our control id that says neither yes nor no: something is wrong with the other side, not with the line.
    if (!/^[AC][ER]$/.test(code)) return { outcome: 'passing', says: 'mllp: rubbish' }
    return { outcome: code.endsWith('R') ? 'refused' : 'error', says: [code, why].filter(Boolean).join(' ') }
  } catch (error) {
    if (isClosedAddress(error)) return CLOSED
    return { outcome: 'passing', says: error instanceof Error ? error.message : String(error) }
  }
}

function resultOf({ attempts }: Load, { outcome, says, retryAfterSeconds = 0 }: Carried): Result {
  const status = outcome === 'error' && attempts >= REFUSED_AFTER ? 'refused' : outcome
  return {
    status: status === 'sent' || status === 'refused' ? status : 'waiting',
    says,
    answer: outcome === 'passing' ? null : (says.split(' ')[0] ?? null),
    retryAfterSeconds,
  }
}

async function note(ctx: Context, { destinationId, eventId, attempts, place, text }: Load, result: Result): Promise<void> {
  const now = ctx.clock.now()
  const wait = Math.max(Math.min(2 ** Math.min(attempts, 9), LONGEST_WAIT_SECONDS), result.retryAfterSeconds)
  const noted = await db(ctx)
    .updateTable('integration.outgoing')
    .set({
      status: result.status,
      leasedUntil: null,
      sentAt: result.status === 'sent' ? now : null,
      answer: result.answer,
      error: result.status === 'sent' ? null : result.says,
      nextAt: new Date(now.getTime() + wait * 1000),
    })
    .where('destinationId', '=', destinationId)
    .where('eventId', '=', eventId)
    .where('status', '=', 'waiting')
    .executeTakeFirst()
  if (noted.numUpdatedRows > 0n && place.way === 'table') {
    const line = JSON.stringify(TableLine.parse(JSON.parse(text)))
    await sql`select integration.publish(${destinationId}::uuid, ${eventId}::uuid, ${line}::jsonb, ${now}::timestamptz)`.execute(ctx.db)
  }
  ctx.touched.add('integration')
}
