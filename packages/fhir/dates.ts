import { FhirProblem } from './problem.ts'

/** A span of time: from `low` until just before `high`. */
export type Span = { low: Date; high: Date }
/** Tells the moment at which a calendar day begins where the hospital stands. */
export type DayStart = (day: string) => Date

const SHAPE = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/

/** The span that a FHIR date, dateTime or instant covers by its precision; undefined where it is none. A day without a zone is the hospital's. */
export function spanOf(text: unknown, dayStart: DayStart): Span | undefined {
  if (typeof text !== 'string') return undefined
  const match = SHAPE.exec(text)
  if (!match) return undefined
  const [, year = '', month, day, hour, minute, second, fraction, zone] = match
  if (hour === undefined) return daysOf(year, month, day, dayStart)
  if (!month || !day || !isDay(year, month, day)) return undefined
  const seconds = second ?? '00'
  if (Number(hour) > 23 || Number(minute) > 59 || Number(seconds) > 60) return undefined
  const low = zone
    ? new Date(`${year}-${month}-${day}T${hour}:${minute}:${seconds === '60' ? '59' : seconds}${(fraction ?? '').slice(0, 4)}${zone}`)
    : new Date(dayStart(`${year}-${month}-${day}`).getTime() + ((Number(hour) * 60 + Number(minute)) * 60 + Number(seconds)) * 1000)
  if (Number.isNaN(low.getTime()) || !isStorable(low)) return undefined
  return { low, high: new Date(low.getTime() + (second === undefined ? 60_000 : fraction === undefined ? 1000 : 1)) }
}

function daysOf(year: string, month: string | undefined, day: string | undefined, dayStart: DayStart): Span | undefined {
  if (!isDay(year, month ?? '01', day ?? '01')) return undefined
  const first = `${year}-${month ?? '01'}-${day ?? '01'}`
  const after = new Date(`${first}T00:00:00Z`)
  if (day) after.setUTCDate(after.getUTCDate() + 1)
  else if (month) after.setUTCMonth(after.getUTCMonth() + 1)
  else after.setUTCFullYear(after.getUTCFullYear() + 1)
  if (!isStorable(after)) return undefined
  return { low: dayStart(first), high: dayStart(after.toISOString().slice(0, 10)) }
}

const isStorable = (at: Date) => at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999

/** Whether there is such a day: no 31st of April, no year nought. */
function isDay(year: string, month: string, day: string): boolean {
  const at = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return Number(year) > 0 && !Number.isNaN(at.getTime()) && at.getUTCDate() === Number(day) && at.getUTCMonth() + 1 === Number(month)
}

/** A whole calendar day, where the text says one. */
export const dayOf = (text: unknown): string | undefined => {
  if (typeof text !== 'string') return undefined
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text) ?? []
  return isDay(year, month, day) ? `${year}-${month}-${day}` : undefined
}

const utcDay: DayStart = (day) => new Date(`${day}T00:00:00Z`)

/** Whether a text is a FHIR date or dateTime at all. */
export const isDateTime = (text: string): boolean => spanOf(text, utcDay) !== undefined

export const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const
export type Prefix = (typeof prefixes)[number]

/** `ge2026-08` is the prefix and the rest; without one it is `eq`. */
export function splitPrefix(text: string): { prefix: Prefix; rest: string } {
  const found = prefixes.find((p) => text.startsWith(p))
  return found && /^[\d.+-]/.test(text.slice(2)) ? { prefix: found, rest: text.slice(2) } : { prefix: 'eq', rest: text }
}

export function readSpan(text: string, parameter: string, dayStart: DayStart): { prefix: Prefix } & Span {
  const { prefix, rest } = splitPrefix(text)
  const span = spanOf(rest, dayStart)
  if (!span) throw new FhirProblem(400, 'invalid', `parameter: ${parameter}; because: date`, `http.${parameter}`)
  return { prefix, ...span }
}
