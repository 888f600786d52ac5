import type { Input } from '@renxin/kernel'
import { type Context, sql, unveiled } from '@renxin/server'
import { cohortErrors, type cohortsApi } from '../../contract.ts'
import { reconcile } from '../reconcile.ts'
import { tellPatients } from '../tell-patients.ts'
import { frozenCohort } from './cohorts.ts'
import { getMember } from './figures.ts'
import { db } from './tables.ts'

type Api = typeof cohortsApi

/** That a member has withdrawn or cannot be found any more, since when and why; or that he is in it again. He stays a member; his open tasks stop, and come back. */
export async function setMember(ctx: Context, { id, encounterId, status, leftOn, note }: Input<Api['setMember']>) {
  const cohort = await frozenCohort(ctx, id)
  if (cohort.closedAt) throw cohortErrors.cohortClosed({ id })
  const { patientId, dischargedOn } = await getMember(ctx, cohort, encounterId)
  const day = status === 'active' ? null : (leftOn ?? ctx.clock.today())
  if (day !== null && (day < dischargedOn || day > ctx.clock.today())) throw cohortErrors.cohortMemberDay({ from: dischargedOn })
  await db(ctx)
    .updateTable('followups.cohortMembers')
    .set({ status, leftOn: day, note, changedAt: ctx.clock.now(), changedBy: ctx.actor.id, changedByName: ctx.actor.name })
    .where('cohortId', '=', id)
    .where('encounterId', '=', encounterId)
    .execute()
  await unveiled(ctx, async () => {
    await sql`
      update followups.enrolments set left_as = ${status === 'active' ? null : status}
       where encounter_id = ${encounterId}::uuid and programme_id = ${cohort.programmeId}::uuid`.execute(ctx.db)
    await reconcile(ctx, [patientId])
    await tellPatients(ctx, [patientId])
  })
  return getMember(ctx, cohort, encounterId)
}
