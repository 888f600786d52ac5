import { type DayStart, type Span, spanOf } from './dates.ts'
import { definitions, type Parameter } from './definitions.ts'
import { type Element, elementsOf, isElement, listOf, numberOf, type Resource, textOf } from './json.ts'
import { valuesAt } from './path.ts'
import { targetOf } from './references.ts'

/**
 * One thing by which a resource is found. `value` is the code, the folded text, `Type/id` or the address; `system` the code's system, the unit of a quantity,
 * or a text as it was written.
 */
export type Entry = {
  parameter: string
  value: string
  system: string
  low: Date | null
  high: Date | null
  amount: number | null
}

export type Setting = { dayStart: DayStart; base?: string }

const LONGEST = 300 // characters of a value that are found by: an index takes no more than a third of a page

/** How texts are compared: without case, accents, width and doubled spaces (R4, 3.1.1.4.8). */
export const fold = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim().slice(0, LONGEST)

const cut = (text: string) => text.slice(0, LONGEST)

/** Everything by which this resource is found, each thing once. `_id` and `_lastUpdated` are columns and not in it. */
export function entriesOf(resource: Resource, setting: Setting): Entry[] {
  const definition = definitions.get(resource.resourceType)
  if (!definition) return []
  const all = new Map<string, Entry>()
  for (const parameter of definition.parameters.values()) {
    if (parameter.name === '_id' || parameter.name === '_lastUpdated') continue
    for (const entry of parameter.paths.flatMap((path) => valuesAt(resource, path)).flatMap((value) => read(value, parameter, setting))) {
      const whole: Entry = { parameter: parameter.name, value: '', system: '', low: null, high: null, amount: null, ...entry }
      all.set(
        `${whole.parameter}\n${whole.system}\n${whole.value}\n${whole.low?.getTime()}\n${whole.high?.getTime()}\n${whole.amount}`,
        whole,
      )
    }
  }
  return [...all.values()]
}

function read(value: unknown, parameter: Parameter, setting: Setting): Partial<Entry>[] {
  switch (parameter.type) {
    case 'token':
      return tokens(value)
    case 'string':
      return texts(value).flatMap((text) => (fold(text) ? [{ value: fold(text), system: cut(text.trim()) }] : []))
    case 'uri':
      return typeof value === 'string' ? [{ value: cut(value) }] : []
    case 'reference':
      return references(value, parameter, setting)
    case 'date':
      return spans(value, setting.dayStart).map((span) => ({ ...span }))
    case 'quantity':
      return quantities(value)
    case 'number': {
      const amount = numberOf(value)
      return amount === undefined ? [] : [{ amount }]
    }
  }
}

function tokens(value: unknown): Partial<Entry>[] {
  if (typeof value === 'string') return [{ value: cut(value) }]
  if (typeof value === 'boolean') return [{ value: String(value) }]
  if (!isElement(value)) return []
  if (Array.isArray(value.coding)) return elementsOf(value.coding).flatMap(tokens)
  const code = textOf(value.code) ?? textOf(value.value)
  const system = textOf(value.system) ?? ''
  return code ? [{ value: cut(code.trim()), system: cut(system) }] : []
}

const TEXT_FIELDS = ['text', 'family', 'given', 'prefix', 'suffix', 'line', 'city', 'district', 'state', 'postalCode', 'country'] as const

/** A text, a name or an address: each of its parts, and each word of a name that is written with spaces. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (!isElement(value)) return []
  const parts = TEXT_FIELDS.flatMap((field) => listOf(value[field])).filter((part) => typeof part === 'string')
  return parts.flatMap((part) => (part.trim().includes(' ') ? [part, ...part.trim().split(/\s+/)] : [part]))
}

function references(value: unknown, { targets }: Parameter, { base }: Setting): Partial<Entry>[] {
  const text = typeof value === 'string' ? value : isElement(value) ? textOf(value.reference) : undefined
  if (!text || text.startsWith('#')) return []
  const target = targetOf(text, base)
  if (!target) return [{ value: cut(text.split('|')[0] ?? text) }]
  return targets.length === 0 || targets.includes(target.type) ? [{ value: `${target.type}/${target.id}` }] : []
}

const EVER = { from: new Date('0001-01-02T00:00:00Z'), until: new Date('9999-12-30T00:00:00Z') }

function spans(value: unknown, dayStart: DayStart): Span[] {
  if (typeof value === 'string') return [spanOf(value, dayStart)].filter((span) => span !== undefined)
  if (!isElement(value)) return []
  if (Array.isArray(value.event)) return value.event.flatMap((event) => spans(event, dayStart)) // a Timing
  const repeat = isElement(value.repeat) && isElement(value.repeat.boundsPeriod) ? value.repeat.boundsPeriod : value
  const [start, end] = [spanOf(repeat.start, dayStart), spanOf(repeat.end, dayStart)]
  if (!start && !end) return []
  const [low, high] = [start?.low ?? EVER.from, end?.high ?? EVER.until]
  return high > low ? [{ low, high }] : []
}

function quantities(value: Element | unknown): Partial<Entry>[] {
  if (!isElement(value)) return []
  const amount = numberOf(value.value)
  if (amount === undefined || !Number.isFinite(amount)) return []
  const [code, unit] = [textOf(value.code), textOf(value.unit)]
  const system = textOf(value.system) ?? ''
  const coded = code ? [{ amount, value: cut(code), system: cut(system) }] : []
  return unit && unit !== code ? [...coded, { amount, value: cut(unit), system: '' }] : coded.length > 0 ? coded : [{ amount }]
}
