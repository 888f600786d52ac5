import type { Input } from '@renxin/kernel'
import { type Context, sql } from '@renxin/server'
import { flagErrors, type flagsApi } from '../../contract.ts'
import { db } from './tables.ts'

type Api = typeof flagsApi

/** Who answers for red flags, department by department. */
export async function listFlagDuties(ctx: Context) {
  const rows = await db(ctx)
    .selectFrom('staff.unitCards as d')
    .leftJoin('followups.flagDuties as f', 'f.departmentId', 'd.id')
    .leftJoin('access.userCards as u', 'u.id', 'f.accountId')
    .where('d.kind', '=', 'department')
    .where('d.isActive', '=', true)
    .where(isOwn(ctx, sql`d.id`))
    .select(['d.id as departmentId', 'd.name as departmentName', 'f.accountId', 'u.displayName as accountName'])
    .orderBy('d.name')
    .limit(500)
    .execute()
  return { rows }
}

export async function setFlagDuty(ctx: Context, { departmentId, accountId }: Input<Api['setFlagDuty']>) {
  const department = await db(ctx)
    .selectFrom('staff.unitCards as d')
    .where('d.id', '=', departmentId)
    .where('d.kind', '=', 'department')
    .where(isOwn(ctx, sql`d.id`))
    .select('d.id')
    .executeTakeFirst()
  if (!department) throw flagErrors.flagDepartmentNotFound({ departmentId })
  if (accountId === null) {
    await db(ctx).deleteFrom('followups.flagDuties').where('departmentId', '=', departmentId).execute()
    return { departmentId, accountId }
  }
  const account = await db(ctx)
    .selectFrom('access.userCards')
    .where('id', '=', accountId)
    .where('isDisabled', '=', false)
    .select('id')
    .executeTakeFirst()
  if (!account) throw flagErrors.doctorUnknown({ id: accountId })
  const set = { accountId, setAt: ctx.clock.now(), setBy: ctx.actor.id }
  await db(ctx)
    .insertInto('followups.flagDuties')
    .values({ departmentId, ...set })
    .onConflict((c) => c.constraint('flag_duties_pkey').doUpdateSet(set))
    .execute()
  return { departmentId, accountId }
}

const isOwn = (ctx: Context, department: ReturnType<typeof sql>) =>
  ctx.actor.scope === 'hospital' ? sql<boolean>`true` : sql<boolean>`${department} = any(${[...ctx.actor.departments]}::uuid[])`
