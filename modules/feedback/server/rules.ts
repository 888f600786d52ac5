import { addWorkingDays, isWorkingDay, type LocalDate, type WorkCalendar } from '@renxin/kernel'
import type { ComplaintStatus, Outcome, Urgency } from '../contract.ts'

/**
 * The states of a complaint:
 *
 *   accepted ──assign──► assigned ──the last unit answers──► answered ──verify──► verified ──close──► closed
 *      │                  ▲  │  ▲                              │                                        │
 *      │                  │  └──┼── send back ◄────────────────┤                                     reopen
 *      │                  └──── assign a further unit ◄────────┘                                        ▼
 *      ├──close (on the spot, or not taken but explained)──► closed              assigned ◄─assign── reopened ──close──► closed
 *      └──withdraw (pressed by mistake)──► withdrawn
 *
 * Answering again while others still think, and sending back while still assigned, change an answer and not the state.
 */
const arrows = {
  assign: ['accepted', 'assigned', 'answered', 'reopened'],
  answer: ['assigned'],
  sendBack: ['assigned', 'answered'],
  verify: ['answered'],
  reopen: ['closed'],
  withdraw: ['accepted'],
} as const satisfies Record<string, readonly ComplaintStatus[]>

export type Step = keyof typeof arrows

/** Where a step may begin; the update's `where` names these, so of two people exactly one takes it. */
export const beginsAt = (step: Step): readonly ComplaintStatus[] => arrows[step]

/** What was asked of nobody may be closed at once; what was asked must first be answered and verified. */
export const closesFrom = (outcome: Outcome): readonly ComplaintStatus[] =>
  outcome === 'resolved' ? ['verified'] : ['accepted', 'reopened', 'verified']

export const openStatuses = ['accepted', 'assigned', 'answered', 'verified', 'reopened'] as const satisfies readonly ComplaintStatus[]

export type Deadline = { days: 5 | 10; halfwayOn: LocalDate; eveOn: LocalDate; answerBy: LocalDate }

/**
 * Five working days to answer, ten where several departments must look into it, from the day anybody received it
 * (《医疗机构投诉管理办法》, Order 3 of 2018). Reminded at half the time and one working day before the last.
 */
export function deadlineOf(calendar: WorkCalendar, clockOn: LocalDate, departments: number): Deadline {
  const days = departments > 1 ? 10 : 5
  const after = (count: number) => addWorkingDays(calendar, clockOn, count)
  return { days, halfwayOn: after(Math.floor(days / 2)), eveOn: after(days - 1), answerBy: after(days) }
}

/** Working days from today to the last day: 0 on the last day itself, negative when it has passed. */
export function workingDaysLeft(calendar: WorkCalendar, today: LocalDate, answerBy: LocalDate): number {
  const [from, to] = today <= answerBy ? [today, answerBy] : [answerBy, today]
  let count = 0
  for (let day = nextDay(from); day <= to; day = nextDay(day)) if (isWorkingDay(calendar, day)) count += 1
  // A Saturday after a Friday's deadline is late too, though no working day has gone by.
  return today <= answerBy ? count : -Math.max(count, 1)
}

const nextDay = (day: LocalDate): LocalDate => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

export function urgencyOf(complaint: { status: ComplaintStatus } & Omit<Deadline, 'days'>, today: LocalDate): Urgency {
  if (complaint.status === 'closed' || complaint.status === 'withdrawn') return 'calm'
  if (today > complaint.answerBy) return 'overdue'
  if (today >= complaint.eveOn) return 'dueSoon'
  return today >= complaint.halfwayOn ? 'halfway' : 'calm'
}

export type Reminded = 'none' | 'halfway' | 'eve' | 'overdue'

/** What a case must be reminded of today, if it was not yet. */
export function reminderDue(
  complaint: Omit<Deadline, 'days'> & { reminded: Reminded },
  today: LocalDate,
): Exclude<Reminded, 'none'> | undefined {
  const due = today > complaint.answerBy ? 'overdue' : today >= complaint.eveOn ? 'eve' : today >= complaint.halfwayOn ? 'halfway' : 'none'
  const order: readonly Reminded[] = ['none', 'halfway', 'eve', 'overdue']
  return due !== 'none' && order.indexOf(due) > order.indexOf(complaint.reminded) ? due : undefined
}

/** 投诉编号, as people read it aloud: `TS2026-0042`. */
export const complaintNumber = (year: number, count: number): string => `TS${year}-${String(count).padStart(4, '0')}`
