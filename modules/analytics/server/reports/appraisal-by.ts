// Of the follow-ups due in these days: how many were done, and reached, in time and at all; and how much work was done on these days?
import { addDays, addMonths, type LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import type { AppraisalCounts, AppraisalDimension, AppraisalLevel, Days } from '../../contract.ts'
import { appraisalColumns } from '../appraisal/appraisal-cells.ts'
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

/** Whole months are read from their cells, the days of a month that is cut from theirs. The department is told of wards. */
export async function appraisalBy(
  ctx: Context,
  days: Days,
  by: AppraisalDimension | 'outcome',
  filter: AppraisalFilter,
): Promise<AppraisalGroup[]> {
  const wholeUntil = lastWholeDay(days)
  const isOf = sql`c.part = ${partOf[by]} and ${inScope(ctx, filter)} and ${filter.level === undefined ? sql`true` : sql`c.level = ${filter.level}`}`
  const columns = sql.raw(['level', 'department_id', 'ward_id', 'of', ...appraisalColumns].map((column) => `c.${column}`).join(', '))
  const figures = sql.raw(appraisalColumns.map((column) => `sum(c.${column})::float8 as ${column}`).join(', ')) // exact as far as 2^53
  const months = sql`select ${columns} from analytics.appraisal_months c where c.month >= ${days.from} and c.month <= ${wholeUntil} and ${isOf}`
  const cut = sql`select ${columns} from analytics.appraisal_days c where c.day > ${wholeUntil} and c.day <= ${days.to} and ${isOf}`
  const { rows } = await sql<AppraisalGroup>`
    select ${keyOf[by]} as key, ${by === 'ward' ? sql`c.department_id` : sql`null::uuid`} as department_id, ${figures}
      from (${months} ${wholeUntil < days.to ? sql`union all ${cut}` : sql``}) c group by 1, 2`.execute(ctx.db)
  return rows
}

/** The end of the last month that lies within the days as a whole, or the day before them. */
function lastWholeDay({ from, to }: Days): LocalDate {
  const next = addDays(to, 1)
  if (next.endsWith('-01')) return to
  const end = addDays(addMonths(`${next.slice(0, 7)}-01`, 0), -1)
  return end < from ? addDays(from, -1) : end
}
