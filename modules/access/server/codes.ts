import { type Context, openText, sql } from '@renxin/server'
import { verify } from 'otplib'
import type { SignInRules } from '../contract.ts'
import { hashToken } from './passwords.ts'
import { db } from './tables.ts'

/** A clock that goes half a minute wrong is forgiven (RFC 6238, 5.2: one time step either way). */
const TOLERANCE_SECONDS = 30

export const isAskedOf = ({ secondFactor }: Pick<SignInRules, 'secondFactor'>, isAdministrator: boolean): boolean =>
  secondFactor === 'everybody' || (secondFactor === 'administrators' && isAdministrator)

type Bearer = { id: string; totpSecret: Buffer | null; totpStep: string }

/** Whether this is a code of the account, of the authenticator or for recovery. Each is taken once, whoever comes first. */
export async function takeCode(ctx: Context, user: Bearer, typed: string): Promise<boolean> {
  const code = typed.trim().toLowerCase()
  if (/^\d{6}$/.test(code)) {
    const step = user.totpSecret ? await stepOf(ctx, { totpSecret: user.totpSecret, totpStep: user.totpStep }, code) : undefined
    if (step === undefined) return false
    const { numUpdatedRows } = await db(ctx)
      .updateTable('access.users')
      .set({ totpStep: String(step) })
      .where('id', '=', user.id)
      .where('totpStep', '<', sql<string>`${step}::bigint`)
      .executeTakeFirst()
    return numUpdatedRows === 1n
  }
  const { numDeletedRows } = await db(ctx)
    .deleteFrom('access.recoveryCodes')
    .where('userId', '=', user.id)
    .where('hash', '=', hashToken(code))
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** The time step of a code that is right and newer than the last one taken. */
export async function stepOf(ctx: Context, user: { totpSecret: Buffer; totpStep: string }, code: string): Promise<number | undefined> {
  if (!/^\d{6}$/.test(code)) return undefined
  const result = await verify({
    secret: openText(ctx, user.totpSecret),
    token: code,
    epoch: Math.floor(ctx.clock.now().getTime() / 1000),
    epochTolerance: TOLERANCE_SECONDS,
    afterTimeStep: Number(user.totpStep),
  })
  return result.valid && 'timeStep' in result ? result.timeStep : undefined
}
