import { addWorkingDays, type LocalDate, plainWeek, type WorkCalendar } from './calendar.ts'

/** The one door to time. Days are reckoned in the hospital's zone, working days by its calendar. */
export type Clock = {
  readonly zone: string
  readonly calendar: WorkCalendar
  now(): Date
  today(): LocalDate
  /** The day on which a moment falls where the hospital stands. */
  dayOf(at: Date): LocalDate
  /** The wall time of a moment where the hospital stands, `HH:mm`. */
  timeOf(at: Date): string
  /** The moment at which a day's wall time comes, `at('2026-09-11', '08:30')`. */
  at(day: LocalDate, time?: string): Date
  addWorkingDays(day: LocalDate, count: number): LocalDate
  /** Whether the State Council's holidays of that year are in the calendar. */
  isAnnounced(day: LocalDate): boolean
}

const formats = new Map<string, Intl.DateTimeFormat>()
function formatIn(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(zone, made)
  return made
}

/** `2026-09-11 08:30:00`, as a clock on the wall of that zone shows it. */
export const wallTime = (at: Date, zone: string): string => formatIn(zone).format(at)

/** The moment at which a wall clock of that zone shows this day and time. */
export function momentAt(zone: string, day: LocalDate, time = '00:00:00'): Date {
  const asIfUtc = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`)
  const shift = (at: number) => Date.parse(`${wallTime(new Date(at), zone).replace(' ', 'T')}Z`) - at
  const guess = asIfUtc - shift(asIfUtc)
  return new Date(asIfUtc - shift(guess)) // once more, where the clock was put forward or back in between
}

export function makeClock(options: { zone: string; calendar?: WorkCalendar; now?: () => Date }): Clock {
  const { zone, calendar = plainWeek, now = () => new Date() } = options
  const dayOf = (at: Date) => wallTime(at, zone).slice(0, 10)
  return {
    zone,
    calendar,
    now,
    today: () => dayOf(now()),
    dayOf,
    timeOf: (at) => wallTime(at, zone).slice(11, 16),
    at: (day, time) => momentAt(zone, day, time),
    addWorkingDays: (day, count) => addWorkingDays(calendar, day, count),
    isAnnounced: (day) => calendar.announcedYears.has(Number(day.slice(0, 4))),
  }
}
