import { addMonths, type LocalDate } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'

export type Cell = {
  month: LocalDate
  kind: string
  departmentId: string
  wardId: string
  doctorId: string
  chapter: number
  sex: string
  ageBand: number
  stayBand: number
}

type Rollup = { name: string; keys: readonly string[] }
const strata = ['kind', 'chapter', 'sex', 'age_band', 'stay_band']
const units = { name: 'analytics.revisit_months', keys: [...strata, 'department_id', 'ward_id'] }
const doctors = { name: 'analytics.revisit_doctor_months', keys: [...units.keys, 'doctor_id'] }
const whole = { name: 'analytics.revisit_strata', keys: strata } // the sum of the cells of units, made after them

const list = (columns: readonly string[], of = '') => sql.raw(columns.map((c) => `${of}${c}`).join(', '))
const equal = (columns: readonly string[], a: string, b: string) => sql.raw(columns.map((c) => `${a}.${c} = ${b}.${c}`).join(' and '))

/** The cell to which a row belongs. */
export const cellKeys = sql`date_trunc('month', day::timestamp)::date as month, ${list(doctors.keys)}`

const figures = ['visits', 'died', 'transferred', 'readmitted', 'came']
const ofRows = sql`
  count(*)::int as visits, (count(*) filter (where r.left_out = 'died'))::int as died, (count(*) filter (where r.left_out = 'transferred'))::int as transferred,
  (count(*) filter (where r.left_out = 'readmitted'))::int as readmitted, (count(*) filter (where r.left_out is null and r.came_on is not null))::int as came`
const ofCells = sql.raw(figures.map((f) => `coalesce(sum(r.${f}), 0)::int as ${f}`).join(', '))

/** Sums these cells again from their rows up to the last day that is due; what is empty goes. */
export async function sumCells(ctx: Context, cells: readonly Cell[], dueUntil: LocalDate): Promise<void> {
  if (cells.length === 0) return
  const rowsOf = ({ keys }: Rollup) => sql`
    select ${ofRows} from analytics.revisits r
     where ${equal(keys, 'r', 'cell')} and r.day >= cell.month and r.day < (cell.month + interval '1 month')::date and r.day <= ${dueUntil}::date`
  await sum(ctx, cells, units, rowsOf(units))
  await sum(ctx, cells, doctors, rowsOf(doctors))
  await sum(ctx, cells, whole, sql`select ${ofCells} from analytics.revisit_months r where ${equal(['month', ...strata], 'r', 'cell')}`)
}

async function sum(ctx: Context, cells: readonly Cell[], { name, keys }: Rollup, summed: ReturnType<typeof sql>): Promise<void> {
  const all = <K extends keyof Cell>(key: K) => cells.map((c) => c[key])
  const key = ['month', ...keys]
  await sql`
    with cell as (
      select distinct ${list(key)}
        from unnest(${all('month')}::date[], ${all('kind')}::text[], ${all('departmentId')}::uuid[], ${all('wardId')}::uuid[], ${all('chapter')}::int2[],
                    ${all('sex')}::text[], ${all('ageBand')}::int2[], ${all('stayBand')}::int2[], ${all('doctorId')}::uuid[])
          as c (month, kind, department_id, ward_id, chapter, sex, age_band, stay_band, doctor_id)
    ),
    summed as (select cell.*, t.* from cell cross join lateral (${summed}) t),
    emptied as (delete from ${sql.table(name)} d using summed s where s.visits = 0 and ${equal(key, 'd', 's')})
    insert into ${sql.table(name)} (${list(key)}, ${list(figures)})
    select ${list(key)}, ${list(figures)} from summed where visits > 0
    on conflict (hospital_id, ${list(key)}) do update set ${sql.raw(figures.map((f) => `${f} = excluded.${f}`).join(', '))}`.execute(ctx.db)
}

/** Sums all cells of the months from one day to another again. */
export async function sumMonths(ctx: Context, from: LocalDate, dueUntil: LocalDate): Promise<void> {
  const first = `${from.slice(0, 7)}-01`
  const end = addMonths(`${dueUntil.slice(0, 7)}-01`, 1)
  const put = ({ name, keys }: Rollup) => sql`insert into ${sql.table(name)} (month, ${list(keys)}, ${list(figures)})`
  for (const { name } of [units, doctors, whole])
    await sql`delete from ${sql.table(name)} where month >= ${first} and month < ${end}`.execute(ctx.db)
  for (const rollup of [units, doctors])
    await sql`
      ${put(rollup)}
      select date_trunc('month', r.day::timestamp)::date, ${list(rollup.keys, 'r.')}, ${ofRows}
        from analytics.revisits r where r.day >= ${first} and r.day <= ${dueUntil}
       group by 1, ${list(rollup.keys, 'r.')}`.execute(ctx.db)
  await sql`
    ${put(whole)} select month, ${list(strata)}, ${ofCells} from analytics.revisit_months r
     where month >= ${first} and month < ${end} group by month, ${list(strata)}`.execute(ctx.db)
}

export async function forgetCells(ctx: Context): Promise<void> {
  for (const { name } of [units, doctors, whole]) await sql`delete from ${sql.table(name)}`.execute(ctx.db)
}
