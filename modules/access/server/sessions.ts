import type { Input } from '@renxin/kernel'
import { audit, type Context, keep } from '@renxin/server'
import { type accessApi, accessErrors, type Me, type Session } from '../contract.ts'
import { findActor, findSession } from './actors.ts'
import { checkOwnPassword } from './credentials.ts'
import { hashPassword, passwordFits } from './passwords.ts'
import { isSimplePin } from './rules.ts'
import { describe } from './sign-in.ts'
import { db } from './tables.ts'

type Api = typeof accessApi

/** So many wrong PINs end a locked session; then the password is asked for. */
const PIN_TRIES = 5

/** Where somebody is signed in, the latest first. */
export async function sessionsOf(
  ctx: Context,
  userId: string,
): Promise<{ rows: (Omit<Session, 'createdAt' | 'lastUsedAt'> & { createdAt: Date; lastUsedAt: Date })[] }> {
  const current = await findSession(ctx, ctx.door?.session)
  const rows = await db(ctx)
    .selectFrom('access.sessions')
    .where('userId', '=', userId)
    .where('expiresAt', '>', ctx.clock.now())
    .select(['id', 'createdAt', 'lastUsedAt', 'address', 'agent', 'lockedAt', 'isBySso', 'ssoIssuer'])
    .orderBy('lastUsedAt', 'desc')
    .limit(100)
    .execute()
  return { rows: rows.map(({ lockedAt, ...s }) => ({ ...s, isLocked: lockedAt !== null, isCurrent: s.id === current?.id })) }
}

export async function endMySession(ctx: Context, { id }: { id: string }) {
  const { numDeletedRows } = await db(ctx)
    .deleteFrom('access.sessions')
    .where('id', '=', id)
    .where('userId', '=', ctx.actor.id)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw accessErrors.sessionNotFound({ id })
  return sessionsOf(ctx, ctx.actor.id)
}

/** The one who sits there goes away for a while: until it is unlocked, the session answers nothing. */
export async function lock(ctx: Context): Promise<Record<string, never>> {
  const session = await findSession(ctx, ctx.door?.session)
  if (session) await db(ctx).updateTable('access.sessions').set({ lockedAt: ctx.clock.now() }).where('id', '=', session.id).execute()
  return {}
}

/** A PIN opens the session that this browser holds, on this device only, locked or unused for a while. */
export async function unlock(ctx: Context, { pin }: Input<Api['unlock']>): Promise<Me> {
  const found = await findSession(ctx, ctx.door?.session)
  const session =
    found &&
    (await db(ctx)
      .selectFrom('access.sessions as s')
      .innerJoin('access.users as u', 'u.id', 's.userId')
      .where('s.id', '=', found.id)
      .where('s.expiresAt', '>', ctx.clock.now())
      .where('u.isDisabled', '=', false)
      .select(['s.id', 's.userId', 's.wrongPins', 's.isBySso', 'u.pinHash'])
      .forUpdate('s')
      .executeTakeFirst())
  if (!session?.pinHash) throw accessErrors.sessionNotFound()
  if (!(await passwordFits(session.pinHash, pin))) {
    const wrongPins = session.wrongPins + 1
    await audit(ctx, { action: 'access.unlockRefused', objectId: session.userId, detail: { count: wrongPins } })
    if (wrongPins >= PIN_TRIES) {
      await db(ctx).deleteFrom('access.sessions').where('id', '=', session.id).execute()
      ctx.door?.setSession(null)
      throw keep(accessErrors.sessionNotFound())
    }
    await db(ctx).updateTable('access.sessions').set({ wrongPins }).where('id', '=', session.id).execute()
    throw keep(accessErrors.wrongPin({ triesLeft: PIN_TRIES - wrongPins }))
  }
  await db(ctx)
    .updateTable('access.sessions')
    .set({ lockedAt: null, wrongPins: 0, lastUsedAt: ctx.clock.now() })
    .where('id', '=', session.id)
    .execute()
  const actor = await findActor(ctx, session.userId, session)
  if (!actor) throw accessErrors.disabled()
  await audit({ ...ctx, actor }, { action: 'access.unlock', objectId: session.userId })
  return describe(ctx, actor)
}

export async function setPin(ctx: Context, { password, pin }: Input<Api['setPin']>): Promise<Me> {
  const user = await checkOwnPassword(ctx, password)
  if (pin && isSimplePin(pin)) throw accessErrors.simplePin()
  await db(ctx)
    .updateTable('access.users')
    .set({ pinHash: pin && (await hashPassword(pin)) })
    .where('id', '=', user.id)
    .execute()
  return describe(ctx, ctx.actor)
}
