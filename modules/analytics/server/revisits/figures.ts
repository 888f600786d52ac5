import { addMonths, type Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { leastShown } from '@renxin/surveys'
import type { RevisitDimension, RevisitRow, Revisits, revisitsApi } from '../../contract.ts'
import { type RevisitCounts, revisitsBy } from '../reports/revisits-by.ts'
import { revisitsByMonth, revisitsKnown, revisitsWaiting } from '../reports/revisits-by-month.ts'
import { monthsOf } from '../rules.ts'
import { share } from '../statistics.ts'
import { db, unknownUnit } from '../tables.ts'
import { readDue } from './count-revisits.ts'
import { refuseRatings } from './ratings.ts'
import { byRate, leftOutOf, revisitFigureOf, revisitPeriodOf } from './rules.ts'
import { getRevisitThresholds } from './thresholds.ts'

type Asked = Input<(typeof revisitsApi)['revisits']>

/** The one-month revisit rate of a span of months: all in all, by department, doctor or chapter of ICD-10, and month by month. */
export async function getRevisits(ctx: Context, { kind, from, to, by, ...filter }: Asked): Promise<Revisits> {
  if (by === 'doctor' || filter.doctorId) refuseRatings(ctx)
  const dueUntil = await dueOf(ctx)
  const period = revisitPeriodOf({ from, to }, dueUntil)
  const asked = { ...period, kind }
  const threshold = (await getRevisitThresholds(ctx))[kind]
  const parts = await revisitsBy(ctx, asked, by, filter)
  const whole = sumOf(parts)
  const least = await leastShown(ctx)
  const { toMonth } = period
  const months = await revisitsByMonth(ctx, { kind, from: addMonths(firstOf(toMonth), -12), to: firstOf(toMonth) }, filter)
  const { died, transferred, readmitted } = whole
  return {
    period: await shownPeriod(ctx, { ...asked, dueUntil }),
    countedAt: ctx.clock.now().toISOString(),
    threshold,
    total: revisitFigureOf(whole, threshold),
    leftOut: { died, transferred, readmitted, notYet: await revisitsWaiting(ctx, asked, filter) },
    rows: (await named(ctx, parts, by)).map(({ counts, ...of }) => ({
      ...of,
      leftOut: leftOutOf(counts),
      figure: revisitFigureOf(counts, threshold),
    })).sort(byRate), // biome-ignore format: one thought
    trend: monthsOf(addMonths(firstOf(toMonth), -12), toMonth).map((month) => {
      const { base, came } = months.find((m) => m.month === month) ?? { base: 0, came: 0 }
      return { month, base, came, share: base < least ? null : share(came, base) }
    }),
  }
}

const firstOf = (month: string) => `${month}-01`

/** The period as a page says it, with how much is known of the months before. */
export async function shownPeriod(ctx: Context, { kind, dueUntil, reference, ...period }: Due): Promise<Revisits['period']> {
  const base = await revisitsKnown(ctx, { kind, from: firstOf(reference.fromMonth), to: firstOf(reference.toMonth) })
  return { ...period, dueUntil, reference: { ...reference, base } }
}

/** The last day up to which the cells hold the visits: before they are first made, none. */
export const dueOf = async (ctx: Context) => (await readDue(ctx)) ?? '1900-01-31'

/** Each visit stands in one part: what is true of the whole is their sum. */
const sumOf = (parts: readonly RevisitCounts[]) => {
  const of = (key: 'visits' | 'died' | 'transferred' | 'readmitted' | 'came') => parts.reduce((sum, p) => sum + p[key], 0)
  const expected = parts.some((p) => p.expected === null) ? null : parts.reduce((sum, p) => sum + (p.expected ?? 0), 0)
  return {
    visits: of('visits'),
    died: of('died'),
    transferred: of('transferred'),
    readmitted: of('readmitted'),
    came: of('came'),
    expected,
  }
}

type Due = Parameters<typeof revisitsBy>[1] & { dueUntil: string }

type Named = Pick<RevisitRow, 'departmentId' | 'doctorId' | 'chapter' | 'name' | 'doctorNumber'> & { counts: RevisitCounts }

/** Rows with the names of what they are of. */
export async function named(ctx: Context, rows: readonly RevisitCounts[], by: RevisitDimension): Promise<Named[]> {
  const nothing = { departmentId: null, doctorId: null, chapter: null, name: null, doctorNumber: null }
  if (by === 'chapter') return rows.map((counts) => ({ ...nothing, chapter: Number(counts.id), counts }))
  const known = by === 'department' ? await unitsOf(ctx, rows) : await doctorsOf(ctx, rows)
  return rows.map((counts) => {
    const { name = null, number = null } = known.get(counts.id) ?? {}
    const id = counts.id === unknownUnit ? null : counts.id
    return { ...nothing, ...(by === 'department' ? { departmentId: id } : { doctorId: id, doctorNumber: number }), name, counts }
  })
}

type Known = ReadonlyMap<string, { name: string; number?: string | null }>
const anyOf = (rows: readonly RevisitCounts[]) => sql<string>`any(${rows.map((r) => r.id)}::uuid[])`

async function unitsOf(ctx: Context, rows: readonly RevisitCounts[]): Promise<Known> {
  const units = await db(ctx).selectFrom('staff.unitCards').where('id', '=', anyOf(rows)).select(['id', 'name']).execute()
  return new Map(units.map((u) => [u.id, u]))
}

async function doctorsOf(ctx: Context, rows: readonly RevisitCounts[]): Promise<Known> {
  const people = await db(ctx).selectFrom('staff.personCards').where('id', '=', anyOf(rows)).select(['id', 'name', 'number']).execute()
  return new Map(people.map((p) => [p.id, p]))
}
