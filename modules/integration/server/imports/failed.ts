import type { ExportWaits, Input } from '@renxin/kernel'
import type { Context, FileReply } from '@renxin/server'
import { exportTables } from '@renxin/server/export'
import { importsApi, type RowProblem } from '../../imports-contract.ts'
import { words } from '../../words.ts'
import { findImport, openCells } from './store.ts'
import { db } from './tables.ts'

type Api = typeof importsApi

/** The rows that were not taken, in the layout in which they came, with the reason behind them: put right, they are a file to import. */
export async function downloadFailed(ctx: Context, { id, format, reason }: Input<Api['downloadFailed']>): Promise<FileReply | ExportWaits> {
  const batch = await findImport(ctx, id)
  const [heads = [], ...rows] = failedTable(batch.heads, await failedRows(ctx, id))
  const { failedFile, sourceFile } = words.imports
  return exportTables(ctx, {
    route: importsApi.downloadFailed,
    title: failedFile,
    fileName: `${batch.name.replace(/\.\w+$/, '')}-${failedFile}`,
    format,
    reason,
    asked: { id },
    filters: [[sourceFile, batch.name]],
    tables: [{ name: failedFile, columns: heads.map((name) => ({ name, width: 16, isPlain: true })), rows }],
  })
}

export type FailedRow = { cells: string[]; problems: readonly RowProblem[] }

export async function failedRows(ctx: Context, importId: string): Promise<FailedRow[]> {
  const rows = await db(ctx)
    .selectFrom('integration.importRows')
    .where('importId', '=', importId)
    .where('result', '=', 'failed')
    .orderBy('number')
    .select(['cells', 'problems'])
    .execute()
  return rows.map((r) => ({ cells: openCells(ctx, r), problems: r.problems }))
}

export function failedTable(heads: readonly string[], rows: readonly FailedRow[]): string[][] {
  const width = Math.max(heads.length, ...rows.map((r) => r.cells.length))
  const wide = (cells: readonly string[]) => Array.from({ length: width }, (_, i) => cells[i] ?? '')
  return [
    [...wide(heads), words.imports.reasonColumn],
    ...rows.map(({ cells, problems }) => [
      ...wide(cells),
      problems
        .filter((p) => p.level === 'error')
        .map(sentenceOf)
        .join('；'),
    ]),
  ]
}

/** `手机号：少 1 位`, as the page says it. */
export function sentenceOf({ code, field, details }: RowProblem): string {
  const say = words.imports.problems[code as keyof typeof words.imports.problems] as
    | ((d: RowProblem['details']) => string)
    | string
    | undefined // a code that has no sentence is said as it is
  const sentence = typeof say === 'function' ? say(details) : (say ?? code)
  const label = details.label ?? (field ? words.columns.fields[field as keyof typeof words.columns.fields] : undefined) // the fields are the contract's
  return label ? `${label}：${sentence}` : sentence
}

/** A cell that a spreadsheet would take for a formula begins with the apostrophe by which it knows a text. */
const harmless = (cell: string) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)

export const csvOf = (table: readonly (readonly string[])[]): string =>
  table.map((row) => row.map((c) => `"${harmless(c).replaceAll('"', '""')}"`).join(',')).join('\r\n')
