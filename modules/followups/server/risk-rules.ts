import type { priorityReasons } from '../contract.ts'

export type RiskReason = Exclude<(typeof priorityReasons)[number], 'byHand'>

/**
 * Why a patient is called before others, the weightiest first. `first` stands two days before its deadline, `second` one day; each further reason moves it an hour more.
 * What the order means is how soon somebody should be asked how he is, and it says nothing of an illness: the doctor judges that. Where each comes from:
 * red flags, condition, age, living alone, length of stay and an open complaint are the risk order of a follow-up centre; leaving against advice and intensive nursing are
 * what level 3 of the three-level scheme asks for first. 80 years is how this product began and 30 days is the stay from which the accreditation standards of tertiary
 * hospitals (三级综合医院评审标准, 住院时间超过30天的患者管理与评价) ask for an evaluation.
 */
export const riskClasses = {
  redFlagOpen: 'first',
  everCritical: 'first',
  againstAdvice: 'first',
  redFlagLast: 'second',
  everSerious: 'second',
  intensiveNursing: 'second',
  openComplaint: 'second',
  livesAlone: 'second',
  veryOld: 'second',
  longStay: 'second',
} as const satisfies Record<RiskReason, 'first' | 'second'>

export const riskOrder = Object.keys(riskClasses) as RiskReason[] // written down as they are ranked

export const VERY_OLD_YEARS = 80
export const LONG_STAY_DAYS = 30

const HOURS_A_STEP = 24
const MOST_FURTHER = 6

/** The risk of a task by its reasons: its priority, and by how many hours it stands before its deadline in the queue. */
export function riskOf(reasons: readonly RiskReason[]): { priority: 1 | 2 | 3; risk: number } {
  if (reasons.length === 0) return { priority: 3, risk: 0 }
  const priority = reasons.some((r) => riskClasses[r] === 'first') ? 1 : 2
  return { priority, risk: riskFor(priority, reasons.length) }
}

/** The same for a priority that somebody set by hand. */
export const riskFor = (priority: number, reasons: number): number =>
  (3 - priority) * HOURS_A_STEP + Math.min(Math.max(reasons - 1, 0), MOST_FURTHER)
