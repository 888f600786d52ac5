import { Tag } from '@renxin/ui'
import { words } from '../words.ts'

/** Whether what an audit row tells of was done or refused. */
export function ResultTag({ refusal }: { refusal: string | null }) {
  return refusal ? <Tag tone="danger">{words.resultName.refused}</Tag> : words.resultName.done
}
