import { formatMoment, houseWords, useLanguage } from '@renxin/ui'
import type { FilledItem, FilledShown, Item } from '../../contract.ts'
import { words } from '../../words.ts'
import { labelOf } from './label-of.ts'

/** Of a form's filled items the one under this name; undefined where it is kept from whoever reads. */
export const filledAt = (filled: FilledShown, linkId: string): FilledItem | undefined =>
  [...filled.open, ...filled.diagnosis].find((f) => f.linkId === linkId)

type FilledLineProps = { item: Item; language: string; filled: FilledShown | null | undefined }

/** What the records say for an item, where that came from, and from when it is. Without `filled` nothing is known yet: a form is tried out. */
export function FilledLine({ item, language, filled }: FilledLineProps) {
  const reader = useLanguage()
  if (!filled) return <span className="rx-note">{words.form.filledLater}</span>
  const found = filledAt(filled, item.linkId)
  if (!found || found.isKept) return <span className="rx-note">{words.form.filledKept}</span>
  if (found.value === null) return <span className="rx-note">{words.form.filledNothing}</span>
  const source = found.title[reader === 'en' ? 1 : 0]
  const origin = [words.form.filledFrom({ source }), found.of, found.system, found.at && formatMoment(found.at)].filter(Boolean).join(' · ')
  return (
    <span style={{ display: 'inline-flex', flexWrap: 'wrap', columnGap: 12, alignItems: 'baseline' }}>
      <strong style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {labelOf(item, found.value, language) || houseWords.none}
      </strong>
      <span className="rx-hint">{origin}</span>
    </span>
  )
}
