import { type Actor, type Context, type Scope, sql } from '@renxin/server'
import type { Me } from '../contract.ts'
import { placesOf, type Unit, widest } from './rules.ts'
import { db } from './tables.ts'

/** What the one who views must hold himself: to look at a role's pages is no way to see whole names and numbers, */
const veiled = ['patients.names', 'patients.unmask'] as const
/** nor to read the trail. */
export const closedToViewers = ['access.audit', 'access.exportAudit'] as const

type Viewing = { viewingRoleId: string | null; viewingUnits: readonly string[]; viewingUntil: Date | null }

/** The same person with the powers and the place of the role as which he looks, or as he is where he does not. */
export async function asViewed(ctx: Context, actor: Actor, { viewingRoleId, viewingUnits, viewingUntil }: Viewing): Promise<Actor> {
  if (!viewingRoleId || !viewingUntil || viewingUntil <= ctx.clock.now()) return actor
  if (!actor.may.has('access.viewAs')) return actor // taken from him meanwhile
  const role = await db(ctx).selectFrom('access.roles').where('id', '=', viewingRoleId).select(['id', 'key']).executeTakeFirst()
  if (!role) return actor
  const units = await db(ctx)
    .selectFrom('staff.unitCards')
    .where('id', '=', sql<string>`any(${[...viewingUnits]}::uuid[])`)
    .select(['id', 'kind', 'departmentId'])
    .execute()
  const may = widest(await grantsOf(ctx, role.id))
  for (const permission of [...veiled, ...closedToViewers]) if (!actor.may.has(permission)) may.delete(permission)
  return {
    ...actor,
    admitted: [],
    may,
    ...placesOf(units satisfies Unit[]),
    viewing: { roleId: role.id, roleKey: role.key, until: viewingUntil },
  }
}

export const grantsOf = (ctx: Context, roleId: string): Promise<{ permission: string; scope: Scope }[]> =>
  db(ctx).selectFrom('access.grants').where('roleId', '=', roleId).select(['permission', 'scope']).execute()

/** What the page says of it. */
export async function describeViewing(ctx: Context, { viewing, departments, wards }: Actor): Promise<Me['viewing']> {
  if (!viewing) return null
  const role = await db(ctx).selectFrom('access.roles').where('id', '=', viewing.roleId).select(['id', 'key', 'name']).executeTakeFirst()
  const units = await db(ctx)
    .selectFrom('staff.unitCards')
    .where('id', '=', sql<string>`any(${[...departments, ...wards]}::uuid[])`)
    .select('name')
    .orderBy('name')
    .execute()
  return role ? { role, units: units.map((u) => u.name), until: viewing.until.toISOString() } : null
}
