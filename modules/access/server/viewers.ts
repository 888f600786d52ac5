import { type Context, paged, sql } from '@renxin/server'

/** Who saw or changed what is of these patients, the latest first, by the audit trail. Whoever asks has made sure that the actor may know. */
export function listViewers(ctx: Context, patientIds: readonly string[], cursor: { after?: string | undefined; limit?: number }) {
  const query = ctx.db
    .selectFrom('house.audit as a')
    .select(['a.id', 'a.at', 'a.actorName', 'a.action', 'a.reason'])
    .where('a.patientId', '=', sql<string>`any(${[...patientIds]}::uuid[])`)
    .where('a.refusal', 'is', null)
  return paged(query, cursor, ['a.at', 'a.id'], 'desc')
}
