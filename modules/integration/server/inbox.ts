import type { Input } from '@renxin/kernel'
import { type Context, paged } from '@renxin/server'
import { type integrationApi, integrationErrors } from '../contract.ts'
import { db } from './tables.ts'

type Api = typeof integrationApi

export function listMessages(ctx: Context, { senderId, status, event, visitNumber, reused, from, to, ...cursor }: Input<Api['messages']>) {
  const [type, code] = event?.includes('^') ? event.split('^') : [undefined, event]
  let query = rowsOf(ctx)
  if (senderId) query = query.where('m.senderId', '=', senderId)
  if (status) query = query.where('m.status', '=', status)
  if (code) query = query.where('m.event', '=', code.toUpperCase())
  if (type) query = query.where('m.type', '=', type.toUpperCase())
  if (visitNumber) query = query.where('m.visitNumber', '=', visitNumber)
  if (reused) query = query.where('m.reusesControlId', '=', true)
  if (from) query = query.where('m.id', '>=', firstIdOf(ctx.clock.at(from)))
  if (to) query = query.where('m.id', '<', firstIdOf(new Date(ctx.clock.at(to).getTime() + 86_400_000)))
  return paged(query, cursor, ['m.id'], 'desc')
}

export async function getMessage(ctx: Context, id: string) {
  const row = await rowsOf(ctx)
    .where('m.id', '=', id)
    .select(['m.charset', 'm.detail', 'm.notes', 'm.attempts', 'm.appliedAt', 'm.mended'])
    .executeTakeFirst()
  if (!row) throw integrationErrors.messageNotFound({ id })
  const { mended, notes, ...rest } = row
  return { ...rest, notes: notes ?? [], isMended: mended !== null }
}

/** The smallest id that is made at this moment: ids are ordered by time, so no other index is needed for days. */
export function firstIdOf(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`
}

const rowsOf = (ctx: Context) =>
  db(ctx)
    .selectFrom('integration.messages as m')
    .innerJoin('integration.senders as s', 's.id', 'm.senderId')
    .select([
      'm.id',
      'm.receivedAt',
      'm.sentAt',
      'm.senderId',
      's.name as senderName',
      'm.type',
      'm.event',
      'm.controlId',
      'm.visitNumber',
      'm.status',
      'm.reason',
      'm.reusesControlId',
      'm.patientId',
      'm.encounterId',
    ])
