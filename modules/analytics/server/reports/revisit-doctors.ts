// In which department did each doctor see most of those who could have come back?
import { type Context, sql } from '@renxin/server'
import type { RevisitKind } from '../../contract.ts'
import type { RevisitPeriod } from '../revisits/rules.ts'
import { inScope } from './scope.ts'

export type DoctorPlace = { doctorId: string; departmentId: string }

export async function placesOfDoctors(
  ctx: Context,
  { kind, fromMonth, toMonth }: RevisitPeriod & { kind: RevisitKind },
  filter: { departmentId?: string | undefined },
): Promise<DoctorPlace[]> {
  const { rows } = await sql<DoctorPlace>`
    select distinct on (x.doctor_id) x.doctor_id, x.department_id
      from (select c.doctor_id, c.department_id, sum(c.visits) as visits
              from analytics.revisit_doctor_months c
             where c.kind = ${kind} and c.month between ${`${fromMonth}-01`} and ${`${toMonth}-01`} and ${inScope(ctx, filter)}
             group by c.doctor_id, c.department_id) x
     order by x.doctor_id, x.visits desc, x.department_id
  `.execute(ctx.db)
  return rows
}
