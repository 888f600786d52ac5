import { hideSmall } from '@renxin/surveys/contract'
import type { AnswersOfWard } from './reports/answers-by-ward.ts'

export const measures = {
  satisfaction: ['satisfied', 'noOpinion', 'dissatisfied'],
  nps: ['promoters', 'passives', 'detractors'],
} as const
export type AnswerMeasure = keyof typeof measures
type Cell = Pick<AnswersOfWard, 'departmentId' | 'wardId' | (typeof measures)[AnswerMeasure][number]>

/**
 * Which wards' answers, and which totals, are kept back for one measure and time. All that the reader may see is looked at, whatever he has asked for just now: so
 * what one filter hides no other shows, and a department's figure beside the hospital's gives none of its wards away.
 */
export function hiddenAnswers(cells: readonly Cell[], measure: AnswerMeasure, least: number) {
  const { parts, groups, isTotalHidden } = hideSmall(
    cells.map((c) => ({ group: c.departmentId, counts: measures[measure].map((key) => c[key]) })),
    least,
  )
  const hidden = new Set(cells.filter((_, at) => parts.has(at)).map(keyOf))
  return {
    isHidden: (cell: { departmentId: string; wardId: string }) => hidden.has(keyOf(cell)),
    /** Of a department, or of everything that the reader may see. */
    isTotalHidden: (departmentId: string | undefined) => (departmentId ? groups.has(departmentId) : isTotalHidden),
  }
}

const keyOf = ({ departmentId, wardId }: { departmentId: string; wardId: string }) => `${departmentId}${wardId}`
