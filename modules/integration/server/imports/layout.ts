import { type ColumnMapping, targets } from '../../columns-contract.ts'
import type { ImportKind } from '../../imports-contract.ts'
import { words } from '../../words.ts'
import { guessColumns, type Row } from '../columns/index.ts'
import { findHead, type Head, headsOfRow, isAside, layoutOf } from './read/head.ts'
import type { SourceRow } from './read/source.ts'

/** How many rows are looked at before anybody waits for a whole file. */
export const PEEK_ROWS = 200
const SAMPLES = 3
const SAMPLE_ROWS = 50

export type Layout = { headRow: number; heads: string[]; layout: string }

/** Where the table stands in these rows and what its columns are called. `headRow` where somebody said it. */
export function layOut(kind: ImportKind, rows: readonly SourceRow[], headRow?: number): Layout {
  const found =
    headRow === undefined
      ? findHead(rows, (heads) => Object.keys(guessColumns(kind, apart(heads))).length)
      : { headRow, heads: headsOfRow(rows, headRow) }
  const heads = apart(Array.from({ length: widthOf(rows, found) }, (_, i) => found.heads[i] ?? ''))
  return { headRow: found.headRow, heads, layout: layoutOf(kind, withoutReason(heads)) }
}

/** Columns without a name count where they are filled in more than a few rows; otherwise a row is longer than it should be. */
function widthOf(rows: readonly SourceRow[], { headRow, heads }: Head): number {
  const data = rows.filter((r) => r.number > headRow && r.cells.length > 0)
  const widths = data.map((r) => r.cells.length).toSorted((a, b) => b - a)
  return Math.max(heads.length, widths[Math.floor(widths.length / 5)] ?? 0)
}

/** A file of refused rows that was put right has one column more than the one that it came from. */
function withoutReason(heads: readonly string[]): readonly string[] {
  return heads.at(-1) === words.imports.reasonColumn ? heads.slice(0, -1) : heads
}

/** Names that are each different, since a column is known by its name. */
function apart(heads: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return heads.map((head, i) => {
    const name = head.slice(0, 100) || `#${i + 1}`
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} (${times})`
  })
}

/** The rows of the table among these, as the columns' names have them. */
export const tableRows = (rows: readonly SourceRow[], { headRow, heads }: Pick<Layout, 'headRow' | 'heads'>): Row[] =>
  rows.filter((r) => r.number > headRow && isAside(r.cells, heads) === null).map((r) => rowOf(heads, r.cells))

export const rowOf = (heads: readonly string[], cells: readonly string[]): Row =>
  Object.fromEntries(heads.map((head, i) => [head, cells[i] ?? '']))

/** What the columns are taken for, where nobody has said it yet. */
export function guessMapping(kind: ImportKind, heads: readonly string[], rows: readonly Row[]): ColumnMapping {
  const mapping = guessColumns(kind, heads, rows.slice(0, SAMPLE_ROWS))
  if (kind !== 'encounters' || mapping.class) return mapping
  const isStay = heads.some((h) => /入院|出院|住院|床/.test(h))
  return isStay ? { ...mapping, class: { constant: 'inpatient' } } : mapping
}

/** The first values of a column that are not empty. */
export function samplesOf(head: string, rows: readonly Row[]): string[] {
  const found = new Set<string>()
  for (const row of rows) {
    const text = String(row[head] ?? '').trim()
    if (text !== '') found.add(text.length > 40 ? `${text.slice(0, 40)}…` : text)
    if (found.size === SAMPLES) break
  }
  return [...found]
}

const patientNumbers = ['recordNumber', 'patientIndex', 'inpatientNumber', 'cardNumber', 'identityCard']

/** The fields that have to be there and that no column says. */
export function missingOf(kind: ImportKind, mapping: ColumnMapping): string[] {
  const fields: Readonly<Record<string, { isRequired?: true }>> = targets[kind]
  const missing = Object.keys(fields).filter((name) => fields[name]?.isRequired && !mapping[name])
  const isOfPatients = kind === 'patients' || kind === 'encounters'
  return isOfPatients && !patientNumbers.some((name) => mapping[name]) ? [...missing, 'patientNumber'] : missing
}

/** The fields that each column says. */
export const fieldsByColumn = (heads: readonly string[], mapping: ColumnMapping): string[][] =>
  heads.map((head) => Object.keys(mapping).filter((name) => sourceColumn(mapping, name) === head))

export function sourceColumn(mapping: ColumnMapping, field: string): string | undefined {
  const source = mapping[field]
  return source && 'column' in source ? source.column : undefined
}

/** A mapping from what a person chose for each column; the width of a number's column is kept where it was found. */
export function mappingFrom(
  kind: ImportKind,
  heads: readonly string[],
  fields: readonly (readonly string[])[],
  visitClass: string | null,
  guessed: ColumnMapping,
  own: ReadonlySet<string>,
): { mapping: ColumnMapping; twice: string | undefined } {
  const mapping: ColumnMapping = {}
  let twice: string | undefined
  for (const [i, names] of fields.entries()) {
    const head = heads[i]
    if (head === undefined) continue
    for (const name of names.filter((n) => own.has(n) || Object.hasOwn(targets[kind], n))) {
      if (mapping[name]) twice ??= name
      mapping[name] = sourceColumn(guessed, name) === head ? (guessed[name] ?? { column: head }) : { column: head }
    }
  }
  if (kind === 'encounters' && visitClass && !mapping.class) mapping.class = { constant: visitClass }
  return { mapping, twice }
}
