import type { GuardedField, Input } from '@renxin/kernel'
import { audit, type Context, can, sql } from '@renxin/server'
import { accessErrors, type Grant, type Role, reachOf, type rolesApi } from '../contract.ts'
import { keepAnAdministrator } from './administrators.ts'
import { keepApart } from './apart.ts'
import { permissions, presets } from './presets.ts'
import { beyond } from './rules.ts'
import { db } from './tables.ts'

type Api = typeof rolesApi

/** A hospital has its dozen of presets and some of its own. */
const MOST_ROLES = 200

export async function listRoles(ctx: Context): Promise<{ rows: Role[] }> {
  const rows = await roles(ctx).orderBy('r.key').limit(MOST_ROLES).execute()
  const order = Object.keys(presets)
  const placeOf = (role: Role) => (order.includes(role.key) ? order.indexOf(role.key) : order.length) // a hospital's own come last
  return { rows: rows.map(described).sort((a, b) => placeOf(a) - placeOf(b)) }
}

/** A role of the hospital's own. Sent twice, made once. */
export async function createRole(ctx: Context, { id, name, copyOf }: Input<Api['createRole']>): Promise<Role> {
  const { grants, hidden } = copyOf ? await getRole(ctx, copyOf) : { grants: [], hidden: [] }
  refuseMore(ctx, grants)
  await refuseTakenName(ctx, id, name)
  const made = await db(ctx)
    .insertInto('access.roles')
    .values({ id, key: `own.${id}`, name })
    .onConflict((c) => c.constraint('roles_pkey').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) {
    await setGrants(ctx, id, grants)
    await setHidden(ctx, id, hidden)
    await note(ctx, id, undefined)
  }
  return getRole(ctx, id)
}

/** What it gives counts for all its holders from their next request on. */
export async function changeRole(ctx: Context, { id, name, grants, hidden, version }: Input<Api['changeRole']>): Promise<Role> {
  const before = await lockRole(ctx, id)
  if (before.version !== version) throw accessErrors.roleChanged({ id })
  if (before.isRetired) throw accessErrors.roleRetired({ id })
  if (name === null && !before.isPreset) throw accessErrors.notPreset({ id })
  if (name !== null) await refuseTakenName(ctx, id, name)
  const wanted = [...new Map(grants.map((g) => [g.permission, g])).values()]
  refuseUnknown(wanted, before.grants)
  return save(ctx, before, { name, grants: wanted, hidden: hidden ?? before.hidden })
}

/** A preset as every hospital starts with it. */
export async function restoreRole(ctx: Context, { id }: { id: string }): Promise<Role> {
  const before = await lockRole(ctx, id)
  const preset = presets[before.key]
  if (!preset) throw accessErrors.notPreset({ id })
  return save(ctx, before, {
    name: null,
    grants: Object.entries(preset).map(([permission, scope]) => ({ permission, scope })),
    hidden: [],
  })
}

export async function retireRole(ctx: Context, { id }: { id: string }): Promise<Role> {
  const before = await lockRole(ctx, id)
  refuseMore(ctx, before.grants)
  const { holders } = await db(ctx)
    .selectFrom('access.userRoles')
    .where('roleId', '=', id)
    .select((e) => e.fn.countAll<string>().as('holders'))
    .executeTakeFirstOrThrow()
  const stand = await db(ctx)
    .selectFrom('access.temporaryRoles')
    .where('roleId', '=', id)
    .where('until', '>', ctx.clock.now())
    .select('id')
    .executeTakeFirst()
  if (stand) throw accessErrors.roleInUse({ holders: Number(holders) + 1 })
  if (Number(holders) > 0) throw accessErrors.roleInUse({ holders: Number(holders) }) // whoever is disabled counts: he may be enabled again
  await db(ctx).updateTable('access.roles').set({ isRetired: true }).where('id', '=', id).execute()
  await note(ctx, id, before)
  return getRole(ctx, id)
}

export async function reviveRole(ctx: Context, { id }: { id: string }): Promise<Role> {
  const before = await lockRole(ctx, id)
  refuseMore(ctx, before.grants)
  await db(ctx).updateTable('access.roles').set({ isRetired: false }).where('id', '=', id).execute()
  await note(ctx, id, before)
  return getRole(ctx, id)
}

type Wanted = { name: string | null; grants: readonly Grant[]; hidden: readonly GuardedField[] }

async function save(ctx: Context, before: Role, { name, grants, hidden }: Wanted): Promise<Role> {
  refuseShown(
    ctx,
    before.hidden.filter((field) => !hidden.includes(field)),
  )
  const was = before.grants
  refuseMore(ctx, differing(was, grants)) // nobody takes away, either, what he could not have given
  const widened = beyond(new Map(was.map((g) => [g.permission, g.scope])), grants)
  if (widened && (await holds(ctx, before.id))) throw accessErrors.ownRole({ permission: widened })
  const write = async () => {
    await db(ctx)
      .updateTable('access.roles')
      .set((e) => ({ name, version: e('version', '+', 1) }))
      .where('id', '=', before.id)
      .execute()
    await setGrants(ctx, before.id, grants)
    await setHidden(ctx, before.id, hidden)
  }
  await keepAnAdministrator(ctx, () => keepApart(ctx, { roleId: before.id }, write))
  await note(ctx, before.id, before)
  return getRole(ctx, before.id)
}

/** Those that are in one of the two only, or for another scope. */
function differing(before: readonly Grant[], after: readonly Grant[]): Grant[] {
  const keys = (grants: readonly Grant[]) => new Set(grants.map((g) => `${g.permission} ${g.scope}`))
  const [was, is] = [keys(before), keys(after)]
  return [...before.filter((g) => !is.has(`${g.permission} ${g.scope}`)), ...after.filter((g) => !was.has(`${g.permission} ${g.scope}`))]
}

/** Nobody gives, by way of a role, more than he has himself, save who may appoint to every role. */
function refuseMore(ctx: Context, grants: readonly Grant[]): void {
  if (can(ctx, 'access.appoint')) return
  const permission = beyond(ctx.actor.may, grants)
  if (permission) throw accessErrors.aboveOwn({ permission })
}

/** Nobody shows to a role what is kept from himself. */
function refuseShown(ctx: Context, fields: readonly GuardedField[]): void {
  const field = fields.find((f) => ctx.actor.hidden?.has(f))
  if (field) throw accessErrors.aboveOwn({ permission: field })
}

function refuseUnknown(grants: readonly Grant[], before: readonly Grant[]): void {
  for (const { permission, scope } of grants) {
    if (before.some((g) => g.permission === permission && g.scope === scope)) continue // given before this was asked
    if (!permissions.has(permission)) throw accessErrors.permissionUnknown({ permission })
    if (!reachOf(permission).includes(scope)) throw accessErrors.reachUnknown({ permission })
  }
}

async function refuseTakenName(ctx: Context, id: string, name: string): Promise<void> {
  const there = await db(ctx).selectFrom('access.roles').where('name', '=', name).where('id', '!=', id).select('id').executeTakeFirst()
  if (there) throw accessErrors.roleNameTaken({ name })
}

const holds = async (ctx: Context, roleId: string): Promise<boolean> =>
  (await db(ctx)
    .selectFrom('access.userRoles')
    .where('roleId', '=', roleId)
    .where('userId', '=', ctx.actor.id)
    .select('roleId')
    .executeTakeFirst()) !== undefined

async function setHidden(ctx: Context, roleId: string, fields: readonly GuardedField[]): Promise<void> {
  await db(ctx).deleteFrom('access.hiddenFields').where('roleId', '=', roleId).execute()
  const rows = [...new Set(fields)].map((field) => ({ roleId, field }))
  if (rows.length > 0) await db(ctx).insertInto('access.hiddenFields').values(rows).execute()
}

async function setGrants(ctx: Context, roleId: string, grants: readonly Grant[]): Promise<void> {
  await db(ctx).deleteFrom('access.grants').where('roleId', '=', roleId).execute()
  if (grants.length === 0) return
  await db(ctx)
    .insertInto('access.grants')
    .values(grants.map((g) => ({ roleId, ...g })))
    .execute()
}

/** The trail keeps a role before and after, each grant with its scope. */
async function note(ctx: Context, id: string, before: Role | undefined): Promise<void> {
  const shown = (role: Role | undefined) =>
    role && {
      name: role.name ?? role.key,
      isRetired: role.isRetired,
      hidden: role.hidden,
      ...Object.fromEntries(role.grants.map((g) => [g.permission, g.scope])),
    }
  const after = await getRole(ctx, id)
  await audit(ctx, { action: 'access.roleChanged', objectId: id, detail: { role: after.key, before: shown(before), after: shown(after) } })
}

async function lockRole(ctx: Context, id: string): Promise<Role> {
  await db(ctx).selectFrom('access.roles').where('id', '=', id).select('id').forUpdate().executeTakeFirst()
  return getRole(ctx, id)
}

async function getRole(ctx: Context, id: string): Promise<Role> {
  const row = await roles(ctx).where('r.id', '=', id).executeTakeFirst()
  if (!row) throw accessErrors.roleNotFound({ id })
  return described(row)
}

const roles = (ctx: Context) =>
  db(ctx)
    .selectFrom('access.roles as r')
    .select(['r.id', 'r.key', 'r.name', 'r.isRetired', 'r.version'])
    .select([
      sql<Grant[]>`coalesce((
        select jsonb_agg(jsonb_build_object('permission', g.permission, 'scope', g.scope) order by g.permission)
        from access.grants g where g.role_id = r.id), '[]')`.as('grants'),
      sql<GuardedField[]>`array(select h.field from access.hidden_fields h where h.role_id = r.id order by h.field)`.as('hidden'),
      sql<number>`(select count(*)::int from access.user_roles ur join access.users u on u.id = ur.user_id
                   where ur.role_id = r.id and not u.is_disabled)`.as('holders'),
    ])

function described(row: Omit<Role, 'isPreset' | 'isChanged'>): Role {
  const preset = presets[row.key]
  const given = preset ? Object.entries(preset).map(([permission, scope]) => ({ permission, scope })) : []
  return {
    ...row,
    isPreset: preset !== undefined,
    isChanged: preset !== undefined && (row.name !== null || row.hidden.length > 0 || differing(given, row.grants).length > 0),
  }
}
