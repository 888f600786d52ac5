import { addDays, type Input } from '@renxin/kernel'
import { type Context, paged, sql } from '@renxin/server'
import type { accessApi } from '../contract.ts'

type Api = typeof accessApi

/** Who did what, the latest first. */
export function listAudit(ctx: Context, { actorId, patientId, action, from, to, ...cursor }: Input<Api['audit']>) {
  let query = ctx.db
    .selectFrom('house.audit as a')
    .select(['a.id', 'a.at', 'a.actorId', 'a.actorName', 'a.action', 'a.patientId', 'a.objectId', 'a.reason', 'a.address', 'a.requestId'])
    .select(sql<boolean>`a.block is not null`.as('isSealed'))
  if (actorId) query = query.where('a.actorId', '=', actorId)
  if (patientId) query = query.where('a.patientId', '=', patientId)
  if (action?.includes('.')) query = query.where('a.action', '=', action)
  else if (action)
    query = query.where('a.action', '>=', `${action}.`).where('a.action', '<', `${action}/`) // '/' follows '.'
  else query = query.where('a.action', '<>', 'access.audit') // reading this list leaves rows too; they are shown when asked for
  if (from) query = query.where('a.at', '>=', ctx.clock.at(from))
  if (to) query = query.where('a.at', '<', ctx.clock.at(addDays(to, 1)))
  return paged(query, cursor, ['a.at', 'a.id'], 'desc')
}
