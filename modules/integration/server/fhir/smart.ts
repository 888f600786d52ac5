import { grantToken } from '@renxin/access'
import type { ExchangeReply } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import { ADDRESS, type Asking } from './setting.ts'

const tokenPath = (ctx: Context) => `${ADDRESS}/auth/${ctx.hospital.id}/token`

const json = (status: number, body: object): ExchangeReply => ({
  status,
  headers: { 'content-type': 'application/json', pragma: 'no-cache' },
  body: JSON.stringify(body),
})

/** Where and how a token is got (SMART App Launch 2.2, backend services). */
export const smartConfiguration = (ctx: Context, { origin }: Asking): ExchangeReply =>
  json(200, {
    token_endpoint: `${origin}${tokenPath(ctx)}`,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    scopes_supported: ['system/*.read', 'system/*.write', 'system/*.rs', 'system/*.cruds'],
    capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
  })

/** A token for whoever proves with his private key who he is (RFC 6749, 5.1 and 5.2). */
export async function giveToken(ctx: Context, { query, headers, origin }: Asking): Promise<ExchangeReply> {
  const form = new Map(query)
  const isForm = /^application\/x-www-form-urlencoded/.test(headers['content-type'] ?? '')
  const granted = isForm
    ? await grantToken(ctx, {
        grantType: form.get('grant_type') ?? '',
        assertionType: form.get('client_assertion_type') ?? '',
        assertion: (form.get('client_assertion') ?? '').slice(0, 20_000),
        scope: (form.get('scope') ?? '').slice(0, 5000),
        isOurAddress: (audience) => isOurs(audience, origin, tokenPath(ctx)),
      })
    : { error: 'invalid_request' as const }
  if ('error' in granted) return json(granted.error === 'invalid_client' ? 401 : 400, { error: granted.error })
  return json(200, { access_token: granted.accessToken, token_type: 'bearer', expires_in: granted.expiresIn, scope: granted.scope })
}

/** Signed for this very door: a proxy may speak https for us, so only host and path are compared. */
function isOurs(audience: string, origin: string, path: string): boolean {
  if (!URL.canParse(audience)) return false
  const [said, ours] = [new URL(audience), new URL(origin)]
  return said.hostname === ours.hostname && said.pathname === path
}
