import type { Context } from '@renxin/server'
import { en } from '../words-en.ts'
import { zh } from '../words-zh.ts'
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

/** The roles in use, each with all the names by which a list may call it: the hospital's own or the preset's in either language, and its key. The first is shown. */
export async function listRolesByName(ctx: Context): Promise<string[][]> {
  const presets: Readonly<Record<string, string>>[] = [zh.role, en.role]
  const rows = await db(ctx).selectFrom('access.roles').where('isRetired', '=', false).select(['key', 'name']).orderBy('key').execute()
  return rows.map(({ key, name }) => [...(name === null ? presets.flatMap((of) => of[key] ?? []) : [name]), key])
}

/** Which roles each account has for good, as one text: those with the same have the same roles. */
export async function listRolesOf(ctx: Context): Promise<Map<string, string>> {
  const rows = await db(ctx).selectFrom('access.userRoles').select(['userId', 'roleId']).orderBy('roleId').execute()
  return new Map([...Map.groupBy(rows, (r) => r.userId)].map(([userId, roles]) => [userId, roles.map((r) => r.roleId).join()]))
}
