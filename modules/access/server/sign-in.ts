import { type Input, newId } from '@renxin/kernel'
import { type Actor, audit, blindIndex, type Context, keep, type Scope, sql } from '@renxin/server'
import { type accessApi, accessErrors, type Me, type Persona } from '../contract.ts'
import { findActor, findSession } from './actors.ts'
import { hashPassword, hashToken, newToken, passwordFits } from './passwords.ts'
import { rolesOf } from './roles.ts'
import { ABSOLUTE_HOURS, failedAgain, isStrong, minutesLocked, TRIES } from './rules.ts'
import { db } from './tables.ts'

type Api = typeof accessApi

export async function listHospitals(ctx: Context) {
  const { rows } = await sql<{ id: number; name: string; shortName: string; isDemo: boolean }>`
    select id, name, short_name, is_demo from house.hospital_list() limit 500`.execute(ctx.db)
  return { rows }
}

/**
 * A session's states:
 *   nobody ──right password──► alive ──60 min without use, 12 h in all, sign-out, disabled, new password or roles──► gone
 * Every sign-in, change of password and step into another persona makes a new token and ends the old one, so that a token
 * planted in the browser beforehand is worth nothing.
 */
export async function signIn(ctx: Context, { name, password }: Input<Api['signIn']>): Promise<Me> {
  const user = await findUser(ctx, name)
  await checkPassword(ctx, name, user, password, accessErrors.wrongPassword)
  if (!user || user.isDisabled) {
    await audit(ctx, { action: 'access.signInRefused', objectId: user?.id, detail: { because: 'disabled' } })
    throw keep(accessErrors.disabled())
  }
  await db(ctx).updateTable('access.users').set({ lastSignedInAt: ctx.clock.now() }).where('id', '=', user.id).execute()
  const actor = await startSession(ctx, user.id)
  await audit({ ...ctx, actor }, { action: 'access.signIn', objectId: user.id })
  return describe(ctx, actor)
}

/** Whether whoever asks is signed in as this member of staff already. */
export async function isSignedInAs(ctx: Context, personId: string): Promise<boolean> {
  const session = await findSession(ctx, ctx.door?.session)
  const isLive = session !== undefined && session.expiresAt > ctx.clock.now()
  const user = isLive && (await db(ctx).selectFrom('access.users').where('id', '=', session.userId).select('personId').executeTakeFirst())
  return user !== false && user?.personId === personId
}

/** Signs in the one account of a member of staff without a password: whoever calls this knows by a signature who it is. False where there is none. */
export async function signInByLink(ctx: Context, personId: string): Promise<boolean> {
  const users = await db(ctx)
    .selectFrom('access.users')
    .where('personId', '=', personId)
    .where('isDisabled', '=', false)
    .select('id')
    .limit(2)
    .execute()
  const [user] = users
  if (!user || users.length > 1) return false
  const actor = await startSession(ctx, user.id)
  await audit({ ...ctx, actor }, { action: 'access.signInByLink', objectId: user.id })
  return true
}

export async function signOut(ctx: Context): Promise<Record<string, never>> {
  const session = await findSession(ctx, ctx.door?.session)
  if (session) await db(ctx).deleteFrom('access.sessions').where('id', '=', session.id).execute()
  ctx.door?.setSession(null)
  return {}
}

export async function signOutEverywhere(ctx: Context): Promise<Record<string, never>> {
  await endSessions(ctx, ctx.actor.id)
  ctx.door?.setSession(null)
  return {}
}

export const getMe = (ctx: Context): Promise<Me> => describe(ctx, ctx.actor)

export async function setLanguage(ctx: Context, { language }: Input<Api['setLanguage']>): Promise<Me> {
  await db(ctx).updateTable('access.users').set({ language }).where('id', '=', ctx.actor.id).execute()
  return describe(ctx, ctx.actor)
}

export async function changePassword(ctx: Context, { current, next }: Input<Api['changePassword']>): Promise<Me> {
  const user = await db(ctx).selectFrom('access.users').where('id', '=', ctx.actor.id).selectAll().executeTakeFirst()
  if (!user) throw accessErrors.userNotFound()
  await checkPassword(ctx, user.name, user, current, accessErrors.wrongCurrentPassword)
  if (next === current) throw accessErrors.samePassword()
  if (!isStrong(next, user.name)) throw accessErrors.weakPassword()
  await db(ctx)
    .updateTable('access.users')
    .set({ passwordHash: await hashPassword(next), mustChangePassword: false })
    .where('id', '=', user.id)
    .execute()
  await endSessions(ctx, user.id)
  return describe(ctx, await startSession(ctx, user.id))
}

export async function listPersonas(ctx: Context): Promise<{ rows: Persona[] }> {
  if (!ctx.hospital.isDemo) return { rows: [] }
  const rows = await db(ctx)
    .selectFrom('access.users as u')
    .where('u.isPersona', '=', true)
    .where('u.isDisabled', '=', false)
    .select(['u.id', 'u.name', 'u.displayName', rolesOf('u.id').as('roles')])
    .orderBy('u.createdAt')
    .orderBy('u.id')
    .limit(50)
    .execute()
  return { rows }
}

export async function switchPersona(ctx: Context, { userId }: Input<Api['switchPersona']>): Promise<Me> {
  const persona = (await listPersonas(ctx)).rows.find((p) => p.id === userId)
  if (!persona) throw accessErrors.onlyDemo()
  return describe(ctx, await startSession(ctx, persona.id))
}

export const endSessions = (ctx: Context, userId: string) => db(ctx).deleteFrom('access.sessions').where('userId', '=', userId).execute()

const findUser = (ctx: Context, name: string) =>
  db(ctx).selectFrom('access.users').where('name', '=', name.trim().toLowerCase()).selectAll().executeTakeFirst()

/** Refuses a wrong password, and counts it under the name that was typed; the row's lock lets only one guess at a time count. */
async function checkPassword(
  ctx: Context,
  name: string,
  user: { id: string; passwordHash: string } | undefined,
  password: string,
  refusal: typeof accessErrors.wrongPassword,
): Promise<void> {
  const now = ctx.clock.now()
  const nameIndex = failuresIndex(ctx, name)
  const before = await db(ctx)
    .insertInto('access.failures')
    .values({ nameIndex, count: 0, lastAt: now })
    .onConflict((c) => c.constraint('failures_pkey').doUpdateSet((e) => ({ count: e.ref('access.failures.count') })))
    .returning(['count', 'lastAt', 'lockedUntil'])
    .executeTakeFirstOrThrow()
  const minutes = minutesLocked(before, now)
  if (minutes > 0) throw accessErrors.locked({ minutes })

  if (await passwordFits(user?.passwordHash, password)) {
    await db(ctx).deleteFrom('access.failures').where('nameIndex', '=', nameIndex).execute()
    return
  }
  const after = failedAgain(before, now)
  await db(ctx).updateTable('access.failures').set(after).where('nameIndex', '=', nameIndex).execute()
  await audit(ctx, { action: 'access.signInRefused', objectId: user?.id, detail: { because: 'password', count: after.count } })
  throw keep(after.lockedUntil ? accessErrors.locked({ minutes: minutesLocked(after, now) }) : refusal({ triesLeft: TRIES - after.count }))
}

export const failuresIndex = (ctx: Context, name: string): Buffer => blindIndex(ctx, 'signInName', name.trim().toLowerCase())

async function startSession(ctx: Context, userId: string): Promise<Actor> {
  const now = ctx.clock.now()
  const old = await findSession(ctx, ctx.door?.session)
  if (old) await db(ctx).deleteFrom('access.sessions').where('id', '=', old.id).execute()
  const token = newToken()
  await db(ctx)
    .insertInto('access.sessions')
    .values({
      id: newId(now.getTime()),
      tokenHash: hashToken(token),
      userId,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + ABSOLUTE_HOURS * 3_600_000),
      address: ctx.door?.address ?? '',
      agent: (ctx.door?.agent ?? '').slice(0, 300),
    })
    .execute()
  ctx.door?.setSession(`${ctx.hospital.id}.${token}`)
  const actor = await findActor(ctx, userId)
  if (!actor) throw accessErrors.disabled()
  return actor
}

async function describe(ctx: Context, actor: Actor): Promise<Me> {
  const user = await db(ctx)
    .selectFrom('access.users as u')
    .where('u.id', '=', actor.id)
    .select([
      'u.id',
      'u.name',
      'u.displayName',
      'u.personId',
      'u.language',
      'u.mustChangePassword',
      'u.isPersona',
      rolesOf('u.id').as('roles'),
    ])
    .executeTakeFirst()
  if (!user) throw accessErrors.userNotFound()
  const { roles, ...fields } = user
  return {
    user: fields,
    hospital: ctx.hospital,
    permissions: Object.fromEntries<Scope>(actor.may),
    roles,
    departments: [...actor.departments],
    wards: [...actor.wards],
  }
}
