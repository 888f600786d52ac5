/**
 * The life of a red flag.
 *
 *                    outcome and note
 *            open ─────────────────────► closed
 *             │
 *             └────────────────────────► withdrawn   the answer was corrected, and the rule holds no more
 *
 * Overdue is no state: an open one whose deadline has passed is overdue, and stays until somebody closes it. It is passed upwards once at its
 * deadline, to whoever answers for red flags in the department, and once more to the hospital after the same time again.
 */
export const isFlagOverdue = (flag: { status: string; dueAt: Date | null }, now: Date): boolean =>
  flag.status === 'open' && flag.dueAt !== null && now > flag.dueAt

const MINUTE = 60_000

/** Null where the hospital has written no deadline. */
export const dueAtOf = (raisedAt: Date, minutes: number | null): Date | null =>
  minutes === null ? null : new Date(raisedAt.getTime() + minutes * MINUTE)
