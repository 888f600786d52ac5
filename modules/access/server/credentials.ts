import { audit, blindIndex, type Context, keep } from '@renxin/server'
import { accessErrors } from '../contract.ts'
import { takeCode } from './codes.ts'
import { noteGuess } from './guesses.ts'
import { passwordFits } from './passwords.ts'
import { failedAgain, minutesLocked } from './rules.ts'
import { rulesOf } from './sign-in-rules.ts'
import { db } from './tables.ts'

type Claim = {
  name: string
  user: { id: string; passwordHash: string; totpSecret: Buffer | null; totpStep: string } | undefined
  password: string
  code?: string | undefined
  refusal: typeof accessErrors.wrongPassword
}

/**
 * Refuses a wrong password or a wrong code, and counts both under the name that was typed; the row's lock lets only one guess at a time count. A right
 * password alone does not begin the count anew where a code is asked for.
 */
export const checkPassword = (ctx: Context, { name, user, password, code, refusal }: Claim): Promise<void> =>
  counted(ctx, { name, user, refusal }, async () => {
    const fits = await passwordFits(user?.passwordHash, password)
    if (fits && user?.totpSecret && !code) throw accessErrors.codeNeeded()
    if (fits && (!user?.totpSecret || (code && (await takeCode(ctx, user, code))))) return undefined
    return fits ? 'code' : 'password'
  })

/** The same of a code alone, of somebody whom another system knows. */
export const checkCode = (ctx: Context, user: NonNullable<Claim['user']> & { name: string }, code: string): Promise<void> =>
  counted(ctx, { name: user.name, user, refusal: accessErrors.wrongCode }, async () =>
    (await takeCode(ctx, user, code)) ? undefined : 'code',
  )

type Guess = Pick<Claim, 'name' | 'user' | 'refusal'>

async function counted(ctx: Context, { name, user, refusal }: Guess, look: () => Promise<'code' | 'password' | undefined>): Promise<void> {
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

  const wrong = await look()
  if (!wrong) {
    await db(ctx).deleteFrom('access.failures').where('nameIndex', '=', nameIndex).execute()
    return
  }
  await noteGuess(ctx)
  const rules = await rulesOf(ctx)
  const after = failedAgain(before, now, rules)
  await db(ctx).updateTable('access.failures').set(after).where('nameIndex', '=', nameIndex).execute()
  await audit(ctx, {
    action: 'access.signInRefused',
    objectId: user?.id,
    detail: { because: wrong, count: after.count },
  })
  const said = { triesLeft: rules.tries - after.count, minutes: rules.lockMinutes }
  throw keep(
    after.lockedUntil ? accessErrors.locked({ minutes: rules.lockMinutes }) : (wrong === 'code' ? accessErrors.wrongCode : refusal)(said),
  )
}

/** The account of whoever asks, once the password was typed again: a page left open is not enough. */
export async function checkOwnPassword(ctx: Context, password: string) {
  const user = await db(ctx).selectFrom('access.users').where('id', '=', ctx.actor.id).selectAll().executeTakeFirst()
  if (!user) throw accessErrors.userNotFound()
  await checkPassword(ctx, { name: user.name, user: { ...user, totpSecret: null }, password, refusal: accessErrors.wrongCurrentPassword })
  return user
}

export const failuresIndex = (ctx: Context, name: string): Buffer => blindIndex(ctx, 'signInName', name.trim().toLowerCase())
