// How many of those who could have come back within 30 days did, month by month?
import { type Context, sql } from '@renxin/server'
import type { RevisitKind } from '../../contract.ts'
import type { RevisitFilter } from './revisits-by.ts'
import { inScope } from './scope.ts'

export type RevisitMonth = { month: string; base: number; came: number }

export async function revisitsByMonth(
  ctx: Context,
  { kind, from, to }: { kind: RevisitKind; from: string; to: string }, // first days of months
  filter: RevisitFilter,
): Promise<RevisitMonth[]> {
  const isWhole = ctx.actor.scope === 'hospital' && filter.departmentId === undefined && filter.doctorId === undefined
  const ofUnits = filter.doctorId === undefined ? 'analytics.revisit_months' : 'analytics.revisit_doctor_months'
  const table = sql.table(isWhole ? 'analytics.revisit_strata' : ofUnits)
  const { rows } = await sql<RevisitMonth>`
    select to_char(c.month, 'YYYY-MM') as month, sum(c.visits - c.died - c.transferred - c.readmitted)::int as base, sum(c.came)::int as came
      from ${table} c
     where c.kind = ${kind} and c.month between ${from} and ${to} and ${inScope(ctx, filter)}
       and ${filter.doctorId === undefined ? sql`true` : sql`c.doctor_id = ${filter.doctorId}::uuid`}
       and ${filter.chapter === undefined ? sql`true` : sql`c.chapter = ${filter.chapter}::int2`}
     group by c.month order by c.month
  `.execute(ctx.db)
  return rows
}

/** Of the whole hospital, whoever asks: by what expected rates are reckoned. */
export async function revisitsKnown(ctx: Context, { kind, from, to }: { kind: RevisitKind; from: string; to: string }): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(visits - died - transferred - readmitted), 0)::int as n
      from analytics.revisit_strata where kind = ${kind} and month between ${from} and ${to}`.execute(ctx.db)
  return rows[0]?.n ?? 0
}

/** Visits of these months whose 30 days have not passed, as the clock last counted them. */
export async function revisitsWaiting(ctx: Context, { kind, fromMonth, toMonth }: Asked, filter: RevisitFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(c.visits), 0)::int as n from analytics.revisit_waiting c
     where c.kind = ${kind} and c.month between ${`${fromMonth}-01`} and ${`${toMonth}-01`} and ${inScope(ctx, filter)}
       and ${filter.doctorId === undefined ? sql`true` : sql`c.doctor_id = ${filter.doctorId}::uuid`}
       and ${filter.chapter === undefined ? sql`true` : sql`c.chapter = ${filter.chapter}::int2`}`.execute(ctx.db)
  return rows[0]?.n ?? 0
}

type Asked = { kind: RevisitKind; fromMonth: string; toMonth: string }
