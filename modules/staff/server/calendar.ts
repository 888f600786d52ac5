import type { Input, WorkCalendar } from '@renxin/kernel'
import type { Context } from '@renxin/server'
// The notices of the State Council as far as they were out when this version was made; a hospital adds later years on the page.
import notices from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { type HolidayDay, type HolidayYear, type staffApi, staffErrors } from '../contract.ts'
import { db } from './tables.ts'

type Api = typeof staffApi

/** The hospital's working days, for its clock. */
export async function loadCalendar(ctx: Context): Promise<WorkCalendar> {
  const days = await db(ctx).selectFrom('staff.holidays').select(['day', 'isWorking']).execute()
  const years = await db(ctx).selectFrom('staff.holidayYears').select('year').execute()
  return { exceptions: new Map(days.map((d) => [d.day, d.isWorking])), announcedYears: new Set(years.map((y) => y.year)) }
}

export async function getHolidays(ctx: Context, { year }: Input<Api['holidays']>): Promise<HolidayYear> {
  const days = await db(ctx)
    .selectFrom('staff.holidays')
    .where('day', '>=', `${year}-01-01`)
    .where('day', '<=', `${year}-12-31`)
    .select(['day', 'isWorking', 'name'])
    .orderBy('day')
    .limit(366)
    .execute()
  const years = await db(ctx).selectFrom('staff.holidayYears').select('year').orderBy('year').limit(200).execute()
  const announcedYears = years.map((y) => y.year)
  return { year, isAnnounced: announcedYears.includes(year), days, announcedYears }
}

export async function saveHolidays(ctx: Context, { year, isAnnounced, days }: Input<Api['saveHolidays']>): Promise<HolidayYear> {
  if (days.some((d) => !d.day.startsWith(`${year}-`))) throw staffErrors.dayOutsideYear({ year })
  await db(ctx).deleteFrom('staff.holidays').where('day', '>=', `${year}-01-01`).where('day', '<=', `${year}-12-31`).execute()
  await db(ctx).deleteFrom('staff.holidayYears').where('year', '=', year).execute()
  if (isAnnounced) await announce(ctx, [year], days)
  else await addDays(ctx, days)
  ctx.afterCommit.push(ctx.forgetCalendar)
  return getHolidays(ctx, { year })
}

/** Fills in the years that are announced and not yet in the hospital's calendar; what the hospital edited stays. */
export async function seedHolidays(ctx: Context): Promise<void> {
  const known = new Set((await loadCalendar(ctx)).announcedYears)
  const years = announcedYears.filter((year) => !known.has(year))
  await announce(
    ctx,
    years,
    announcedDays.filter((d) => years.includes(yearOf(d.day))),
  )
}

const yearOf = (day: string) => Number(day.slice(0, 4))
const chineseName = (said: string) => said.split(',')[1] ?? said

// Complaints and tasks are not reckoned further back than this.
const FIRST_YEAR = 2020

const announcedDays: HolidayDay[] = [
  ...Object.entries(notices.holidays).map(([day, name]) => ({ day, isWorking: false, name: chineseName(name) })),
  ...Object.entries(notices.workdays).map(([day, name]) => ({ day, isWorking: true, name: chineseName(name) })),
].filter((d) => yearOf(d.day) >= FIRST_YEAR)

// A notice always has the seven days of October: the New Year of a year alone comes with the notice of the year before.
const announcedYears = [...new Set(announcedDays.filter((d) => d.day.endsWith('-10-01')).map((d) => yearOf(d.day)))]

async function announce(ctx: Context, years: readonly number[], days: readonly HolidayDay[]): Promise<void> {
  if (years.length === 0) return
  await db(ctx)
    .insertInto('staff.holidayYears')
    .values(years.map((year) => ({ year })))
    .onConflict((c) => c.constraint('holiday_years_pkey').doNothing())
    .execute()
  await addDays(ctx, days)
}

async function addDays(ctx: Context, days: readonly HolidayDay[]): Promise<void> {
  if (days.length === 0) return
  await db(ctx)
    .insertInto('staff.holidays')
    .values([...days])
    .onConflict((c) => c.constraint('holidays_pkey').doNothing())
    .execute()
}
