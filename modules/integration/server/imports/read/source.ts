import { importErrors } from '../../../imports-contract.ts'
import { fileTooLarge, MAX_FILE_BYTES, MAX_ROWS, tooManyRows } from './refusals.ts'
import { recordsOf, type Separator, separatorOf } from './separated.ts'
import { charsetOf, piecesOf, type TextCharset } from './text.ts'
import { sheetRows, sheetsOf } from './workbook.ts'

/** A row of a file: its number as a spreadsheet shows it, and its cells as text. */
export type SourceRow = { number: number; cells: string[] }

export type Source =
  | { format: 'text'; charset: TextCharset; separator: Separator; sheets: readonly string[] }
  | { format: 'xlsx'; sheets: readonly string[] }

const LOOK_AT_CHARACTERS = 32 * 1024

/** What kind of file these bytes are, whatever its name says; refuses with a reason what cannot be read. */
export async function openSource(bytes: Buffer): Promise<Source> {
  if (bytes.length === 0) throw importErrors.fileEmpty()
  if (bytes.length > MAX_FILE_BYTES) throw fileTooLarge(bytes.length)
  if (begins(bytes, 0x50, 0x4b, 0x03, 0x04)) return { format: 'xlsx', sheets: await sheetsOf(bytes) }
  if (begins(bytes, 0xd0, 0xcf, 0x11, 0xe0)) throw bytes.includes(encryptedPart) ? importErrors.fileLocked() : importErrors.oldWorkbook()
  if (begins(bytes, 0x09, 0x08) || begins(bytes, 0x09, 0x04)) throw importErrors.oldWorkbook() // BIFF without its container
  const charset = charsetOf(bytes)
  const start = firstOf(piecesOf(bytes, charset)).slice(0, LOOK_AT_CHARACTERS)
  if (/^\s*<(?:!doctype|html|\?xml|table|meta|style|head)\b/i.test(start)) throw importErrors.pageNotTable()
  if (/^(?:%PDF-|\{\\rtf)/.test(start)) throw importErrors.unknownFile()
  if (start.trim() === '' && bytes.length < LOOK_AT_CHARACTERS) throw importErrors.fileEmpty()
  return { format: 'text', charset, separator: separatorOf(start), sheets: [''] }
}

/** The name of the part that a workbook with a password has, as its container writes it. */
const encryptedPart = Buffer.from('EncryptedPackage', 'utf16le')

const begins = (bytes: Buffer, ...start: number[]) => bytes.subarray(0, start.length).equals(Buffer.from(start))
const firstOf = (pieces: Generator<string>): string => pieces.next().value ?? ''

/**
 * The rows of a file, one after the other, up to `most`. Every row of the file is told, the empty ones among the others too; those after the last that
 * holds something are not.
 */
export async function* rowsOf(bytes: Buffer, source: Source, sheet: string, most = Number.POSITIVE_INFINITY): AsyncGenerator<SourceRow> {
  let told = 0
  let last = 0
  for await (const row of source.format === 'xlsx' ? sheetRows(bytes, sheet) : textRows(bytes, source)) {
    if (isEmpty(row.cells)) continue
    for (let number = last + 1; number <= row.number; number += 1) {
      if (told >= most) return
      if (told >= MAX_ROWS + MAX_HEAD_ROWS) throw tooManyRows()
      yield number === row.number ? { number, cells: withoutTail(row.cells) } : { number, cells: [] }
      told += 1
    }
    last = row.number
  }
}

/** Lines above the data are no rows of it. */
const MAX_HEAD_ROWS = 50

export const isEmpty = (cells: readonly string[]): boolean => cells.every((c) => c.trim() === '')

function withoutTail(cells: string[]): string[] {
  const last = cells.findLastIndex((c) => c.trim() !== '')
  return cells.slice(0, last + 1)
}

function* textRows(bytes: Buffer, { charset, separator }: Source & { format: 'text' }): Generator<SourceRow> {
  let number = 0
  for (const cells of recordsOf(piecesOf(bytes, charset), separator)) {
    number += 1
    yield { number, cells: cells.map((c) => c.replaceAll('\0', '')) }
  }
}
