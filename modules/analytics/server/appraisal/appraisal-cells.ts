import type { LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'

export type AppraisalCell = { month: LocalDate; level: string; departmentId: string; wardId: string }

/** The figures of a cell, as its columns are called. */
export const appraisalColumns = [
  'due',
  'done',
  'done_in_time',
  'reached',
  'reached_in_time',
  'stopped',
  'tries',
  'talks',
  'measured',
  'seconds',
] as const
export type AppraisalSource = 'appraised' | 'efforts'

/** The figures of rows `r` of one of the two kinds; those of the other kind are nothing. */
export const appraisalFigures: Record<AppraisalSource, ReturnType<typeof sql>> = {
  appraised: sql`
    count(*) filter (where r.state <> 'stopped') as due, count(*) filter (where r.state = 'done') as done,
    count(*) filter (where r.state = 'done' and r.is_in_time) as done_in_time, count(*) filter (where r.state = 'done' and r.is_reached) as reached,
    count(*) filter (where r.state = 'done' and r.is_reached and r.is_in_time) as reached_in_time, count(*) filter (where r.state = 'stopped') as stopped,
    0::bigint as tries, 0::bigint as talks, 0::bigint as measured, 0::bigint as seconds`,
  efforts: sql`
    0::bigint as due, 0::bigint as done, 0::bigint as done_in_time, 0::bigint as reached, 0::bigint as reached_in_time, 0::bigint as stopped,
    count(*) as tries, count(*) filter (where r.is_talk) as talks, count(r.seconds) as measured, coalesce(sum(r.seconds), 0) as seconds`,
}

/** As what a row counts in each part; of what was not reached how it ended, or that it is still open. A try has no part in how it ended. */
export const appraisalOf = {
  unit: sql`''`,
  nurse: sql`r.nurse_id::text`,
  class: sql`r.identity_class`,
  outcome: sql`case r.state when 'done' then r.outcome else r.state end`,
}
const ofBoth = sql`('unit', ${appraisalOf.unit}), ('nurse', ${appraisalOf.nurse}), ('class', ${appraisalOf.class})`
const appraisalParts: Record<AppraisalSource, ReturnType<typeof sql>> = {
  appraised: sql`(values ${ofBoth}, ('outcome', ${appraisalOf.outcome})) p (part, of)`,
  efforts: sql`(values ${ofBoth}) p (part, of)`,
}

const keys = ['month', 'part', 'level', 'department_id', 'ward_id', 'of']
const list = (columns: readonly string[]) => sql.raw(columns.join(', '))
const summed = sql.raw(appraisalColumns.map((c) => `sum(${c})::bigint`).join(', '))

/** Sums these cells again from their rows up to the last day that counts. */
export async function sumCells(ctx: Context, cells: readonly AppraisalCell[], dueUntil: LocalDate): Promise<void> {
  if (cells.length === 0) return
  const all = <K extends keyof AppraisalCell>(key: K) => cells.map((c) => c[key])
  const named = sql`
    (select distinct * from unnest(${all('month')}::date[], ${all('level')}::text[], ${all('departmentId')}::uuid[], ${all('wardId')}::uuid[])
       as c (month, level, department_id, ward_id)) cell`
  await sql`
    delete from analytics.appraisal_months d using ${named}
     where (d.month, d.level, d.department_id, d.ward_id) = (cell.month, cell.level, cell.department_id, cell.ward_id)`.execute(ctx.db)
  const rowsOf = (source: AppraisalSource, day: string) => sql`
    select cell.month, p.part, r.level, r.department_id, r.ward_id, p.of, ${appraisalFigures[source]}
      from ${named} join ${sql.table(`analytics.${source}`)} r on r.level = cell.level and r.department_id = cell.department_id and r.ward_id = cell.ward_id
       and ${sql.ref(day)} >= cell.month and ${sql.ref(day)} < (cell.month + interval '1 month')::date and ${sql.ref(day)} <= ${dueUntil}::date
     cross join lateral ${appraisalParts[source]}
     group by 1, 2, 3, 4, 5, 6`
  await put(ctx, sql`${rowsOf('appraised', 'r.dueOn')} union all ${rowsOf('efforts', 'r.day')}`)
}

/** Sums all cells of the hospital again. */
export async function sumAll(ctx: Context, dueUntil: LocalDate): Promise<void> {
  await sql`delete from analytics.appraisal_months`.execute(ctx.db)
  const rowsOf = (source: AppraisalSource, day: string) => sql`
    select date_trunc('month', ${sql.ref(day)}::timestamp)::date as month, p.part, r.level, r.department_id, r.ward_id, p.of, ${appraisalFigures[source]}
      from ${sql.table(`analytics.${source}`)} r cross join lateral ${appraisalParts[source]}
     where ${sql.ref(day)} <= ${dueUntil}::date
     group by 1, 2, 3, 4, 5, 6`
  await put(ctx, sql`${rowsOf('appraised', 'r.dueOn')} union all ${rowsOf('efforts', 'r.day')}`)
}

const put = (ctx: Context, rows: ReturnType<typeof sql>) =>
  sql`
    insert into analytics.appraisal_months (${list(keys)}, ${list(appraisalColumns)})
    select ${list(keys)}, ${summed} from (${rows}) x group by ${list(keys)}`.execute(ctx.db)
