import type { ExportWaits, Input } from '@renxin/kernel'
import type { Context, FileReply } from '@renxin/server'
import { type ExportTable, exportTables } from '@renxin/server/export'
import { type RevisitDimension, type RevisitRow, type Revisits, revisitDimensions, revisitsApi } from '../../contract.ts'
import { chapterName, words } from '../../words.ts'
import { getRevisits } from './figures.ts'
import { isRatingHidden } from './ratings.ts'
import { figureCells, figureColumns } from './sheet.ts'

const t = words.revisits

/** The rates as a file: all in all with how they are reckoned, by department, by doctor, by chapter, and month by month. */
export async function exportRevisits(
  ctx: Context,
  { format, reason, ...input }: Input<(typeof revisitsApi)['exportRevisits']>,
): Promise<FileReply | ExportWaits> {
  const parts: { by: RevisitDimension; of: Revisits }[] = []
  const shown = revisitDimensions.filter((by) => by !== 'doctor' || !isRatingHidden(ctx))
  for (const by of shown) parts.push({ by, of: await getRevisits(ctx, { ...input, by }) })
  const [{ of: whole } = { of: undefined }] = parts
  if (!whole) throw new Error('there is always a dimension')
  const { fromMonth, toMonth } = whole.period
  const title = `${t.title} · ${t.kind[input.kind]}`
  return exportTables(ctx, {
    route: revisitsApi.exportRevisits,
    title,
    fileName: `${title} ${fromMonth} ~ ${toMonth}`,
    format,
    reason,
    asked: input,
    filters: [[words.filters, `${fromMonth} ~ ${toMonth} · ${t.dueUntil({ day: whole.period.dueUntil })}`]],
    tables: [summary(whole, input.kind), ...parts.map(({ by, of }) => tableOf(by, of.rows)), months(whole)],
  })
}

const tableOf = (by: RevisitDimension, rows: readonly RevisitRow[]): ExportTable => ({
  name: t.by[by],
  columns: [{ name: t.dimension[by], width: 28 }, { name: t.doctorNumber }, ...figureColumns, { name: t.leftOut, as: 'count' }],
  rows: rows.map((r) => [nameOfRow(r), r.doctorNumber, ...figureCells(r.figure), r.leftOut]),
})

const nameOfRow = (r: RevisitRow): string => (r.chapter === null ? (r.name ?? words.unknownUnit) : chapterName(r.chapter))

const summary = ({ total, leftOut, threshold, period }: Revisits, kind: 'discharged' | 'outpatient'): ExportTable => ({
  name: t.title,
  columns: [{ name: words.figure, width: 24 }, { name: words.value }, { name: words.definition, width: 100 }],
  rows: [
    [t.rate, percent(total.share), t.means[kind]],
    [words.interval, `${percent(total.low)} ~ ${percent(total.high)}`, t.means.interval],
    [t.expectedRate, percent(total.expectedShare), t.means.expected({ from: period.reference.fromMonth, to: period.reference.toMonth })],
    [t.ratio, total.ratio === null ? null : total.ratio.toFixed(2), t.means.ratio],
    [t.threshold, percent(threshold), t.means.alarm],
    [t.base, String(total.base), null],
    [t.state.died, String(leftOut.died), null],
    [t.state.transferred, String(leftOut.transferred), null],
    [t.state.readmitted, String(leftOut.readmitted), null],
    [t.state.notYet, String(leftOut.notYet), null],
  ],
})

const percent = (share: number | null) => (share === null ? '—' : `${(share * 100).toFixed(1)}%`)

const months = ({ trend }: Revisits): ExportTable => ({
  name: t.trend,
  columns: [{ name: words.month }, { name: t.base, as: 'count' }, { name: t.came, as: 'count' }, { name: t.rate, as: 'share' }],
  rows: trend.map((m) => [m.month, m.base, m.came, m.share]),
})
