import { streamXlsxRows } from 'hucre/xlsx'
import { importErrors } from '../../../imports-contract.ts'
import { MAX_CELL_CHARACTERS, MAX_COLUMNS, tooManyColumns } from './refusals.ts'
import { checkUnpacked, openZip, unpack } from './zip.ts'

const WORKBOOK_MOST_BYTES = 4 * 1024 * 1024
/** Beyond this a spreadsheet has rounded the number: it keeps fifteen digits. */
const EXACT_UP_TO = 1e15

/** The names of the sheets that are shown, in their order; refuses what is no workbook, or unpacks beyond all measure. */
export async function sheetsOf(bytes: Buffer): Promise<string[]> {
  const entries = openZip(bytes)
  const workbook = entries.get('xl/workbook.xml')
  if (!workbook || !entries.has('[Content_Types].xml')) throw importErrors.notAWorkbook()
  await checkUnpacked(entries.values())
  const xml = unpack(workbook, WORKBOOK_MOST_BYTES).toString('utf8')
  const sheets = [...xml.matchAll(/<(?:\w+:)?sheet\s([^<>]*)>/g)].flatMap(([, attributes = '']) => {
    const name = /\bname="([^"]*)"/.exec(attributes)?.[1] ?? /\bname='([^']*)'/.exec(attributes)?.[1]
    return name === undefined || /\bstate=["'](?:hidden|veryHidden)["']/.test(attributes) ? [] : [plain(name)]
  })
  if (sheets.length === 0) throw importErrors.notAWorkbook()
  return sheets
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const plain = (text: string) =>
  text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return entities[name] ?? whole
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })

/** The rows of one sheet as text, each with its number as the spreadsheet shows it. Rows that were never written are not there. */
export async function* sheetRows(bytes: Buffer, sheet: string): AsyncGenerator<{ number: number; cells: string[] }> {
  try {
    for await (const { index, values } of streamXlsxRows(bytes, { sheet })) {
      if (values.length > MAX_COLUMNS && values.slice(MAX_COLUMNS).some((v) => v !== null && v !== '')) throw tooManyColumns()
      yield { number: index + 1, cells: values.slice(0, MAX_COLUMNS).map((v) => textOf(v, index + 1)) }
    }
  } catch (error) {
    if (error instanceof Error && ['ParseError', 'ZipError', 'XmlError'].includes(error.name)) throw importErrors.fileBroken()
    throw error
  }
}

/** A cell as a person would have typed it. A number that was rounded keeps the look of one, so that nobody takes it for an identity number. */
function textOf(value: unknown, row: number): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return dateText(value)
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean') return value ? '是' : '否'
  const text = String(value)
  if (text.length > MAX_CELL_CHARACTERS) throw importErrors.cellTooLong({ row, limit: MAX_CELL_CHARACTERS })
  return text
}

function numberText(value: number): string {
  if (Math.abs(value) >= EXACT_UP_TO) return value.toExponential(5).replace('e+', 'E+').replace(/0+E/, 'E')
  return Number.isInteger(value) ? value.toFixed(0) : String(Number(value.toPrecision(15)))
}

/** A sheet's dates have no zone; the library gives them as if they were of UTC. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return ''
  const iso = new Date(Math.round(date.getTime() / 1000) * 1000).toISOString()
  const [day = '', time = ''] = iso.slice(0, 19).split('T')
  return time === '00:00:00' ? day : `${day} ${time}`
}
