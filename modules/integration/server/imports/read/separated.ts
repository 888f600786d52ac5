import { importErrors } from '../../../imports-contract.ts'
import { MAX_CELL_CHARACTERS, MAX_COLUMNS, tooManyColumns } from './refusals.ts'

export const separators = [',', '\t', '|', ';', '，'] as const
export type Separator = (typeof separators)[number]

const LINES_TO_LOOK_AT = 30

/** The apostrophe by which a cell says that it is a text, where a spreadsheet would take it for a formula or a number: our own exports have it, and it is none of the value. */
const MARKED_AS_TEXT = /^'(?=[=+\-@\t\r\d])/

/** The separator that parts the first lines into the most columns, and the same number in most of them. */
export function separatorOf(start: string): Separator {
  let best: { separator: Separator; score: number } = { separator: ',', score: 0 }
  for (const separator of separators) {
    const score = scoreOf(start, separator)
    if (score > best.score) best = { separator, score }
  }
  return best.separator
}

function scoreOf(start: string, separator: Separator): number {
  const widths = new Map<number, number>()
  const reader = new RecordReader(separator)
  const records = [...reader.push(start)].slice(0, LINES_TO_LOOK_AT)
  for (const cells of records.length > 0 ? records : reader.end()) {
    if (cells.length > 1) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1)
  }
  return Math.max(0, ...[...widths].map(([width, times]) => times * Math.min(width, 30)))
}

/** The rows of a text, each as its cells. */
export function* recordsOf(pieces: Iterable<string>, separator: Separator): Generator<string[]> {
  const reader = new RecordReader(separator)
  for (const piece of pieces) yield* reader.push(piece)
  yield* reader.end()
}

/**
 * Reads records character by character (RFC 4180 and what programs make of it): a quote opens a cell only at its beginning, a doubled one inside is a
 * quote, line ends inside quotes belong to the cell; CR, LF and CRLF end a record; a quote in the middle of a cell is a quote.
 */
class RecordReader {
  readonly #separator: string
  #cells: string[] = []
  #cell = ''
  #state: 'start' | 'plain' | 'quoted' | 'closed' = 'start'
  #afterReturn = false
  #records = 0

  constructor(separator: string) {
    this.#separator = separator
  }

  *push(text: string): Generator<string[]> {
    let from = 0 // what is not yet taken into the cell
    const take = (to: number) => {
      if (to > from) this.#cell += text.slice(from, to)
      from = to + 1
    }
    for (let at = 0; at < text.length; at += 1) {
      const char = text[at]
      if (this.#afterReturn) {
        this.#afterReturn = false
        if (char === '\n') {
          from = at + 1
          continue
        }
      }
      if (this.#state === 'quoted') {
        if (char !== '"') continue
        take(at)
        this.#state = 'closed'
        this.#checkLength()
      } else if (char === '"' && (this.#state === 'start' || this.#state === 'closed')) {
        take(at)
        if (this.#state === 'closed') this.#cell += '"'
        this.#state = 'quoted'
      } else if (char === this.#separator) {
        take(at)
        this.#endCell()
      } else if (char === '\n' || char === '\r') {
        take(at)
        this.#afterReturn = char === '\r'
        yield this.#endRecord()
      } else if (this.#state !== 'plain') this.#state = 'plain'
    }
    if (from < text.length) this.#cell += text.slice(from)
    this.#checkLength()
  }

  /** What stands after the last line end. A quote that was never closed would have swallowed the rest of the file. */
  *end(): Generator<string[]> {
    if (this.#state === 'quoted') throw importErrors.openQuote({ row: this.#records + 1 })
    if (this.#cell !== '' || this.#cells.length > 0 || this.#state !== 'start') yield this.#endRecord()
  }

  #endCell(): void {
    if (this.#cell.length > MAX_CELL_CHARACTERS) throw importErrors.cellTooLong({ row: this.#records + 1, limit: MAX_CELL_CHARACTERS })
    this.#cells.push(this.#cell.replace(MARKED_AS_TEXT, ''))
    if (this.#cells.length > MAX_COLUMNS) throw tooManyColumns()
    this.#cell = ''
    this.#state = 'start'
  }

  #endRecord(): string[] {
    this.#endCell()
    const cells = this.#cells
    this.#cells = []
    this.#records += 1
    return cells
  }

  #checkLength(): void {
    if (this.#cell.length <= MAX_CELL_CHARACTERS) return
    if (this.#state === 'plain') throw importErrors.cellTooLong({ row: this.#records + 1, limit: MAX_CELL_CHARACTERS })
    throw importErrors.openQuote({ row: this.#records + 1 })
  }
}
