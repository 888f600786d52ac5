import { addDays, type Clock } from '@renxin/kernel'
import type { Outcome, Step } from '../contract.ts'

/**
 * The life of a task.
 *
 *                    begun (dialled, draft)          closed by an outcome
 *            todo ───────────────────────► inProgress ───────────────────► done
 *             │ ◄───────────────────────      │
 *             │     released, taken back      │
 *             └──────────────┬────────────────┘
 *                            ▼  died, readmitted, withdrawn, by hand
 *                        cancelled ──► todo   what stopped it was itself withdrawn
 *
 * Overdue is no state: an open task whose window has ended is overdue, and stays until somebody closes it.
 */
export const isOverdue = (task: { isOpen: boolean; dueBy: Date }, now: Date): boolean => task.isOpen && now > task.dueBy

const HOUR = 3_600_000

/** A task's place in the queue: so many hours before its deadline as its risk says. */
export const queueAt = (dueBy: Date, risk: number): Date => new Date(dueBy.getTime() - risk * HOUR)

type Hours = { from: string; until: string }
type Patience = Pick<Step, 'tries' | 'triesPerDay' | 'waitMinutes'>

/** When it is tried again on another day: between ten and eleven most people answer. */
const BEST_TIME = '10:00'

export function retryMoment(clock: Clock, waitMinutes: number, hours: Hours, isEnoughForToday: boolean): Date {
  const wished = new Date(clock.now().getTime() + waitMinutes * 60_000)
  const today = clock.today()
  const morning = BEST_TIME > hours.from && BEST_TIME < hours.until ? BEST_TIME : hours.from
  if (isEnoughForToday) return laterOf(wished, clock.at(addDays(today, 1), morning))
  const time = clock.timeOf(wished)
  const day = clock.dayOf(wished)
  if (time < hours.from) return clock.at(day, hours.from)
  if (time >= hours.until) return clock.at(addDays(day, 1), morning)
  return wished
}
const laterOf = (a: Date, b: Date) => (a > b ? a : b)

/** A line that is busy is free again soon; a phone that is off stays off for a while. */
const waits: Partial<Record<Outcome, (minutes: number) => number>> = {
  noAnswer: (m) => m,
  busy: (m) => Math.max(1, Math.min(m, 30)),
  off: (m) => m * 2,
}

export type Next =
  | { kind: 'retry'; at: Date }
  | { kind: 'callBack'; at: Date }
  | { kind: 'close' }
  | { kind: 'cancel'; reason: 'died' | 'readmitted' | 'transferred' }

/** What a try without a conversation leads to. `tries` and `triesToday` count this one. */
export function afterSilence(
  clock: Clock,
  outcome: Outcome,
  said: { tries: number; triesToday: number; patience: Patience; hours: Hours; hasOtherNumber: boolean; callBackAt: Date | null },
): Next {
  const { tries, triesToday, patience, hours } = said
  if (outcome === 'callLater') return { kind: 'callBack', at: said.callBackAt ?? retryMoment(clock, patience.waitMinutes, hours, false) }
  if (outcome === 'patientDead') return { kind: 'cancel', reason: 'died' }
  if (outcome === 'readmitted' || outcome === 'transferred') return { kind: 'cancel', reason: outcome }
  if (outcome === 'wrongNumber' || outcome === 'voidNumber') {
    return said.hasOtherNumber ? { kind: 'retry', at: clock.now() } : { kind: 'close' }
  }
  const wait = waits[outcome]
  if (!wait || tries >= patience.tries) return { kind: 'close' }
  return { kind: 'retry', at: retryMoment(clock, wait(patience.waitMinutes), hours, triesToday >= patience.triesPerDay) }
}

/** `I20-I25` as the half-open range of codes in it, byte by byte: from `I20` to below `I26`. */
export function codesOf(range: string): { from: string; below: string } {
  const [from = '', to = from] = range.split('-')
  return { from, below: after(to) }
}

/** The first string that is no longer a beginning with `prefix`. */
const after = (prefix: string) => prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)

/** Gives each of `count` tasks to whoever has the least: a list of people, in the order of the tasks. */
export function spread(count: number, loads: readonly { id: string; openTasks: number }[]): string[] {
  const left = loads.map((l) => ({ ...l }))
  return Array.from({ length: count }, () => {
    const least = left.reduce((a, b) => (b.openTasks < a.openTasks ? b : a))
    least.openTasks += 1
    return least.id
  })
}
