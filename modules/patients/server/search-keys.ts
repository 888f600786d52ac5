import { readName } from './pinyin.ts'

export type SearchKey = { key: string; kind: 'name' | 'pinyin' | 'initials' | 'alias' | 'number' | 'bed'; position: number }

/** Longer names are found from each of their first characters only. */
const MOST_POSITIONS = 12

/** How a text stands in a key, and how what somebody types is made equal to it. */
export const keyOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s·•・‧'’.]/gu, '')

/** The keys of a name: its characters, its reading and its initials, each from every character on. */
export function keysOfName(name: string, namePinyin?: string): SearchKey[] {
  const parts = /\p{Script=Han}/u.test(name) ? Array.from(keyOf(name)) : name.split(/\s+/).map(keyOf).filter(Boolean)
  const syllables = namePinyin === undefined ? readName(name).syllables : namePinyin.split(' ').filter(Boolean)
  const keys = [...cut(parts, 'name', 1), ...cut(syllables, 'pinyin', 1), ...cut(initials(syllables), 'initials', 2)]
  // 吕 is typed lv, and lu as well.
  if (syllables.some((s) => /^[ln]v/.test(s)))
    keys.push(
      ...cut(
        syllables.map((s) => s.replace(/^([ln])v/, '$1u')),
        'pinyin',
        1,
      ),
    )
  const isLatin = syllables.join('') === parts.join('')
  return unique(isLatin ? keys.filter((k) => k.kind !== 'pinyin') : keys)
}

/** Former names lead to the person too. */
export const keysOfAlias = (name: string): SearchKey[] =>
  unique(keysOfName(name).filter((k) => k.position === 0)).map((k) => ({ ...k, kind: 'alias' }))

/** A hospital number as it stands, and without the zeros in front that nobody types. */
export function keysOfNumber(value: string): SearchKey[] {
  const key = keyOf(value)
  const bare = key.replace(/^0+(?=\d)/, '')
  return unique([
    { key, kind: 'number', position: 0 },
    { key: bare, kind: 'number', position: bare === key ? 0 : 1 },
  ])
}

export const keysOfBed = (bed: string): SearchKey[] => unique([{ key: keyOf(bed), kind: 'bed', position: 0 }])

const initials = (syllables: readonly string[]) => syllables.map((s) => Array.from(s)[0] ?? '')

/** The rest of a name from each part on; a rest shorter than `least` parts finds everybody and so nobody, unless it is the whole. */
const cut = (parts: readonly string[], kind: SearchKey['kind'], least: number): SearchKey[] =>
  parts
    .slice(0, MOST_POSITIONS)
    .flatMap((_, i) => (i > 0 && parts.length - i < least ? [] : [{ key: parts.slice(i).join(''), kind, position: i }]))

function unique(keys: readonly SearchKey[]): SearchKey[] {
  const seen = new Map<string, SearchKey>()
  for (const k of keys) if (k.key !== '' && !seen.has(`${k.kind}:${k.key}`)) seen.set(`${k.kind}:${k.key}`, k)
  return [...seen.values()]
}
