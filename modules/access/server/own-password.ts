import type { Input } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import { type accessApi, accessErrors, type Me } from '../contract.ts'
import { checkOwnPassword } from './credentials.ts'
import { hashPassword, passwordFits } from './passwords.ts'
import { isStrong } from './rules.ts'
import { describe, endSessions, startSession } from './sign-in.ts'
import { rulesOf } from './sign-in-rules.ts'
import { db } from './tables.ts'

export async function changePassword(ctx: Context, { current, next }: Input<(typeof accessApi)['changePassword']>): Promise<Me> {
  const user = await checkOwnPassword(ctx, current)
  if (next === current) throw accessErrors.samePassword()
  const rules = await rulesOf(ctx)
  if (!isStrong(next, user.name, rules)) throw accessErrors.weakPassword({ minLength: rules.minLength, kinds: rules.kinds })
  await refuseFormer(ctx, user.id, next, rules.remembered)
  const now = ctx.clock.now()
  await db(ctx).insertInto('access.formerPasswords').values({ userId: user.id, setAt: now, hash: user.passwordHash }).execute()
  await db(ctx)
    .updateTable('access.users')
    .set({ passwordHash: await hashPassword(next), passwordSetAt: now, mustChangePassword: false })
    .where('id', '=', user.id)
    .execute()
  await endSessions(ctx, user.id)
  return describe(ctx, await startSession(ctx, user.id))
}

/** Of the former passwords only so many are kept as are not taken again. */
async function refuseFormer(ctx: Context, userId: string, next: string, remembered: number): Promise<void> {
  const former = await db(ctx)
    .selectFrom('access.formerPasswords')
    .where('userId', '=', userId)
    .select(['setAt', 'hash'])
    .orderBy('setAt', 'desc')
    .execute()
  for (const { hash } of former.slice(0, remembered)) if (await passwordFits(hash, next)) throw accessErrors.formerPassword()
  const oldest = former[Math.max(remembered - 1, 0)] // the current one joins them now
  if (oldest) await db(ctx).deleteFrom('access.formerPasswords').where('userId', '=', userId).where('setAt', '<=', oldest.setAt).execute()
}
