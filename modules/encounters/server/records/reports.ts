import { readFile } from '@renxin/files'
import type { Input, Page } from '@renxin/kernel'
import { patientVisible } from '@renxin/patients'
import { audit, type Context, type FileReply, paged, sql } from '@renxin/server'
import {
  type ReportCard,
  type ReportFile,
  type ReportItem,
  type ResultTable,
  recordErrors,
  type recordsApi,
  type Trend,
} from '../../records-contract.ts'
import { db } from '../tables.ts'
import type { StoredItem } from './kinds.ts'
import { shownTo, withNames } from './list-records.ts'
import { limitsOf, markOf, tabulate } from './results-table.ts'

type Api = typeof recordsApi

/** So many reports are looked through for the table and for a trend: some years of a person who is ill for long. */
const LOOK_BACK = 400

export async function listReports(ctx: Context, { group, kind, ...input }: Input<Api['reports']>): Promise<Page<ReportCard>> {
  let query = reports(ctx).where(await shownTo(ctx, input))
  if (kind) query = query.where('r.kind', '=', kind)
  if (group) query = query.where('r.kind', group === 'laboratory' ? '=' : '<>', 'laboratory')
  const { rows, next } = await paged(query, input, ['r.happenedAt', 'r.id'], 'desc')
  return { rows: (await withNames(ctx, rows)).map(cardOf), next }
}

export async function getReport(ctx: Context, { id }: Input<Api['report']>): Promise<ReportFile> {
  const [report] = await withNames(ctx, [await findReport(ctx, id)])
  if (!report) throw recordErrors.recordNotFound({ id })
  const hasStudy = Boolean(report.accessionNumber || report.studyUid) && report.status !== 'cancelled'
  return { ...cardOf(report), lines: report.items.map(lineOf), hasImages: hasStudy && (await hasArchive(ctx)) }
}

async function hasArchive(ctx: Context): Promise<boolean> {
  const archive = await db(ctx).selectFrom('encounters.imageArchives').where('isActive', '=', true).select('id').limit(1).executeTakeFirst()
  return archive !== undefined
}

export async function downloadReportFile(ctx: Context, { id }: Input<Api['reportFile']>): Promise<FileReply> {
  const { fileId, patientId } = await findReport(ctx, id)
  if (!fileId) throw recordErrors.noFile({ id })
  await audit(ctx, { action: 'encounters.reportFile', objectId: id, patientId })
  return readFile(ctx, fileId)
}

/** What the laboratory said, one row for each analyte. */
export async function tabulateResults(ctx: Context, { days, ...input }: Input<Api['results']>): Promise<ResultTable> {
  const rows = await db(ctx)
    .selectFrom('encounters.reports as r')
    .where(await shownTo(ctx, input))
    .where('r.kind', '=', 'laboratory')
    .where('r.status', '<>', 'cancelled')
    .orderBy('r.happenedAt', 'desc')
    .orderBy('r.id', 'desc')
    .select(['r.id', 'r.title', 'r.happenedAt', 'r.items'])
    .limit(LOOK_BACK)
    .execute()
  return { patientId: input.patientId, ...tabulate(rows, days, ctx.clock.dayOf) }
}

/** How one analyte went, oldest first: every value that is a number. */
export async function drawTrend(ctx: Context, { patientId, analyte }: Input<Api['trend']>): Promise<Trend> {
  const { rows } = await sql<StoredItem & { at: Date }>`
    select i.code, i.name, i.value, i.amount, i.unit, i.range, i.flag, coalesce(i."observedAt", r.happened_at) as at
      from encounters.reports r
     cross join lateral jsonb_to_recordset(r.items) as i (
             code text, name text, value text, amount double precision, unit text, range text, flag text, "observedAt" timestamptz)
     where ${await shownTo(ctx, { patientId })} and r.kind = 'laboratory' and r.status <> 'cancelled'
       and coalesce(nullif(i.code, ''), i.name) = ${analyte} and i.amount is not null
     order by r.happened_at desc, r.id desc
     limit ${sql.lit(LOOK_BACK)}`.execute(ctx.db)
  const latest = rows[0]
  return {
    patientId,
    analyte,
    name: latest?.name ?? analyte,
    unit: latest?.unit ?? null,
    ...limitsOf(latest?.range ?? null),
    points: rows
      .flatMap(({ at, amount, value, flag }) => (amount === null ? [] : [{ at: at.toISOString(), amount, value, mark: markOf(flag) }]))
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
  }
}

const reports = (ctx: Context) => db(ctx).selectFrom('encounters.reports as r').selectAll('r')

/** A report that the actor may see; refuses alike where there is none and where it is not for them. */
export async function findReport(ctx: Context, id: string) {
  const row = await reports(ctx).where('r.id', '=', id).where(patientVisible(ctx, 'r.patientId')).executeTakeFirst()
  if (!row) throw recordErrors.recordNotFound({ id })
  return row
}

type NamedReport = Awaited<ReturnType<typeof withNames<Awaited<ReturnType<typeof findReport>>>>>[number]

const cardOf = (r: NamedReport): ReportCard => ({
  ...r,
  happenedAt: r.happenedAt.toISOString(),
  reportedAt: r.reportedAt?.toISOString() ?? null,
  isCritical: r.hasCritical,
  items: r.items.filter((i) => i.status !== 'withdrawn').length,
  abnormalItems: r.items.filter((i) => markOf(i.flag) !== null).length,
  link: r.link && /^https?:\/\//i.test(r.link) ? r.link : null,
  hasFile: r.fileId !== null,
})

export const lineOf = ({ status, former = [], ...item }: StoredItem): ReportItem => ({
  ...item,
  mark: markOf(item.flag),
  status: status ?? null,
  former: former.map(({ flag, ...f }) => ({ ...f, mark: markOf(flag) })),
})
