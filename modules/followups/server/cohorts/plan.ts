import { addDays } from '@renxin/kernel'
import { type Context, sql, unveiled } from '@renxin/server'
import { makeTasks } from '../make-tasks.ts'
import { reconcile } from '../reconcile.ts'
import { tellPatients } from '../tell-patients.ts'
import { tellTasks } from '../tell-tasks.ts'
import { furthestDay, loadMoves } from '../windows.ts'
import { db } from './tables.ts'

type Planned = { id: string; programmeId: string; planned: number; members: number }
const AT_ONCE = 500

/**
 * Enrols some more members in the order of their numbers and makes the tasks of the visits whose windows are not over. How far it is is committed with what it made,
 * so that it may be cut off at any moment; who is enrolled already, and what is planned already, is passed over.
 */
export async function planMembers(ctx: Context, { id, programmeId, planned, members }: Planned, most: number): Promise<void> {
  await unveiled(ctx, async () => {
    const numbers = sql`m.cohort_id = ${id}::uuid and m.number > ${planned} and m.number <= ${planned + most}`
    await sql`
      insert into followups.enrolments (encounter_id, programme_id, version_id, variant, anchor_at, anchor_on, enrolled_at, left_as)
      select m.encounter_id, ${programmeId}::uuid, v.id, 0, x.anchor_at, (x.anchor_at at time zone ${ctx.hospital.zone})::date, ${ctx.clock.now()}, nullif(m.status, 'active')
        from followups.cohort_members m
        join encounters.cards c on c.id = m.encounter_id
        join followups.versions v on v.programme_id = ${programmeId}::uuid
        cross join lateral (select coalesce(c.discharged_at, m.discharged_on::timestamp at time zone ${ctx.hospital.zone}) as anchor_at) x
       where ${numbers} on conflict on constraint enrolments_pkey do nothing`.execute(ctx.db)
    await makeOf(ctx, programmeId, numbers)
    await db(ctx)
      .updateTable('followups.cohorts')
      .set({ planned: Math.min(members, planned + most) })
      .where('id', '=', id)
      .execute()
  })
  ctx.touched.add('followups')
}

async function makeOf(ctx: Context, programmeId: string, numbers: ReturnType<typeof sql>): Promise<void> {
  const enrolled = sql`followups.cohort_members m join followups.enrolments e on e.encounter_id = m.encounter_id and e.programme_id = ${programmeId}::uuid where ${numbers}`
  const { rows: spans } = await sql<{ first: string | null; last: string | null; furthest: number }>`
    select min(e.anchor_on) as first, max(e.anchor_on) as last,
           (select coalesce(max(${furthestDay}), 0) from followups.steps s join followups.versions v on v.id = s.version_id where v.programme_id = ${programmeId}::uuid) as furthest
      from ${enrolled}`.execute(ctx.db)
  const span = spans[0]
  if (!span?.first || !span.last) return
  const moves = await loadMoves(ctx, span.first, addDays(span.last, span.furthest + 1), ['phone'])
  const { rows } = await sql<{ id: string; patientId: string }>`
    with a as (select e.encounter_id, e.programme_id, e.version_id, e.variant, e.anchor_at, e.anchor_on from ${enrolled})
    ${makeTasks(ctx, moves, { notBefore: ctx.clock.now() })}`.execute(ctx.db)
  const patientIds = [...new Set(rows.map((r) => r.patientId))]
  await tellPatients(ctx, patientIds)
  await tellTasks(ctx, rows)
  await reconcile(ctx, patientIds) // of whoever has died meanwhile nothing is due
}

/** What a freezing left to be planned goes on by the clock, also after a fall. */
export async function goOnWithCohorts(ctx: Context): Promise<'more' | undefined> {
  const { rows } = await sql<Planned>`
    select id, programme_id, planned, members from followups.cohorts
     where frozen_at is not null and closed_at is null and planned < members order by frozen_at, id limit 1 for update skip locked`.execute(
    ctx.db,
  )
  const found = rows[0]
  if (!found) return undefined
  await planMembers(ctx, found, AT_ONCE)
  return 'more'
}
