import { type DayStart, type Prefix, readSpan, splitPrefix } from './dates.ts'
import { type Definition, definitions, type Parameter } from './definitions.ts'
import { fold } from './entries.ts'
import { entryOf } from './json.ts'
import { FhirProblem } from './problem.ts'
import { targetOf } from './references.ts'

export type Wanted =
  | { kind: 'token'; system: string | undefined; code: string | undefined } // '' is "without a system", undefined is "whatever"
  | { kind: 'string'; folded: string; written: string }
  | { kind: 'date'; prefix: Prefix; low: Date; high: Date }
  | { kind: 'number'; prefix: Prefix; low: number; high: number; amount: number; system: string | undefined; unit: string | undefined }
  | { kind: 'reference'; value: string; types: readonly string[] } // an id alone may be of any of the types
  | { kind: 'uri'; value: string }

export type Clause =
  | { is: 'values'; parameter: Parameter; modifier: 'exact' | 'contains' | 'not' | undefined; values: Wanted[] }
  | { is: 'missing'; parameter: Parameter; isMissing: boolean }
  | { is: 'chain'; parameter: Parameter; types: readonly string[]; name: string; value: string }
  | { is: 'has'; type: string; parameter: Parameter; name: string; value: string }

export type Include = { type: string; parameter: string; target: string | undefined; isIterated: boolean }
export type Query = {
  definition: Definition
  clauses: Clause[]
  sort: { parameter: Parameter; isDescending: boolean }[]
  count: number
  include: Include[]
  reverseInclude: Include[]
  summary: 'none' | 'true' | 'count'
  elements: string[]
  total: 'none' | 'accurate'
  cursor: string | undefined
}

export type Pairs = readonly (readonly [string, string])[]
type Setting = { dayStart: DayStart; base?: string }

const MOST = 200
const USUAL = 20
const MOST_CLAUSES = 40
const MOST_VALUES = 200
const CHAINS = 3

export const badParameter = (parameter: string, because: string) =>
  new FhirProblem(400, 'invalid', `parameter: ${parameter.slice(0, 100)}; because: ${because}`)

/** Reads a search; what it does not understand it refuses, so that no filter is silently ignored. */
export function parseSearch(type: string, pairs: Pairs, setting: Setting): Query {
  const definition = definitions.get(type)
  if (!definition) throw new FhirProblem(404, 'not-supported', `the resource type ${type.slice(0, 60)} is not taken`)
  if (pairs.length > MOST_CLAUSES) throw new FhirProblem(400, 'too-costly', `more than ${MOST_CLAUSES} parameters`)
  const query: Query = {
    definition,
    clauses: [],
    sort: [],
    count: USUAL,
    include: [],
    reverseInclude: [],
    summary: 'none',
    elements: [],
    total: 'none',
    cursor: undefined,
  }
  const seen = new Set<string>()
  for (const [name, value] of pairs) {
    const read = entryOf(results, name.split(':')[0])
    if (!read) {
      if (value !== '') query.clauses.push(clauseOf(definition, name, value, setting))
      continue
    }
    if (seen.has(name) && !name.includes('include')) throw badParameter(name, 'repeated')
    seen.add(name)
    read(query, value, name)
  }
  return query
}

/** The parameters that say what comes back, not what is looked for. */
const results: Readonly<Record<string, (query: Query, value: string, name: string) => void>> = {
  _count: (query, value) => {
    if (!/^\d{1,9}$/.test(value)) throw badParameter('_count', 'number')
    query.count = Math.min(Number(value), MOST)
    if (query.count === 0) query.summary = 'count'
  },
  _sort: (query, value) => {
    for (const part of value.split(',').filter(Boolean)) {
      const name = part.replace(/^-/, '')
      const parameter = query.definition.parameters.get(name)
      if (!parameter || query.sort.length >= 3) throw badParameter('_sort', 'unknown')
      query.sort.push({ parameter, isDescending: part.startsWith('-') })
    }
  },
  _include: (query, value, name) => void query.include.push(includeOf(value, name)),
  _revinclude: (query, value, name) => void query.reverseInclude.push(includeOf(value, name)),
  _summary: (query, value) => {
    if (value === 'false') return
    if (value !== 'true' && value !== 'count') throw badParameter('_summary', 'code')
    query.summary = value
  },
  _elements: (query, value) => void query.elements.push(...value.split(',').filter((e) => /^[a-z]\w{0,60}$/i.test(e))),
  _total: (query, value) => {
    if (!['none', 'estimate', 'accurate'].includes(value)) throw badParameter('_total', 'code')
    query.total = value === 'none' ? 'none' : 'accurate'
  },
  _cursor: (query, value) => {
    query.cursor = value
  },
  _format: (_, value) => {
    if (!/^(json|(application|text)\/(fhir[+ ])?json)(;.*)?$/.test(value))
      throw new FhirProblem(406, 'not-supported', 'only JSON is spoken here')
  },
  _pretty: () => {},
}

function includeOf(text: string, name: string): Include {
  const [type = '', parameter = '', target] = text.split(':')
  const known = parameter === '*' || definitions.get(type)?.parameters.get(parameter)?.type === 'reference'
  const [base = '', modifier] = name.split(':')
  if (!definitions.has(type) || !known || (target !== undefined && !definitions.has(target))) throw badParameter(name, 'unknown')
  if (modifier !== undefined && modifier !== 'iterate' && modifier !== 'recurse') throw badParameter(name, 'modifier')
  if (base === '_revinclude' && parameter === '*') throw badParameter(name, 'unknown')
  return { type, parameter, target, isIterated: modifier !== undefined }
}

/** Reads one `name[:modifier][.chain]=value` of a type. */
export function clauseOf(definition: Definition, name: string, value: string, setting: Setting, depth = 0): Clause {
  if (depth > CHAINS) throw badParameter(name, 'chainedTooDeep')
  if (name.startsWith('_has:')) return hasOf(definition, name, value, setting, depth)
  const dot = name.indexOf('.')
  const [own = '', modifier] = (dot < 0 ? name : name.slice(0, dot)).split(':')
  const parameter = definition.parameters.get(own)
  if (!parameter) throw badParameter(name, 'unknown')
  if (dot >= 0) return chainOf(parameter, modifier, name.slice(dot + 1), value, setting, depth)
  if (modifier === 'missing') {
    if (value !== 'true' && value !== 'false') throw badParameter(name, 'code')
    return { is: 'missing', parameter, isMissing: value === 'true' }
  }
  const isType = parameter.type === 'reference' && modifier !== undefined && definitions.has(modifier)
  if (modifier !== undefined && !isType && !allowed[parameter.type]?.includes(modifier)) throw badParameter(name, 'modifier')
  const parts = splitCommas(value)
  if (parts.length > MOST_VALUES) throw badParameter(name, 'tooMany')
  const values = parts.map((part) => wantedOf(parameter, part, isType ? [modifier] : parameter.targets, setting))
  return { is: 'values', parameter, modifier: isType ? undefined : (modifier as 'exact' | 'contains' | 'not' | undefined), values } // one of `allowed`
}

const allowed: Readonly<Record<string, readonly string[]>> = { token: ['not'], string: ['exact', 'contains'] }

function chainOf(parameter: Parameter, type: string | undefined, rest: string, value: string, setting: Setting, depth: number): Clause {
  const name = `${parameter.name}.${rest}`
  if (parameter.type !== 'reference' || rest === '') throw badParameter(name, 'chain')
  const candidates = type ? [type] : parameter.targets
  const types = candidates.filter((target) => canRead(target, rest, value, setting, depth))
  const first = types[0]
  if (!first) throw badParameter(name, 'chain')
  if (types.length > 1 && !type) throw badParameter(name, 'chainNeedsType') // it would mean different things of different types
  return { is: 'chain', parameter, types, name: rest, value }
}

function canRead(type: string, name: string, value: string, setting: Setting, depth: number): boolean {
  const definition = definitions.get(type)
  if (!definition?.parameters.has(name.split(/[.:]/)[0] ?? '') && !name.startsWith('_has:')) return false
  if (!definition) return false
  clauseOf(definition, name, value, setting, depth + 1) // says what is wrong with it
  return true
}

/** `_has:Observation:patient:code=8310-5`: those to whom an Observation of that code refers. */
function hasOf(definition: Definition, name: string, value: string, setting: Setting, depth: number): Clause {
  const [, type = '', by = '', ...rest] = name.split(':')
  const parameter = definitions.get(type)?.parameters.get(by)
  const inner = rest.join(':')
  if (parameter?.type !== 'reference' || !parameter.targets.includes(definition.type) || !inner) throw badParameter(name, 'unknown')
  if (!canRead(type, inner, value, setting, depth)) throw badParameter(name, 'unknown')
  return { is: 'has', type, parameter, name: inner, value }
}

/** Commas part alternatives, and `\,` is a comma. */
export const splitCommas = (value: string): string[] => value.split(/(?<!\\),/).map((part) => part.replace(/\\([,|$\\])/g, '$1'))

function wantedOf(parameter: Parameter, text: string, types: readonly string[], { dayStart, base }: Setting): Wanted {
  switch (parameter.type) {
    case 'token': {
      const at = text.indexOf('|')
      if (at < 0) return { kind: 'token', system: undefined, code: text }
      return { kind: 'token', system: text.slice(0, at), code: text.slice(at + 1) || undefined }
    }
    case 'string':
      return { kind: 'string', folded: fold(text), written: text.trim().slice(0, 300) }
    case 'date':
      return { kind: 'date', ...readSpan(text, parameter.name, dayStart) }
    case 'uri':
      return { kind: 'uri', value: text.slice(0, 300) }
    case 'reference': {
      const target = targetOf(text, base)
      if (target) return { kind: 'reference', value: `${target.type}/${target.id}`, types: [] }
      const isId = /^[A-Za-z0-9.-]{1,64}$/.test(text)
      return { kind: 'reference', value: text.split('|')[0]?.slice(0, 300) ?? '', types: isId ? types : [] }
    }
    case 'number':
    case 'quantity':
      return numberWanted(parameter, text)
  }
}

function numberWanted(parameter: Parameter, text: string): Wanted {
  const [number = '', system, unit] = text.split('|')
  const { prefix, rest } = splitPrefix(number)
  const amount = Number(rest)
  const digits = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(rest)
  if (!digits || !Number.isFinite(amount)) throw badParameter(parameter.name, 'number')
  // `5.4` means what rounds to it (R4, 3.1.1.4.7).
  const half = 0.5 * 10 ** (Number(digits[3] ?? 0) - (digits[2]?.length ?? 0))
  return { kind: 'number', prefix, amount, low: amount - half, high: amount + half, system: system || undefined, unit: unit || undefined }
}
