import { type CellStyle, type CellValue, writeXlsx } from 'hucre/xlsx'

export type Column = { name: string; width?: number; as?: 'text' | 'count' | 'share' | 'number' }
export type Table = { name: string; title: string; about: [string, string][]; columns: Column[]; rows: (string | number | null)[][] }

const formats: Record<NonNullable<Column['as']>, string> = { text: '@', count: '#,##0', share: '0.0%', number: '0.0' }

/**
 * A workbook of tables. Each has its title, filters, time and operator on top and its heading frozen. Text is stored as text: what begins
 * with `=`, `+`, `-` or `@` stays what somebody wrote and is never a formula.
 */
export async function writeTables(tables: readonly Table[]): Promise<Buffer> {
  const sheets = tables.map(({ name, title, about, columns, rows }) => {
    const top: CellValue[][] = [[title], ...about, []]
    const headAt = top.length
    const cells = new Map<string, { value: CellValue; type: 'string'; style: CellStyle }>()
    const bold = (row: number, column: number, value: string, size = 11) =>
      cells.set(`${row},${column}`, { value, type: 'string', style: { font: { bold: true, size }, numFmt: '@' } })
    bold(0, 0, title, 14)
    for (const [at, column] of columns.entries()) bold(headAt, at, column.name)
    return {
      name: name.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31), // what Excel allows as a name
      rows: [...top, columns.map((c) => c.name), ...rows],
      columns: columns.map((c) => ({ width: c.width ?? 14, style: { numFmt: formats[c.as ?? 'text'] } })),
      cells,
      freezePane: { rows: headAt + 1, columns: 1 },
    }
  })
  return Buffer.from(await writeXlsx({ sheets }))
}

const STARTS_FORMULA = /^[=+\-@\t\r]/

/**
 * Rows as CSV for a spreadsheet: UTF-8 with its mark, RFC 4180. CSV has no types, so a text with which a formula would begin gets an apostrophe before it.
 */
export function writeCsv(columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): Buffer {
  const cell = (value: string | number | null) => {
    const text = typeof value === 'string' && STARTS_FORMULA.test(value) ? `'${value}` : String(value ?? '')
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return Buffer.from(`\u{feff}${[columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`)
}
