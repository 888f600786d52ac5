import { Tag } from '@renxin/ui'
import type { Mark } from '../../records-contract.ts'
import { words } from '../../words.ts'

/** How a value stands to its limits: an arrow and a word, and a colour besides. */
export function ValueMark({ mark }: { mark: Mark | null }) {
  if (!mark) return null
  return <Tag tone={mark.length > 1 ? 'danger' : 'warning'}>{words.records.mark[mark]}</Tag>
}
