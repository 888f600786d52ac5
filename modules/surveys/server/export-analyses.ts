import type { ExportWaits, Input } from '@renxin/kernel'
import type { Context, FileReply } from '@renxin/server'
import { type Cell, type Column, type ExportTable, exportTables } from '@renxin/server/export'
import { byLabel, optionLabel, rowLabel } from '../analysis-words.ts'
import { type AnalysisResult, type AnalysisRow, analysesApi } from '../contract.ts'
import { words } from '../words.ts'
import { listAnalyses, runAnalysis } from './analyses.ts'
import { db } from './tables.ts'

type Api = typeof analysesApi
const w = words.analyses

/** The analyses that a questionnaire keeps as a file, a table each; what the page hides the file hides. */
export async function exportAnalyses(
  ctx: Context,
  { format, reason, ...asked }: Input<Api['exportAnalyses']>,
): Promise<FileReply | ExportWaits> {
  const { questionnaireId, from, to, departmentId } = asked
  const { title, analyses } = await listAnalyses(ctx, { questionnaireId })
  const tables: ExportTable[] = []
  for (const { name, ...look } of analyses) tables.push(tableOf(name || w.untitled, await runAnalysis(ctx, { ...asked, ...look })))
  return exportTables(ctx, {
    route: analysesApi.exportAnalyses,
    title: `${w.exportTitle} ${title}`,
    fileName: `${w.exportTitle} ${title} ${from} ~ ${to}`,
    format,
    reason,
    asked,
    filters: [
      [w.questionnaire, title],
      [w.period, `${from} ~ ${to}`],
      [w.department, (await nameOfUnit(ctx, departmentId)) ?? w.allDepartments],
    ],
    tables,
  })
}

async function nameOfUnit(ctx: Context, id: string | undefined): Promise<string | undefined> {
  const unit = id ? await db(ctx).selectFrom('staff.unitCards').where('id', '=', id).select('name').executeTakeFirst() : undefined
  return unit?.name
}

type Shown = AnalysisRow['shown']

function tableOf(name: string, result: AnalysisResult): ExportTable {
  if (result.isKept || result.isHidden)
    return { name, columns: [{ name: result.itemText, width: 60 }], rows: [[result.isKept ? w.kept : w.hidden({ least: result.least })]] }
  if (result.kind === 'distribution' && result.by === null) return distribution(name, result)
  const figures: Column[] =
    result.kind === 'mean'
      ? meanColumns(result)
      : result.options.flatMap((o) => [
          { name: optionLabel(o), as: 'count' as const },
          { name: `${optionLabel(o)} ${w.share}`, as: 'share' as const },
        ])
  return {
    name,
    columns: [{ name: byLabel(result) || w.value, width: 24 }, { name: w.people, as: 'count' }, ...figures],
    rows: [
      ...result.rows.map((row) => [rowLabel(result, row), ...figuresOf(result, row.shown)]),
      [w.all, ...figuresOf(result, result.total)],
    ],
  } // biome-ignore format: a table
}

const meanColumns = ({ unit }: AnalysisResult): Column[] => [
  { name: unit ? `${w.mean}（${unit}）` : w.mean, as: 'number' },
  { name: w.span, width: 20 },
]

function figuresOf(result: AnalysisResult, shown: Shown): Cell[] {
  if (!shown) return [w.hiddenCell({ least: result.least })]
  if (result.kind === 'mean') return [shown.n, shown.mean, shown.smallest === null ? null : `${shown.smallest} ~ ${shown.largest}`]
  return [shown.n, ...shown.counts.flatMap((count) => [count, shown.n > 0 ? count / shown.n : null])]
}

const distribution = (name: string, { options, total, itemText }: AnalysisResult): ExportTable => ({
  name,
  columns: [
    { name: itemText, width: 40 },
    { name: w.people, as: 'count' },
    { name: w.share, as: 'share' },
  ],
  rows: [
    ...options.map((o, at) => [optionLabel(o), total?.counts[at] ?? 0, total && total.n > 0 ? (total.counts[at] ?? 0) / total.n : null]),
    [w.all, total?.n ?? 0, null],
  ],
})
