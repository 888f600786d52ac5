import { isClosedAddress } from '@renxin/server'
import { errors as jwt } from 'jose'
import * as oidc from 'openid-client'
import type { z } from 'zod'
import type { SsoOutcome } from '../../contract.ts'

/** What may be wrong with a provider's answer to somebody who signs in, beside what a test finds. */
export type Wrong =
  | Exclude<z.infer<typeof SsoOutcome>, 'good'>
  | 'code' // used up, out of date, or not ours
  | 'denied'
  | 'refused'
  | 'token' // not as it must be
  | 'nonce'
  | 'audience'
  | 'expired'
  | 'notFresh'
  | 'signature'
  | 'claim'
  | 'again' // told already

/** Never with anything of what the provider said but its own name: that is somebody's. */
export class SsoProblem extends Error {
  readonly wrong: Wrong
  readonly said: string | null
  constructor(wrong: Wrong, said: string | null = null) {
    super(`single sign-on failed: ${wrong}`)
    this.wrong = wrong
    this.said = said
  }
}

/** What failed since the provider is away or out of order, rather than since somebody is not let in. */
export const isAway = ({ wrong }: SsoProblem): boolean =>
  ['closedAddress', 'unreachable', 'timeout', 'certificate', 'plain', 'status', 'notOidc', 'issuer', 'endpoints', 'algorithm', 'keys', 'client', 'busy'].includes(wrong) // biome-ignore format: a list

const claims: Readonly<Record<string, Wrong>> = { nonce: 'nonce', iss: 'issuer', aud: 'audience', azp: 'audience', auth_time: 'notFresh' }

export function problemOf(error: unknown): SsoProblem {
  if (error instanceof SsoProblem) return error
  if (isClosedAddress(error)) return new SsoProblem('closedAddress')
  if (error instanceof oidc.AuthorizationResponseError) return new SsoProblem(error.error === 'access_denied' ? 'denied' : 'refused')
  if (error instanceof oidc.WWWAuthenticateChallengeError) return new SsoProblem('client')
  if (error instanceof oidc.ResponseBodyError) return new SsoProblem(bodyErrors[error.error] ?? 'refused')
  const wrong = networkError(error)
  if (wrong) return new SsoProblem(wrong)
  if (error instanceof oidc.ClientError) return ofClient(error)
  if (error instanceof jwt.JOSEError) return ofToken(error)
  return new SsoProblem('token') // a value of a kind that the standard does not know
}

const bodyErrors: Readonly<Record<string, Wrong>> = { invalid_client: 'client', unauthorized_client: 'client', invalid_grant: 'code' }

function ofClient(error: oidc.ClientError): SsoProblem {
  const { claim, attribute, body, isOfSignature } = detailsOf(error)
  switch (error.code) {
    case 'OAUTH_HTTP_REQUEST_FORBIDDEN':
    case 'OAUTH_REQUEST_PROTOCOL_FORBIDDEN':
      return new SsoProblem('plain')
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
      return new SsoProblem('status')
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
    case 'OAUTH_PARSE_ERROR':
      return new SsoProblem('notOidc')
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return attribute === 'issuer' ? new SsoProblem('issuer', issuerOf(body)) : new SsoProblem('token')
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return new SsoProblem(claim === 'auth_time' ? 'notFresh' : 'expired')
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
      return new SsoProblem(claims[claim ?? ''] ?? 'token')
    case 'OAUTH_KEY_SELECTION_FAILED':
    case 'OAUTH_UNSUPPORTED_OPERATION':
      return new SsoProblem('signature')
    case 'OAUTH_MISSING_SERVER_METADATA':
    case 'OAUTH_INVALID_SERVER_METADATA':
      return new SsoProblem('endpoints')
    default:
      return new SsoProblem(isOfSignature ? 'signature' : 'token')
  }
}

/** What is wrong with a token that the provider has sent by itself. */
function ofToken(error: jwt.JOSEError): SsoProblem {
  if (error instanceof jwt.JWTExpired) return new SsoProblem('expired')
  if (error instanceof jwt.JWTClaimValidationFailed)
    return new SsoProblem(error.claim === 'iat' ? 'expired' : (claims[error.claim] ?? 'token'))
  if (error instanceof jwt.JWKSTimeout) return new SsoProblem('timeout')
  if (error instanceof jwt.JWKSInvalid || error.code === jwt.JOSEError.code) return new SsoProblem('keys') // no list of keys, or none was given
  const isOfSignature = [jwt.JWSSignatureVerificationFailed, jwt.JWKSNoMatchingKey, jwt.JOSEAlgNotAllowed].some(
    (kind) => error instanceof kind,
  )
  return new SsoProblem(isOfSignature ? 'signature' : 'token')
}

type Details = { claim?: string; attribute?: string; body?: unknown; isOfSignature: boolean }

/** What the library says of the part that was wrong; it stands a cause or two deep. */
function detailsOf(error: unknown): Details {
  const found: Details = { isOfSignature: false }
  for (let at: unknown = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth += 1) {
    for (const name of ['claim', 'attribute'] as const) {
      const value: unknown = Reflect.get(at, name)
      if (typeof value === 'string') found[name] ??= value
    }
    found.body ??= Reflect.get(at, 'body')
    found.isOfSignature ||= Reflect.has(at, 'signature') || Reflect.has(at, 'header')
    at = Reflect.get(at, 'cause')
  }
  return found
}

const issuerOf = (body: unknown): string | null => {
  const said: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'issuer') : undefined
  return typeof said === 'string' ? said.slice(0, 500) : null
}

/** What the network says, a cause or more deep. */
function networkError(error: unknown): Wrong | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at.name === 'TimeoutError' || at.name === 'AbortError') return 'timeout'
    const code: unknown = Reflect.get(at, 'code')
    if (typeof code !== 'string') continue
    if (/CERT|^SELF_SIGNED|^UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO$/.test(code)) return 'certificate'
    if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT' || code === 'ETIMEDOUT') return 'timeout'
    if (/^E[A-Z]+$|^HPE_/.test(code)) return 'unreachable'
  }
  return undefined
}
