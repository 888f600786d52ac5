import { addDays, type Clock, type LocalDate } from '@renxin/kernel'
import { fhirErrors } from '../../fhir-contract.ts'

export type Parameters = Readonly<Record<string, string | string[]>>

const MOST = 200
const USUAL = 20

/** Reads the parameters of one search: each is asked for by name, and one that nobody asked for is refused, so that no filter is silently ignored. */
export function reader(parameters: Parameters) {
  const left = new Map(Object.entries(parameters).map(([name, value]) => [name, [value].flat()]))
  const take = (name: string) => {
    const values = left.get(name) ?? []
    left.delete(name)
    return values
  }
  const one = (name: string): string | undefined => {
    const values = take(name)
    if (values.length > 1) throw fhirErrors.fhirParameter({ parameter: name, because: 'repeated' })
    return values[0] || undefined
  }
  return {
    one,
    list: (name: string): string[] | undefined => one(name)?.split(','),
    token: (name: string): { system: string | null; value: string } | undefined => {
      const said = one(name)
      if (!said) return undefined
      const at = said.indexOf('|')
      return at < 0 ? { system: null, value: said } : { system: said.slice(0, at), value: said.slice(at + 1) }
    },
    /** A reference to a resource of one type: `Patient/id`, or the id alone. */
    reference: (name: string, type: string): string | undefined => one(name)?.replace(new RegExp(`^(.*/)?${type}/`), ''),
    dates: (name: string): DateRange => take(name).reduce<DateRange>((range, value) => narrow(range, name, value), {}),
    count: (): number => {
      const said = one('_count')
      const count = said === undefined ? USUAL : Number(said)
      if (!Number.isInteger(count) || count < 0) throw fhirErrors.fhirParameter({ parameter: '_count', because: 'number' })
      return Math.min(count, MOST)
    },
    done: () => {
      take('_format')
      take('_pretty')
      const [unknown] = left.keys()
      if (unknown) throw fhirErrors.fhirParameter({ parameter: unknown, because: 'unknown' })
    },
  }
}

/** Both days belong to it. */
export type DateRange = { from?: LocalDate; until?: LocalDate }

/** FHIR's date search (R4, 3.1.1.4.6) on days, months and years: eq, ge, gt, le, lt; the finer parts of a moment are left aside. */
function narrow(range: DateRange, parameter: string, value: string): DateRange {
  const match = /^(eq|ge|gt|le|lt|sa|eb)?(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?$/.exec(value)
  if (!match) throw fhirErrors.fhirParameter({ parameter, because: 'date' })
  const [, prefix = 'eq', year = '', month, day] = match
  const first = `${year}-${month ?? '01'}-${day ?? '01'}`
  const last = day ? first : month ? lastOfMonth(year, month) : `${year}-12-31`
  switch (prefix) {
    case 'ge':
      return { ...range, from: later(range.from, first) }
    case 'gt':
    case 'sa':
      return { ...range, from: later(range.from, addDays(last, 1)) }
    case 'le':
      return { ...range, until: earlier(range.until, last) }
    case 'lt':
    case 'eb':
      return { ...range, until: earlier(range.until, addDays(first, -1)) }
    default:
      return { from: later(range.from, first), until: earlier(range.until, last) }
  }
}

const lastOfMonth = (year: string, month: string) => new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10)
const later = (a: LocalDate | undefined, b: LocalDate) => (a && a > b ? a : b)
const earlier = (a: LocalDate | undefined, b: LocalDate) => (a && a < b ? a : b)

/** The moments that a range of days covers where the hospital stands. */
export const momentsOf = (clock: Clock, { from, until }: DateRange) => ({
  from: from ? clock.at(from) : undefined,
  before: until ? clock.at(addDays(until, 1)) : undefined,
})
