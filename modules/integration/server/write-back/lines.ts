import { parseMessage } from '@renxin/hl7'
import type { Input, Page } from '@renxin/kernel'
import { showName } from '@renxin/patients'
import { auditMany, type Context, paged, sql } from '@renxin/server'
import { type OutgoingText, type writeBackApi, writeBackErrors } from '../../write-back-contract.ts'
import { segmentsOf } from '../mend.ts'
import { openLine } from './bodies.ts'
import { db } from './tables.ts'

type Api = typeof writeBackApi

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
    .select(sql<boolean>`o.body is null and o.message is null`.as('isCleared'))

export async function listOutgoing(ctx: Context, { status, destinationId, kind, ...cursor }: Input<Api['outgoing']>): Promise<Page<Line>> {
  let query = lines(ctx)
  if (status) query = query.where('o.status', '=', status)
  if (destinationId) query = query.where('o.destinationId', '=', destinationId)
  if (kind) query = query.where('o.kind', '=', kind)
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
    .select(['patientId', 'body', 'message'])
    .executeTakeFirst()
  if (!found) throw writeBackErrors.outgoingNotFound({ eventId })
  const text = openLine(ctx, found)
  if (text === null) throw writeBackErrors.textCleared({ eventId })
  const message = parseMessage(text)
  if (message) return { patientId: found.patientId, message: text.replace(/\r\n?/g, '\n'), segments: segmentsOf(message) }
  return { patientId: found.patientId, message: JSON.stringify(JSON.parse(text), null, 2), segments: [] }
}

const AGAIN = { status: 'waiting', attempts: 0, answer: null, error: null } as const

/** Lines of a state of which a later word has gone or is about to go: sent now they would undo it. */
const notOvertaken = sql<boolean>`(o.subject = '' or not exists (
  select from integration.outgoing l where l.destination_id = o.destination_id and l.patient_id = o.patient_id and l.subject = o.subject
    and l.seq > o.seq and l.status <> 'refused'))`

/** A message that the other side refused goes again, after somebody mended the other side. */
export async function sendAgain(ctx: Context, key: Input<Api['sendAgain']>): Promise<Line> {
  const done = await db(ctx)
    .updateTable('integration.outgoing as o')
    .set({ ...AGAIN, nextAt: ctx.clock.now() })
    .where('o.destinationId', '=', key.destinationId)
    .where('o.eventId', '=', key.eventId)
    .where('o.status', '=', 'refused')
    .where(notOvertaken)
    .executeTakeFirst()
  const line = await getLine(ctx, key)
  if (done.numUpdatedRows > 0n) return line
  throw line.status === 'refused'
    ? writeBackErrors.lineOvertaken({ eventId: key.eventId })
    : writeBackErrors.notRefused({ eventId: key.eventId })
}

const MOST_AT_ONCE = 10_000

/** All that one destination refused, in their old order, each with a trace at its patient. */
export async function sendAllAgain(ctx: Context, { destinationId }: Input<Api['sendAllAgain']>): Promise<{ lines: number }> {
  const there = await db(ctx).selectFrom('integration.destinations').where('id', '=', destinationId).select('id').executeTakeFirst()
  if (!there) throw writeBackErrors.destinationNotFound({ id: destinationId })
  const again = await db(ctx)
    .updateTable('integration.outgoing as o')
    .set({ ...AGAIN, nextAt: ctx.clock.now() })
    .where('o.destinationId', '=', destinationId)
    .where('o.eventId', 'in', (e) =>
      e
        .selectFrom('integration.outgoing as r')
        .select('r.eventId')
        .where('r.destinationId', '=', destinationId)
        .where('r.status', '=', 'refused')
        .orderBy('r.seq')
        .limit(MOST_AT_ONCE),
    )
    .where('o.status', '=', 'refused')
    .where(notOvertaken)
    .returning(['o.patientId', 'o.eventId'])
    .execute()
  await auditMany(
    ctx,
    again.map((l) => ({ action: 'integration.sendAgain', patientId: l.patientId, objectId: l.eventId })),
  )
  return { lines: again.length }
}

/** A line that can never be delivered and holds up the others is taken out of the way, by a person who says why. */
export async function setLineAside(ctx: Context, { destinationId, eventId, reason }: Input<Api['setLineAside']>): Promise<Line> {
  const done = await db(ctx)
    .updateTable('integration.outgoing')
    .set({ status: 'refused', error: `aside: ${reason}`, answer: null, leasedUntil: null })
    .where('destinationId', '=', destinationId)
    .where('eventId', '=', eventId)
    .where('status', '=', 'waiting')
    .executeTakeFirst()
  const line = await getLine(ctx, { destinationId, eventId })
  if (done.numUpdatedRows === 0n) throw writeBackErrors.notWaiting({ eventId })
  return line
}
