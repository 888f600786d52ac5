import * as oidc from 'openid-client'
import type { SsoAnswer } from '../../contract.ts'
import { SsoOutcome } from '../../contract.ts'
import { problemOf, SsoProblem } from './problems.ts'
import { discover, isPlain, type Place, redirectUrl, talk, throughOurDoor } from './provider.ts'

/** Asks a provider all that can be asked without a person: what it is, its keys, and whether it knows us. */
export async function testProvider(place: Place): Promise<SsoAnswer> {
  const began = performance.now()
  const tell = (outcome: SsoAnswer['outcome'], more: Partial<SsoAnswer> = {}): SsoAnswer => ({
    outcome,
    said: null,
    warnings: [],
    ...more,
    milliseconds: Math.round(performance.now() - began),
  })
  try {
    return await talk(async () => {
      const config = await discover(place)
      await readKeys(config)
      const knowsUs = await askWithMadeUpCode(config, place)
      const about = config.serverMetadata()
      const warnings: SsoAnswer['warnings'] = []
      if (isPlain(place.issuerUrl)) warnings.push('plain')
      if (!about.code_challenge_methods_supported?.includes('S256')) warnings.push('noPkce')
      if (!about.end_session_endpoint) warnings.push('noLogout')
      if (!knowsUs) warnings.push('clientUnsure')
      return tell('good', { warnings })
    })
  } catch (error) {
    const problem = problemOf(error)
    return tell(outcomeOf(problem), { said: problem.said })
  }
}

/** How a provider was found. `clockOffMs`: how far its clock is before ours; null where it does not say what time it has. */
export type ProviderState = { outcome: SsoAnswer['outcome']; milliseconds: number; clockOffMs: number | null }

/** Whether it is there, is what it should be and shows its keys, and what time it has. Nothing is asked of it that needs us to be known there. */
export async function greetProvider(place: Place, now: () => Date): Promise<ProviderState> {
  const began = performance.now()
  const tell = (outcome: ProviderState['outcome'], clockOffMs: number | null = null): ProviderState => ({
    outcome,
    milliseconds: Math.round(performance.now() - began),
    clockOffMs,
  })
  try {
    return await talk(async () => {
      const config = await discover(place)
      const asked = now().getTime()
      const { headers } = await readKeys(config)
      const said = Date.parse(headers.get('date') ?? '') + 500 // it says whole seconds
      return tell('good', Number.isNaN(said) ? null : Math.round(said - (asked + now().getTime()) / 2))
    })
  } catch (error) {
    return tell(outcomeOf(problemOf(error)))
  }
}

function outcomeOf({ wrong }: SsoProblem): SsoAnswer['outcome'] {
  const outcome = SsoOutcome.safeParse(wrong)
  return outcome.success ? outcome.data : 'notOidc'
}

async function readKeys(config: oidc.Configuration): Promise<Response> {
  const { jwks_uri = '' } = config.serverMetadata()
  const answer = await throughOurDoor(jwks_uri, {
    method: 'GET',
    headers: { accept: 'application/json' },
    body: undefined,
    redirect: 'manual',
  })
  const said: unknown = await answer.json().catch(() => undefined)
  const keys: unknown = typeof said === 'object' && said !== null ? Reflect.get(said, 'keys') : undefined
  if (answer.status !== 200 || !Array.isArray(keys) || keys.length === 0) throw new SsoProblem('keys')
  return answer
}

/** A code that never was is refused as such only to a client that is known and has the right secret (RFC 6749, 5.2). */
async function askWithMadeUpCode(config: oidc.Configuration, place: Place): Promise<boolean> {
  const url = new URL(redirectUrl(place))
  url.searchParams.set('code', 'renxin-test')
  url.searchParams.set('iss', config.serverMetadata().issuer)
  try {
    await oidc.authorizationCodeGrant(config, url, { pkceCodeVerifier: oidc.randomPKCECodeVerifier() })
    return false
  } catch (error) {
    const problem = problemOf(error)
    if (problem.wrong === 'client') throw problem
    return problem.wrong === 'code'
  }
}
