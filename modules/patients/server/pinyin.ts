import { pinyin } from 'pinyin-pro'

/** `whole` has a space between syllables and sorts as a Chinese register does; `initials` is what people type. */
export type NamePinyin = { whole: string; initials: string; syllables: string[] }

const dots = /[·•・‧]/u
const han = /\p{Script=Han}/u

/** Surnames are read as surnames (单 shàn, 仇 qiú, 尉迟 yù chí), except in a name with a dot, which has none in front. */
export function readName(name: string): NamePinyin {
  const hasSurname = !dots.test(name)
  const syllables = name
    .normalize('NFKC')
    .split(/[\s·•・‧.'-]+/u)
    .flatMap((part) => syllablesOf(part, hasSurname))
  return reading(syllables)
}

/** The reading as a source gave it, where it has a syllable for each character; the codes of some systems are only initials. */
export function readPhonetic(phonetic: string, name: string): NamePinyin | undefined {
  const syllables = phonetic.normalize('NFKC').trim().toLowerCase().split(/\s+/)
  const length = Array.from(name.replace(/[\s·•・‧]/gu, '')).length
  if (
    syllables.length !== length ||
    !han.test(name) ||
    !syllables.every((s) => /^[a-zü]{1,7}$/.test(s)) ||
    syllables.every((s) => s.length === 1)
  ) {
    return undefined
  }
  return reading(syllables.map((s) => s.replaceAll('ü', 'v')))
}

const reading = (syllables: string[]): NamePinyin => ({
  whole: syllables.join(' '),
  initials: syllables.map((s) => Array.from(s)[0] ?? '').join(''),
  syllables,
})

function syllablesOf(part: string, hasSurname: boolean): string[] {
  if (part === '') return []
  if (!han.test(part)) return [part.toLowerCase()]
  const read = pinyin(part, { toneType: 'none', type: 'array', v: true, surname: hasSurname ? 'head' : 'off', nonZh: 'consecutive' })
  return read.map((s) => s.toLowerCase().replace(/\s+/g, '')).filter((s) => s !== '')
}
