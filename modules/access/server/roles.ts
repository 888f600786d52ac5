import { newId } from '@renxin/kernel'
import { type Context, can, sql } from '@renxin/server'
import { accessErrors, type RoleName } from '../contract.ts'
import { presets } from './presets.ts'
import { beyond } from './rules.ts'
import { db } from './tables.ts'

/** The roles of an account, as a column of a query. */
export const rolesOf = (userId: string) => sql<RoleName[]>`coalesce((
  select jsonb_agg(jsonb_build_object('id', r.id, 'key', r.key, 'name', r.name) order by r.key)
  from access.user_roles ur join access.roles r on r.id = ur.role_id where ur.user_id = ${sql.ref(userId)}), '[]')`

/**
 * Brings a hospital's preset roles to what `presets` says today, at its founding and at every start after it. What was given last time is remembered in
 * `access.preset_grants`; only what has changed in the presets since then changes in the roles. So a permission of a new page reaches hospitals that exist
 * already, and what a hospital gave, took away or narrowed by itself stays.
 */
export async function prepareHospital(ctx: Context): Promise<void> {
  const told = Object.entries(presets).flatMap(([key, grants]) =>
    Object.entries(grants).map(([permission, scope]) => ({ key, permission, scope })),
  )
  const column = (name: 'key' | 'permission' | 'scope') => told.map((t) => t[name])
  const roleKeys = Object.keys(presets)
  const isBefore = await knowsNoSecurity(ctx)
  const today = sql`unnest(${column('key')}::text[], ${column('permission')}::text[], ${column('scope')}::text[]) as t (key, permission, scope)`
  await sql`
    insert into access.roles (id, key)
    select i, k from unnest(${roleKeys.map(() => newId())}::uuid[], ${roleKeys}::text[]) as n (i, k)
     where not exists (select from access.preset_grants g where g.role_key = k) -- a role that was taken away stays away
    on conflict on constraint roles_key do nothing`.execute(ctx.db)
  await sql`
    with taken as (
      delete from access.preset_grants g where g.role_key = any (${roleKeys}::text[])
        and not exists (select from ${today} where t.key = g.role_key and t.permission = g.permission)
      returning g.role_key, g.permission, g.scope
    )
    delete from access.grants g using taken t, access.roles r
     where r.key = t.role_key and g.role_id = r.id and g.permission = t.permission and g.scope = t.scope`.execute(ctx.db)
  await sql`
    with moved as (
      select g.role_key, g.permission, g.scope as before, t.scope as now from access.preset_grants g
        join ${today} on t.key = g.role_key and t.permission = g.permission and t.scope <> g.scope
    ), noted as (
      update access.preset_grants g set scope = m.now from moved m where g.role_key = m.role_key and g.permission = m.permission
    )
    update access.grants g set scope = m.now from moved m join access.roles r on r.key = m.role_key
     where g.role_id = r.id and g.permission = m.permission and g.scope = m.before`.execute(ctx.db)
  await sql`
    with given as (
      insert into access.preset_grants (role_key, permission, scope) select t.key, t.permission, t.scope from ${today}
      on conflict do nothing returning role_key, permission, scope
    )
    insert into access.grants (role_id, permission, scope)
    select r.id, g.permission, g.scope from given g join access.roles r on r.key = g.role_key
    on conflict do nothing`.execute(ctx.db)
  if (isBefore) await passOnSecurity(ctx)
}

/** Whether the roles are from before the security administrator was one apart. */
async function knowsNoSecurity(ctx: Context): Promise<boolean> {
  const { rows } = await sql`select from access.preset_grants where role_key = 'securityAdministrator' limit 1`.execute(ctx.db)
  return rows.length === 0
}

/** Whoever administered the system until then keeps what was taken out of that role, until the hospital parts the two itself. */
const passOnSecurity = (ctx: Context) =>
  sql`insert into access.user_roles (user_id, role_id)
      select ur.user_id, s.id from access.user_roles ur join access.roles r on r.id = ur.role_id and r.key = 'systemAdministrator'
        join access.roles s on s.key = 'securityAdministrator'
      on conflict do nothing`.execute(ctx.db)

/** Nobody hands out more than he has, save who may appoint to every role. */
export async function refuseBeyondOwn(ctx: Context, roleIds: readonly string[]): Promise<void> {
  if (roleIds.length === 0) return
  const ids = [...new Set(roleIds)]
  const known = await db(ctx)
    .selectFrom('access.roles')
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .select(['id', 'isRetired'])
    .execute()
  if (known.length < ids.length) throw accessErrors.roleNotFound()
  if (known.some((r) => r.isRetired)) throw accessErrors.roleRetired()
  if (can(ctx, 'access.appoint')) return
  const grants = await db(ctx)
    .selectFrom('access.grants')
    .where('roleId', '=', sql<string>`any(${ids}::uuid[])`)
    .select(['permission', 'scope'])
    .execute()
  const permission = beyond(ctx.actor.may, grants)
  if (permission) throw accessErrors.aboveOwn({ permission })
}
