import type { ExchangeReply, Input } from '@renxin/kernel'
import { audit, type Context, sql } from '@renxin/server'
import type { ssoApi } from '../../contract.ts'
import { noteGuess, refuseGuessing } from '../guesses.ts'
import { hashToken } from '../passwords.ts'
import { db } from '../tables.ts'
import { LONGEST_LIFE_SECONDS, type LogoutToken, readLogoutToken } from './logout-token.ts'
import { SsoProblem } from './problems.ts'
import { findSso } from './settings.ts'
import { namesOf } from './sign-in-by-sso.ts'

/**
 * The provider says that somebody has signed out there, or was shut out (OpenID Connect Back-Channel Logout 1.0): what he has open here ends. Nobody signs in
 * for this; the signature says who speaks. It is answered alike whether or not there was a session; whatever is wrong is answered by 400 and no more.
 */
export async function signOutBySso(ctx: Context, { query, headers }: Input<typeof ssoApi.signOutBySso>): Promise<ExchangeReply> {
  const isForm = /^application\/x-www-form-urlencoded/.test(headers['content-type'] ?? '')
  const told = await readFrom(ctx, isForm ? (new Map(query).get('logout_token') ?? '') : '')
  if (told instanceof SsoProblem) return refuse(ctx, told)
  if (!(await isNew(ctx, told))) return refuse(ctx, new SsoProblem('again'))
  await endSessions(ctx, told)
  return { status: 200, headers: {}, body: '' }
}

/** Rubbish from one address fills the trail for a while, and not without end. */
async function refuse(ctx: Context, { wrong }: SsoProblem): Promise<ExchangeReply> {
  await refuseGuessing(ctx, 'logout')
  await noteGuess(ctx, 'logout')
  await audit(ctx, { action: 'access.signOutBySsoRefused', detail: { wrong } })
  return { status: 400, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ error: 'invalid_request' }) }
}

/** Checked before anything is written, so that nothing waits for the provider. */
async function readFrom(ctx: Context, token: string): Promise<LogoutToken | SsoProblem> {
  const sso = await findSso(ctx)
  if (!sso) return new SsoProblem('refused')
  return readLogoutToken(sso.place, token, ctx.clock.now()).catch((error: unknown) => {
    if (!(error instanceof SsoProblem)) throw error
    ctx.log.warn({ wrong: error.wrong }, 'what was said of a sign-out at the provider of single sign-on is refused')
    return error
  })
}

async function isNew(ctx: Context, { issuer, jti }: LogoutToken): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db(ctx)
    .insertInto('access.ssoLogouts')
    .values({ jtiHash: hashToken(`${issuer} ${jti}`), until: new Date(ctx.clock.now().getTime() + 2 * LONGEST_LIFE_SECONDS * 1000) })
    .onConflict((c) => c.constraint('sso_logouts_pkey').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Of a session there: what began in it, and what he has here of which no session there is known. Where none is named: all that he has by this provider. */
async function endSessions(ctx: Context, told: LogoutToken): Promise<void> {
  const { ssoSubject, ssoSid } = namesOf(ctx, told)
  const isMeant = ssoSid
    ? sql<boolean>`(sso_sid = ${ssoSid} or (sso_sid is null and sso_subject = ${ssoSubject}))`
    : sql<boolean>`sso_subject = ${ssoSubject}`
  const ended = await db(ctx).deleteFrom('access.sessions').where(isMeant).returning('userId').execute()
  await db(ctx).deleteFrom('access.ssoAttempts').where(isMeant).execute() // he is known, and has still to type a code
  if (ended.length > 0) ctx.touched.add('access') // what these sessions have open is told so
  const users = [...new Set(ended.map(({ userId }) => userId))]
  for (const userId of users)
    await audit(ctx, {
      action: 'access.signOutBySso',
      objectId: userId,
      detail: { count: ended.filter((s) => s.userId === userId).length },
    })
}
