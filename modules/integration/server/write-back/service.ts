import { parseMessage } from '@renxin/hl7'
import type { Input, Page } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { type Context, paged, sql } from '@renxin/server'
import { type OutgoingText, type writeBackApi, writeBackErrors } from '../../write-back-contract.ts'
import { segmentsOf } from '../mend.ts'
import { db } from './tables.ts'

type Api = typeof writeBackApi

type DestinationRow = {
  id: string
  name: string
  host: string
  port: number
  application: string
  facility: string
  charset: 'utf-8' | 'gb18030'
  takesFollowups: boolean
  takesComplaints: boolean
  isActive: boolean
  waiting: number
  waitingSince: Date | null
  refused: number
  lastSentAt: Date | null
  lastError: string | null
}

export async function listDestinations(ctx: Context): Promise<{ rows: DestinationRow[] }> {
  const { rows } = await sql<DestinationRow>`
    select d.id, d.name, d.host, d.port, d.application, d.facility, d.charset, d.takes_followups, d.takes_complaints, d.is_active,
           (select count(*)::int from (select from integration.outgoing o where o.destination_id = d.id and o.status = 'waiting' limit 10000) w) as waiting,
           head.created_at as waiting_since,
           (select count(*)::int from integration.outgoing o where o.destination_id = d.id and o.status = 'refused') as refused,
           (select o.sent_at from integration.outgoing o where o.destination_id = d.id and o.status = 'sent' order by o.seq desc limit 1) as last_sent_at,
           head.error as last_error
    from integration.destinations d
    left join lateral (select o.created_at, o.error from integration.outgoing o
      where o.destination_id = d.id and o.status = 'waiting' order by o.seq limit 1) head on true
    order by d.name limit 200`.execute(ctx.db)
  return { rows }
}

export async function saveDestination(ctx: Context, destination: Input<Api['saveDestination']>): Promise<DestinationRow> {
  const { id, ...fields } = destination
  const taken = await db(ctx)
    .selectFrom('integration.destinations')
    .where('name', '=', fields.name)
    .where('id', '<>', id)
    .select('id')
    .executeTakeFirst()
  if (taken) throw writeBackErrors.destinationNameTaken({ name: fields.name })
  await db(ctx)
    .insertInto('integration.destinations')
    .values(destination)
    .onConflict((c) => c.constraint('destinations_pkey').doUpdateSet(fields))
    .execute()
  // Whoever has put an address right does not wait for the pause after the last try.
  const now = ctx.clock.now()
  await db(ctx)
    .updateTable('integration.outgoing')
    .set({ nextAt: now })
    .where('destinationId', '=', id)
    .where('status', '=', 'waiting')
    .where('nextAt', '>', now)
    .execute()
  const saved = (await listDestinations(ctx)).rows.find((d) => d.id === id)
  if (!saved) throw writeBackErrors.outgoingNotFound({ id })
  return saved
}

const lines = (ctx: Context) =>
  db(ctx)
    .selectFrom('integration.outgoing as o')
    .innerJoin('integration.destinations as d', 'd.id', 'o.destinationId')
    .innerJoin('patients.cards as p', 'p.id', 'o.patientId')
    .select([
      'o.eventId',
      'o.destinationId',
      'd.name as destinationName',
      'o.kind',
      'o.objectId',
      'o.patientId',
      'p.name as patientName',
      'o.status',
    ])
    .select(['o.createdAt', 'o.nextAt', 'o.sentAt', 'o.attempts', 'o.answer', 'o.error'])

export async function listOutgoing(ctx: Context, { status, destinationId, ...cursor }: Input<Api['outgoing']>): Promise<Page<Line>> {
  let query = lines(ctx)
  if (status) query = query.where('o.status', '=', status)
  if (destinationId) query = query.where('o.destinationId', '=', destinationId)
  const { rows, next } = await paged(query, cursor, ['o.seq'], 'desc')
  return { rows: rows.map((r) => shown(ctx, r)), next }
}

type Line = Awaited<ReturnType<ReturnType<typeof lines>['execute']>>[number]
const shown = (ctx: Context, line: Line): Line => ({ ...line, patientName: showName(ctx, line.patientName) })

type Key = Input<Api['outgoingLine']>

export async function getLine(ctx: Context, { destinationId, eventId }: Key): Promise<Line> {
  const line = await lines(ctx).where('o.destinationId', '=', destinationId).where('o.eventId', '=', eventId).executeTakeFirst()
  if (!line) throw writeBackErrors.outgoingNotFound({ eventId })
  return shown(ctx, line)
}

/** What is sent, whole: names and answers of a person, so only for those who mend. */
export async function readOutgoing(ctx: Context, { destinationId, eventId }: Key): Promise<OutgoingText> {
  const found = await db(ctx)
    .selectFrom('integration.outgoing')
    .where('destinationId', '=', destinationId)
    .where('eventId', '=', eventId)
    .select(['patientId', 'message'])
    .executeTakeFirst()
  if (!found) throw writeBackErrors.outgoingNotFound({ eventId })
  const message = parseMessage(found.message)
  return { patientId: found.patientId, message: found.message.replace(/\r\n?/g, '\n'), segments: message ? segmentsOf(message) : [] }
}

/** A message that the other side refused goes again, after somebody mended the other side. */
export async function sendAgain(ctx: Context, key: Input<Api['sendAgain']>): Promise<Line> {
  const done = await db(ctx)
    .updateTable('integration.outgoing')
    .set({ status: 'waiting', attempts: 0, nextAt: ctx.clock.now(), answer: null, error: null })
    .where('destinationId', '=', key.destinationId)
    .where('eventId', '=', key.eventId)
    .where('status', '=', 'refused')
    .executeTakeFirst()
  const line = await getLine(ctx, key)
  if (done.numUpdatedRows === 0n) throw writeBackErrors.notRefused({ eventId: key.eventId })
  return line
}
