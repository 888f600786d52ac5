import type { GuardedField } from '@renxin/kernel'
import { type CellStyle, type CellValue, writeXlsx } from 'hucre/xlsx'

export type Column = {
  name: string
  width?: number
  as?: 'text' | 'count' | 'share' | 'number'
  /** Whole names or numbers of persons: a permission of its own. */
  isPlain?: boolean
  /** Leaves empty for whoever it is kept from, as `guarded` fields of replies do. */
  guards?: GuardedField
}
export type Cell = string | number | null
export type Table = { name: string; columns: readonly Column[]; rows: readonly (readonly Cell[])[] }

/** What a file says of itself: above each table, and on each page that is printed of it. */
export type Mark = {
  title: string
  about: readonly (readonly [string, string])[]
  /** Alone in its row, right above the table: whoever reads the file in again takes it for no heading. */
  serial: string
  header: readonly [left: string, middle: string, right: string]
  footer: readonly [left: string, middle: string]
}

const formats: Record<NonNullable<Column['as']>, string> = { text: '@', count: '#,##0', share: '0.0%', number: '0.0' }

/**
 * A workbook of tables. Each has its mark on top and its heading frozen. Text is stored as text: what begins with `=`, `+`, `-` or `@` stays what somebody wrote and
 * is never a formula, and numbers that name somebody keep their zeros and all their digits.
 */
export async function workbookOf(tables: readonly Table[], mark: Mark): Promise<Buffer> {
  const sheets = tables.map(({ name, columns, rows }) => {
    const top: CellValue[][] = aboveTable({ name, columns, rows }, mark, tables.length).map((row) => [...row])
    const headAt = top.length
    const cells = new Map<string, { value: CellValue; type: 'string'; style: CellStyle }>()
    const bold = (row: number, column: number, value: string, size = 11) =>
      cells.set(`${row},${column}`, { value, type: 'string', style: { font: { bold: true, size }, numFmt: '@' } })
    bold(0, 0, String(top[0]?.[0] ?? ''), 14)
    for (const [at, column] of columns.entries()) bold(headAt, at, column.name)
    return {
      name: name.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31), // what Excel allows as a name
      rows: [...top, columns.map((c) => c.name), ...rows.map((row) => [...row])],
      columns: columns.map((c) => ({ width: c.width ?? 14, style: { numFmt: formats[c.as ?? 'text'] } })),
      cells,
      freezePane: { rows: headAt + 1, columns: 1 },
      headerFooter: { oddHeader: lineOf(mark.header), oddFooter: `${lineOf(mark.footer)}&R&P / &N` },
    }
  })
  return Buffer.from(await writeXlsx({ sheets }))
}

const aboveTable = ({ name }: Table, { title, about, serial }: Mark, tables: number): (readonly string[])[] => [
  [tables > 1 ? `${title} · ${name}` : title],
  ...about,
  [serial],
]

/** The longest line that Excel prints has 255 characters; each part gets its share of them. */
const MOST_IN_PART = 70

/** The parts of a line that is printed on each page. A space follows each code, since digits behind one would be a size of letters. */
const lineOf = (parts: readonly string[]): string =>
  parts.map((text, at) => `&${'LCR'[at] ?? 'R'} ${text.slice(0, MOST_IN_PART).replaceAll('&', '&&')}`).join('')

const STARTS_FORMULA = /^[=+\-@\t\r]/
/** A spreadsheet drops the zeros in front of a number, and the end of a long one. */
const NAMES_SOMEBODY = /^(?:0\d+|\d{12,})$/

/**
 * Tables as CSV for a spreadsheet, each under its mark: UTF-8 with its sign, RFC 4180. CSV has no types, so a text with which a formula would begin gets an apostrophe
 * before it, and so does a number that a spreadsheet would cut.
 */
export function csvOf(tables: readonly Table[], mark: Mark): Buffer {
  const parts = tables.map((t) => [...aboveTable(t, mark, tables.length), t.columns.map((c) => c.name), ...t.rows])
  return Buffer.from(`\u{feff}${parts.map((rows) => rows.map(csvLine).join('')).join('\r\n')}`)
}

/** One row of a CSV, with the end of its line. */
export function csvLine(row: readonly Cell[]): string {
  const cell = (value: Cell) => {
    const isText = typeof value === 'string' && (STARTS_FORMULA.test(value) || NAMES_SOMEBODY.test(value))
    const text = isText ? `'${value}` : String(value ?? '')
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return `${row.map(cell).join(',')}\r\n`
}
