import { type Message, type Path, pathAtStart, type Repetition } from '@renxin/hl7'
import { type CodeTable, codeTables, type FieldName, type MappingProblem, meanings, usualPlaces } from '../contract.ts'
import { isOwnName, type OwnName } from '../own-fields-contract.ts'
import type { OwnField } from './own-fields.ts'
import { usualKinds } from './usual-kinds.ts'

/** Where one sender puts what we want to know, and what its codes mean. */
export type Mapping = {
  readonly places: ReadonlyMap<FieldName | OwnName, readonly Path[]>
  readonly codes: ReadonlyMap<CodeTable | OwnName, ReadonlyMap<string, string>>
}

export type { CodeTable, FieldName } from '../contract.ts'
export const fieldNames = Object.keys(usualPlaces) as FieldName[]

export const usualCodes = {
  nursing: {},
  condition: { C: '病危', P: '病重', S: '一般' }, // HL7 table 0434
  disposition: {},
  class: { I: 'inpatient', B: 'inpatient', P: 'inpatient', O: 'outpatient', R: 'outpatient', E: 'emergency' }, // HL7 table 0004
  sex: {
    M: 'male',
    '1': 'male',
    男: 'male',
    F: 'female',
    '2': 'female',
    女: 'female',
    O: 'other',
    '9': 'other',
    U: 'unknown',
    '0': 'unknown',
  }, // and GB/T 2261.1
  identity: {},
  payer: {},
  ward: {},
  department: {},
  ...usualKinds,
  assigner: {},
} as const satisfies Record<CodeTable, Readonly<Record<string, string>>>

/**
 * Reads what an engineer wrote. Every problem says which entry it is, what stands there and what is wrong; a mapping with problems is not used. Where the
 * hospital's own fields are given, it names no others, and their codes come to what they take.
 */
export function parseMapping(profile: unknown, own?: readonly OwnField[]): { mapping: Mapping; problems: MappingProblem[] } {
  const problems: MappingProblem[] = []
  const places = new Map<FieldName | OwnName, readonly Path[]>()
  const codes = new Map<CodeTable | OwnName, ReadonlyMap<string, string>>()
  const said = isRecord(profile) ? profile : {}
  if (!isRecord(profile)) problems.push({ entry: '', text: '', code: 'notAnObject' })

  for (const [entry, value] of Object.entries(said)) {
    if (entry === 'codes' || entry.startsWith('_')) continue
    const isDefined = isOwnName(entry) && (!own || own.some((o) => o.name === entry))
    if (!isField(entry) && !isDefined) problems.push({ entry, text: textOf(value), code: 'unknownField' })
    else if (value !== null && typeof value !== 'string') problems.push({ entry, text: textOf(value), code: 'notText' })
  }
  for (const name of [...fieldNames, ...Object.keys(said).filter(isOwnName)]) {
    const value = said[name]
    const text = typeof value === 'string' ? value : value === null || isOwnName(name) ? '' : usualPlaces[name]
    const read = parsePlaces(text)
    if ('wrong' in read) problems.push({ entry: name, text: read.wrong, code: 'noPath' })
    places.set(name, 'wrong' in read ? [] : read.paths)
  }
  const tables = said.codes ?? {}
  if (!isRecord(tables)) problems.push({ entry: 'codes', text: textOf(tables), code: 'notAnObject' })
  for (const [entry, table] of Object.entries(isRecord(tables) ? tables : {})) {
    if (!isCodeTable(entry) && !isOwnName(entry)) problems.push({ entry: `codes.${entry}`, text: '', code: 'unknownCodes' })
    else if (!isRecord(table)) problems.push({ entry: `codes.${entry}`, text: textOf(table), code: 'notAnObject' })
  }
  for (const name of [...codeTables, ...Object.keys(isRecord(tables) ? tables : {}).filter(isOwnName)]) {
    const written = isRecord(tables) && isRecord(tables[name]) ? tables[name] : {}
    for (const [code, meaning] of Object.entries(written)) {
      const allowed = isOwnName(name) ? optionsOf(name, own) : meanings[name]
      if (typeof meaning !== 'string' || meaning.trim() === '' || (allowed && !allowed.includes(meaning))) {
        problems.push({ entry: `codes.${name}.${code}`, text: textOf(meaning), code: 'badMeaning', allowed: allowed?.join(' ') })
      }
    }
    const all: Record<string, unknown> = { ...(isOwnName(name) ? {} : usualCodes[name]), ...written }
    codes.set(name, new Map(Object.entries(all).flatMap(([code, word]) => (typeof word === 'string' ? [[code, word] as const] : []))))
  }
  return { mapping: { places, codes }, problems }
}

const optionsOf = (name: OwnName, own: readonly OwnField[] = []): readonly string[] | undefined =>
  own.find((o) => o.name === name && o.definition.options.length > 0)?.definition.options

/**
 * `PV1-19.1 or PV1-50.1 (some wards) and so on`: places joined by `or`; what stands in brackets or after a place is a remark.
 * An empty text is no place at all: this sender does not say it.
 */
export function parsePlaces(text: string): { paths: readonly Path[] } | { wrong: string } {
  const plain = text.replace(/[(（][^()（）]*[)）]?/g, ' ').trim()
  if (plain === '') return text.trim() === '' ? { paths: [] } : { wrong: text.trim() }
  const paths: Path[] = []
  for (const part of plain.split(/\s+or\s+/i)) {
    const found = pathAtStart(part.trim())
    const isRemark = paths.length > 0 && !/^[A-Za-z0-9]{3}\s*[-_.]\s*\d/.test(part.trim())
    if (found && /^(?:$|[\s,;:，；：。])/.test(found.rest) && !/^\s*where\b/i.test(found.rest)) paths.push(found.path)
    else if (!isRemark) return { wrong: part.trim() }
  }
  return { paths }
}

/** A value of a message where a mapping says it stands. `null`: the sender deletes it. `undefined`: it says nothing. */
export function repetitionAt(
  message: Message,
  mapping: Mapping,
  name: FieldName | OwnName,
): { path: Path; value: Repetition } | null | undefined {
  let isDeleted = false
  for (const path of mapping.places.get(name) ?? []) {
    const value = message.find(path)
    if (value && (value.get(path.component ?? 1, path.subcomponent) !== undefined || path.component === undefined)) return { path, value }
    isDeleted ||= message.isDeleted(path) || (path.component !== undefined && value?.components[path.component - 1] === '""')
  }
  return isDeleted ? null : undefined
}

/** The text of a value: the component that the mapping names, else the first. */
export function textAt(message: Message, mapping: Mapping, name: FieldName): string | null | undefined {
  const found = repetitionAt(message, mapping, name)
  return found && (found.value.get(found.path.component ?? 1, found.path.subcomponent)?.trim() || undefined)
}

/** A coded value: `03^干部` is its code and its text. Where the mapping names a component, both are that one. */
export function codedAt(message: Message, mapping: Mapping, name: FieldName): { code: string; text: string } | null | undefined {
  const found = repetitionAt(message, mapping, name)
  if (!found) return found
  const component = found.path.component
  const code = found.value.get(component ?? 1, found.path.subcomponent)?.trim()
  const text = component === undefined ? found.value.get(2)?.trim() : undefined
  const said = code ?? text
  return said === undefined ? undefined : { code: said, text: text ?? said }
}

const isField = (name: string): name is FieldName => Object.hasOwn(usualPlaces, name)
const isCodeTable = (name: string): name is CodeTable => Object.hasOwn(usualCodes, name)
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 200)

/** Where a sender says nothing of itself: the places of the standard. */
export const usualMapping: Mapping = parseMapping({}).mapping
