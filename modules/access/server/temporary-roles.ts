import type { Input } from '@renxin/kernel'
import { audit, type Context } from '@renxin/server'
import { accessErrors, longestTemporaryDays, type rolesApi, type TemporaryRole } from '../contract.ts'
import { keepApart } from './apart.ts'
import { refuseBeyondOwn } from './roles.ts'
import { db } from './tables.ts'
import { getUser, refuseStronger } from './users.ts'

type Api = typeof rolesApi

type Shown = Omit<TemporaryRole, 'givenAt' | 'until'> & { givenAt: Date; until: Date }

/** What an account has or had for a time, the latest end first. */
export async function listTemporaryRoles(ctx: Context, { userId }: { userId: string }): Promise<{ rows: Shown[] }> {
  await getUser(ctx, userId) // also refuses whom one does not see
  const rows = await temporary(ctx).where('t.userId', '=', userId).orderBy('t.until', 'desc').orderBy('t.id').limit(100).execute()
  return { rows: rows.map((row) => shown(ctx, row)) }
}

/** Counts from the next request on, and ends by itself to the second, without anybody signing in anew. */
export async function giveTemporaryRole(
  ctx: Context,
  { id, userId, roleId, until, reason }: Input<Api['giveTemporaryRole']>,
): Promise<Shown> {
  await refuseStronger(ctx, userId)
  await refuseBeyondOwn(ctx, [roleId])
  const now = ctx.clock.now()
  const end = new Date(until)
  if (end <= now || end.getTime() - now.getTime() > longestTemporaryDays * 86_400_000) {
    throw accessErrors.untilWrong({ days: longestTemporaryDays })
  }
  const give = () =>
    db(ctx)
      .insertInto('access.temporaryRoles')
      .values({ id, userId, roleId, reason, givenAt: now, givenBy: ctx.actor.name, until: end })
      .onConflict((c) => c.constraint('temporary_roles_pkey').doNothing()) // sent twice, given once
      .execute()
  await keepApart(ctx, { userId }, give)
  await audit(ctx, { action: 'access.temporaryRoleGiven', objectId: userId, reason, detail: { roleId, until: end } })
  return getOne(ctx, id)
}

export async function endTemporaryRole(ctx: Context, { id }: { id: string }): Promise<Shown> {
  const { userId } = await getOne(ctx, id)
  await refuseStronger(ctx, userId)
  const now = ctx.clock.now()
  await db(ctx)
    .updateTable('access.temporaryRoles')
    .set({ until: now, isEnded: true })
    .where('id', '=', id)
    .where('until', '>', now)
    .execute()
  return getOne(ctx, id)
}

async function getOne(ctx: Context, id: string): Promise<Shown> {
  const row = await temporary(ctx).where('t.id', '=', id).executeTakeFirst()
  if (!row) throw accessErrors.roleNotFound({ id })
  await getUser(ctx, row.userId)
  return shown(ctx, row)
}

const temporary = (ctx: Context) =>
  db(ctx)
    .selectFrom('access.temporaryRoles as t')
    .innerJoin('access.roles as r', 'r.id', 't.roleId')
    .select(['t.id', 't.userId', 't.roleId', 'r.key', 'r.name', 't.reason', 't.givenAt', 't.givenBy', 't.until'])

type Row = Awaited<ReturnType<ReturnType<typeof temporary>['executeTakeFirstOrThrow']>>

const shown = (ctx: Context, { roleId, key, name, ...row }: Row): Shown => ({
  ...row,
  role: { id: roleId, key, name },
  isOver: row.until <= ctx.clock.now(),
})
