import { type Context, type GrantScope, sql } from '@renxin/server'
import { widest } from './rules.ts'

/** The accounts that may sign in and have a permission now, each with how far the widest of its roles takes it. */
export async function whoMay(ctx: Context, permission: string): Promise<Map<string, GrantScope>> {
  const { rows } = await sql<{ userId: string; scope: GrantScope }>`
    select u.id as user_id, g.scope
      from access.grants g
      join (select r.user_id, r.role_id from access.user_roles r union all
            select t.user_id, t.role_id from access.temporary_roles t where t.until > ${ctx.clock.now()}) held on held.role_id = g.role_id
      join access.users u on u.id = held.user_id and not u.is_disabled
     where g.permission = ${permission} limit 10000`.execute(ctx.db)
  const byAccount = Map.groupBy(rows, (row) => row.userId)
  return new Map(
    [...byAccount].map(([userId, held]) => [userId, widest(held.map(({ scope }) => ({ permission, scope }))).get(permission) ?? 'own']),
  )
}
