import { addDays, type Clock } from '@renxin/kernel'

export type ContactChannel = 'call' | 'message' | 'inPerson'
export type MayContact = {
  allowed: boolean
  reason?: 'deceased' | 'refused' | 'quietHours' | 'openComplaint' | 'noPhone' | 'budget'
  until?: Date
}

type Known = {
  isDeceased: boolean
  refusals: readonly { kind: 'channel' | 'purpose'; value: string }[]
  isHeld: boolean
  hasPhone: boolean
  contactsToday: number
  contactsThisWeek: number
}
type Settings = { quietHours: readonly { from: string; to: string }[]; contactsPerDay: number; contactsPerWeek: number | null }
type Asked = { purpose: string; channel: ContactChannel; at: Date; clock: Pick<Clock, 'dayOf' | 'timeOf' | 'at'> }

/**
 * Whether a planned contact may be made now. What stands for good is said first, what passes by itself last and with its end,
 * so that a task knows whether to close or to wait.
 */
export function decideContact(known: Known, settings: Settings, { purpose, channel, at, clock }: Asked): MayContact {
  if (known.isDeceased) return { allowed: false, reason: 'deceased' }
  const isRefused = known.refusals.some((r) =>
    r.kind === 'purpose' ? r.value === purpose : r.value === 'all' ? channel !== 'inPerson' : r.value === channel,
  )
  if (isRefused) return { allowed: false, reason: 'refused' }
  if (known.isHeld) return { allowed: false, reason: 'openComplaint' }
  if (channel === 'inPerson') return { allowed: true }
  if (!known.hasPhone) return { allowed: false, reason: 'noPhone' }

  const tomorrow = clock.at(addDays(clock.dayOf(at), 1))
  if (known.contactsToday >= settings.contactsPerDay) {
    return { allowed: false, reason: 'budget', until: endOfQuiet(settings, tomorrow, clock) ?? tomorrow }
  }
  if (settings.contactsPerWeek !== null && known.contactsThisWeek >= settings.contactsPerWeek) {
    return { allowed: false, reason: 'budget', until: endOfQuiet(settings, tomorrow, clock) ?? tomorrow }
  }
  const until = endOfQuiet(settings, at, clock)
  return until ? { allowed: false, reason: 'quietHours', until } : { allowed: true }
}

/** When the quiet hours in which a moment lies are over; `undefined` outside of them. Hours that pass midnight have `from` after `to`. */
export function endOfQuiet({ quietHours }: Pick<Settings, 'quietHours'>, at: Date, clock: Asked['clock']): Date | undefined {
  const [day, time] = [clock.dayOf(at), clock.timeOf(at)]
  for (const { from, to } of quietHours) {
    if (from <= to && time >= from && time < to) return clock.at(day, to)
    if (from > to && time >= from) return clock.at(addDays(day, 1), to)
    if (from > to && time < to) return clock.at(day, to)
  }
  return undefined
}
