import type { Input } from '@renxin/kernel'
import { findPatientIds } from '@renxin/patients'
import { type Context, paged, sql } from '@renxin/server'
import { type Cause, type integrationApi, integrationErrors } from '../contract.ts'
import { db } from './tables.ts'

type Api = typeof integrationApi
const MOST_COUNTED = 10_000

const MOST_VISITS = 200
const MOST_PEOPLE = 5

export async function listMessages(
  ctx: Context,
  { senderId, patientId, status, cause, event, number, noted, byHand, reused, from, to, ...cursor }: Input<Api['messages']>,
) {
  const [type, code] = kindOf(event)
  let query = rowsOf(ctx)
  if (senderId) query = query.where('m.senderId', '=', senderId)
  if (status === 'unsettled') query = query.where('m.status', 'in', ['waiting', 'failed'])
  else if (status) query = query.where('m.status', '=', status)
  if (cause === 'notes') query = query.where('m.notes', 'is not', null)
  else if (cause) query = query.where('m.reason', '=', cause)
  if (code) query = query.where('m.event', '=', code.toUpperCase())
  if (type) query = query.where('m.type', '=', type.toUpperCase())
  if (number) query = query.where('m.id', 'in', numbered(number, await idsOfRecord(ctx, number)))
  if (patientId) query = query.where('m.id', 'in', ofPatients([patientId]))
  if (noted) query = query.where('m.notes', 'is not', null)
  if (byHand) query = query.where('m.mendedBy', 'is not', null)
  if (reused) query = query.where('m.reusesControlId', '=', true)
  if (from) query = query.where('m.id', '>=', firstIdOf(ctx.clock.at(from)))
  if (to) query = query.where('m.id', '<', firstIdOf(new Date(ctx.clock.at(to).getTime() + 86_400_000)))
  return paged(query, cursor, ['m.id'], 'desc')
}

/** `ADT^A08`, or the event or the type alone. */
function kindOf(event: string | undefined): [type: string | undefined, event: string | undefined] {
  if (!event) return [undefined, undefined]
  const [first, second] = event.split('^')
  if (second !== undefined) return [first, second]
  return /^[A-Za-z]\d\d$/.test(event) ? [undefined, event] : [event, undefined]
}

/** A medical record number is its patient's. */
const idsOfRecord = (ctx: Context, number: string) =>
  findPatientIds(ctx, { identifier: { system: null, value: number }, limit: MOST_PEOPLE })

/** The messages of a visit, of a control id or of a patient's record number, each found by an index of its own. */
const numbered = (number: string, patientIds: readonly string[]) => sql<string>`(
  select v.id from integration.messages v where v.visit_number = ${number}
  union all
  select c.id from integration.senders s join integration.messages c on c.sender_id = s.id and c.control_id = ${number}
  union all
  ${ofPatients(patientIds)})`

/** The messages of these patients: those of their visits, and those of no visit. */
const ofPatients = (ids: readonly string[]) => sql<string>`(
  select v.id from integration.messages v where v.visit_number = any(array(
    select e.number from encounters.cards e where e.patient_id = any(${[...ids]}::uuid[]) order by e.admitted_at desc limit ${sql.lit(MOST_VISITS)}))
  union all
  select p.id from integration.messages p where p.patient_id = any(${[...ids]}::uuid[]) and p.visit_number is null)`

/** What is to be settled, by its cause, the most frequent first. */
export async function listCauses(
  ctx: Context,
  { senderId }: Input<Api['causes']>,
): Promise<{ rows: { cause: Cause; messages: number }[] }> {
  const ofSender = sql`(${senderId ?? null}::uuid is null or m.sender_id = ${senderId ?? null}::uuid)`
  const { rows } = await sql<{ cause: Cause; messages: number }>`
    select u.reason as cause, count(*)::int as messages from (
      select m.reason from integration.messages m where m.status in ('waiting', 'failed') and ${ofSender} limit ${MOST_COUNTED}) u group by 1
    union all
    select 'notes', count(*)::int from (
      select from integration.messages m where m.notes is not null and m.status = 'applied' and ${ofSender} limit ${MOST_COUNTED}) n having count(*) > 0
    order by messages desc, cause`.execute(ctx.db)
  return { rows }
}

export async function getMessage(ctx: Context, id: string) {
  const row = await rowsOf(ctx)
    .where('m.id', '=', id)
    .select([
      'm.charset',
      'm.detail',
      'm.notes',
      'm.attempts',
      'm.appliedAt',
      'm.mended',
      'm.mendedByName as mendedBy',
      'm.mendedAt',
      'm.mendReason',
    ])
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
      sql<boolean>`m.notes is not null`.as('hasNotes'),
      'm.reusesControlId',
      'm.patientId',
      'm.encounterId',
    ])
