import { type Context, sql } from '@renxin/server'
import { accessErrors } from '../contract.ts'
import { rulesOf } from './sign-in-rules.ts'

/** Each of the three who administer, by what makes them so (GB/T 22239-2019, 8.1.4.2). A department's deputy who keeps accounts is none of them. */
export const duties = {
  system: ['access.anyAccount', 'integration.manage', 'setup.backups', 'setup.keys'],
  security: ['access.appoint', 'access.roles', 'access.rules', 'access.keys'],
  audit: ['access.audit', 'access.exportAudit', 'access.exports'],
} as const satisfies Record<string, readonly string[]>

const others = [...duties.system, ...duties.security]

/** Whether an account administers anything at all: by its roles, also while it may do nothing for a password or a factor that it owes. */
export async function isAdministrator(ctx: Context, userId: string): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    with held as (${held(ctx)})
    select exists (select from held h join access.grants g on g.role_id = h.role_id
                    where h.user_id = ${userId}::uuid and g.permission = any(${[...others, ...duties.audit]}::text[])) as is`.execute(
    ctx.db,
  )
  return rows[0]?.is ?? false
}

/** Who has which roles now. */
const held = (ctx: Context) => sql`
  select user_id, role_id from access.user_roles union all
  select user_id, role_id from access.temporary_roles where until > ${ctx.clock.now()}`

/**
 * Makes a change of roles and takes it back where it lets somebody audit who administers as well, if the hospital keeps the two apart. Whoever did both
 * before is left alone until his own roles change.
 */
export async function keepApart<T>(ctx: Context, whose: { userId: string } | { roleId: string }, change: () => Promise<T>): Promise<T> {
  if (!(await rulesOf(ctx)).auditApart) return change()
  const before = 'userId' in whose ? [] : await mixed(ctx, whose)
  const done = await change()
  const found = (await mixed(ctx, whose)).find((u) => !before.some((b) => b.id === u.id))
  if (found) throw accessErrors.notApart({ name: found.name })
  return done
}

/** Those who do both, by all their roles together. */
async function mixed(ctx: Context, whose: { userId: string } | { roleId: string }): Promise<{ id: string; name: string }[]> {
  const among =
    'userId' in whose
      ? sql<boolean>`u.id = ${whose.userId}::uuid`
      : sql<boolean>`u.id in (select h.user_id from held h where h.role_id = ${whose.roleId}::uuid)`
  const has = (permissions: readonly string[]) => sql<boolean>`exists (
    select from held h join access.grants g on g.role_id = h.role_id where h.user_id = u.id and g.permission = any(${[...permissions]}::text[]))`
  const { rows } = await sql<{ id: string; name: string }>`
    with held as (${held(ctx)})
    select u.id, u.display_name as name from access.users u where ${among} and ${has(duties.audit)} and ${has(others)}`.execute(ctx.db)
  return rows
}
