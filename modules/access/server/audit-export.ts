import type { Input } from '@renxin/kernel'
import { audit, auditMany, type Context, type FileReply } from '@renxin/server'
import { writeCsv, writeTables } from '@renxin/server/sheet'
import { accessErrors, type auditApi, mostExportedRows } from '../contract.ts'
import { words } from '../words.ts'
import { auditQuery } from './audit-trail.ts'

type Api = typeof auditApi

/** The rows of a question as a file; that they were taken, by whom and why, is in the trail itself, for each patient whom they name and with their number. */
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
  await audit(ctx, { action: 'access.auditExported', reason, detail: { filters, format, rows: rows.length } })
  const moment = (at: Date) => `${ctx.clock.dayOf(at)} ${ctx.clock.timeOf(at)}`
  const columns = [
    words.at,
    words.who,
    words.action,
    words.patientId,
    words.object,
    words.result,
    words.reason,
    words.address,
    words.request,
  ]
  const cells = rows.map((r) => [
    moment(r.at),
    r.actorName,
    r.action,
    r.isProtected ? words.protectedPatient : r.patientId,
    r.objectId,
    r.refusal ?? words.resultName.done,
    r.reason,
    r.address,
    r.requestId,
  ])
  const now = ctx.clock.now()
  const name = `${words.audit} ${ctx.clock.dayOf(now)}.${format}`
  if (format === 'csv') return { name, type: 'text/csv; charset=utf-8', body: writeCsv(columns, cells) }
  const about: [string, string][] = [
    [words.who, ctx.actor.name],
    [words.at, moment(now)],
    [words.reason, reason],
  ]
  const sheet = {
    name: words.audit,
    title: `${ctx.hospital.name} · ${words.audit}`,
    about,
    columns: columns.map((c) => ({ name: c, width: 22 })),
    rows: cells,
  }
  return { name, type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', body: await writeTables([sheet]) }
}
