import type { SentTime } from '@renxin/hl7'
import { momentAt } from '@renxin/kernel'

/** What a sender wrote as a time, and the moment it means; a day without a time means a moment of that day only by `atNoon`. */
export function momentOf(time: SentTime | undefined, zone: string): Date | undefined {
  if (!time?.day || !time.time) return undefined
  if (time.offset) return new Date(`${time.day}T${time.time}${time.offset}`)
  return localMoment(zone, time.day, time.time)
}

/** The moment of a time with its day alone: noon, which lies in that day whatever is reckoned from it. */
export const atNoon = (time: SentTime | undefined, zone: string): Date | undefined =>
  time?.day ? localMoment(zone, time.day, '12:00:00') : undefined

/** By zone and day, how far the wall clock is from UTC; `undefined` on a day on which it is put forward or back. */
const shifts = new Map<string, number | undefined>()

function localMoment(zone: string, day: string, time: string): Date {
  const key = `${zone} ${day}`
  if (!shifts.has(key)) {
    if (shifts.size > 5000) shifts.clear()
    const [from, to] = ['00:00:00', '23:59:59'].map((t) => Date.parse(`${day}T${t}Z`) - momentAt(zone, day, t).getTime())
    shifts.set(key, from === to ? from : undefined)
  }
  const shift = shifts.get(key)
  return shift === undefined ? momentAt(zone, day, time) : new Date(Date.parse(`${day}T${time}Z`) - shift)
}
