import { words } from '../../words.ts'

const t = words.levels
const isIn = <T extends object>(of: T, key: string): key is Extract<keyof T, string> => Object.hasOwn(of, key)

/** `severity:serious stay:8-14` in the reader's language. */
export function stratumText(stratum: string): string {
  if (stratum === 'all') return t.oneStratum
  return stratum
    .split(' ')
    .map((part) => {
      const [by = '', value = ''] = part.split(':')
      if (by === 'severity') return isIn(t.severityWords, value) ? t.severityWords[value] : value
      if (by === 'stay') return value === 'unknown' ? t.stayUnknown : t.stayDays({ days: value.replace('-', '–') })
      return isIn(t.strataWords, by) && isIn(t.yesNo, value) ? `${t.strataWords[by]} ${t.yesNo[value]}` : part
    })
    .join(' · ')
}
