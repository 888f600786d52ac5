import { type Context, sql } from '@renxin/server'
import { accessErrors } from '../contract.ts'

/** What somebody must be able to do at any time, or nobody could ever give it back. */
const essential = ['access.users', 'access.assign', 'access.appoint', 'access.roles'] as const

/** Two administrators who strip each other at once wait here for one another; the second is refused. */
export async function keepAnAdministrator<T>(ctx: Context, change: () => Promise<T>): Promise<T> {
  await sql`select from access.roles where key in ('systemAdministrator', 'securityAdministrator') order by key for update`.execute(ctx.db)
  const before = await held(ctx)
  const done = await change()
  const after = new Set(await held(ctx))
  const lost = before.find((permission) => !after.has(permission))
  if (lost) throw accessErrors.lastAdministrator({ permission: lost })
  return done
}

/** Those that somebody who may sign in has for the whole hospital. */
async function held(ctx: Context): Promise<string[]> {
  const { rows } = await sql<{ permission: string }>`
    select distinct g.permission
    from access.users u join access.user_roles r on r.user_id = u.id join access.grants g on g.role_id = r.role_id
    where g.permission = any(${[...essential]}::text[]) and g.scope = 'hospital' and not u.is_disabled`.execute(ctx.db)
  return rows.map((r) => r.permission)
}

/** How many accounts may sign in and have a role, and how many of these roles are held by one of them. */
export async function holdersOf(ctx: Context, roleKeys: readonly string[]): Promise<{ accounts: number; offices: number }> {
  const { rows } = await sql<{ accounts: number; offices: number }>`
    select count(distinct u.id)::int as accounts, (count(distinct r.key) filter (where r.key = any(${[...roleKeys]}::text[])))::int as offices
    from access.users u join access.user_roles h on h.user_id = u.id join access.roles r on r.id = h.role_id
    where not u.is_disabled`.execute(ctx.db)
  return rows[0] ?? { accounts: 0, offices: 0 }
}
