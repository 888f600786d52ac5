import { formatPercent } from '@renxin/ui'
import type { RevisitFigure, RevisitRow } from '../../contract.ts'
import { chapterName, words } from '../../words.ts'

export const rowKeyOf = (row: RevisitRow): string => row.departmentId ?? row.doctorId ?? String(row.chapter ?? '')

export const nameOf = (row: RevisitRow): string => (row.chapter === null ? (row.name ?? words.unknownUnit) : chapterName(row.chapter))

export const spanOfShare = ({ low, high }: Pick<RevisitFigure, 'low' | 'high'>): string => `${formatPercent(low)} ~ ${formatPercent(high)}`

export const formatRatio = (ratio: number | null): string => (ratio === null ? '—' : ratio.toFixed(2))

export const spanOfRatio = ({ ratioLow, ratioHigh }: RevisitFigure): string => `${formatRatio(ratioLow)} ~ ${formatRatio(ratioHigh)}`

/** What the interval of a ratio says in words; null where too few, or nothing known, let it say nothing. */
export function verdictOf({ standing, ratioLow, ratioHigh }: RevisitFigure): 'below' | 'above' | 'asExpected' | null {
  if (standing === 'small' || ratioLow === null || ratioHigh === null) return null
  if (ratioHigh < 1) return 'below'
  return ratioLow > 1 ? 'above' : 'asExpected'
}
