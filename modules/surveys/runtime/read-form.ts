import { asJson, asList, asNumber, asText, choiceOf, extensionNumber, extensionValue, isJson, type Json, urls } from './fhir.ts'
import type { Condition, Form, Item, ItemKind, Measure, Operator, Option, Value } from './model.ts'
import { phrase } from './phrase.ts'
import { readAnalyses } from './read-analyses.ts'
import { readBases } from './read-bases.ts'
import { readRedFlags } from './read-red-flags.ts'

/** Reads a FHIR R4 Questionnaire, whatever it holds. What cannot be worked with becomes `unsupported`; `inspect` says why. */
export function readForm(definition: unknown): Form {
  const raw = asJson(definition)
  const contained = asList(raw.contained)
  const calm = breakCircles(readItems(raw, null, { seen: new Set(), ofQuestions: linkIdsOfQuestions(raw), contained }))
  return {
    title: phrase(raw, 'title'),
    description: phrase(raw, 'description'),
    language: asText(raw.language) || 'zh',
    bases: readBases(raw),
    analyses: readAnalyses(raw),
    items: calm,
    byLinkId: index(calm),
    redFlags: readRedFlags(raw),
  }
}

const kinds: Readonly<Record<string, ItemKind>> = {
  group: 'group',
  display: 'display',
  boolean: 'boolean',
  decimal: 'decimal',
  integer: 'integer',
  date: 'date',
  dateTime: 'dateTime',
  time: 'time',
  string: 'string',
  text: 'text',
  url: 'url',
  choice: 'choice',
  coding: 'choice', // R5
  'open-choice': 'openChoice',
  quantity: 'quantity',
}

const operators: readonly string[] = ['exists', '=', '!=', '>', '<', '>=', '<='] satisfies Operator[]
const isOperator = (x: unknown): x is Operator => typeof x === 'string' && operators.includes(x)

/** Beyond these nobody would answer; they keep what walks a form from running out of stack. */
export const mostItems = 2000
export const deepestItem = 20

type Reading = { seen: Set<string>; ofQuestions: ReadonlySet<string>; contained: readonly Json[] }

/**
 * The items of an element, each linkId once: a second question of the same name is left out, and `inspect` tells. Files in the wild give
 * the same linkId to several lines of help; nothing refers to those, so they are shown under a name of our own.
 */
function readItems(element: Json, parent: string | null, reading: Reading, depth = 1): Item[] {
  const { seen, ofQuestions, contained } = reading
  const items: Item[] = []
  for (const raw of depth > deepestItem ? [] : asList(element.item)) {
    const said = asText(raw.linkId)
    const isClash = seen.has(said) || (raw.type === 'display' && ofQuestions.has(said))
    const linkId = isClash && raw.type === 'display' ? `${said}#${seen.size}` : said
    if (!linkId || seen.has(linkId) || seen.size >= mostItems) continue
    seen.add(linkId)
    items.push(readItem(raw, linkId, parent, readItems(raw, linkId, reading, depth + 1), contained))
  }
  return items
}

function linkIdsOfQuestions(element: Json, depth = 1): Set<string> {
  const found = new Set<string>()
  for (const raw of depth > deepestItem ? [] : asList(element.item)) {
    if (raw.type !== 'display') found.add(asText(raw.linkId))
    for (const linkId of linkIdsOfQuestions(raw, depth + 1)) found.add(linkId)
  }
  return found
}

function readItem(raw: Json, linkId: string, parent: string | null, items: readonly Item[], contained: readonly Json[]): Item {
  const options = readOptions(raw, contained)
  const kind = kindOf(raw, options)
  const control = controlOf(raw)
  const measure = measureOf(raw)
  const source = sourceOf(raw)
  return {
    linkId,
    kind,
    text: phrase(raw, 'text'),
    prefix: asText(raw.prefix),
    code: asText(asList(raw.code)[0]?.code) || linkId,
    measure,
    isRequired: raw.required === true,
    isMultiple: raw.repeats === true && kind !== 'group',
    isReadOnly: raw.readOnly === true || source !== null,
    source,
    isConcealed: extensionValue(raw, urls.hidden) === true,
    control,
    options,
    isScale: extensionValue(raw, urls.scale) === true || measure !== null,
    minLength: extensionNumber(raw, urls.minLength),
    maxLength: asNumber(raw.maxLength),
    minValue: limitOf(raw, urls.minValue) ?? (measure === 'nps' ? 0 : null),
    maxValue: limitOf(raw, urls.maxValue) ?? (measure === 'nps' ? 10 : null),
    step: extensionNumber(raw, urls.step),
    decimals: extensionNumber(raw, urls.decimals),
    minAnswers: extensionNumber(raw, urls.minOccurs),
    maxAnswers: extensionNumber(raw, urls.maxOccurs),
    unit: unitOf(raw),
    conditions: asList(raw.enableWhen).map(readCondition),
    conditionsNeeded: raw.enableBehavior === 'any' ? 'any' : 'all',
    initial: readInitial(raw, kind, options),
    items,
    parent,
  }
}

function kindOf(raw: Json, options: readonly Option[]): ItemKind {
  const known = kinds[asText(raw.type)]
  if (!known) return 'unsupported'
  if (raw.type === 'coding' && raw.answerConstraint === 'optionsOrString') return 'openChoice'
  if (known === 'choice' && options.length === 0) return 'unsupported' // its answers stand in a value set that is elsewhere
  return known
}

const measureOf = (raw: Json): Measure | null => {
  const measure = extensionValue(raw, urls.measure)
  return measure === 'satisfaction' || measure === 'aspect' || measure === 'nps' ? measure : null
}

const sourceOf = (raw: Json): string | null => {
  const path = extensionValue(raw, urls.source)
  return typeof path === 'string' ? path : null
}

const controlOf = (raw: Json): string | null => {
  const concept = asJson(extensionValue(raw, urls.control))
  return asText(asList(concept.coding)[0]?.code) || null
}

const limitOf = (raw: Json, url: string): number | string | null => {
  const limit = extensionValue(raw, url)
  if (isJson(limit)) return asNumber(limit.value) // a quantity
  return asNumber(limit) ?? (asText(limit) || null)
}

function unitOf(raw: Json): Item['unit'] {
  const coding = extensionValue(raw, urls.unit) ?? extensionValue(raw, urls.unitOption)
  if (!isJson(coding)) return null
  const code = asText(coding.code) || null
  return { label: asText(coding.display) || code || '', system: asText(coding.system) || null, code }
}

function readCondition(raw: Json): Condition {
  const expected = choiceOf(raw, 'answer') ?? { name: '', content: null }
  return {
    question: asText(raw.question),
    operator: isOperator(raw.operator) ? raw.operator : 'exists',
    expected: isOperator(raw.operator) ? expected : { name: '', content: null },
    isCircular: false,
  }
}

// ---- options ----

function readOptions(raw: Json, contained: readonly Json[]): Option[] {
  const elements = asList(raw.answerOption)
  const listed = elements.length > 0 ? elements : optionsOfValueSet(asText(raw.answerValueSet), contained)
  const found = listed.flatMap((element) => {
    const value = choiceOf(element, 'value')
    return value && value.name !== 'Reference' ? [{ element, value, key: plainKey(value.content) }] : []
  })
  const count = new Map<string, number>()
  for (const { key } of found) count.set(key, (count.get(key) ?? 0) + 1)
  const used = new Set<string>()
  return found.flatMap(({ element, value, key }) => {
    const unique = count.get(key) === 1 ? key : `${asText(asJson(value.content).system)}|${key}`
    if (unique === '' || used.has(unique)) return []
    used.add(unique)
    return [readOption(element, value, unique)]
  })
}

function readOption(element: Json, value: { name: string; content: unknown }, key: string): Option {
  const coding = asJson(value.content)
  const label = isJson(value.content) ? phrase(coding, 'display') : phrase(element, `value${value.name}`)
  const plain = isJson(value.content) ? label.text || key : String(value.content)
  return {
    key,
    label: { ...label, text: plain },
    value,
    score: extensionNumber(element, urls.ordinal, urls.weight) ?? extensionNumber(coding, urls.ordinal, urls.weight),
    isExclusive: extensionValue(element, urls.exclusive) === true,
    isNotApplicable: extensionValue(element, urls.notApplicable) === true,
  }
}

const plainKey = (content: unknown): string => (isJson(content) ? asText(content.code) || asText(content.display) : String(content))

/** A value set that the questionnaire carries inside itself: its expansion, else the concepts it includes. */
function optionsOfValueSet(address: string, contained: readonly Json[]): Json[] {
  if (!address.startsWith('#')) return []
  const set = contained.find((c) => c.resourceType === 'ValueSet' && c.id === address.slice(1))
  if (!set) return []
  const expanded = asList(asJson(set.expansion).contains)
  if (expanded.length > 0) return expanded.map((valueCoding) => ({ valueCoding }))
  return asList(asJson(set.compose).include).flatMap(({ system, concept }) =>
    asList(concept).map((c) => ({ valueCoding: { ...c, ...(asText(system) ? { system } : {}) } })),
  )
}

// ---- initial answers ----

function readInitial(raw: Json, kind: ItemKind, options: readonly Option[]): Value[] {
  const chosen = asList(raw.answerOption).flatMap((o) => (o.initialSelected === true ? [choiceOf(o, 'value')] : []))
  const initial = asList(raw.initial).map((i) => choiceOf(i, 'value'))
  return [...chosen, ...initial].flatMap((value) => {
    const read = value && readValue(value, kind, options)
    return read === undefined ? [] : [read]
  })
}

/** A FHIR value as an answer to an item of this kind; undefined where it is none. */
export function readValue(value: { name: string; content: unknown }, kind: ItemKind, options: readonly Option[]): Value | undefined {
  const { content } = value
  if (kind === 'choice' || kind === 'openChoice') {
    const option = options.find((o) => isSameValue(o.value, value))
    if (option) return option.key
    return kind === 'openChoice' && typeof content === 'string' ? { other: content } : undefined
  }
  if (kind === 'quantity') return asNumber(asJson(content).value) ?? asNumber(content) ?? undefined
  if (kind === 'integer' || kind === 'decimal') return asNumber(content) ?? undefined
  if (kind === 'boolean') return typeof content === 'boolean' ? content : undefined
  return typeof content === 'string' ? content : undefined
}

/** Codings are the same where their codes are, and their systems wherever both name one. */
export function isSameValue(a: { name: string; content: unknown }, b: { name: string; content: unknown }): boolean {
  if (!isJson(a.content) || !isJson(b.content)) return a.content === b.content
  const [x, y] = [a.content, b.content]
  const code = (c: Json) => asText(c.code) || asText(c.display)
  return code(x) === code(y) && (!asText(x.system) || !asText(y.system) || x.system === y.system)
}

// ---- the page in order, and circles of conditions ----

const flat = (items: readonly Item[]): Item[] => items.flatMap((i) => [i, ...flat(i.items)])
const index = (items: readonly Item[]): ReadonlyMap<string, Item> => new Map(flat(items).map((i) => [i.linkId, i]))

function withParents(item: Item, all: ReadonlyMap<string, Item>): Item[] {
  const chain = [item]
  for (let at = item.parent; at !== null; at = all.get(at)?.parent ?? null) {
    const parent = all.get(at)
    if (parent) chain.push(parent)
  }
  return chain
}

/**
 * An item depends on its parent and on the questions that its conditions name. Walking these in the order of the page, a condition
 * that leads back to where we are is marked, so that what is left has no circle whatever the form says.
 */
function breakCircles(items: readonly Item[]): Item[] {
  const all = index(items)
  const state = new Map<string, 'open' | 'done'>()
  const circular = new Set<Condition>()
  const walk = (item: Item) => {
    state.set(item.linkId, 'open')
    const parent = item.parent === null ? undefined : all.get(item.parent)
    if (parent && !state.has(parent.linkId)) walk(parent)
    for (const condition of item.conditions) {
      const target = all.get(condition.question)
      if (!target) continue
      if (withParents(target, all).some((i) => state.get(i.linkId) === 'open')) circular.add(condition)
      else if (!state.has(target.linkId)) walk(target)
    }
    state.set(item.linkId, 'done')
  }
  for (const item of all.values()) if (!state.has(item.linkId)) walk(item)
  const mark = (item: Item): Item => ({
    ...item,
    conditions: item.conditions.map((c) => (circular.has(c) ? { ...c, isCircular: true } : c)),
    items: item.items.map(mark),
  })
  return circular.size === 0 ? [...items] : items.map(mark)
}
