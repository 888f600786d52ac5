import { isElement } from './json.ts'

/** A small generator of chance that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const RUBBISH: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  1.5,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '仁心'.repeat(500),
  'x'.repeat(70_000),
  '2026-02-30',
  '0000-00-00',
  '9999-12-31T23:59:60+14:00',
  '-1-1-1',
  'Patient/',
  'Patient/../../etc/passwd',
  'Patient?identifier=x',
  'urn:uuid:00000000-0000-0000-0000-000000000000',
  '#nowhere',
  'https://example.org/Patient/1/_history/1',
  "'; drop table patients; --",
  '{{7*7}}',
  'constructor',
  'toString',
  '__proto__',
  '\u202e\u0301\u200b',
  [],
  {},
  [[]],
  [null],
  [{}],
  { resourceType: 'Patient' },
  { reference: 'Patient/none' },
  { coding: [{ system: 1, code: {} }] },
  { start: '2026', end: '1990' },
]

type Place = { holder: unknown[] | Record<string, unknown>; key: string | number }

/**
 * The text of a body with some of it spoilt: values put in the place of others, fields lost, doubled, renamed and moved, lists made single and single ones lists, and now and
 * then the text itself cut or a byte of it turned. `chance` answers from 0 to 1, so that a seed repeats it.
 */
export function mutate(body: unknown, chance: () => number): string {
  const root: { body: unknown } = { body: structuredClone(body) }
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(chance() * list.length)]
  const spoilings = 1 + Math.floor(chance() ** 3 * 4)
  for (let i = 0; i < spoilings; i += 1) {
    const place = pick(placesIn(root))
    if (place) spoil(place, pick, chance)
  }
  const text = JSON.stringify(root.body) ?? ''
  const kind = chance()
  if (kind < 0.03) return text.slice(0, Math.floor(chance() * text.length))
  if (kind < 0.06) {
    const at = Math.floor(chance() * text.length)
    return `${text.slice(0, at)}${String.fromCharCode(Math.floor(chance() * 0x7f))}${text.slice(at + 1)}`
  }
  if (kind < 0.07) return `${'['.repeat(3000)}${text}${']'.repeat(3000)}`
  return text
}

function placesIn(root: Record<string, unknown>): Place[] {
  const places: Place[] = []
  const walk = (holder: unknown) => {
    if (Array.isArray(holder))
      holder.forEach((value, key) => {
        places.push({ holder, key })
        walk(value)
      })
    else if (isElement(holder))
      for (const [key, value] of Object.entries(holder)) {
        places.push({ holder, key })
        walk(value)
      }
  }
  walk(root)
  return places
}

const get = ({ holder, key }: Place): unknown => (Array.isArray(holder) ? holder[Number(key)] : holder[key])

function set({ holder, key }: Place, value: unknown): void {
  if (Array.isArray(holder)) holder[Number(key)] = value
  else holder[key] = value
}

function spoil(place: Place, pick: <T>(list: readonly T[]) => T | undefined, chance: () => number): void {
  const value = get(place)
  switch (Math.floor(chance() * 8)) {
    case 0:
      set(place, structuredClone(pick(RUBBISH)))
      break
    case 1:
      if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 1)
      else if (place.key !== 'body') Reflect.deleteProperty(place.holder, place.key)
      break
    case 2:
      set(place, [value, structuredClone(value)])
      break
    case 3:
      set(place, Array.isArray(value) ? value[0] : [value])
      break
    case 4:
      if (!Array.isArray(place.holder))
        place.holder[`${pick(['_', 'x', '', 'value', '__proto__', 'constructor']) ?? ''}${place.key}`] = structuredClone(value)
      break
    case 5:
      set(place, typeof value === 'string' ? turned(value, chance) : String(value))
      break
    case 6:
      set(place, typeof value === 'string' ? value.repeat(1 + Math.floor(chance() * 40)) : { value })
      break
    default:
      set(place, buried(value, 1 + Math.floor(chance() ** 4 * 80)))
  }
}

const buried = (value: unknown, depth: number): unknown => (depth === 0 ? value : { extension: [buried(value, depth - 1)] })

function turned(text: string, chance: () => number): string {
  const at = Math.floor(chance() * (text.length + 1))
  return `${text.slice(0, at)}${String.fromCodePoint(Math.floor(chance() * 0xd7ff))}${text.slice(at + 1)}`
}
