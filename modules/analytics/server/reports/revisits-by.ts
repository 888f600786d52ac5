// Of those who went home, or were seen, in the months: how many could have come back within 30 days, how many did, and how many were to be expected?
import { type Context, sql } from '@renxin/server'
import type { RevisitDimension, RevisitKind } from '../../contract.ts'
import type { RevisitPeriod } from '../revisits/rules.ts'
import { smallestRanked } from '../statistics.ts'
import { inScope } from './scope.ts'

export type RevisitFilter = { departmentId?: string | undefined; doctorId?: string | undefined; chapter?: number | undefined }
export type RevisitCounts = {
  id: string // of the department or doctor, else the chapter
  visits: number
  died: number
  transferred: number
  readmitted: number
  came: number
  expected: number | null
}

/**
 * Expected is by indirect standardisation (Breslow & Day, Statistical Methods in Cancer Research II, IARC Sci. Publ. 82 (1987), ch. 2): each visit counts the
 * share with which this hospital's patients of the same sex, age band, chapter of ICD-10 and length of stay came back in the twelve months before the period, as far
 * as they are kept; whoever asks, it is the whole hospital's. Where fewer than 30 such visits are known, the chapter with the length of stay speaks, then the chapter,
 * then everybody.
 */
export async function revisitsBy(
  ctx: Context,
  { kind, fromMonth, toMonth, reference }: RevisitPeriod & { kind: RevisitKind },
  by: RevisitDimension,
  filter: RevisitFilter,
): Promise<RevisitCounts[]> {
  const isOfDoctors = by === 'doctor' || filter.doctorId !== undefined
  const table = sql.table(isOfDoctors ? 'analytics.revisit_doctor_months' : 'analytics.revisit_months')
  const id = { department: sql`c.department_id::text`, doctor: sql`c.doctor_id::text`, chapter: sql`c.chapter::text` }[by]
  const { rows } = await sql<RevisitCounts>`
    with known as materialized (
      select r.chapter, r.sex, r.age_band, r.stay_band, sum(r.visits - r.died - r.transferred - r.readmitted)::float8 as n, sum(r.came)::float8 as came
        from analytics.revisit_strata r
       where r.kind = ${kind} and r.month between ${`${reference.fromMonth}-01`} and ${`${reference.toMonth}-01`}
       group by r.chapter, r.sex, r.age_band, r.stay_band
    ),
    by_stay as (select chapter, stay_band, sum(came) / sum(n) as p from known group by 1, 2 having sum(n) >= ${smallestRanked}),
    by_chapter as (select chapter, sum(came) / sum(n) as p from known group by 1 having sum(n) >= ${smallestRanked}),
    of_all as (select sum(came) / sum(n) as p from known having sum(n) > 0)
    select ${id} as id, sum(c.visits)::int as visits, sum(c.died)::int as died, sum(c.transferred)::int as transferred, sum(c.readmitted)::int as readmitted,
           sum(c.came)::int as came,
           sum((c.visits - c.died - c.transferred - c.readmitted)
               * coalesce(case when k.n >= ${smallestRanked} then k.came / k.n end, s.p, h.p, (select p from of_all)))::float8 as expected
      from ${table} c
      left join known k on k.chapter = c.chapter and k.sex = c.sex and k.age_band = c.age_band and k.stay_band = c.stay_band
      left join by_stay s on s.chapter = c.chapter and s.stay_band = c.stay_band
      left join by_chapter h on h.chapter = c.chapter
     where c.kind = ${kind} and c.month between ${`${fromMonth}-01`} and ${`${toMonth}-01`} and ${inScope(ctx, filter)}
       and ${filter.doctorId === undefined ? sql`true` : sql`c.doctor_id = ${filter.doctorId}::uuid`}
       and ${filter.chapter === undefined ? sql`true` : sql`c.chapter = ${filter.chapter}::int2`}
     group by 1
  `.execute(ctx.db)
  return rows
}
