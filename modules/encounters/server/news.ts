import type { EncounterState } from './rules.ts'

export type News = 'admitted' | 'registered' | 'transferred' | 'discharged' | 'dischargeCancelled' | 'cancelled' | 'corrected' | 'restated'

const isIn = (s: EncounterState | undefined) => s?.status === 'inProgress' || s?.status === 'discharged'
const isStay = (s: EncounterState | undefined) => s?.class === 'inpatient' || s?.class === 'daySurgery'

/** By these a discharged encounter is counted, assigned and followed up. */
const counted = [
  'patientId', 'class', 'departmentId', 'wardId', 'attendingId', 'nurseId', 'admittedAt', 'dischargedAt', 'disposition', 'identityClass', 'payer',
  'everCritical', 'everSerious', 'everSpecialNursing', 'everLevelOne', 'mainDiagnosisCode',
] as const satisfies (keyof EncounterState)[] // biome-ignore format: a list

/** By these a visit that is told no end is counted while it goes on. */
const stated = ['class', 'departmentId', 'attendingId', 'mainDiagnosisCode'] as const satisfies (keyof EncounterState)[]

/** What has really changed for those who listen, in the order in which it happened. The same end state is no news. */
export function newsOf(before: EncounterState | undefined, after: EncounterState): News[] {
  const news: News[] = []
  if (isIn(after) && !(isIn(before) && isStay(before) === isStay(after))) news.push(isStay(after) ? 'admitted' : 'registered')
  if (before?.status === 'inProgress' && isIn(after) && before.wardId && after.wardId && before.wardId !== after.wardId)
    news.push('transferred')
  if (before?.status !== 'discharged' && after.status === 'discharged') news.push('discharged')
  if (before?.status === 'discharged' && after.status === 'inProgress') news.push('dischargeCancelled')
  if (before && before.status !== 'cancelled' && after.status === 'cancelled') news.push('cancelled')
  const isCorrected =
    before?.status === 'discharged' && after.status === 'discharged' && counted.some((field) => before[field] !== after[field])
  const isMoved = before && isIn(before) && isIn(after) && before.patientId !== after.patientId
  const isNoStay = before?.status === 'inProgress' && after.status === 'inProgress' && isStay(before) && !isStay(after)
  if (isCorrected || isMoved || isNoStay) news.push('corrected')
  else if (isRestated(before, after)) news.push('restated')
  return news
}

function isRestated(before: EncounterState | undefined, after: EncounterState): boolean {
  if (before?.status !== 'inProgress' || after.status !== 'inProgress' || isStay(before) !== isStay(after)) return false
  return before.admittedAt !== after.admittedAt || (!isStay(after) && stated.some((field) => before[field] !== after[field]))
}
