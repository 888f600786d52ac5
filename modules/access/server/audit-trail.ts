import { addDays, type Input, type Reply } from '@renxin/kernel'
import { blockOf, type Context, isSealed, paged, sql } from '@renxin/server'
import { type AuditEntry, type AuditFilters, accessErrors, type auditApi } from '../contract.ts'
import { db } from './tables.ts'

type Api = typeof auditApi

/** Most of what one request may leave together; more is not shown with one of them. */
const MOST_TOGETHER = 50

/** Whose patient the reader may not see by their class of privacy: the row stays, for the trail is whole, and does not say about whom it is. */
const isProtected = sql<boolean>`(a.patient_id is not null and current_setting('house.veil', true) = 'on' and not house.shows_patient(a.patient_id))`
const unlessProtected = <T>(column: string) => sql<T>`case when not coalesce(${isProtected}, false) then ${sql.ref(column)} end`

const entries = (ctx: Context) =>
  ctx.db
    .selectFrom('house.audit as a')
    .select(['a.id', 'a.at', 'a.actorId', 'a.actorName', 'a.action', 'a.address', 'a.requestId', 'a.refusal'])
    .select([
      unlessProtected<string | null>('a.patientId').as('patientId'),
      unlessProtected<string | null>('a.objectId').as('objectId'),
      unlessProtected<string | null>('a.reason').as('reason'),
      sql<boolean>`coalesce(${isProtected}, false)`.as('isProtected'),
      isSealed('a.id').as('isSealed'),
    ])

/** The rows of the trail that a question is about. */
export function auditQuery(ctx: Context, { actorId, patientId, action, result, address, from, to }: AuditFilters) {
  let query = entries(ctx)
  if (actorId) query = query.where('a.actorId', '=', actorId)
  if (patientId) query = query.where('a.patientId', '=', patientId)
  if (action?.includes('.')) query = query.where('a.action', '=', action)
  else if (action)
    query = query.where('a.action', '>=', `${action}.`).where('a.action', '<', `${action}/`) // '/' follows '.'
  else query = query.where('a.action', '<>', 'access.audit') // reading this list leaves rows too; they are shown when asked for
  if (result) query = query.where('a.refusal', result === 'refused' ? 'is not' : 'is', null)
  if (address) query = query.where('a.address', '=', address)
  if (from) query = query.where('a.at', '>=', ctx.clock.at(from))
  if (to) query = query.where('a.at', '<', ctx.clock.at(addDays(to, 1)))
  return query
}

/** Who did what, the latest first. */
export const listAudit = (ctx: Context, { after, limit, ...filters }: Input<Api['audit']>) =>
  paged(auditQuery(ctx, filters), { after, limit }, ['a.at', 'a.id'], 'desc')

export async function getAuditEntry(ctx: Context, { id }: Input<Api['auditEntry']>): Promise<Reply<Api['auditEntry']>> {
  const found = await entries(ctx).select(unlessProtected<unknown>('a.detail').as('detail')).where('a.id', '=', id).executeTakeFirst()
  if (!found) throw accessErrors.auditEntryNotFound()
  // What is of one request is of one moment, by which it is found; a request's id has no index of its own.
  const together = await entries(ctx)
    .where('a.at', '=', found.at)
    .where('a.requestId', '=', found.requestId)
    .where('a.id', '<>', id)
    .orderBy('a.id')
    .limit(MOST_TOGETHER)
    .execute()
  return { ...asEntry(found), detail: found.detail ?? null, block: await blockOf(ctx, found), together: together.map(asEntry) }
}

const asEntry = <T extends { at: Date }>(row: T): Omit<T, 'at'> & Pick<AuditEntry, 'at'> => ({ ...row, at: row.at.toISOString() })

/** Whose account may be meant: a part of the name that is shown, or of that by which somebody signs in. */
export async function listAuditActors(ctx: Context, { search }: Input<Api['auditActors']>): Promise<Reply<Api['auditActors']>> {
  const rows = await db(ctx)
    .selectFrom('access.users')
    .select(['id', 'name', 'displayName', 'isDisabled'])
    .$if(search !== '', (q) => q.where((e) => e.or([e('name', 'ilike', likely(search)), e('displayName', 'ilike', likely(search))])))
    .orderBy('displayName')
    .orderBy('id')
    .limit(20)
    .execute()
  return { rows }
}

const likely = (text: string) => `%${text.replaceAll(/[%_\\]/g, String.raw`\$&`)}%`
