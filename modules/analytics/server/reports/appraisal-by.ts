// Of the follow-ups due in these days: how many were done, and reached, in time and at all; and how much work was done on these days?
import { addDays, addMonths, type LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { AppraisalCounts, AppraisalDimension, AppraisalLevel, Days } from '../../contract.ts'
import { type AppraisalSource, appraisalColumns, appraisalFigures, appraisalOf } from '../appraisal/appraisal-cells.ts'
import { inScope } from './scope.ts'

export type AppraisalFilter = { level?: AppraisalLevel | undefined; departmentId?: string | undefined }
export type AppraisalGroup = AppraisalCounts & { key: string; departmentId: string | null }

const partOf = { level: 'unit', department: 'unit', ward: 'unit', nurse: 'nurse', class: 'class', outcome: 'outcome' } as const
const keyOf = {
  level: sql`c.level`,
  department: sql`c.department_id::text`,
  ward: sql`c.ward_id::text`,
  nurse: sql`c.of`,
  class: sql`c.of`,
  outcome: sql`c.of`,
}

/**
 * Whole months are read from the cells. Of a month that is cut, the days are counted from the rows: only a period that is not over is compared with a part of one.
 * The department is told of wards.
 */
export async function appraisalBy(
  ctx: Context,
  days: Days,
  by: AppraisalDimension | 'outcome',
  filter: AppraisalFilter,
): Promise<AppraisalGroup[]> {
  const part = partOf[by]
  const wholeUntil = lastWholeDay(days)
  const isOf = sql`${inScope(ctx, filter)} and ${filter.level === undefined ? sql`true` : sql`c.level = ${filter.level}`}`
  const figures = sql.raw(appraisalColumns.map((column) => `sum(c.${column})::float8 as ${column}`).join(', ')) // exact as far as 2^53
  const cells = sql`
    select c.level, c.department_id, c.ward_id, c.of, ${sql.raw(appraisalColumns.map((column) => `c.${column}`).join(', '))}
      from analytics.appraisal_months c where c.part = ${part} and c.month >= ${days.from} and c.month <= ${wholeUntil} and ${isOf}`
  const rest = (source: AppraisalSource, day: string) => sql`
    select r.level, r.department_id, r.ward_id, ${appraisalOf[part]} as of, ${appraisalFigures[source]}
      from (select c.* from ${sql.table(`analytics.${source}`)} c where ${sql.ref(day)} > ${wholeUntil} and ${sql.ref(day)} <= ${days.to} and ${isOf}) r
     group by 1, 2, 3, 4`
  const cut = sql`union all ${rest('appraised', 'c.dueOn')} ${part === 'outcome' ? sql`` : sql`union all ${rest('efforts', 'c.day')}`}`
  const { rows } = await sql<AppraisalGroup>`
    select ${keyOf[by]} as key, ${by === 'ward' ? sql`c.department_id` : sql`null::uuid`} as department_id, ${figures}
      from (${cells} ${wholeUntil < days.to ? cut : sql``}) c group by 1, 2`.execute(ctx.db)
  return rows
}

/** The end of the last month that lies within the days as a whole, or the day before them. */
function lastWholeDay({ from, to }: Days): LocalDate {
  const next = addDays(to, 1)
  if (next.endsWith('-01')) return to
  const end = addDays(addMonths(`${next.slice(0, 7)}-01`, 0), -1)
  return end < from ? addDays(from, -1) : end
}
