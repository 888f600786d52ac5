import type { Input } from '@renxin/kernel'
import { audit, blindIndex, type Context, keep, openText, sealText } from '@renxin/server'
import { z } from 'zod'
import { accessErrors, type Me, type SsoSettings, type ssoApi } from '../../contract.ts'
import { tokenHashOf } from '../actors.ts'
import { checkCode } from '../credentials.ts'
import { knowDevice } from '../guesses.ts'
import { hashToken, newToken } from '../passwords.ts'
import { ATTEMPT_MINUTES } from '../rules.ts'
import { describe, findUser, noteSignIn, type SsoSession, startSession } from '../sign-in.ts'
import { db, lookUp } from '../tables.ts'
import { isAway, SsoProblem } from './problems.ts'
import { departureUrl, type Place, type Proof, prove, type Secrets } from './provider.ts'
import { findSso } from './settings.ts'

type Api = typeof ssoApi

/**
 * An attempt's states; it lives for ten minutes, in one browser, which carries a cookie of its own for it:
 *   begun ──back from the provider, all checks passed, no code needed──► signed in, and gone
 *   begun ──the same, and the account has a second factor──► known ──right code──► signed in, and gone
 *   begun ──back with anything else──► refused, and gone
 * Whoever comes back a second time finds nothing. Only accounts that are there sign in, with the roles they have.
 */
export async function beginSso(ctx: Context, { inWindow }: Input<Api['beginSso']>): Promise<{ url: string }> {
  const sso = await findSso(ctx)
  if (!sso) throw accessErrors.ssoOff()
  const [state, browser] = [`${ctx.hospital.id}.${newToken()}${inWindow ? '.window' : ''}`, newToken()]
  const secrets: Secrets = { nonce: newToken(), verifier: newToken() }
  // A session that was left here, locked or not, must not be opened by another one that was left there.
  const isFresh = sso.settings.alwaysAsks || Boolean(ctx.door?.session)
  const url = await departureUrl(sso.place, { ...secrets, state, isFresh }, ctx.clock.now()).catch((error: unknown) => {
    throw refusalOf(ctx, error)
  })
  await db(ctx)
    .insertInto('access.ssoAttempts')
    .values({
      stateHash: hashToken(state),
      browserHash: hashToken(browser),
      secrets: sealText(ctx, JSON.stringify(secrets)),
      isFresh,
      beganAt: ctx.clock.now(),
    })
    .execute()
  ctx.door?.setAttempt(`${ctx.hospital.id}.${browser}`)
  return { url }
}

/** The provider is asked before anything is written, so that nothing waits for it. */
export async function finishSso(ctx: Context, { hospitalId: _, ...came }: Input<Api['finishSso']>): Promise<Me> {
  const stateHash = hashToken(came.state)
  const sso = await findSso(ctx)
  if (!sso) throw accessErrors.ssoOff()
  const attempt = await openAttempts(lookUp(ctx), ctx).where('stateHash', '=', stateHash).where('userId', 'is', null).executeTakeFirst()
  if (!attempt || !tokenHashOf(ctx, ctx.door?.attempt)?.equals(attempt.browserHash)) throw accessErrors.ssoStale()
  const proof = await proofOf(ctx, sso, came, attempt)
  const taken = await db(ctx)
    .deleteFrom('access.ssoAttempts')
    .where('stateHash', '=', stateHash)
    .where('userId', 'is', null)
    .executeTakeFirst()
  if (taken.numDeletedRows === 0n) throw accessErrors.ssoStale() // come back twice at once
  if (proof instanceof SsoProblem) return refuse(ctx, proof)

  const user = await accountOf(ctx, sso.settings, proof)
  if (!user || user.isDisabled) {
    await audit(ctx, { action: 'access.signInRefused', objectId: user?.id, detail: { because: user ? 'disabled' : 'ssoNoAccount' } })
    throw keep(accessErrors.ssoNoAccount())
  }
  const session: SsoSession = {
    ...namesOf(ctx, proof),
    leaveUrl: sso.settings.signsOutThere && proof.leaveUrl !== null ? sealText(ctx, proof.leaveUrl) : null,
  }
  const isProved = sso.settings.trustsFactor && proof.hasManyFactors
  if (user.totpSecret === null || isProved) return enter(ctx, user, session, isProved)
  const known = { ...attempt, ...session, stateHash, beganAt: ctx.clock.now(), userId: user.id }
  await db(ctx).insertInto('access.ssoAttempts').values(known).execute()
  throw keep(accessErrors.ssoCodeNeeded())
}

/** The second factor of whoever the provider knows. Wrong codes count as they do beside a password. */
export async function confirmSso(ctx: Context, { code }: Input<Api['confirmSso']>): Promise<Me> {
  const browserHash = tokenHashOf(ctx, ctx.door?.attempt)
  if (!browserHash) throw accessErrors.ssoStale()
  const attempt = await openAttempts(db(ctx), ctx)
    .where('browserHash', '=', browserHash)
    .where('userId', 'is not', null)
    .forUpdate()
    .executeTakeFirst()
  const user = attempt?.userId ? await users(ctx).where('id', '=', attempt.userId).executeTakeFirst() : undefined
  if (!attempt || !user || user.isDisabled) throw accessErrors.ssoStale()
  await checkCode(ctx, user, code)
  await db(ctx).deleteFrom('access.ssoAttempts').where('stateHash', '=', attempt.stateHash).execute()
  const { leaveUrl, ssoIssuer, ssoSubject, ssoSid } = attempt
  return enter(ctx, user, { leaveUrl, ssoIssuer, ssoSubject, ssoSid }, true)
}

const secretsIn = z.object({ nonce: z.string(), verifier: z.string() })

/** What the provider says of whoever came back, or what was wrong with it. */
function proofOf(
  ctx: Context,
  { settings, place }: { settings: SsoSettings; place: Place },
  came: Parameters<typeof prove>[1],
  { secrets, isFresh }: { secrets: Buffer; isFresh: boolean },
): Promise<Proof | SsoProblem> {
  const asked = { claim: settings.claim, isFresh, secrets: secretsIn.parse(JSON.parse(openText(ctx, secrets))), now: ctx.clock.now() }
  return prove(place, came, asked).catch((error: unknown) => {
    if (error instanceof SsoProblem) return error
    throw error
  })
}

type Named = { issuer: string; subject?: string | undefined; sid?: string | undefined }

/** Somebody and his session at the provider, as both are found here when it says that he has signed out there; nothing of it is readable. */
export function namesOf(ctx: Context, { issuer, subject, sid }: Named): Pick<SsoSession, 'ssoIssuer' | 'ssoSubject' | 'ssoSid'> {
  const hidden = (kind: string, name: string | undefined) => (name === undefined ? null : blindIndex(ctx, kind, `${issuer} ${name}`))
  return { ssoIssuer: issuer, ssoSubject: hidden('ssoSubject', subject), ssoSid: hidden('ssoSid', sid) }
}

async function enter(ctx: Context, user: User, session: SsoSession, isProved: boolean): Promise<Me> {
  await noteSignIn(ctx, user, { isBySso: true, isProved })
  const actor = await startSession(ctx, user.id, session)
  ctx.door?.setAttempt(null)
  await knowDevice(ctx)
  await audit({ ...ctx, actor }, { action: 'access.signInBySso', objectId: user.id })
  return describe(ctx, actor)
}

async function refuse(ctx: Context, problem: SsoProblem): Promise<never> {
  await audit(ctx, { action: 'access.signInRefused', detail: { because: 'sso', wrong: problem.wrong } })
  throw keep(refusalOf(ctx, problem))
}

/** What is told: whether the provider is away, or it did not let somebody in. What exactly was wrong is for the log and the audit. */
function refusalOf(ctx: Context, error: unknown): Error {
  if (!(error instanceof SsoProblem)) throw error
  ctx.log.warn({ wrong: error.wrong }, 'single sign-on failed')
  if (isAway(error)) return accessErrors.ssoUnavailable()
  return error.wrong === 'denied' ? accessErrors.ssoDenied() : accessErrors.ssoRefused()
}

const openAttempts = (from: ReturnType<typeof db>, ctx: Context) =>
  from
    .selectFrom('access.ssoAttempts')
    .where('beganAt', '>', new Date(ctx.clock.now().getTime() - ATTEMPT_MINUTES * 60_000))
    .select(['stateHash', 'browserHash', 'secrets', 'isFresh', 'userId', 'leaveUrl', 'ssoIssuer', 'ssoSubject', 'ssoSid'])

type User = NonNullable<Awaited<ReturnType<typeof findUser>>>

const users = (ctx: Context) => db(ctx).selectFrom('access.users').selectAll('access.users')

/** The one account that the claim names: by what is typed to sign in, or by the staff number of the person behind it. */
async function accountOf(ctx: Context, { match }: SsoSettings, { value }: Proof): Promise<User | undefined> {
  if (match === 'name') return findUser(ctx, value)
  const found = await users(ctx)
    .innerJoin('staff.personCards as p', 'p.id', 'access.users.personId')
    .where('p.number', '=', value)
    .where('p.isActive', '=', true)
    .limit(2)
    .execute()
  return found.length === 1 ? found[0] : undefined
}
