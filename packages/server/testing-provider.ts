import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'

export type TestProvider = Awaited<ReturnType<typeof startProvider>>

type Options = {
  /** Under which the system that signs people in there is reached. */
  homeUrl: string
  /** What it says of somebody, by what he types as his name there; without an entry, that name alone. */
  people?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Where it tells who has signed out there, by itself. */
  logoutUrl?: string
}

export const testClient = { id: 'renxin', secret: 'a secret of the provider and of this hospital' }

/** A real provider of OpenID Connect on this machine, with a plain page on which one says who one is. Which password is typed does not matter there. */
export async function startProvider({ homeUrl, people = {}, logoutUrl }: Options) {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => void response.writeHead(503).end()
  const server = createServer((request, response) => answer(request, response))
  const { port } = await new Promise<AddressInfo>((done) => server.listen(0, '127.0.0.1', () => done(server.address() as AddressInfo))) // a TCP listener has one
  const issuer = `http://127.0.0.1:${port}`
  const provider = new Provider(issuer, configuration({ homeUrl, people, logoutUrl }))
  const inner = provider.callback()
  answer = (request, response) => {
    if (request.url?.startsWith('/interaction/')) void interact(provider, request, response)
    else void inner(request, response)
  }
  return {
    issuer,
    stop: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

const configuration = ({ homeUrl, people = {}, logoutUrl }: Options): Configuration => ({
  clients: [
    {
      client_id: testClient.id,
      client_secret: testClient.secret,
      redirect_uris: [`${homeUrl}/sso`],
      post_logout_redirect_uris: [`${homeUrl}/`],
      ...(logoutUrl && { backchannel_logout_uri: logoutUrl, backchannel_logout_session_required: true }),
    },
  ],
  claims: { openid: ['sub', 'amr', 'auth_time'], profile: ['preferred_username', 'employee_number'], email: ['email', 'email_verified'] },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ preferred_username: id, ...people[id], sub: id }) }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: testClient.id, accountId: ctx.oidc.session?.accountId ?? '' })
    grant.addOIDCScope('openid profile email')
    await grant.save()
    return grant
  },
  jwks: { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }] },
  cookies: { keys: ['a key for tests'] },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: logoutUrl !== undefined },
    rpInitiatedLogout: {
      logoutSource: async (ctx, form) => {
        ctx.type = 'html'
        ctx.body = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>退出</title><body><h1>统一身份认证</h1>${form}
<button form="op.logoutForm" name="logout" value="yes">退出统一身份认证</button></body></html>`
      },
    },
  },
  fetch: (url, { method, headers, body }: RequestInit = {}) => fetch(url, { method, headers, body }), // the provider’s own way refuses this machine
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  pkce: { required: () => true },
  ttl: { Session: 3600, Interaction: 600, Grant: 3600, AccessToken: 600, AuthorizationCode: 60, IdToken: 600 },
})

const page = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>统一身份认证</title><body><h1>统一身份认证</h1>
<form method="post"><label>工号 <input name="login"></label><label>多种方式 <input type="checkbox" name="mfa" value="1"></label>
<button name="act" value="go">登录</button><button name="act" value="stop">取消</button></form></body></html>`

async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') return void response.writeHead(200, { 'content-type': 'text/html' }).end(page)
  let body = ''
  for await (const piece of request) body += String(piece)
  const said = new URLSearchParams(body)
  const login = { accountId: said.get('login') ?? '', amr: said.has('mfa') ? ['pwd', 'mfa'] : ['pwd'] }
  const result = said.get('act') === 'stop' ? { error: 'access_denied' } : { login }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
}

/** A browser without a screen: goes where it is sent, keeps cookies, says who it is, signs out where it is asked, and answers the address to which it is sent home. */
export function openBrowser(homeUrl: string) {
  const cookies = new Map<string, string>()
  const ask = async (url: string, body?: URLSearchParams) => {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
    const reply = await fetch(url, { redirect: 'manual', headers, ...(body && { method: 'POST', body }) })
    for (const line of reply.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      if (pair.slice(at + 1) === '') cookies.delete(pair.slice(0, at))
      else cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return { status: reply.status, location: reply.headers.get('location'), text: await reply.text() }
  }
  return async (start: string, who: { login?: string; mfa?: boolean; stops?: boolean } = {}): Promise<URL> => {
    let url = start
    let body: URLSearchParams | undefined
    for (let step = 0; step < 12; step += 1) {
      const { status, location, text } = await ask(url, body)
      body = undefined
      if (location) {
        url = new URL(location, url).href
        if (url.startsWith(homeUrl)) return new URL(url)
      } else if (text.includes('op.logoutForm')) {
        url = /action="([^"]+)"/.exec(text)?.[1] ?? ''
        body = new URLSearchParams({ xsrf: /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? '', logout: 'yes' })
      } else if (new URL(url).pathname.startsWith('/interaction/') && who.login)
        body = new URLSearchParams({ login: who.login, act: who.stops ? 'stop' : 'go', ...(who.mfa && { mfa: '1' }) })
      else throw new Error(`the provider answered ${status}: ${text.slice(0, 300)}`)
    }
    throw new Error('the provider sends its guests in circles')
  }
}
