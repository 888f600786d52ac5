import { houseErrors, type Input, newId, type Page } from '@renxin/kernel'
import { type Context, can, paged, sql, visibleTo } from '@renxin/server'
import { type accessApi, accessErrors, type Language, type User } from '../contract.ts'
import { keepAnAdministrator } from './administrators.ts'
import { keepApart } from './apart.ts'
import { failuresIndex } from './credentials.ts'
import { temporaryRoleIdsOf } from './own-roles.ts'
import { hashPassword } from './passwords.ts'
import { refuseBeyondOwn, rolesOf } from './roles.ts'
import { isStrong, minutesLocked } from './rules.ts'
import { clearSecondFactor } from './second-factor.ts'
import { sessionsOf } from './sessions.ts'
import { endSessions } from './sign-in.ts'
import { rulesOf } from './sign-in-rules.ts'
import { db } from './tables.ts'

type Api = typeof accessApi
type ShownUser = Omit<User, 'lastSignedInAt'> & { lastSignedInAt: Date | null }

export async function listUsers(ctx: Context, { search, roleKey, ...cursor }: Input<Api['users']>): Promise<Page<ShownUser>> {
  let query = users(ctx)
  if (search) {
    const part = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((e) => e.or([e('u.name', 'like', part), e('u.displayName', 'like', part)]))
  }
  if (roleKey) {
    query = query.where(
      sql<boolean>`exists (select from access.user_roles ur join access.roles r on r.id = ur.role_id where ur.user_id = u.id and r.key = ${roleKey})`,
    )
  }
  const page = await paged(query, cursor, ['u.name', 'u.id'])
  return { rows: await withLocks(ctx, page.rows), next: page.next }
}

export async function getUser(ctx: Context, id: string): Promise<ShownUser> {
  const [user] = await withLocks(ctx, await users(ctx).where('u.id', '=', id).execute())
  if (!user) throw accessErrors.userNotFound({ id })
  return user
}

type NewUser = {
  id?: string
  name: string
  displayName: string
  password: string
  roleIds?: readonly string[]
  roleKeys?: readonly string[]
  personId?: string | null
  language?: Language
  mustChangePassword?: boolean
  isPersona?: boolean
}

/** An account. The page, the command line and the demo make them; the roles may be named by id or by key. */
export async function createUser(ctx: Context, { password, roleIds = [], roleKeys = [], ...user }: NewUser): Promise<{ id: string }> {
  const id = user.id ?? newId()
  const name = user.name.trim().toLowerCase()
  if (!ctx.hospital.isDemo) await refuseWeak(ctx, password, name) // the demo's passwords are published anyway
  const roles = [...roleIds, ...(await idsOfRoles(ctx, roleKeys))]
  if (roles.length > 0 && !can(ctx, 'access.assign')) throw houseErrors.forbidden({ permission: 'access.assign' })
  await refuseBeyondOwn(ctx, roles)
  await refuseUnknownPerson(ctx, user.personId ?? null)
  const made = await db(ctx)
    .insertInto('access.users')
    .values({
      id,
      name,
      displayName: user.displayName,
      passwordHash: await hashPassword(password),
      passwordSetAt: ctx.clock.now(),
      createdAt: ctx.clock.now(),
      personId: user.personId ?? null,
      language: user.language ?? 'zh',
      mustChangePassword: user.mustChangePassword ?? false,
      isPersona: user.isPersona ?? false,
    })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) await keepApart(ctx, { userId: id }, () => giveRoles(ctx, id, roles))
  else await refuseTakenName(ctx, id, name)
  return { id }
}

export async function updateUser(ctx: Context, { id, ...fields }: Input<Api['updateUser']>): Promise<ShownUser> {
  await refuseForeignAccount(ctx, id)
  await refuseUnknownPerson(ctx, fields.personId)
  await db(ctx).updateTable('access.users').set(fields).where('id', '=', id).execute()
  return getUser(ctx, id)
}

/** New roles end the sessions of the account: whoever holds one signs in again, with a new token. */
export async function setRoles(ctx: Context, { id, roleIds }: Input<Api['setRoles']>): Promise<ShownUser> {
  await refuseStronger(ctx, id)
  await refuseBeyondOwn(ctx, roleIds)
  const give = async () => {
    await db(ctx).deleteFrom('access.userRoles').where('userId', '=', id).execute()
    await giveRoles(ctx, id, roleIds)
  }
  await keepAnAdministrator(ctx, () => keepApart(ctx, { userId: id }, give))
  await endSessions(ctx, id)
  return getUser(ctx, id)
}

export async function disableUser(ctx: Context, { id }: { id: string }): Promise<ShownUser> {
  await refuseForeignAccount(ctx, id)
  await keepAnAdministrator(ctx, () => db(ctx).updateTable('access.users').set({ isDisabled: true }).where('id', '=', id).execute())
  await endSessions(ctx, id)
  return getUser(ctx, id)
}

export async function enableUser(ctx: Context, { id }: { id: string }): Promise<ShownUser> {
  await refuseForeignAccount(ctx, id)
  await db(ctx).updateTable('access.users').set({ isDisabled: false }).where('id', '=', id).execute()
  return getUser(ctx, id)
}

/** A password for the next sign-in only; it also opens a locked name. */
export async function resetPassword(ctx: Context, { id, password }: Input<Api['resetPassword']>): Promise<ShownUser> {
  await refuseStronger(ctx, id)
  const user = await getUser(ctx, id)
  await refuseWeak(ctx, password, user.name)
  await db(ctx)
    .updateTable('access.users')
    .set({ passwordHash: await hashPassword(password), passwordSetAt: ctx.clock.now(), mustChangePassword: true })
    .where('id', '=', id)
    .execute()
  await db(ctx).deleteFrom('access.failures').where('nameIndex', '=', failuresIndex(ctx, user.name)).execute()
  await endSessions(ctx, id)
  return getUser(ctx, id)
}

async function refuseWeak(ctx: Context, password: string, name: string): Promise<void> {
  const { minLength, kinds } = await rulesOf(ctx)
  if (!isStrong(password, name, { minLength, kinds })) throw accessErrors.weakPassword({ minLength, kinds })
}

/** Whoever lost the telephone and the recovery codes comes in by the password again, and everybody else's sessions of that account end. */
export async function resetSecondFactor(ctx: Context, { id }: { id: string }): Promise<ShownUser> {
  await refuseStronger(ctx, id)
  await clearSecondFactor(ctx, id)
  await endSessions(ctx, id)
  return getUser(ctx, id)
}

/** Where an account that one may change is signed in. */
export async function listSessions(ctx: Context, { id }: { id: string }) {
  await getUser(ctx, id) // also refuses whom one does not see
  return sessionsOf(ctx, id)
}

export async function endUserSessions(ctx: Context, { id }: { id: string }): Promise<ShownUser> {
  await refuseStronger(ctx, id)
  await endSessions(ctx, id)
  return getUser(ctx, id)
}

/** Accounts are changed by others than their owner, and never by somebody with less power than they have. */
export async function refuseStronger(ctx: Context, userId: string): Promise<void> {
  const user = await getUser(ctx, userId) // also refuses whom one does not see
  if (userId === ctx.actor.id) throw accessErrors.notYourself()
  await refuseBeyondOwn(ctx, [...user.roles.map((r) => r.id), ...(await temporaryRoleIdsOf(ctx, userId))])
}

/** An account is kept, without its powers being touched, by whoever keeps all accounts, else as `refuseStronger` says. */
async function refuseForeignAccount(ctx: Context, userId: string): Promise<void> {
  if (!can(ctx, 'access.anyAccount')) return refuseStronger(ctx, userId)
  await getUser(ctx, userId)
  if (userId === ctx.actor.id) throw accessErrors.notYourself()
}

async function idsOfRoles(ctx: Context, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return []
  const rows = await db(ctx)
    .selectFrom('access.roles')
    .where('key', 'in', [...keys])
    .select('id')
    .execute()
  if (rows.length < new Set(keys).size) throw accessErrors.roleNotFound()
  return rows.map((r) => r.id)
}

async function giveRoles(ctx: Context, userId: string, roleIds: readonly string[]): Promise<void> {
  if (roleIds.length === 0) return
  await db(ctx)
    .insertInto('access.userRoles')
    .values([...new Set(roleIds)].map((roleId) => ({ userId, roleId })))
    .execute()
}

async function refuseUnknownPerson(ctx: Context, personId: string | null): Promise<void> {
  if (!personId) return
  const person = await db(ctx).selectFrom('staff.personCards').where('id', '=', personId).select('id').executeTakeFirst()
  if (!person) throw accessErrors.personNotFound({ personId })
}

/** Sent twice, made once; another account of that name is another matter. */
async function refuseTakenName(ctx: Context, id: string, name: string): Promise<void> {
  const there = await db(ctx).selectFrom('access.users').where('name', '=', name).select('id').executeTakeFirst()
  if (there?.id !== id) throw accessErrors.nameTaken({ name })
}

const users = (ctx: Context) =>
  db(ctx)
    .selectFrom('access.users as u')
    .leftJoin('staff.personCards as p', 'p.id', 'u.personId')
    .where((e) =>
      e.or([
        sql<boolean>`${ctx.actor.scope === 'hospital'}`,
        e('u.id', '=', ctx.actor.id),
        e.exists(
          e
            .selectFrom('staff.members as m')
            .select('m.unitId')
            .whereRef('m.personId', '=', 'u.personId')
            .where(visibleTo(ctx.actor, { department: ['m.unitId', 'm.departmentId'], ward: 'm.unitId' })),
        ),
      ]),
    )
    .select([
      'u.id',
      'u.name',
      'u.displayName',
      'u.personId',
      'p.name as personName',
      'p.title as personTitle',
      'p.startedOn',
      'u.language',
      'u.isDisabled',
      'u.mustChangePassword',
      'u.lastSignedInAt',
      sql<boolean>`u.totp_secret is not null`.as('hasSecondFactor'),
      rolesOf('u.id').as('roles'),
    ])

async function withLocks<T extends { name: string }>(ctx: Context, rows: readonly T[]): Promise<(T & { isLocked: boolean })[]> {
  if (rows.length === 0) return []
  const indexes = rows.map((u) => failuresIndex(ctx, u.name))
  const locks = await db(ctx).selectFrom('access.failures').where('nameIndex', 'in', indexes).select(['nameIndex', 'lockedUntil']).execute()
  const locked = new Set(locks.filter((l) => minutesLocked(l, ctx.clock.now()) > 0).map((l) => l.nameIndex.toString('hex')))
  return rows.map((u, i) => ({ ...u, isLocked: locked.has(indexes[i]?.toString('hex') ?? '') }))
}
