import type { Context } from '@renxin/server'
import { db } from './tables.ts'

/** The roles of whoever asks; a key or the system has none. */
export async function roleIdsOf(ctx: Context): Promise<string[]> {
  const rows = await db(ctx).selectFrom('access.userRoles').select('roleId').where('userId', '=', ctx.actor.id).execute()
  return [...new Set([...rows.map((r) => r.roleId), ...(await temporaryRoleIdsOf(ctx, ctx.actor.id))])]
}

/** Those that an account has for a time, now. */
export async function temporaryRoleIdsOf(ctx: Context, userId: string): Promise<string[]> {
  const rows = await db(ctx)
    .selectFrom('access.temporaryRoles')
    .select('roleId')
    .where('userId', '=', userId)
    .where('until', '>', ctx.clock.now())
    .execute()
  return rows.map((r) => r.roleId)
}

/** What roles there are, for whoever shares something with one of them. */
export const listRoleNames = (ctx: Context): Promise<{ id: string; key: string; name: string | null }[]> =>
  db(ctx).selectFrom('access.roles').select(['id', 'key', 'name']).orderBy('key').execute()

/** Which roles each account has for good, as one text: those with the same have the same roles. */
export async function listRolesOf(ctx: Context): Promise<Map<string, string>> {
  const rows = await db(ctx).selectFrom('access.userRoles').select(['userId', 'roleId']).orderBy('roleId').execute()
  return new Map([...Map.groupBy(rows, (r) => r.userId)].map(([userId, roles]) => [userId, roles.map((r) => r.roleId).join()]))
}
