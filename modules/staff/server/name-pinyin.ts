import { pinyin } from 'pinyin-pro'

/** What a name is found by on a keyboard: its syllables and its initials, `wangfang wf`. */
export function namePinyin(name: string): string {
  const syllables = pinyin(name, { toneType: 'none', surname: 'head', type: 'array', nonZh: 'consecutive' })
    .map((s) => s.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .filter((s) => s !== '')
  return syllables.length === 0 ? '' : `${syllables.join('')} ${syllables.map((s) => s.charAt(0)).join('')}`
}
