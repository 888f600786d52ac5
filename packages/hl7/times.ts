/** A time as a sender wrote it: with the precision it has and the zone it names, if any. */
export type SentTime = {
  readonly precision: 'year' | 'month' | 'day' | 'minute' | 'second'
  /** ISO 8601, as far as it is known: `1970`, `2018-02-05`, `2025-11-01T09:30`, `1989-08-18T11:26+02:15`. */
  readonly text: string
  /** The calendar day; `undefined` where only a month or a year is known. */
  readonly day: string | undefined
  /** `HH:mm:ss` with the fraction that was sent; `undefined` for a date. */
  readonly time: string | undefined
  /** `+08:00`; `undefined` where the message names none. */
  readonly offset: string | undefined
}

const shape = /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(\.\d{1,4})?)?)?)?)?)?(?:([+-])(\d{2})(\d{2}))?$/

/** A TS or DTM value. `undefined` is no time: a day that does not exist, a digit too many. 24:00 is the end of its day. */
export function readTime(value: string | undefined): SentTime | undefined {
  const found = value && shape.exec(value.trim())
  if (!found) return undefined
  const [, year = '', month, day, hour, minute, second, fraction, sign, offsetHours, offsetMinutes] = found
  const offset = sign ? `${sign}${offsetHours}:${offsetMinutes}` : undefined
  if (!month) return { precision: 'year', text: year, day: undefined, time: undefined, offset }
  if (Number(month) < 1 || Number(month) > 12) return undefined
  if (!day) return { precision: 'month', text: `${year}-${month}`, day: undefined, time: undefined, offset }
  const date = dayThatExists(Number(year), Number(month), Number(day))
  if (!date) return undefined
  if (!hour) return { precision: 'day', text: date, day: date, time: undefined, offset }
  if (Number(hour) > 24 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 60) return undefined
  const endOfDay = hour === '24'
  if (endOfDay && (Number(minute ?? 0) > 0 || Number(second ?? 0) > 0)) return undefined
  const onDay = endOfDay ? dayThatExists(Number(year), Number(month), Number(day), 1) : date
  const leapSecond = second === '60' ? '59' : second
  const short = `${endOfDay ? '00' : hour}:${minute ?? '00'}`
  const time = second ? `${short}:${leapSecond}${fraction ?? ''}` : short
  return {
    precision: second ? 'second' : 'minute',
    text: `${onDay}T${time}${offset ?? ''}`,
    day: onDay,
    time: second ? time : `${short}:00`,
    offset,
  }
}

function dayThatExists(year: number, month: number, day: number, later = 0): string | undefined {
  const at = new Date(Date.UTC(2000, month - 1, day))
  at.setUTCFullYear(year, month - 1, day)
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day || day < 1) return undefined
  at.setUTCDate(at.getUTCDate() + later)
  return at.toISOString().slice(0, 10)
}

/** A moment as the wire wants it: `20251101093012`, or with a zone `20251101093012+0800`. */
export function writeTime(day: string, time = '', offset = ''): string {
  return `${day.replaceAll('-', '')}${time.replaceAll(':', '')}${time ? offset.replace(':', '') : ''}`
}
