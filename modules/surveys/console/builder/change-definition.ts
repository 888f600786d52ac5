import { type Definition, fhirUrls } from '../../contract.ts'

/** A FHIR item as it stands in the file. Whatever we do not know of it goes through every change untouched. */
export type RawItem = Readonly<Record<string, unknown>>
/** Where an item stands: its place among its siblings, from the top down. */
export type Path = readonly number[]

const isRecord = (x: unknown): x is RawItem => typeof x === 'object' && x !== null && !Array.isArray(x)
export const records = (x: unknown): RawItem[] => (Array.isArray(x) ? x.filter(isRecord) : [])
export const textOf = (x: unknown): string => (typeof x === 'string' ? x : '')
export const itemsOf = (element: RawItem): RawItem[] => records(element.item)

export type Listed = { path: Path; item: RawItem }

/** All items in the order of the page. */
export function listItems(element: RawItem, above: Path = []): Listed[] {
  return itemsOf(element).flatMap((item, at) => [{ path: [...above, at], item }, ...listItems(item, [...above, at])])
}

export const itemAt = (definition: RawItem, path: Path): RawItem | undefined =>
  path.reduce<RawItem | undefined>((element, at) => element && itemsOf(element)[at], definition)

export const isSamePath = (a: Path | undefined, b: Path | undefined): boolean => a?.join('.') === b?.join('.')

/** Changes the list in which the last step of the path stands. */
function changeList<T extends RawItem>(element: T, path: Path, change: (items: RawItem[], at: number) => RawItem[]): T {
  const [at = 0, ...rest] = path
  const items = itemsOf(element)
  if (rest.length === 0) return withItems(element, change(items, at))
  return withItems(
    element,
    items.map((item, i) => (i === at ? changeList(item, rest, change) : item)),
  )
}

/** An empty list of items is not allowed in FHIR JSON. */
function withItems<T extends RawItem>(element: T, items: RawItem[]): T {
  const { item: _, ...rest } = element
  return (items.length > 0 ? { ...rest, item: items } : rest) as T // the same element with other items
}

export const changeItem = (definition: Definition, path: Path, change: (item: RawItem) => RawItem): Definition =>
  changeList(definition, path, (items, at) => items.map((item, i) => (i === at ? change(item) : item)))

export const removeItem = (definition: Definition, path: Path): Definition =>
  changeList(definition, path, (items, at) => items.filter((_, i) => i !== at))

/** After the item at the path; at the end where there is none. */
export function addItem(definition: Definition, after: Path | undefined, item: RawItem): { definition: Definition; path: Path } {
  if (!after || after.length === 0) {
    const items = itemsOf(definition)
    return { definition: withItems(definition, [...items, item]), path: [items.length] }
  }
  const target = itemAt(definition, after)
  if (target?.type === 'group') {
    const inside = itemsOf(target)
    return { definition: changeItem(definition, after, (group) => withItems(group, [...inside, item])), path: [...after, inside.length] }
  }
  const at = (after.at(-1) ?? -1) + 1
  return {
    definition: changeList(definition, after, (items) => [...items.slice(0, at), item, ...items.slice(at)]),
    path: [...after.slice(0, -1), at],
  }
}

type Moved = { definition: Definition; path: Path } | undefined

/** One place up or down among its siblings; undefined where there is no place. */
export function moveItem(definition: Definition, path: Path, by: 1 | -1): Moved {
  const parent = itemAt(definition, path.slice(0, -1)) ?? definition
  const to = (path.at(-1) ?? 0) + by
  if (to < 0 || to >= itemsOf(parent).length) return undefined
  const moved = changeList(definition, path, (items, at) => {
    const item = items[at]
    const rest = items.filter((_, i) => i !== at)
    return item ? [...rest.slice(0, to), item, ...rest.slice(to)] : items
  })
  return { definition: moved, path: [...path.slice(0, -1), to] }
}

/** Into the group just above it, at its end. */
export function moveIn(definition: Definition, path: Path): Moved {
  const item = itemAt(definition, path)
  const above = [...path.slice(0, -1), (path.at(-1) ?? 0) - 1]
  if (!item || itemAt(definition, above)?.type !== 'group') return undefined
  return addItem(removeItem(definition, path), above, item)
}

/** Out of its group, just after it. */
export function moveOut(definition: Definition, path: Path): Moved {
  const item = itemAt(definition, path)
  if (!item || path.length < 2) return undefined
  const group = path.slice(0, -1)
  const at = (group.at(-1) ?? 0) + 1
  const without = removeItem(definition, path)
  return {
    definition: changeList(without, group, (items) => [...items.slice(0, at), item, ...items.slice(at)]),
    path: [...group.slice(0, -1), at],
  }
}

/** A linkId that nothing has yet: q1, q2, … */
export function freshLinkId(definition: RawItem): string {
  const used = new Set(listItems(definition).map(({ item }) => item.linkId))
  for (let n = used.size + 1; ; n += 1) if (!used.has(`q${n}`)) return `q${n}`
}

/** The linkId of a question changes with every condition that names it. */
export function renameLinkId(definition: Definition, path: Path, linkId: string): Definition {
  const before = itemAt(definition, path)?.linkId
  const rename = (item: RawItem): RawItem => ({
    ...item,
    ...(item.enableWhen === undefined
      ? {}
      : { enableWhen: records(item.enableWhen).map((c) => (c.question === before ? { ...c, question: linkId } : c)) }),
    ...(item.item === undefined ? {} : { item: itemsOf(item).map(rename) }),
  })
  const ruled = renamedInAnalyses(renamedInRedFlags(definition, before, linkId), before, linkId)
  const renamed = withItems(ruled, itemsOf(definition).map(rename))
  return changeItem(renamed, path, (item) => ({ ...item, linkId }))
}

function renamedInRedFlags(definition: Definition, before: unknown, linkId: string): Definition {
  if (definition.extension === undefined) return definition
  const inWhen = (e: RawItem): RawItem => (e.url === 'question' && e.valueString === before ? { ...e, valueString: linkId } : e)
  const inRule = (e: RawItem): RawItem => (e.url === 'when' ? { ...e, extension: records(e.extension).map(inWhen) } : e)
  const rename = (e: RawItem): RawItem => (e.url === fhirUrls.redFlag ? { ...e, extension: records(e.extension).map(inRule) } : e)
  return { ...definition, extension: records(definition.extension).map(rename) }
}

function renamedInAnalyses(definition: Definition, before: unknown, linkId: string): Definition {
  if (definition.extension === undefined) return definition
  const inPart = (e: RawItem): RawItem => {
    if (e.url === 'item' && e.valueString === before) return { ...e, valueString: linkId }
    return e.url === 'by' && e.valueString === `question:${before}` ? { ...e, valueString: `question:${linkId}` } : e
  }
  const rename = (e: RawItem): RawItem => (e.url === fhirUrls.analysis ? { ...e, extension: records(e.extension).map(inPart) } : e)
  return { ...definition, extension: records(definition.extension).map(rename) }
}

// ---- extensions ----

export const extensionOf = (element: RawItem, url: string): RawItem | undefined => records(element.extension).find((e) => e.url === url)

/** The element with this extension set, or without it where there is no value; every other extension stays. */
export function withExtension(element: RawItem, url: string, value: Readonly<Record<string, unknown>> | undefined): RawItem {
  const others = records(element.extension).filter((e) => e.url !== url)
  const all = value ? [...others, { url, ...value }] : others
  const { extension: _, ...rest } = element
  return all.length > 0 ? { ...rest, extension: all } : rest
}

/** What a text is in another language, by FHIR's translation extension. */
export function translationOf(element: RawItem, field: string, language: string): string {
  const beside = element[`_${field}`]
  for (const e of isRecord(beside) ? records(beside.extension) : []) {
    const parts = records(e.extension)
    const lang = textOf(parts.find((p) => p.url === 'lang')?.valueCode)
    if (e.url === fhirUrls.translation && lang.split('-')[0] === language)
      return textOf(parts.find((p) => p.url === 'content')?.valueString)
  }
  return ''
}

export function withTranslation(element: RawItem, field: string, language: string, content: string): RawItem {
  const name = `_${field}`
  const beside = isRecord(element[name]) ? element[name] : {}
  const others = records(beside.extension).filter((e) => {
    const lang = textOf(records(e.extension).find((p) => p.url === 'lang')?.valueCode)
    return e.url !== fhirUrls.translation || lang.split('-')[0] !== language
  })
  const said = {
    url: fhirUrls.translation,
    extension: [
      { url: 'lang', valueCode: language },
      { url: 'content', valueString: content },
    ],
  }
  const extension = content ? [...others, said] : others
  const { extension: _, ...kept } = beside
  const next = extension.length > 0 ? { ...kept, extension } : kept
  const { [name]: __, ...rest } = element
  return Object.keys(next).length > 0 ? { ...rest, [name]: next } : rest
}
