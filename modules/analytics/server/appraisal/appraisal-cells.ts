import type { LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'

export type AppraisalCell = { day: LocalDate; level: string; departmentId: string; wardId: string }

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
type AppraisalSource = 'appraised' | 'efforts'

/** The figures of rows `r` of one of the two kinds; those of the other kind are nothing. */
const appraisalFigures: Record<AppraisalSource, ReturnType<typeof sql>> = {
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
const appraisalOf = {
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

const dayOf: Record<AppraisalSource, string> = { appraised: 'due_on', efforts: 'day' }
const ofWard = ['level', 'department_id', 'ward_id']
const list = (columns: readonly string[], of = '') => sql.raw(columns.map((c) => of + c).join(', '))
const summed = sql.raw(appraisalColumns.map((c) => `sum(${c})::bigint`).join(', '))
const monthOf = (day: string) => sql`date_trunc('month', ${sql.raw(day)}::timestamp)::date`

/** Sums these cells again from their rows up to the last day that counts, and their months from their days. */
export async function sumCells(ctx: Context, cells: readonly AppraisalCell[], dueUntil: LocalDate): Promise<void> {
  if (cells.length === 0) return
  const all = <K extends keyof AppraisalCell>(key: K) => cells.map((c) => c[key])
  const days = sql`
    (select distinct * from unnest(${all('day')}::date[], ${all('level')}::text[], ${all('departmentId')}::uuid[], ${all('wardId')}::uuid[])
       as c (day, level, department_id, ward_id)) cell`
  const months = sql`(select distinct ${monthOf('cell.day')} as month, ${list(ofWard, 'cell.')} from ${days}) cell`
  const isOfWard = (of: string) => sql`(${list(ofWard, `${of}.`)}) = (${list(ofWard, 'cell.')})`

  await sql`delete from analytics.appraisal_days d using ${days} where ${isOfWard('d')} and d.day = cell.day`.execute(ctx.db)
  await putDays(
    ctx,
    (source) => sql`${days} join ${sql.table(`analytics.${source}`)} r on ${isOfWard('r')} and ${sql.ref(`r.${dayOf[source]}`)} = cell.day`,
    dueUntil,
  )
  await sql`delete from analytics.appraisal_months m using ${months} where ${isOfWard('m')} and m.month = cell.month`.execute(ctx.db)
  const isInMonth = sql`d.day >= cell.month and d.day < (cell.month + interval '1 month')::date`
  await putMonths(ctx, sql`${months} join analytics.appraisal_days d on ${isOfWard('d')} and ${isInMonth}`)
}

/** Sums all cells of the hospital again. */
export async function sumAll(ctx: Context, dueUntil: LocalDate): Promise<void> {
  await sql`delete from analytics.appraisal_days`.execute(ctx.db)
  await sql`delete from analytics.appraisal_months`.execute(ctx.db)
  await putDays(ctx, (source) => sql`${sql.table(`analytics.${source}`)} r`, dueUntil)
  await putMonths(ctx, sql`analytics.appraisal_days d`)
}

/** From the rows `r` of each kind. In their order, so that a page finds the cells of its days beside each other. */
function putDays(ctx: Context, from: (source: AppraisalSource) => ReturnType<typeof sql>, dueUntil: LocalDate) {
  const rowsOf = (source: AppraisalSource) => sql`
    select ${sql.ref(`r.${dayOf[source]}`)} as day, p.part, ${list(ofWard, 'r.')}, p.of, ${appraisalFigures[source]}
      from ${from(source)} cross join lateral ${appraisalParts[source]}
     where ${sql.ref(`r.${dayOf[source]}`)} <= ${dueUntil}::date
     group by 1, 2, 3, 4, 5, 6`
  const keys = list(['day', 'part', ...ofWard, 'of'])
  return sql`
    insert into analytics.appraisal_days (${keys}, ${list(appraisalColumns)})
    select ${keys}, ${summed} from (${rowsOf('appraised')} union all ${rowsOf('efforts')}) x group by ${keys} order by part, day`.execute(
    ctx.db,
  )
}

/** From days `d`. */
function putMonths(ctx: Context, from: ReturnType<typeof sql>) {
  const others = ['part', ...ofWard, 'of']
  return sql`
    insert into analytics.appraisal_months (month, ${list(others)}, ${list(appraisalColumns)})
    select ${monthOf('d.day')}, ${list(others, 'd.')}, ${summed} from ${from}
     group by ${monthOf('d.day')}, ${list(others, 'd.')} order by 2, 1`.execute(ctx.db)
}
