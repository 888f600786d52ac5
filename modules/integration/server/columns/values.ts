import { readTime, type SentTime } from '@renxin/hl7'

/** A value as a driver or a file gives it. Times come as the text that stands in the other system, which says no zone. */
export type Cell = string | number | boolean | Date | Uint8Array | null | undefined

export type Row = Readonly<Record<string, Cell>>

const nothings = new Set(['', 'null', '(null)', '<null>', '\\n', 'none', 'nan', 'undefined', '#n/a', 'n/a'])
const unknowns = new Set(['-', '--', '—', '/', '\\', '无', '不详', '未知', '空', '0'])

/** The text of a cell without the padding of CHAR columns; empty for NULL and for a NULL that was written out. */
export function textOf(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString()
  if (cell instanceof Uint8Array) return ''
  const text = String(cell).replace(/\0/g, '').trim()
  return nothings.has(text.toLowerCase()) ? '' : text
}

/** The same for what is made of digits and letters: in their plain width, and nothing where a dash stands for nothing. */
export function plainOf(cell: Cell): string {
  const text = textOf(cell).normalize('NFKC').trim()
  return unknowns.has(text) ? '' : text.replace(/^'/, '') // the apostrophe by which spreadsheets are told that it is text
}

/** `1.10101E+17`: what a spreadsheet leaves of a long number. */
export const isDamaged = (cell: Cell): boolean =>
  /^\d(?:\.\d+)?E\+?\d+$/i.test(plainOf(cell)) || (typeof cell === 'number' && Math.abs(cell) > Number.MAX_SAFE_INTEGER)

/** The numbers that systems write for no date: Oracle's and SQL Server's ends of time, MySQL's zero, the day 0 of SQL Server. */
const isNoDate = (day: string) => /^(?:0000|0001|1753|9999|2999|2099-12-31|1900-01-01|1899-12-3[01])/.test(day)

/** A time as it stands in a column. `undefined`: none is said; `null`: it is not one that exists. */
export function timeOf(cell: Cell): SentTime | null | undefined {
  const serial = serialOf(cell)
  if (serial !== undefined) return known(serial)
  const plain = plainOf(cell)
  if (plain === '') return undefined
  if (/^0000|^[-0: ./]+$/.test(plain)) return undefined // no day at all
  const found = shapes.reduce<RegExpExecArray | null>((match, shape) => match ?? shape.exec(plain), null)
  if (!found?.groups) return null
  const { y = '', m = '', d = '', h, min = '00', s = '00', f = '', half, z } = found.groups
  const two = (text: string) => text.padStart(2, '0')
  const hour = h === undefined ? undefined : hourOf(Number(h), half)
  const clock = hour === undefined ? '' : `${two(String(hour))}${two(min)}${two(s)}${f ? `.${f.slice(0, 4)}` : ''}${zoneOf(z)}`
  return known(`${y}${two(m)}${two(d)}${clock}`)
}

function known(digits: string): SentTime | null | undefined {
  if (isNoDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`)) return undefined
  return readTime(digits) ?? null
}

const clock = String.raw`(?:(?:T|\s+|日)\s*(?<half>上午|下午|AM|PM)?\s*(?<h>\d{1,2})[:时](?<min>\d{1,2})(?:[:分](?<s>\d{1,2})秒?(?:[.,](?<f>\d+))?)?分?\s*(?<z>Z|[+-]\d{2}:?\d{2})?)?`
const shapes = [
  /^(?<y>\d{4})(?<m>\d{2})(?<d>\d{2})(?:(?:T|\s)?(?<h>\d{2}):?(?<min>\d{2})(?::?(?<s>\d{2})(?:\.?(?<f>\d+))?)?)?$/,
  new RegExp(String.raw`^(?<y>\d{4})\s*[-/.年]\s*(?<m>\d{1,2})\s*[-/.月]\s*(?<d>\d{1,2})日?${clock}$`, 'i'),
]

const hourOf = (hour: number, half: string | undefined) => {
  if (/下午|PM/i.test(half ?? '')) return hour < 12 ? hour + 12 : hour
  return /上午|AM/i.test(half ?? '') && hour === 12 ? 0 : hour
}
const zoneOf = (zone: string | undefined) => (zone === undefined ? '' : zone.toUpperCase() === 'Z' ? '+0000' : zone.replace(':', ''))

const DAY_MS = 86_400_000

/** A spreadsheet counts days from 1899-12-30: 45017 is 2023-04-01. Between 1927 and 2119, so that no year or number is taken for one. */
function serialOf(cell: Cell): string | undefined {
  const text = typeof cell === 'number' ? String(cell) : plainOf(cell)
  if (!/^[1-7]\d{4}(?:\.\d+)?$/.test(text)) return undefined
  const days = Number(text)
  const at = new Date(Date.UTC(1899, 11, 30) + Math.round((days * DAY_MS) / 1000) * 1000)
  const digits = at.toISOString().replace(/\D/g, '').slice(0, 14)
  return Number.isInteger(days) ? digits.slice(0, 8) : digits
}
