import type { Input } from '@renxin/kernel'
import { atEnd, type Context, sql, unveiled } from '@renxin/server'
import { flagErrors, type flagsApi } from '../../contract.ts'
import { refreshRisk } from '../risk.ts'
import { findFlag, getFlag, isWithin, seenFlags } from './list.ts'
import { noteSteps } from './raise.ts'
import { db } from './tables.ts'

type Api = typeof flagsApi

/** Takes one that nobody has. "Nobody has it" is part of the update, so of two doctors exactly one gets it. */
export async function takeFlag(ctx: Context, { id }: Input<Api['takeFlag']>) {
  const flag = await findFlag(ctx, id)
  mustBeOpen(flag)
  if (flag.doctorId === ctx.actor.id) return getFlag(ctx, { id }) // sent twice
  const taken = await change(ctx, id, { doctorId: ctx.actor.id, doctorName: ctx.actor.name }, sql<boolean>`f.doctor_id is null`)
  if (!taken) throw flagErrors.flagTaken({ id, byName: (await findFlag(ctx, id)).doctorName })
  await noteSteps(ctx, [{ flagId: id, kind: 'taken', toName: ctx.actor.name }])
  return getFlag(ctx, { id })
}

export async function giveFlag(ctx: Context, { id, doctorId, note }: Input<Api['giveFlag']>) {
  const flag = await findFlag(ctx, id)
  mustBeOpen(flag)
  const doctor = await db(ctx)
    .selectFrom('access.userCards')
    .where('id', '=', doctorId)
    .where('isDisabled', '=', false)
    .select(['id', 'displayName'])
    .executeTakeFirst()
  if (!doctor) throw flagErrors.doctorUnknown({ id: doctorId })
  if (flag.doctorId === doctor.id) return getFlag(ctx, { id })
  await change(ctx, id, { doctorId: doctor.id, doctorName: doctor.displayName })
  await noteSteps(ctx, [{ flagId: id, kind: 'given', toName: doctor.displayName, note }])
  return getFlag(ctx, { id })
}

/** Closes it by what came of it. Of two who close at once the second is told who was quicker; the first who sends it twice is not. */
export async function closeFlag(ctx: Context, { id, outcome, note }: Input<Api['closeFlag']>) {
  const flag = await findFlag(ctx, id)
  if (flag.status === 'closed' && flag.closedBy === ctx.actor.id && flag.outcome === outcome && flag.note === note)
    return unveiled(ctx, () => getFlag(ctx, { id }))
  mustBeOpen(flag)
  if (!isWithin(ctx, flag)) throw flagErrors.flagNotYours({ id, byName: flag.doctorName })
  const by = { closedAt: ctx.clock.now(), closedBy: ctx.actor.id, closedByName: ctx.actor.name }
  const closed = await change(ctx, id, { status: 'closed', outcome, note, ...by })
  if (!closed) mustBeOpen(await findFlag(ctx, id))
  await noteSteps(ctx, [{ flagId: id, kind: 'closed', note }])
  await atEnd(ctx, refreshRisk, [flag.patientId])
  return unveiled(ctx, () => getFlag(ctx, { id })) // it may have been all by which the doctor knew of this patient
}

function mustBeOpen(flag: { id: string; status: string; closedByName: string | null; closedAt: Date | null }): void {
  if (flag.status !== 'open')
    throw flagErrors.flagClosed({ id: flag.id, byName: flag.closedByName ?? '', at: flag.closedAt?.toISOString() ?? null })
}

type Change = Partial<{
  doctorId: string
  doctorName: string
  status: 'closed'
  outcome: Input<Api['closeFlag']>['outcome']
  note: string
  closedAt: Date
  closedBy: string
  closedByName: string
}>

async function change(ctx: Context, id: string, set: Change, only = sql<boolean>`true`): Promise<boolean> {
  const done = await db(ctx)
    .updateTable('followups.flags as f')
    .set(set)
    .where('f.id', '=', id)
    .where('f.status', '=', 'open')
    .where(only)
    .where(seenFlags(ctx))
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** Doctors with an account, with the red flags that each has open. */
export async function listFlagDoctors(ctx: Context) {
  const { scope, departments } = ctx.actor
  const rows = await db(ctx)
    .selectFrom('access.userCards as u')
    .innerJoin('staff.personCards as p', 'p.id', 'u.personId')
    .where('u.isDisabled', '=', false)
    .where('p.job', '=', 'doctor')
    .$if(scope !== 'hospital', (q) =>
      q.where(
        sql<boolean>`exists (select from staff.members m where m.person_id = p.id and coalesce(m.department_id, m.unit_id) = any(${[...departments]}::uuid[]))`,
      ),
    )
    .select(['u.id', 'u.displayName as name', 'p.title'])
    .select(sql<number>`(select count(*)::int from followups.flags f where f.doctor_id = u.id and f.status = 'open')`.as('openFlags'))
    .orderBy('u.displayName')
    .limit(500)
    .execute()
  return { rows }
}
