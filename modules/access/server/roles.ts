import { newId } from '@renxin/kernel'
import { type Context, can, sql } from '@renxin/server'
import { accessErrors, type Role, type RoleName } from '../contract.ts'
import { presets } from './presets.ts'
import { beyond } from './rules.ts'
import { db } from './tables.ts'

/** The roles of an account, as a column of a query. */
export const rolesOf = (userId: string) => sql<RoleName[]>`coalesce((
  select jsonb_agg(jsonb_build_object('id', r.id, 'key', r.key, 'name', r.name) order by r.key)
  from access.user_roles ur join access.roles r on r.id = ur.role_id where ur.user_id = ${sql.ref(userId)}), '[]')`

/** Makes the roles that a hospital has not yet; what it changed in the others stays. */
export async function prepareHospital(ctx: Context): Promise<void> {
  const roles = Object.keys(presets).map((key) => ({ id: newId(), key, name: null }))
  const made = await db(ctx)
    .insertInto('access.roles')
    .values(roles)
    .onConflict((c) => c.constraint('roles_key').doNothing())
    .returning(['id', 'key'])
    .execute()
  const grants = made.flatMap(({ id, key }) =>
    Object.entries(presets[key] ?? {}).map(([permission, scope]) => ({ roleId: id, permission, scope })),
  )
  if (grants.length > 0) await db(ctx).insertInto('access.grants').values(grants).execute()
}

export async function listRoles(ctx: Context): Promise<{ rows: Role[] }> {
  const rows = await db(ctx)
    .selectFrom('access.roles as r')
    .select(['r.id', 'r.key', 'r.name'])
    .select([
      sql<Role['grants']>`coalesce((
        select jsonb_agg(jsonb_build_object('permission', g.permission, 'scope', g.scope) order by g.permission)
        from access.grants g where g.role_id = r.id), '[]')`.as('grants'),
      sql<number>`(select count(*)::int from access.user_roles ur join access.users u on u.id = ur.user_id
                   where ur.role_id = r.id and not u.is_disabled)`.as('holders'),
    ])
    .orderBy('r.key')
    .limit(200)
    .execute()
  const order = Object.keys(presets)
  const placeOf = (role: Role) => (order.includes(role.key) ? order.indexOf(role.key) : order.length) // a hospital's own come last
  return { rows: rows.sort((a, b) => placeOf(a) - placeOf(b)) }
}

/** Nobody hands out more than he has, save who may appoint to every role. */
export async function refuseBeyondOwn(ctx: Context, roleIds: readonly string[]): Promise<void> {
  if (roleIds.length === 0) return
  const ids = [...new Set(roleIds)]
  const known = await db(ctx).selectFrom('access.roles').where('id', '=', sql<string>`any(${ids}::uuid[])`).select('id').execute()
  if (known.length < ids.length) throw accessErrors.roleNotFound()
  if (can(ctx, 'access.appoint')) return
  const grants = await db(ctx)
    .selectFrom('access.grants')
    .where('roleId', '=', sql<string>`any(${ids}::uuid[])`)
    .select(['permission', 'scope'])
    .execute()
  const permission = beyond(ctx.actor.may, grants)
  if (permission) throw accessErrors.aboveOwn({ permission })
}
