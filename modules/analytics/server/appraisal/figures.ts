import { coverageBands, levelTwoOf } from '@renxin/followups'
import { bandOf } from '@renxin/followups/contract'
import type { Input, LocalDate } from '@renxin/kernel'
import { nameIdentityClasses } from '@renxin/patients'
import { type Context, sql } from '@renxin/server'
import type { Appraisal, AppraisalCounts, AppraisalDimension, AppraisalRow, appraisalApi, Days } from '../../contract.ts'
import { type AppraisalFilter, type AppraisalGroup, appraisalBy } from '../reports/appraisal-by.ts'
import { refuseRatings } from '../revisits/ratings.ts'
import { anyOf } from '../rows.ts'
import { db } from '../tables.ts'
import { readDueUntil } from './count-appraisal.ts'
import { addCounts, appraisalPeriodOf, byLack, noCounts } from './rules.ts'

type Asked = Input<(typeof appraisalApi)['appraisal']>
type Name = Pick<AppraisalRow, 'key' | 'name' | 'departmentName'>
type Named = AppraisalGroup & Name

/** How follow-up was done in a month, quarter or year, beside the one before and the same of the year before: of all, and by what it is taken apart. */
export async function getAppraisal(ctx: Context, { span, month, by, ...filter }: Asked): Promise<Appraisal> {
  if (by === 'nurse') refuseRatings(ctx)
  const dueUntil = await dueUntilOf(ctx)
  const period = appraisalPeriodOf({ span, month }, dueUntil)
  const counts = await appraisalBy(ctx, period.days, by, filter)
  const before = await appraisalBy(ctx, period.before, by, filter)
  const yearAgo = span === 'year' ? before : await appraisalBy(ctx, period.yearAgo, by, filter) // the year before is the year ago
  const name = await namesOf(ctx, [...counts, ...before, ...yearAgo], by)
  const asks = await bandsFor(ctx, by, filter)

  const of = (groups: readonly AppraisalGroup[]) => mergeBy(groups.map((g) => ({ ...g, ...name(g) })))
  const [now, then, last] = [of(counts), of(before), of(yearAgo)]
  const rowOf = (said: Name, figures: Pick<AppraisalRow, 'counts' | 'before' | 'yearAgo'>, band: AppraisalRow['band']): AppraisalRow => ({
    ...said,
    ...figures,
    band,
    standing: band && bandOf({ due: figures.counts.due, inTime: figures.counts.reachedInTime, ...band }),
  })
  const rows = [...new Map([...last, ...then, ...now])].map(([id, { key, name, departmentName, departmentId }]) =>
    rowOf(
      { key, name, departmentName },
      { counts: figuresOf(now.get(id)), before: figuresOf(then.get(id)), yearAgo: figuresOf(last.get(id)) },
      asks.row(key, departmentId),
    ),
  )
  const sum = (pick: 'counts' | 'before' | 'yearAgo') => rows.map((r) => r[pick]).reduce(addCounts, noCounts)
  const all = { counts: sum('counts'), before: sum('before'), yearAgo: sum('yearAgo') }
  return {
    period: { ...period, dueUntil },
    countedAt: ctx.clock.now().toISOString(),
    total: rowOf({ key: '', name: null, departmentName: null }, all, asks.total),
    rows: rows.filter(({ counts, before }) => counts.due + counts.stopped + counts.tries + before.due > 0).sort(byLack),
    levelTwo: await levelTwoIn(ctx, daysUntil(period.days, dueUntil), filter),
    notReached: (await appraisalBy(ctx, period.days, 'outcome', filter))
      .map(({ key, due, reached }) => ({ outcome: key, n: due - reached }))
      .filter(({ n }) => n > 0)
      .sort((a, b) => b.n - a.n || (a.outcome < b.outcome ? -1 : 1)),
  }
}

/** Of the days of a period those that are counted: what is not due yet is in no figure. */
export const daysUntil = ({ from, to }: Days, dueUntil: LocalDate): Days => ({ from, to: to < dueUntil ? to : dueUntil })

const levelTwoIn = async (ctx: Context, days: Days, { level, departmentId }: AppraisalFilter) =>
  level === undefined || level === 'supervisor' ? levelTwoOf(ctx, { ...days, departmentId }) : []

/** The last day up to which the cells hold what was due: before they are first made, none. */
export const dueUntilOf = async (ctx: Context) => (await readDueUntil(ctx)) ?? '1900-01-31'

/** Groups that are called the same are one: a class that was renamed, a ward told under two departments is not. */
function mergeBy(groups: readonly Named[]): Map<string, Named> {
  const merged = new Map<string, Named>()
  for (const group of groups) {
    const id = `${group.key}.${group.departmentId ?? ''}`
    const known = merged.get(id)
    merged.set(id, known ? { ...group, ...addCounts(known, group) } : group)
  }
  return merged
}

const figuresOf = (group: AppraisalCounts | undefined): AppraisalCounts => addCounts(group ?? noCounts, noCounts)

/** What the hospital asks of level 1. Rows of one department have its band where it has one; other levels are asked for nothing. */
async function bandsFor(ctx: Context, by: AppraisalDimension, { level, departmentId }: AppraisalFilter) {
  const { of } = await coverageBands(ctx)
  const band = of(departmentId ?? null)
  return {
    total: level === 'department' ? band : null,
    row: (key: string, department: string | null) => {
      if (by === 'level') return key === 'department' ? band : null
      if (level !== 'department') return null
      return by === 'department' ? of(key) : by === 'ward' ? of(department) : band
    },
  }
}

/** What the groups are called. A class is known by the name that the hospital's list has for it today. */
async function namesOf(ctx: Context, groups: readonly AppraisalGroup[], by: AppraisalDimension): Promise<(of: AppraisalGroup) => Name> {
  const keys = [...new Set(groups.map((g) => g.key))]
  switch (by) {
    case 'level':
      return ({ key }) => ({ key, name: null, departmentName: null })
    case 'class': {
      const nameOf = await nameIdentityClasses(ctx, keys)
      return ({ key }) => {
        const name = nameOf(key) ?? key
        return { key: name, name: name === '' ? null : name, departmentName: null }
      }
    }
    case 'nurse': {
      const people = await db(ctx).selectFrom('access.userCards').where('id', '=', anyOf(keys)).select(['id', 'displayName']).execute()
      const names = new Map(people.map((p) => [p.id, p.displayName]))
      return ({ key }) => ({ key, name: names.get(key) ?? null, departmentName: null })
    }
    default: {
      const ids = [...keys, ...groups.flatMap((g) => g.departmentId ?? [])]
      const units = await db(ctx).selectFrom('staff.unitCards').where('id', '=', anyOf(ids)).select(['id', 'name']).execute()
      const names = new Map(units.map((u) => [u.id, u.name]))
      return ({ key, departmentId }) => ({ key, name: names.get(key) ?? null, departmentName: names.get(departmentId ?? '') ?? null })
    }
  }
}

/** The words in the cells that the hospital's list calls by this name today; the name itself among them. */
export async function wordsOfClass(ctx: Context, name: string): Promise<string[]> {
  const { rows } = await sql<{ of: string }>`
    with recursive step (of, n) as (
      (select of, 1 from analytics.appraisal_months where part = 'class' order by of limit 1)
      union all
      select (select m.of from analytics.appraisal_months m where m.part = 'class' and m.of > s.of order by m.of limit 1), s.n + 1
        from step s where s.of is not null and s.n < 500)
    select of from step where of is not null`.execute(ctx.db)
  const nameOf = await nameIdentityClasses(ctx, rows.map((r) => r.of)) // biome-ignore format: one thought
  return [...new Set([name, ...rows.map((r) => r.of).filter((word) => nameOf(word) === name)])]
}
