import type { Prefix } from './dates.ts'
import type { Entry } from './entries.ts'
import type { Clause, Wanted } from './search.ts'

/** Whether a resource with these entries answers a clause; undefined for one that only a database can answer (a chain). */
export function matches(entries: readonly Entry[], clause: Clause): boolean | undefined {
  if (clause.is === 'chain' || clause.is === 'has') return undefined
  const own = entries.filter((entry) => entry.parameter === clause.parameter.name)
  if (clause.is === 'missing') return (own.length === 0) === clause.isMissing
  const found = own.some((entry) => clause.values.some((wanted) => meets(entry, wanted, clause.modifier)))
  return clause.modifier === 'not' ? !found : found
}

function meets(entry: Entry, wanted: Wanted, modifier: string | undefined): boolean {
  switch (wanted.kind) {
    case 'token':
      return (wanted.code === undefined || entry.value === wanted.code) && (wanted.system === undefined || entry.system === wanted.system)
    case 'string':
      if (modifier === 'exact') return entry.system === wanted.written
      return modifier === 'contains' ? entry.value.includes(wanted.folded) : entry.value.startsWith(wanted.folded)
    case 'uri':
      return entry.value === wanted.value
    case 'reference':
      return entry.value === wanted.value || wanted.types.some((type) => entry.value === `${type}/${wanted.value}`)
    case 'date':
      return entry.low !== null && entry.high !== null && meetsDate(entry.low.getTime(), entry.high.getTime(), wanted)
    case 'number':
      return entry.amount !== null && meetsNumber(entry.amount, wanted) && meetsUnit(entry, wanted)
  }
}

function meetsDate(low: number, high: number, { prefix, low: from, high: until }: { prefix: Prefix; low: Date; high: Date }): boolean {
  const [a, b] = [from.getTime(), until.getTime()]
  switch (prefix) {
    case 'eq':
      return low >= a && high <= b
    case 'ne':
      return low < a || high > b
    case 'gt':
      return high > b
    case 'ge':
      return high > a
    case 'lt':
      return low < a
    case 'le':
      return low < b
    case 'sa':
      return low >= b
    case 'eb':
      return high <= a
    case 'ap':
      return low < b && high > a
  }
}

function meetsNumber(amount: number, { prefix, low, high, amount: wanted }: Wanted & { kind: 'number' }): boolean {
  switch (prefix) {
    case 'eq':
      return amount >= low && amount < high
    case 'ne':
      return amount < low || amount >= high
    case 'gt':
    case 'sa':
      return amount > wanted
    case 'ge':
      return amount >= wanted
    case 'lt':
    case 'eb':
      return amount < wanted
    case 'le':
      return amount <= wanted
    case 'ap':
      return Math.abs(amount - wanted) <= Math.abs(wanted) * 0.1
  }
}

const meetsUnit = (entry: Entry, { system, unit }: Wanted & { kind: 'number' }) =>
  (unit === undefined || entry.value === unit) && (system === undefined || entry.system === system)
