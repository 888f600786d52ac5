import { houseWords } from '@renxin/ui/words'
import { type AnalysisResult, type AnalysisRow, ageBands } from './contract.ts'
import { words } from './words.ts'

const w = words.analyses

/** What a value of a dimension is called, on pages and in files. */
export function rowLabel({ by }: Pick<AnalysisResult, 'by'>, { key, label }: Pick<AnalysisRow, 'key' | 'label'>): string {
  if (label !== null) return label
  if (key === '') return w.unknown
  if (by === 'sex') return isSex(key) ? houseWords.sex[key] : w.unknown
  if (by === 'ageBand') return ageLabel(Number(key))
  if (by?.startsWith('question:')) return optionLabel({ key, label: key })
  return key
}

/** What an option is called: yes and no of a yes-or-no question, the words of all others. */
export function optionLabel({ key, label }: { key: string; label: string }): string {
  if (key === '#other') return w.other
  if (label === 'true') return words.form.yes
  return label === 'false' ? words.form.no : label
}

/** What a table is told apart by. */
export function byLabel({ by, byText }: Pick<AnalysisResult, 'by' | 'byText'>): string {
  if (byText !== null) return byText
  return by !== null && isDimension(by) ? w.dimensions[by] : ''
}

const isDimension = (by: string): by is keyof typeof w.dimensions => Object.hasOwn(w.dimensions, by)

function ageLabel(from: number): string {
  const next = ageBands.find((b) => b > from)
  return next === undefined ? w.agesFrom({ from }) : w.ages({ from, to: next - 1 })
}

const isSex = (key: string): key is keyof typeof houseWords.sex => Object.hasOwn(houseWords.sex, key)
