import type { ExportWaits, Input } from '@renxin/kernel'
import { auditMany, type Context, type FileReply } from '@renxin/server'
import { exportLimits, exportTables, releasedAsOf } from '@renxin/server/export'
import { type AuditFilters, auditApi } from '../contract.ts'
import { words } from '../words.ts'
import { auditQuery } from './audit-trail.ts'
import { db } from './tables.ts'

type Api = typeof auditApi

/** The rows of a question as a file; that they were taken, by whom and why, is in the trail itself, for each patient whom they name. */
export async function exportAudit(ctx: Context, input: Input<Api['exportAudit']>): Promise<FileReply | ExportWaits> {
  const { format, reason, ...filters } = input
  const { mostRows } = await exportLimits(ctx)
  const asOf = ctx.clock.now()
  const released = await releasedAsOf(ctx, { route: auditApi.exportAudit, asked: filters })
  const rows = await auditQuery(ctx, filters)
    .$if(released !== undefined, (q) => q.where('a.at', '<', released ?? asOf))
    .orderBy('a.at', 'desc')
    .orderBy('a.id', 'desc')
    .limit(mostRows + 1) // one more is more than anybody may take
    .execute()
  const { at, who, action, patientId, object, result, address, request } = words
  const table = {
    name: words.audit,
    columns: [at, who, action, patientId, object, result, words.reason, address, request].map((name) => ({ name, width: 22 })),
    rows: rows.map((r) => [
      `${ctx.clock.dayOf(r.at)} ${ctx.clock.timeOf(r.at)}`,
      r.actorName,
      r.action,
      r.isProtected ? words.protectedPatient : r.patientId,
      r.objectId,
      r.refusal ?? words.resultName.done,
      r.reason,
      r.address,
      r.requestId,
    ]),
  }
  const reply = await exportTables(ctx, {
    route: auditApi.exportAudit,
    title: words.audit,
    fileName: `${words.audit} ${ctx.clock.today()}`,
    format,
    reason,
    asked: filters,
    asOf,
    filters: await filtersInWords(ctx, filters),
    tables: [table],
  })
  const patientIds = 'body' in reply ? [...new Set(rows.flatMap((r) => r.patientId ?? []))] : [] // what waits has been seen by nobody
  await auditMany(ctx, patientIds.map((patientId) => ({ action: 'access.exportAudit', patientId, reason }))) // biome-ignore format: one thought
  return reply
}

/** What was asked, as it stands in the file. Which patient it was about is not said: the rows of the trail say it to whoever may see it. */
async function filtersInWords(ctx: Context, { actorId, patientId, action, result, address, from, to }: AuditFilters) {
  const actor = actorId
    ? await db(ctx).selectFrom('access.users').where('id', '=', actorId).select('displayName').executeTakeFirst()
    : undefined
  const asked: [string, string | undefined][] = [
    [words.who, actorId && (actor?.displayName ?? words.chosenActor)],
    [words.whom, patientId && words.onePatient],
    [words.action, action],
    [words.result, result && words.resultName[result]],
    [words.address, address],
    [words.days, from || to ? `${from ?? ''} ~ ${to ?? ''}` : undefined],
  ]
  return asked.flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : []))
}
