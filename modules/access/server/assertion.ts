import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'

/** Public keys that may sign, and how: RSA of 2048 bits or more with RS384, P-384 with ES384 (SMART App Launch 2.2, Asymmetric authentication). */
export type KeySet = { keys: PublicKey[] }
type PublicKey = JsonWebKey & { kid?: string; use?: string; alg?: string }

export type Claims = { iss: string; sub: string; aud: string[]; jti: string; exp: number }

const LONGEST_LIFE_SECONDS = 300
const CLOCK_SKEW_SECONDS = 30
const SMALLEST_RSA_BITS = 2048

/** The keys of a set that may sign; what is private or of another kind is refused by leaving it out. */
export function readKeySet(value: unknown): KeySet {
  const keys = isObject(value) && Array.isArray(value.keys) ? value.keys : []
  return { keys: keys.filter(isPublicKey).slice(0, 20) }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function isPublicKey(value: unknown): value is PublicKey {
  if (!isObject(value) || 'd' in value || 'p' in value || (value.use !== undefined && value.use !== 'sig')) return false
  return algorithmOf(value) !== undefined
}

function algorithmOf(key: Record<string, unknown>): 'RS384' | 'ES384' | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key: key as JsonWebKey, format: 'jwk' }) // it throws where it is none
    if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= SMALLEST_RSA_BITS ? 'RS384' : undefined
    return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'ES384' : undefined
  } catch {
    return undefined
  }
}

const decode = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

/** Who says that he signed this; nothing of it is believed yet. */
export function claimedIssuer(assertion: string): string | undefined {
  const claims = decode(assertion.split('.')[1] ?? '')
  return isObject(claims) && typeof claims.iss === 'string' ? claims.iss : undefined
}

/** The claims of an assertion that one of these keys signed and that counts now; undefined otherwise. */
export function readAssertion(assertion: string, { keys }: KeySet, now: Date): Claims | undefined {
  const parts = assertion.split('.')
  const [head = '', body = '', signature = ''] = parts
  const header = decode(head)
  if (parts.length !== 3 || !isObject(header) || 'crit' in header) return undefined
  const { alg, kid } = header
  if (alg !== 'RS384' && alg !== 'ES384') return undefined
  const signed = Buffer.from(`${head}.${body}`)
  const isSigned = keys
    .filter((key) => algorithmOf(key) === alg && (kid === undefined || key.kid === undefined || key.kid === kid))
    .some((key) => {
      const dsaEncoding = alg === 'ES384' ? { dsaEncoding: 'ieee-p1363' as const } : {}
      return verify('sha384', signed, { key: createPublicKey({ key, format: 'jwk' }), ...dsaEncoding }, Buffer.from(signature, 'base64url'))
    })
  return isSigned ? claimsIn(decode(body), now.getTime() / 1000) : undefined
}

function claimsIn(claims: unknown, now: number): Claims | undefined {
  if (!isObject(claims)) return undefined
  const { iss, sub, jti, exp, nbf, iat } = claims
  const aud = [claims.aud].flat().filter((a) => typeof a === 'string')
  if (typeof iss !== 'string' || iss !== sub || typeof jti !== 'string' || jti === '' || jti.length > 200) return undefined
  if (typeof exp !== 'number' || exp <= now || exp > now + LONGEST_LIFE_SECONDS + CLOCK_SKEW_SECONDS) return undefined
  if (typeof nbf === 'number' && nbf > now + CLOCK_SKEW_SECONDS) return undefined
  if (typeof iat === 'number' && iat > now + CLOCK_SKEW_SECONDS) return undefined
  return { iss, sub: iss, aud, jti, exp }
}
