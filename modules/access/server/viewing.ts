import type { Input } from '@renxin/kernel'
import { type Context, can } from '@renxin/server'
import { type accessApi, accessErrors, type Me } from '../contract.ts'
import { findActor, findSession } from './actors.ts'
import { describe } from './sign-in.ts'
import { db } from './tables.ts'
import { asViewed, closedToViewers, grantsOf } from './viewed-actor.ts'

type Api = typeof accessApi

/** Nobody forgets it for longer. */
const VIEWING_MINUTES = 30

export async function beginViewing(ctx: Context, { roleId, unitIds }: Input<Api['beginViewing']>): Promise<Me> {
  const session = await findSession(ctx, ctx.door?.session)
  if (!session) throw accessErrors.sessionNotFound()
  const role = await db(ctx)
    .selectFrom('access.roles')
    .where('id', '=', roleId)
    .where('isRetired', '=', false)
    .select('id')
    .executeTakeFirst()
  if (!role) throw accessErrors.roleNotFound({ id: roleId })
  const grants = await grantsOf(ctx, roleId)
  const permission = closedToViewers.find((p) => !can(ctx, p) && grants.some((g) => g.permission === p))
  if (permission) throw accessErrors.aboveOwn({ permission })
  await db(ctx)
    .updateTable('access.sessions')
    .set({
      viewingRoleId: roleId,
      viewingUnits: unitIds,
      viewingUntil: new Date(ctx.clock.now().getTime() + VIEWING_MINUTES * 60_000),
    })
    .where('id', '=', session.id)
    .execute()
  return describeAnew(ctx)
}

export async function endViewing(ctx: Context): Promise<Me> {
  const session = await findSession(ctx, ctx.door?.session)
  if (session) {
    await db(ctx)
      .updateTable('access.sessions')
      .set({ viewingRoleId: null, viewingUnits: [], viewingUntil: null })
      .where('id', '=', session.id)
      .execute()
  }
  return describeAnew(ctx)
}

async function describeAnew(ctx: Context): Promise<Me> {
  const session = await findSession(ctx, ctx.door?.session)
  if (!session) throw accessErrors.sessionNotFound() // ended meanwhile, from another screen
  const actor = await findActor(ctx, ctx.actor.id, session)
  if (!actor) throw accessErrors.sessionNotFound()
  return describe(ctx, await asViewed(ctx, actor, session))
}
