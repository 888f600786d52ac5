import { createHash } from 'node:crypto'
import { askWeb } from '@renxin/server'
import * as oidc from 'openid-client'
import { problemOf, SsoProblem } from './problems.ts'

/** How a provider is reached, and who we are to it. */
export type Place = { issuerUrl: string; clientId: string; secret: string | null; homeUrl: string }

/** What was kept of somebody who has set out, until he comes back. */
export type Secrets = { nonce: string; verifier: string }
export type Departure = Secrets & { state: string; isFresh: boolean }
/** What a browser was sent back with. */
export type Return = { state: string; code?: string | undefined; iss?: string | undefined; error?: string | undefined }
export type Proof = {
  value: string
  hasManyFactors: boolean
  leaveUrl: string | null
  /** How the provider names itself, him, and his session there. */
  issuer: string
  subject: string
  sid: string | undefined
}

/** Whoever must type his password there has done so at most so long ago when he comes back; a provider may ask for more after it. */
const FRESH_SECONDS = 300
const LONGEST_ANSWER = 200_000
const LONGEST_MS = 5000
const KNOWN_MS = 10 * 60_000
/** A request of somebody who signs in may hold a connection to the database meanwhile; a provider that hangs must not get hold of all. */
const MOST_AT_ONCE = 4
/** Signatures that whoever has our secret could make as well, and none at all, count for nothing. */
export const isSignature = (algorithm: string) => /^(RS|PS|ES)(256|384|512)$|^(EdDSA|Ed25519)$/.test(algorithm)

let talking = 0

/** One conversation with the provider; whatever goes wrong in it is told as an `SsoProblem`. */
export async function talk<T>(work: () => Promise<T>): Promise<T> {
  if (talking >= MOST_AT_ONCE) throw new SsoProblem('busy')
  talking += 1
  try {
    return await work()
  } catch (error) {
    throw problemOf(error)
  } finally {
    talking -= 1
  }
}

export const redirectUrl = ({ homeUrl }: Pick<Place, 'homeUrl'>): string => new URL('/sso', homeUrl).href
export const isPlain = (url: string): boolean => new URL(url).protocol === 'http:'

/** Everything that is asked of a provider, whatever address it named, goes out by the one door that knows which are closed. */
export const throughOurDoor: oidc.CustomFetch = async (url, { method, headers, body }) => {
  const said = typeof body === 'string' || body instanceof URLSearchParams ? body.toString() : undefined
  const about = { method, headers, ...(said !== undefined && { body: said }), longestMs: LONGEST_MS, longestText: LONGEST_ANSWER }
  const { status, headers: back, text } = await askWeb(url, about)
  const kept = ['content-type', 'www-authenticate', 'cache-control', 'date'].flatMap((name) => {
    const value = back[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  return new Response(status === 204 || status === 304 ? null : text, { status, headers: Object.fromEntries(kept) })
}

/** Reads what the provider says of itself, and what it must have for us to use it. */
export async function discover({ issuerUrl, clientId, secret }: Place): Promise<oidc.Configuration> {
  const config = await oidc.discovery(new URL(issuerUrl), clientId, undefined, undefined, {
    [oidc.customFetch]: throughOurDoor,
    timeout: LONGEST_MS / 1000,
    execute: [oidc.enableNonRepudiationChecks, ...(isPlain(issuerUrl) ? [oidc.allowInsecureRequests] : [])],
  })
  const { supportsPKCE: _, ...about } = config.serverMetadata()
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint, end_session_endpoint } = about
  if (!authorization_endpoint || !token_endpoint || !jwks_uri) throw new SsoProblem('endpoints')
  for (const url of [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint, end_session_endpoint])
    if (url !== undefined) checkAddress(url, issuerUrl)
  const algorithms = (about.id_token_signing_alg_values_supported ?? ['RS256']).filter(isSignature)
  if (algorithms.length === 0) throw new SsoProblem('algorithm')
  const metadata = { ...about, id_token_signing_alg_values_supported: algorithms }
  const known = new oidc.Configuration(metadata, clientId, undefined, authenticationFor(about, secret))
  known[oidc.customFetch] = throughOurDoor
  known.timeout = LONGEST_MS / 1000
  oidc.enableNonRepudiationChecks(known)
  if (isPlain(issuerUrl)) oidc.allowInsecureRequests(known)
  return known
}

/** A browser is sent to some of these, so that nothing but the web is meant; and a provider behind TLS leads nobody out of it. */
function checkAddress(url: string, issuerUrl: string): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new SsoProblem('endpoints')
  if (isPlain(url) && !isPlain(issuerUrl)) throw new SsoProblem('plain')
}

/** `client_secret_basic` is what a provider takes that says nothing (OpenID Connect Discovery 1.0, 3). */
function authenticationFor({ token_endpoint_auth_methods_supported: ways }: oidc.ServerMetadata, secret: string | null): oidc.ClientAuth {
  if (secret === null) return oidc.None()
  return !ways || ways.includes('client_secret_basic') ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret)
}

const known = new Map<string, { config: oidc.Configuration; readAt: number }>()

/** What the provider said of itself some minutes ago, or says now. */
export async function configOf(place: Place, now: Date): Promise<oidc.Configuration> {
  const before = known.get(keyOf(place))
  const age = now.getTime() - (before?.readAt ?? 0)
  return before && age >= 0 && age < KNOWN_MS ? before.config : askAnew(place, now)
}

export const keyOf = (place: Place) => createHash('sha256').update(JSON.stringify(place)).digest('base64')

async function askAnew(place: Place, now: Date): Promise<oidc.Configuration> {
  const config = await discover(place)
  if (known.size > 100) known.clear()
  known.set(keyOf(place), { config, readAt: now.getTime() })
  return config
}

/** Where the browser goes. The provider is asked each time: nobody is sent to one that is down. */
export const departureUrl = (place: Place, { state, nonce, verifier, isFresh }: Departure, now: Date): Promise<string> =>
  talk(async () => {
    const config = await askAnew(place, now)
    return oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUrl(place),
      scope: 'openid profile email',
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(isFresh && { prompt: 'login', max_age: String(FRESH_SECONDS) }),
    }).href
  })

type Asked = { claim: string; isFresh: boolean; secrets: Secrets; now: Date }

/** What the provider says of whoever came back, once all of it was checked. */
export const prove = (place: Place, came: Return, { claim, isFresh, secrets, now }: Asked): Promise<Proof> =>
  talk(async () => {
    const config = await configOf(place, now)
    const url = new URL(redirectUrl(place))
    for (const [name, value] of Object.entries(came)) if (value !== undefined) url.searchParams.set(name, value)
    const tokens = await oidc.authorizationCodeGrant(config, url, {
      expectedState: came.state,
      expectedNonce: secrets.nonce,
      pkceCodeVerifier: secrets.verifier,
      idTokenExpected: true,
      ...(isFresh && { maxAge: FRESH_SECONDS }),
    })
    const claims = tokens.claims()
    if (!claims) throw new SsoProblem('token')
    const hasIt = Object.hasOwn(claims, claim) || !config.serverMetadata().userinfo_endpoint
    const said = hasIt ? claims : await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
    return {
      value: namedBy(said, claim),
      hasManyFactors: Array.isArray(claims.amr) && claims.amr.includes('mfa'), // RFC 8176, 2
      leaveUrl: leaveUrlOf(config, place, tokens.id_token),
      issuer: claims.iss,
      subject: claims.sub,
      sid: typeof claims.sid === 'string' && claims.sid !== '' ? claims.sid : undefined,
    }
  })

/** The claim that names the account. An address of mail that nobody verified is what somebody wrote there himself. */
function namedBy(said: Readonly<Record<string, unknown>>, claim: string): string {
  const value = Object.hasOwn(said, claim) ? said[claim] : undefined
  if (claim === 'email' && said.email_verified !== true) throw new SsoProblem('claim')
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  if (typeof value !== 'string' || value.trim() === '' || value.length > 100 || value.includes('\0') || !value.isWellFormed())
    throw new SsoProblem('claim')
  return value.trim()
}

function leaveUrlOf(config: oidc.Configuration, place: Place, idToken: string | undefined): string | null {
  if (!config.serverMetadata().end_session_endpoint || !idToken) return null
  return oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: new URL('/', place.homeUrl).href, id_token_hint: idToken }).href
}
