import { type Actor, type Context, type GrantScope, sql } from '@renxin/server'
import type { Me } from '../contract.ts'
import { placesOf, type Unit, widest } from './rules.ts'
import { db } from './tables.ts'

/** What the one who views must hold himself: to look at a role's pages is no way to see whole names and numbers, */
const veiled = ['patients.names', 'patients.unmask'] as const
/** nor to read the trail. */
export const closedToViewers = ['access.audit', 'access.exportAudit', 'access.exports'] as const

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

export const grantsOf = (ctx: Context, roleId: string): Promise<{ permission: string; scope: GrantScope }[]> =>
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

/** With all units of the campuses on which his own stand, where one of his permissions reaches so far. A ward stands where its department does. */
export async function withCampus(ctx: Context, actor: Actor): Promise<Actor> {
  if (![...actor.may.values()].includes('campus')) return actor
  const { rows } = await sql<Unit>`
    with placed as (
      select u.id, u.kind, u.department_id, coalesce(u.campus_id, d.campus_id) as campus_id
        from staff.unit_cards u left join staff.unit_cards d on d.id = u.department_id)
    select id, kind, department_id from placed where campus_id in (
      select campus_id from placed where id = any(${[...actor.departments, ...actor.wards]}::uuid[]))`.execute(ctx.db)
  const own = { departments: [...actor.departments], wards: [...actor.wards] } // of no campus, they are still his
  const there = placesOf(rows)
  return {
    ...actor,
    campus: { departments: [...new Set([...own.departments, ...there.departments])], wards: [...new Set([...own.wards, ...there.wards])] },
  }
}
