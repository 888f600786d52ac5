import { addDays, momentAt, wallTime } from '@renxin/kernel'
import type { Backup, Outcome, Reached } from './store.ts'

/** When backups are made and tried, how long they are kept, and from what age on their lack is an alarm. */
export type Plan = { at: string; zone: string; keepDays: number; alarmHours: number; drillDays: number }

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** How soon one that failed is tried again. */
const AGAIN = HOUR
/** The log lags by seconds; so much is no longer a busy moment. */
const LOG_LATE = 10 * 60_000

/** The last moment at which a backup was to be made, by the clock on the hospital's wall. */
export function lastPlanned({ at, zone }: Pick<Plan, 'at' | 'zone'>, now: Date): Date {
  const today = wallTime(now, zone).slice(0, 10)
  const planned = momentAt(zone, today, `${at}:00`)
  return planned <= now ? planned : momentAt(zone, addDays(today, -1), `${at}:00`)
}

type Known = { newest: Backup | undefined; last: Outcome | undefined; goodDrill: Outcome | undefined; lastDrill: Outcome | undefined }

/**
 * Whether a backup is to be made now. The first waits for its hour; later on a night that was missed is made up for. One that failed is
 * tried again after an hour.
 */
export function isBackupDue(plan: Plan, { newest, last }: Known, { now, since }: { now: Date; since: Date }): boolean {
  const planned = lastPlanned(plan, now)
  const isMade = newest ? new Date(newest.startedAt) >= planned : planned < since
  const wasTried = last !== undefined && !last.ok && now.getTime() - new Date(last.at).getTime() < AGAIN
  return !isMade && !wasTried
}

/** A drill follows once the last good one is as many days old as was said; one that failed is tried again with the next backup. */
export function isDrillDue({ drillDays }: Plan, { newest, goodDrill, lastDrill }: Known, now: Date): boolean {
  if (drillDays === 0 || !newest) return false
  const wasTried = lastDrill !== undefined && !lastDrill.ok && new Date(lastDrill.at) > new Date(newest.endedAt)
  return !wasTried && (!goodDrill || now.getTime() - new Date(goodDrill.at).getTime() >= drillDays * DAY - HOUR)
}

/** What is wrong, as a word that the page has a sentence for. */
export const backupAlarms = ['none', 'old', 'failed', 'spoilt', 'logLate', 'drillFailed', 'drillOld'] as const
export type BackupAlarm = (typeof backupAlarms)[number]

type Seen = Known & { bad: number; reached: Reached | undefined }

export function alarmsOf(plan: Plan, { newest, last, goodDrill, lastDrill, bad, reached }: Seen, now: Date): BackupAlarm[] {
  const age = (at: string | undefined) => (at ? now.getTime() - new Date(at).getTime() : Number.POSITIVE_INFINITY)
  const isDrillLate = plan.drillDays > 0 && age(goodDrill?.at ?? newest?.endedAt) > (plan.drillDays + 1) * DAY
  const said: [BackupAlarm, boolean][] = [
    ['none', !newest],
    ['old', newest !== undefined && age(newest.endedAt) > plan.alarmHours * HOUR],
    ['failed', last?.ok === false],
    ['spoilt', bad > 0],
    ['logLate', newest !== undefined && age(newest.endedAt) > LOG_LATE && age(reached?.at) > LOG_LATE],
    ['drillFailed', lastDrill?.ok === false],
    ['drillOld', newest !== undefined && isDrillLate],
  ]
  return said.filter(([, is]) => is).map(([word]) => word)
}
