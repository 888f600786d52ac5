import { localDate, yearsBetween } from '@renxin/kernel'
import { z } from 'zod'
import type { Seniority } from './tasks-contract.ts'

/** Whom tasks may be given to, and what they have in hand now. Title and first day of work are of the member of staff behind the account. */
export const Worker = z.object({
  id: z.uuid(),
  name: z.string(),
  title: z.string().nullable(),
  startedOn: localDate.nullable(),
  openTasks: z.int(),
  dueToday: z.int(), // of those, to be done by midnight; the overdue ones are among them
  overdue: z.int(),
  reach: z.enum(['hospital', 'units', 'none']), // how far their right to work on tasks goes
  departmentIds: z.array(z.uuid()), // of the units they belong to
  awayUntil: localDate.nullable(), // the last day of the leave on which they are
})
export type Worker = z.infer<typeof Worker>

/** Whether somebody is senior enough on a day. Of whom it is not known is not. */
export function isSenior(
  { title, startedOn }: Pick<Worker, 'title' | 'startedOn'>,
  { minYears, titles }: Seniority,
  today: string,
): boolean {
  if (titles.length > 0 && (title === null || !titles.includes(title))) return false
  if (minYears === 0) return true
  return startedOn !== null && yearsBetween(startedOn, today) >= minYears
}

/** Whether somebody works for all these departments; a task of none is for those who work for the whole hospital. */
export const worksFor = ({ reach, departmentIds }: Worker, departments: readonly (string | null)[]): boolean =>
  reach === 'hospital' || (reach === 'units' && departments.every((d) => d !== null && departmentIds.includes(d)))

/** Who has the least to do today among those who work for these departments and are not away: the one to propose. Of equals, who has less overdue, then less altogether. */
export function leastLoaded(workers: readonly Worker[], departments: readonly (string | null)[]): Worker | undefined {
  const load = (w: Worker) => [w.dueToday, w.overdue, w.openTasks] as const
  const [first, ...others] = workers.filter((w) => w.awayUntil === null && worksFor(w, departments))
  return first && others.reduce((least, w) => (isBefore(load(w), load(least)) ? w : least), first)
}

const isBefore = (a: readonly number[], b: readonly number[]): boolean => {
  const at = a.findIndex((n, i) => n !== b[i])
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}
