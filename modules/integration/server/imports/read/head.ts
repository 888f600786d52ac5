import { createHash } from 'node:crypto'
import type { SourceRow } from './source.ts'

/** How well a row of words fits as the names of columns. */
export type ScoreHeads = (heads: readonly string[]) => number

export type Head = {
  /** The row with the names of the columns; 0 where no row has them. */
  headRow: number
  heads: string[]
}

/** How many rows may stand above the table: a title, who printed it and when, merged groups. */
const ROWS_TO_LOOK_AT = 20

/** Finds the row of names: the one that names the most known columns, the fuller of two that are alike. */
export function findHead(rows: readonly SourceRow[], score: ScoreHeads): Head {
  let best: { at: number; score: number } | undefined
  for (const [at, row] of rows.slice(0, ROWS_TO_LOOK_AT).entries()) {
    const named = score(headsAt(rows, at))
    const filled = new Set(row.cells.filter((c) => c.trim() !== '')).size
    const worth = named > 0 ? named * 100 + filled : 0
    if (worth > (best?.score ?? 0)) best = { at, score: worth }
  }
  const found = best ?? firstFilled(rows)
  if (!found) return { headRow: 0, heads: [] }
  return { headRow: rows[found.at]?.number ?? 0, heads: headsAt(rows, found.at) }
}

/** The names, where somebody says in which row they stand. */
export function headsOfRow(rows: readonly SourceRow[], headRow: number): string[] {
  const at = rows.findIndex((r) => r.number === headRow)
  if (at >= 0) return headsAt(rows, at)
  const width = Math.max(0, ...rows.map((r) => r.cells.length))
  return Array.from({ length: width }, () => '')
}

function firstFilled(rows: readonly SourceRow[]): { at: number } | undefined {
  const at = rows.findIndex((r) => r.cells.filter((c) => c.trim() !== '').length > 1)
  return at >= 0 ? { at } : undefined
}

/**
 * The names in a row. Above a name that stands there twice its group is put (`家属 电话`); where a cell was merged with the one above, the name is
 * above. A group is a cell merged over several columns: it stands in the first of them.
 */
function headsAt(rows: readonly SourceRow[], at: number): string[] {
  const own = (rows[at]?.cells ?? []).map(tidy)
  const above = (rows[at - 1]?.cells ?? []).map(tidy)
  const filled = above.filter((c) => c !== '').length
  if (filled < 2) return own // a title
  const width = Math.max(own.length, above.length)
  let group = ''
  return Array.from({ length: width }, (_, i) => {
    const over = above[i] ?? ''
    const name = own[i] ?? ''
    if (over !== '') group = over
    if (name === '') return over
    return own.filter((n) => n === name).length > 1 && group !== name ? `${group} ${name}`.trim() : name
  })
}

const tidy = (cell: string): string => cell.normalize('NFKC').replace(/\s+/g, ' ').trim()

/** The same for files of one layout: the names of their columns in their order. */
export const layoutOf = (kind: string, heads: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, ...heads.map((h) => h.replace(/\s/g, '').toLowerCase())]))
    .digest('hex')

const totals = /^(?:本页|全部|人数|费用)?(?:合计|总计|小计|累计|共计|汇总|总和|总人数|total|subtotal|sum)(?:[::].*|\d+.*)?$/i
const footers =
  /^(?:制表|制表人|打印|打印人|打印时间|打印日期|导出时间|导出人|审核|审核人|填报人|填表人|统计时间|统计日期|备注|说明|注)[::]/

/** Rows that are none of the table's: its sum, what is printed below it, its names once more at the head of a page. */
export function isAside(cells: readonly string[], heads: readonly string[]): 'empty' | 'total' | 'head' | null {
  const filled = cells.map(tidy).filter((c) => c !== '')
  const first = filled[0]?.replace(/\s/g, '')
  if (first === undefined) return 'empty'
  if (totals.test(first)) return 'total'
  if (footers.test(first) && filled.length <= 3) return 'total'
  const names = heads.filter((h) => h !== '')
  if (names.length > 1 && heads.every((h, i) => h === tidy(cells[i] ?? ''))) return 'head'
  return null
}
