import type { Input } from '@renxin/kernel'
import { auditMany, type Context, type FileReply } from '@renxin/server'
import { exportTables } from '@renxin/server/export'
import { type AuditFilters, accessErrors, auditApi, mostExportedRows } from '../contract.ts'
import { words } from '../words.ts'
import { auditQuery } from './audit-trail.ts'
import { db } from './tables.ts'

type Api = typeof auditApi

/** The rows of a question as a file; that they were taken, by whom and why, is in the trail itself, for each patient whom they name. */
export async function exportAudit(ctx: Context, input: Input<Api['exportAudit']>): Promise<FileReply> {
  const { format, reason, ...filters } = input
  const rows = await auditQuery(ctx, filters)
    .orderBy('a.at', 'desc')
    .orderBy('a.id', 'desc')
    .limit(mostExportedRows + 1)
    .execute()
  if (rows.length > mostExportedRows) throw accessErrors.tooManyRows({ most: mostExportedRows })
  const patientIds = [...new Set(rows.flatMap((r) => r.patientId ?? []))]
  await auditMany(ctx, patientIds.map((patientId) => ({ action: 'access.exportAudit', patientId, reason }))) // biome-ignore format: one thought
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
  return exportTables(ctx, {
    route: auditApi.exportAudit,
    title: words.audit,
    fileName: `${words.audit} ${ctx.clock.today()}`,
    format,
    reason,
    filters: await filtersInWords(ctx, filters),
    tables: [table],
  })
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
