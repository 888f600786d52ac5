import { randomInt } from 'node:crypto'
import type { Input } from '@renxin/kernel'
import { type Context, sealText } from '@renxin/server'
import { generateSecret, generateURI } from 'otplib'
import { type accessApi, accessErrors, type Me } from '../contract.ts'
import { isAdministrator } from './apart.ts'
import { isAskedOf, stepOf, takeCode } from './codes.ts'
import { checkOwnPassword } from './credentials.ts'
import { hashToken } from './passwords.ts'
import { describe, endOtherSessions } from './sign-in.ts'
import { rulesOf } from './sign-in-rules.ts'
import { db } from './tables.ts'

type Api = typeof accessApi

const RECOVERY_CODES = 10
/** Without letters and digits that are taken for each other on paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

/** The secret is shown before it counts: whoever photographs the code but never types one is not locked out. */
export async function beginSecondFactor(ctx: Context, { password }: Input<Api['beginSecondFactor']>) {
  const user = await checkOwnPassword(ctx, password)
  if (user.totpSecret) throw accessErrors.factorThere()
  const secret = generateSecret()
  await db(ctx)
    .updateTable('access.users')
    .set({ totpPending: sealText(ctx, secret) })
    .where('id', '=', user.id)
    .execute()
  return { secret, uri: generateURI({ issuer: ctx.hospital.shortName, label: user.name, secret }) }
}

/** From now on a code is asked for at sign-in. The other devices sign in anew. */
export async function confirmSecondFactor(ctx: Context, { code }: Input<Api['confirmSecondFactor']>): Promise<{ recoveryCodes: string[] }> {
  const user = await db(ctx)
    .selectFrom('access.users')
    .where('id', '=', ctx.actor.id)
    .select(['id', 'totpPending'])
    .forUpdate()
    .executeTakeFirst()
  if (!user?.totpPending) throw accessErrors.nothingPending()
  const step = await stepOf(ctx, { totpSecret: user.totpPending, totpStep: '0' }, code)
  if (step === undefined) throw accessErrors.wrongNewCode()
  await db(ctx)
    .updateTable('access.users')
    .set({ totpSecret: user.totpPending, totpPending: null, totpStep: String(step), mustAddFactor: false })
    .where('id', '=', user.id)
    .execute()
  const recoveryCodes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
  await db(ctx).deleteFrom('access.recoveryCodes').where('userId', '=', user.id).execute()
  await db(ctx)
    .insertInto('access.recoveryCodes')
    .values(recoveryCodes.map((c) => ({ userId: user.id, hash: hashToken(c) })))
    .execute()
  await endOtherSessions(ctx)
  return { recoveryCodes }
}

export async function removeSecondFactor(ctx: Context, { password, code }: Input<Api['removeSecondFactor']>): Promise<Me> {
  const user = await checkOwnPassword(ctx, password)
  if (isAskedOf(await rulesOf(ctx), await isAdministrator(ctx, user.id))) throw accessErrors.factorAsked()
  if (!(await takeCode(ctx, user, code))) throw accessErrors.wrongNewCode()
  await clearSecondFactor(ctx, user.id)
  return describe(ctx, ctx.actor)
}

export async function clearSecondFactor(ctx: Context, userId: string): Promise<void> {
  await db(ctx).updateTable('access.users').set({ totpSecret: null, totpPending: null }).where('id', '=', userId).execute()
  await db(ctx).deleteFrom('access.recoveryCodes').where('userId', '=', userId).execute()
}

const letters = (n: number) => Array.from({ length: n }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

/** Some fifty random bits, in two halves that can be read aloud. */
const newRecoveryCode = (): string => `${letters(5)}-${letters(5)}`
