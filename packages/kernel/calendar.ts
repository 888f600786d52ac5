/** A calendar day without a zone, `2026-09-11`. */
export type LocalDate = string

/** Days that differ from the plain week: a holiday (`false`) or a weekend worked in exchange (`true`), and the years that are announced. */
export type WorkCalendar = {
  readonly exceptions: ReadonlyMap<LocalDate, boolean>
  readonly announcedYears: ReadonlySet<number>
}

export const plainWeek: WorkCalendar = { exceptions: new Map(), announcedYears: new Set() }

const asUtc = (day: LocalDate) => Date.parse(`${day}T00:00:00Z`)

export const addDays = (day: LocalDate, days: number): LocalDate => new Date(asUtc(day) + days * 86_400_000).toISOString().slice(0, 10)

/** Whole days from one day to another; negative when `to` is earlier. */
export const daysBetween = (from: LocalDate, to: LocalDate): number => Math.round((asUtc(to) - asUtc(from)) / 86_400_000)

/** Whole years from one day to another: of an age, a time of service. Whoever began on 29 February has another year on 1 March. */
export const yearsBetween = (from: LocalDate, to: LocalDate): number =>
  Number(to.slice(0, 4)) - Number(from.slice(0, 4)) - (to.slice(5) < from.slice(5) ? 1 : 0)

/** The day so many months on, held at the end of a shorter month: 31 January and one month is 28 or 29 February. */
export function addMonths(day: LocalDate, months: number): LocalDate {
  const [y = 0, m = 1, d = 1] = day.split('-').map(Number)
  const first = new Date(Date.UTC(y, m - 1 + months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(d, last))).toISOString().slice(0, 10)
}

export const monthOf = (day: LocalDate): LocalDate => `${day.slice(0, 7)}-01`

/** 0 is Sunday. */
export const weekdayOf = (day: LocalDate): number => new Date(asUtc(day)).getUTCDay()

export function isWorkingDay(calendar: WorkCalendar, day: LocalDate): boolean {
  const said = calendar.exceptions.get(day)
  if (said !== undefined) return said
  const weekday = weekdayOf(day)
  return weekday !== 0 && weekday !== 6
}

/** The day that lies so many working days after `day`, which itself does not count. */
export function addWorkingDays(calendar: WorkCalendar, day: LocalDate, count: number): LocalDate {
  let at = day
  for (let left = count; left > 0; ) {
    at = addDays(at, 1)
    if (isWorkingDay(calendar, at)) left -= 1
  }
  return at
}
