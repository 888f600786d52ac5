import { type Input, newId } from '@renxin/kernel'
import { type Actor, audit, type Context, type GrantScope, keep, openText, sql } from '@renxin/server'
import { type accessApi, accessErrors, type Me, type Persona } from '../contract.ts'
import { findActor, findSession } from './actors.ts'
import { isAdministrator } from './apart.ts'
import { isAskedOf } from './codes.ts'
import { checkPassword } from './credentials.ts'
import { knowDevice, refuseGuessing } from './guesses.ts'
import { hashToken, newToken } from './passwords.ts'
import { rolesOf } from './roles.ts'
import { ABSOLUTE_HOURS, isOld } from './rules.ts'
import { rulesOf } from './sign-in-rules.ts'
import { db } from './tables.ts'
import { describeViewing } from './viewed-actor.ts'

type Api = typeof accessApi

export async function listHospitals(ctx: Context) {
  const { rows } = await sql<{ id: number; name: string; shortName: string; isDemo: boolean }>`
    select id, name, short_name, is_demo from house.hospital_list() limit 500`.execute(ctx.db)
  return { rows }
}

/**
 * A session's states:
 *   nobody ──right password, and code where the account has one──► alive ◄──lock, PIN──► locked
 *   alive or locked ──too long without use, 12 h in all, sign-out, disabled, new password or roles, five wrong PINs──► gone
 * Every sign-in, change of password and step into another persona makes a new token and ends the old one, so that a token
 * planted in the browser beforehand is worth nothing.
 */
export async function signIn(ctx: Context, { name, password, code }: Input<Api['signIn']>): Promise<Me> {
  await refuseGuessing(ctx)
  const user = await findUser(ctx, name)
  await checkPassword(ctx, { name, user, password, code, refusal: accessErrors.wrongPassword })
  if (!user || user.isDisabled) {
    await audit(ctx, { action: 'access.signInRefused', objectId: user?.id, detail: { because: 'disabled' } })
    throw keep(accessErrors.disabled())
  }
  await noteSignIn(ctx, user)
  const actor = await startSession(ctx, user.id)
  await knowDevice(ctx)
  await audit({ ...ctx, actor }, { action: 'access.signIn', objectId: user.id })
  return describe(ctx, actor)
}

type Account = { id: string; passwordSetAt: Date; totpSecret: Buffer | null; isPersona: boolean }

/** What the hospital asks for beside the right password is asked for at the next sign-in: a password that has grown old, a factor that is missing. */
export async function noteSignIn(
  ctx: Context,
  user: Account,
  { isBySso = false, isProved = false }: { isBySso?: boolean; isProved?: boolean } = {},
): Promise<void> {
  const { newPassword, factor } = await owedBy(ctx, user)
  await db(ctx)
    .updateTable('access.users')
    .set({
      lastSignedInAt: ctx.clock.now(),
      ...(!isBySso && newPassword && { mustChangePassword: true }),
      mustAddFactor: !isProved && factor,
    })
    .where('id', '=', user.id)
    .execute()
}

async function owedBy(ctx: Context, user: Account): Promise<{ newPassword: boolean; factor: boolean }> {
  if (user.isPersona) return { newPassword: false, factor: false }
  const rules = await rulesOf(ctx)
  return {
    newPassword: isOld(user.passwordSetAt, ctx.clock.now(), rules.maxAgeDays),
    factor: !user.totpSecret && isAskedOf(rules, await isAdministrator(ctx, user.id)),
  }
}

/** Whether whoever asks is signed in as this member of staff already. */
export async function isSignedInAs(ctx: Context, personId: string): Promise<boolean> {
  const session = await findSession(ctx, ctx.door?.session)
  const isLive = session !== undefined && session.expiresAt > ctx.clock.now()
  const user = isLive && (await db(ctx).selectFrom('access.users').where('id', '=', session.userId).select('personId').executeTakeFirst())
  return user !== false && user?.personId === personId
}

/**
 * Signs in the one account of a member of staff without a password: whoever calls this knows by a signature who it is. False where there is none; and where the
 * account has a second factor, the hospital asks for one, or its password must be changed, since a signature is none of these.
 */
export async function signInByLink(ctx: Context, personId: string): Promise<boolean> {
  const users = await db(ctx)
    .selectFrom('access.users')
    .where('personId', '=', personId)
    .where('isDisabled', '=', false)
    .select(['id', 'passwordSetAt', 'totpSecret', 'isPersona', 'mustChangePassword'])
    .limit(2)
    .execute()
  const [user] = users
  if (!user || users.length > 1 || user.totpSecret || user.mustChangePassword) return false
  const { newPassword, factor } = await owedBy(ctx, user)
  if (newPassword || factor) return false
  await noteSignIn(ctx, user)
  const actor = await startSession(ctx, user.id)
  await audit({ ...ctx, actor }, { action: 'access.signInByLink', objectId: user.id })
  return true
}

type Left = { leaveUrl: string | null }

export async function signOut(ctx: Context): Promise<Left> {
  const session = await findSession(ctx, ctx.door?.session)
  if (session) await db(ctx).deleteFrom('access.sessions').where('id', '=', session.id).execute()
  ctx.door?.setSession(null)
  return leftOf(ctx, session)
}

export async function signOutEverywhere(ctx: Context): Promise<Left> {
  const session = await findSession(ctx, ctx.door?.session)
  await endSessions(ctx, ctx.actor.id)
  ctx.door?.setSession(null)
  return leftOf(ctx, session)
}

const leftOf = (ctx: Context, session: { leaveUrl: Buffer | null } | undefined): Left => ({
  leaveUrl: session?.leaveUrl ? openText(ctx, session.leaveUrl) : null,
})

export const getMe = (ctx: Context): Promise<Me> => describe(ctx, ctx.actor)

export async function setLanguage(ctx: Context, { language }: Input<Api['setLanguage']>): Promise<Me> {
  await db(ctx).updateTable('access.users').set({ language }).where('id', '=', ctx.actor.id).execute()
  return describe(ctx, ctx.actor)
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

/** All sessions of whoever asks, save the one that asks. */
export async function endOtherSessions(ctx: Context): Promise<void> {
  const current = await findSession(ctx, ctx.door?.session)
  await db(ctx)
    .deleteFrom('access.sessions')
    .where('userId', '=', ctx.actor.id)
    .$if(current !== undefined, (q) => q.where('id', '!=', current?.id ?? ''))
    .execute()
}

export const endSessions = (ctx: Context, userId: string) => db(ctx).deleteFrom('access.sessions').where('userId', '=', userId).execute()

/** By what is typed to sign in. */
export const findUser = (ctx: Context, name: string) =>
  db(ctx).selectFrom('access.users').where('name', '=', name.trim().toLowerCase()).selectAll().executeTakeFirst()

/** Of somebody whom the provider of single sign-on has let in: how it names him and his session there, and where he signs out of it. */
export type SsoSession = { ssoIssuer: string | null; ssoSubject: Buffer | null; ssoSid: Buffer | null; leaveUrl: Buffer | null }

export async function startSession(ctx: Context, userId: string, sso?: SsoSession): Promise<Actor> {
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
      idleMinutes: (await rulesOf(ctx)).idleMinutes,
      isBySso: sso !== undefined,
      ...sso,
    })
    .execute()
  ctx.door?.setSession(`${ctx.hospital.id}.${token}`)
  const actor = await findActor(ctx, userId, { isBySso: sso !== undefined })
  if (!actor) throw accessErrors.disabled()
  return actor
}

export async function describe(ctx: Context, actor: Actor): Promise<Me> {
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
      'u.mustAddFactor',
      'u.isPersona',
      sql<boolean>`u.totp_secret is not null`.as('hasSecondFactor'),
      sql<boolean>`u.pin_hash is not null`.as('hasPin'),
      rolesOf('u.id').as('roles'),
    ])
    .executeTakeFirst()
  if (!user) throw accessErrors.userNotFound()
  const { roles, ...fields } = user
  return {
    user: { ...fields, mustChangePassword: fields.mustChangePassword && !actor.isBySso },
    hospital: ctx.hospital,
    idleMinutes: (await rulesOf(ctx)).idleMinutes,
    permissions: Object.fromEntries<GrantScope>(actor.may),
    roles,
    viewing: await describeViewing(ctx, actor),
    departments: [...actor.departments],
    wards: [...actor.wards],
  }
}
