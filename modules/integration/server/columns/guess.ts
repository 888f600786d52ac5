import { checkIdentityCard, cleanPhone } from '@renxin/patients/contract'
import { type ColumnMapping, type Field, type FieldKind, type Target, targets } from '../../columns-contract.ts'
import { codesOf, meaningOf } from './codes.ts'
import { type Cell, plainOf, type Row, textOf, timeOf } from './values.ts'

type Guess = { field: string; header: string; score: number }

const usualCodes = codesOf().codes

/**
 * Which column says what, by its header and by what stands in it. Each column serves one field, save where a field that has to be there has nothing
 * better: a visit is then known by the number of the stay.
 */
export function guessColumns(target: Target, headers: readonly string[], samples: readonly Row[] = []): ColumnMapping {
  const fields: readonly [string, Field][] = Object.entries(targets[target])
  const guesses = fields
    .flatMap(([name, field]) => headers.map((header): Guess => ({ field: name, header, score: scoreOf(field, header, samples) })))
    .filter((g) => g.score > 0)
    .sort((a, b) => b.score - a.score)
  const mapping: ColumnMapping = {}
  const taken = new Set<string>()
  for (const { field, header } of guesses) {
    if (mapping[field] || taken.has(header)) continue
    taken.add(header)
    mapping[field] = sourceOf(fields.find(([name]) => name === field)?.[1], header, samples)
  }
  for (const [name, field] of fields) {
    if (mapping[name] || !field.fallback) continue
    const header = headers.find((h) => field.fallback?.some((f) => plainHeader(f) === plainHeader(h)))
    if (header) mapping[name] = sourceOf(field, header, samples)
  }
  return mapping
}

/** `患者 姓名（必填）` and `PATIENT-NAME` as their synonyms are written. */
export const plainHeader = (header: string): string =>
  header
    .normalize('NFKC')
    .replace(/\([^()]*\)|\*/g, '')
    .replace(/[\s_\-:.·/]/g, '')
    .toUpperCase()

function scoreOf(field: Field, header: string, samples: readonly Row[]): number {
  const plain = plainHeader(header)
  const order = field.synonyms.findIndex((s) => plainHeader(s) === plain)
  const isNear = order < 0 && field.synonyms.some((s) => isPart(plainHeader(s), plain))
  if (order < 0 && !isNear) return 0
  const cells = samples.map((row) => row[header]).filter((cell) => textOf(cell) !== '')
  const fits = cells.filter((cell) => isLike(field, cell)).length
  if (cells.length > 0 && fits === 0) return 0 // the header says so, and nothing that stands there does
  return (isNear ? 40 : 100 - order) + (cells.length > 0 ? (10 * fits) / cells.length : 0)
}

/** `出院科室名称` holds `科室名称`; a word of one or two letters is in too many others. */
const isPart = (synonym: string, header: string) => synonym.length >= (/\p{Script=Han}/u.test(synonym) ? 3 : 6) && header.includes(synonym)

const looks: Partial<Record<FieldKind, (cell: Cell) => boolean>> = {
  date: (cell) => timeOf(cell) !== null,
  moment: (cell) => timeOf(cell) !== null,
  phone: (cell) => cleanPhone(plainOf(cell)) !== undefined || /^\D*[\d.E+\-\s]{6,}$/i.test(plainOf(cell)),
  identityCard: (cell) =>
    checkIdentityCard(plainOf(cell)).isValid || /^[\dX.E+]{6,}$|^[A-Z]\d{6,}$/i.test(plainOf(cell)) || plainOf(cell) === '',
  number: (cell) => /^[\x20-\x7e]*$/.test(plainOf(cell)),
}

function isLike(field: Field, cell: Cell): boolean {
  if (field.codes === 'flag' || field.codes === 'deleted') return meaningOf(usualCodes, field.codes, textOf(cell)) !== undefined
  if (field.kind === 'text' && /^\d{4}-\d{2}-\d{2}/.test(plainOf(cell))) return false // a time is no sentence
  return looks[field.kind]?.(cell) ?? true
}

/** Numbers that all have one length, some with a zero in front: one that is shorter has lost it. */
function sourceOf(field: Field | undefined, column: string, samples: readonly Row[]): ColumnMapping[string] {
  if (field?.kind !== 'number') return { column }
  const texts = samples.map((row) => plainOf(row[column])).filter((t) => t !== '')
  const longest = Math.max(0, ...texts.map((t) => t.length))
  const padded = texts.filter((t) => t.length === longest)
  const isPadded = padded.length * 2 > texts.length && padded.some((t) => t.startsWith('0')) && texts.every((t) => /^\d+$/.test(t))
  return isPadded && longest > 1 ? { column, width: longest } : { column }
}
