import { createRemoteJWKSet, customFetch, decodeJwt, type JWTPayload, jwtVerify } from 'jose'
import { SsoProblem } from './problems.ts'
import { configOf, isSignature, type Place, talk, throughOurDoor } from './provider.ts'

/** Who has signed out at the provider: all that he has open here, or what began in one session there. */
export type LogoutToken = { issuer: string; jti: string; subject?: string | undefined; sid?: string | undefined }

/** The one thing that such a token tells (OpenID Connect Back-Channel Logout 1.0, 2.4). */
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** How old it may be. The standard has it live for two minutes at most; the rest is for a provider that sends it a second time. */
export const LONGEST_LIFE_SECONDS = 300
const CLOCK_SKEW_SECONDS = 30
const LONGEST_TOKEN = 20_000

/** Checks what the provider says when somebody signs out there (2.6 of the standard); whatever is wrong is told as an `SsoProblem`. */
export const readLogoutToken = (place: Place, token: string, now: Date): Promise<LogoutToken> =>
  talk(async () => {
    if (token.length > LONGEST_TOKEN) throw new SsoProblem('token')
    if (![decodeJwt(token).aud].flat().includes(place.clientId)) throw new SsoProblem('audience') // before the provider is asked for anything
    const about = (await configOf(place, now)).serverMetadata()
    const { payload } = await jwtVerify(token, keysAt(about.jwks_uri ?? ''), {
      issuer: about.issuer,
      audience: place.clientId,
      algorithms: (about.id_token_signing_alg_values_supported ?? []).filter(isSignature),
      requiredClaims: ['iat', 'jti'],
      maxTokenAge: LONGEST_LIFE_SECONDS,
      clockTolerance: CLOCK_SKEW_SECONDS,
    })
    return { issuer: about.issuer, ...namedIn(payload) }
  })

function namedIn(claims: JWTPayload): Omit<LogoutToken, 'issuer'> {
  if (Object.hasOwn(claims, 'nonce')) throw new SsoProblem('nonce') // that is somebody's token of identity
  if (!isObject(claims.events) || !isObject(claims.events[EVENT])) throw new SsoProblem('token')
  const [jti, subject, sid] = [nameIn(claims.jti), nameIn(claims.sub), nameIn(claims.sid)]
  if (jti === undefined || (subject === undefined && sid === undefined)) throw new SsoProblem('token')
  return { jti, subject, sid }
}

function nameIn(value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value === '' || value.length > 500) throw new SsoProblem('token')
  return value
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>()

/** The provider's keys as it publishes them: kept for ten minutes, and read anew for a key that is not among them, twice a minute at most. */
function keysAt(url: string): ReturnType<typeof createRemoteJWKSet> {
  const known = keySets.get(url)
  if (known) return known
  if (keySets.size > 100) keySets.clear()
  const keys = createRemoteJWKSet(new URL(url), {
    [customFetch]: (address, { method, headers }) =>
      throughOurDoor(address, { method, headers: Object.fromEntries(headers), body: undefined, redirect: 'manual' }),
  })
  keySets.set(url, keys)
  return keys
}
