import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ATTEMPT_COOKIE, allowLoopback, SESSION_COOKIE } from '@renxin/server'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { ssoLogoutPath } from '../../contract.ts'
import { mostGuesses } from '../rules.ts'
import { openAccess, password } from '../testing.ts'
import { saveSso, testSso } from './settings.ts'

/** A provider that says whatever a test lets it say; as it stands at the beginning of each, it is an honest one. */
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const strangers = generateKeyPairSync('rsa', { modulusLength: 2048 })
type Answer = { status?: number; type?: string; body: string } | 'silence'
const json = (body: unknown, status = 200): Answer => ({ status, body: JSON.stringify(body) })
let said: Record<string, (body: URLSearchParams) => Answer> = {}
let asked: string[] = []
const server = createServer((request, response) => void answer(request, response))
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP listener has a port
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const piece of request) body += String(piece)
  const path = request.url ?? ''
  asked.push(path)
  const reply = said[path]?.(new URLSearchParams(body)) ?? { status: 404, body: 'nothing here', type: 'text/plain' }
  if (reply === 'silence') return
  response.writeHead(reply.status ?? 200, { 'content-type': reply.type ?? 'application/json' }).end(reply.body)
}

const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  end_session_endpoint: `${issuer}/leave`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
  code_challenge_methods_supported: ['S256'],
}
const DISCOVERY = '/.well-known/openid-configuration'
const jwk = (key: KeyObject) => ({ ...key.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' })

beforeEach(async () => {
  allowLoopback(true)
  asked = []
  said = {
    [DISCOVERY]: () => json(metadata),
    '/jwks': () => json({ keys: [jwk(keys.publicKey)] }),
    '/token': () => json({ error: 'invalid_grant' }, 400),
  }
  house.advance({ minutes: 11 }) // what was said before is asked anew
  await set()
})

const homeUrl = 'http://crm.hospital.test'
const { house, http, newUser, ask, signIn } = await openAccess()
const place = { homeUrl, issuerUrl: issuer, clientId: 'renxin', clientSecret: 'a secret' }
const settings = { isActive: true, label: '工号', claim: 'name', match: 'name', trustsFactor: true, signsOutThere: true } as const
const set = (change: object = {}) => house.inside((ctx) => saveSso(ctx, { ...settings, ...place, alwaysAsks: true, ...change }))
const { name } = await newUser()

async function post(path: string, body: object, attempt = '') {
  const response = await http.inject({
    method: 'POST',
    url: `/api/access${path}`,
    headers: { 'x-renxin': '1' },
    cookies: attempt ? { [ATTEMPT_COOKIE]: attempt } : {},
    payload: { hospitalId: house.hospitalId, ...body },
  })
  const cookie = (wanted: string) => response.cookies.find((c) => c.name === wanted)?.value ?? ''
  return { status: response.statusCode, body: response.json(), attempt: cookie(ATTEMPT_COOKIE), session: cookie(SESSION_COOKIE) }
}

/** The protocol’s library reads the clock of the process, not the hospital’s. */
const seconds = () => Math.floor((performance.timeOrigin + performance.now()) / 1000)

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
function signed(claims: object, header: object = {}, key = keys.privateKey): string {
  const text = `${part({ alg: 'RS256', kid: 'one', ...header })}.${part(claims)}`
  return `${text}.${createSign('sha256').update(text).sign(key, 'base64url')}`
}

type Claims = Record<string, unknown>
type Forge = (honest: Claims) => string

/** Comes back from a provider that answers with this token. */
async function comeBack(forge: Forge = (claims) => signed(claims), more: object = {}) {
  const begun = await post('/sso/begin', {})
  const sent = new URL(begun.body.url).searchParams
  const now = seconds()
  const honest = { iss: issuer, sub: '7', aud: 'renxin', iat: now, exp: now + 300, auth_time: now, nonce: sent.get('nonce'), name }
  said['/token'] = () => json({ access_token: 'x', token_type: 'Bearer', id_token: forge(honest), ...more })
  return post('/sso/finish', { state: sent.get('state'), code: 'a-code' }, begun.attempt)
}

const wrongOfLast = async () =>
  (
    await house.sql(
      "select detail ->> 'wrong' as wrong from house.audit where detail ->> 'because' = 'sso' order by at desc, id desc limit 1",
    )
  )[0]

test('an honest answer lets in', async () => {
  expect(await comeBack()).toMatchObject({ status: 200, body: { user: { name } } })
})

const past = () => seconds() - 4000
const lies: [what: string, forge: Forge, wrong: string][] = [
  ['another nonce', (c) => signed({ ...c, nonce: 'another' }), 'nonce'],
  ['no nonce', ({ nonce: _, ...c }) => signed(c), 'token'],
  ['another issuer', (c) => signed({ ...c, iss: 'https://another.example' }), 'issuer'],
  ['another audience', (c) => signed({ ...c, aud: 'another' }), 'audience'],
  ['another party that it is for', (c) => signed({ ...c, aud: ['renxin', 'another'], azp: 'another' }), 'audience'],
  ['a token out of date', (c) => signed({ ...c, iat: past(), exp: past() + 60 }), 'expired'],
  ['a password typed an hour ago', (c) => signed({ ...c, auth_time: past() }), 'notFresh'],
  ['no word when the password was typed', ({ auth_time: _, ...c }) => signed(c), 'token'],
  ['no signature', (c) => `${part({ alg: 'none' })}.${part(c)}.`, 'signature'],
  ['a signature by the shared secret', (c) => signed(c, { alg: 'HS256' }), 'signature'],
  ['a signature by another key', (c) => signed(c, {}, strangers.privateKey), 'signature'],
  ['a key that it does not have', (c) => signed(c, { kid: 'two' }), 'signature'],
  [
    'a token that was changed',
    (c) => `${signed(c).split('.')[0]}.${part({ ...c, name: 'admin' })}.${signed(c).split('.')[2]}`,
    'signature',
  ],
  ['no person', ({ sub: _, ...c }) => signed(c), 'token'],
  ['no name', ({ name: _, ...c }) => signed(c), 'claim'],
  ['a name that is a list', (c) => signed({ ...c, name: [name] }), 'claim'],
  ['a name without an end', (c) => signed({ ...c, name: 'x'.repeat(5000) }), 'claim'],
  ['what is no token', () => 'rubbish', 'token'],
  ['a token of rubbish', () => 'a.b.c', 'notOidc'],
]

test.each(lies)('%s lets nobody in', async (_, forge, wrong) => {
  const done = await comeBack(forge)

  expect(done.session).toBe('')
  expect(['access.ssoRefused', 'access.ssoUnavailable']).toContain(done.body.code)
  expect(await wrongOfLast()).toEqual({ wrong })
})

/** What the provider says by itself of somebody who has signed out there. */
async function tell(forge: (honest: Claims) => string, headers: object = {}) {
  const honest = {
    iss: issuer,
    aud: 'renxin',
    iat: seconds(),
    exp: seconds() + 120,
    jti: crypto.randomUUID(),
    sub: '7',
    events: { [EVENT]: {} },
  }
  const { statusCode, headers: back } = await http.inject({
    method: 'POST',
    url: ssoLogoutPath(house.hospitalId),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: String(new URLSearchParams({ logout_token: forge(honest) })),
  })
  return [statusCode, back['cache-control']]
}
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const typed = { typ: 'logout+jwt' }
const lastLogout = async () =>
  (await house.sql("select action, detail from house.audit where action like 'access.signOutBySso%' order by at desc, id desc limit 1"))[0]

test('who signed out at the provider altogether is out of all that it has opened here; it is said once, and who was not here is answered alike', async () => {
  const [one, two] = [await comeBack(), await comeBack()]
  let token = ''

  const said = await tell((c) => (token = signed(c, typed)))
  const unknown = await tell((c) => signed({ ...c, sub: 'nobody' }))
  house.advance({ seconds: 1 })
  const again = await tell(() => token)

  expect([said, again, unknown]).toEqual([[200, 'no-store'], [400, 'no-store'], [200, 'no-store']]) // biome-ignore format: one thought
  for (const { session } of [one, two]) expect((await ask('/me', { cookie: session })).status).toBe(401)
  expect(await lastLogout()).toEqual({ action: 'access.signOutBySsoRefused', detail: { wrong: 'again' } })
})

test('a session there ends what began in it, and what is here of the same person without one; and whoever has a code to type yet types it in vain', async () => {
  const inSession = await comeBack((c) => signed({ ...c, sid: 'one' }))
  const inOther = await comeBack((c) => signed({ ...c, sid: 'two' }))
  const withoutOne = await comeBack()
  await house.sql("update access.users set totp_secret = 'x' where name = $1", [name])
  const half = await comeBack((c) => signed({ ...c, sid: 'one' }))

  expect(await tell((c) => signed({ ...c, sid: 'one' }))).toEqual([200, 'no-store'])
  expect(await tell(({ sub: _, ...c }) => signed({ ...c, sid: 'three' }))).toEqual([200, 'no-store'])
  await house.sql('update access.users set totp_secret = null where name = $1', [name])

  const status = async ({ session }: typeof half) => (await ask('/me', { cookie: session })).status
  expect([await status(inSession), await status(inOther), await status(withoutOne)]).toEqual([401, 200, 401])
  expect(half.body.code).toBe('access.ssoCodeNeeded')
  expect((await post('/sso/code', { code: '123456' }, half.attempt)).body.code).toBe('access.ssoStale')
})

const falseLogouts: [what: string, forge: Forge, wrong: string][] = [
  ['with a nonce, as a token of identity has one', (c) => signed({ ...c, nonce: 'x' }), 'nonce'],
  ['of another issuer', (c) => signed({ ...c, iss: 'https://another.example' }), 'issuer'],
  ['for another client', (c) => signed({ ...c, aud: 'another' }), 'audience'],
  ['that is old', (c) => signed({ ...c, iat: past() }), 'expired'],
  ['that is from tomorrow', (c) => signed({ ...c, iat: seconds() + 86_400 }), 'expired'],
  ['that is out of date', (c) => signed({ ...c, exp: past() }), 'expired'],
  ['without its time', ({ iat: _, ...c }) => signed(c), 'expired'],
  ['without its number', ({ jti: _, ...c }) => signed(c), 'token'],
  ['of nobody', ({ sub: _, ...c }) => signed(c), 'token'],
  ['of a person that is a list', (c) => signed({ ...c, sub: ['7'] }), 'token'],
  ['without an event', ({ events: _, ...c }) => signed(c), 'token'],
  ['of another event', (c) => signed({ ...c, events: { 'https://another.example': {} } }), 'token'],
  ['of an event that is no object', (c) => signed({ ...c, events: { [EVENT]: true } }), 'token'],
  ['without a signature', (c) => `${part({ alg: 'none' })}.${part(c)}.`, 'signature'],
  ['signed by the shared secret', (c) => signed(c, { alg: 'HS256' }), 'signature'],
  ['signed by another key', (c) => signed(c, {}, strangers.privateKey), 'signature'],
  ['signed by a key that it does not have', (c) => signed(c, { kid: 'two' }), 'signature'],
  ['that is no token', () => 'rubbish', 'token'],
  ['that is nothing', () => '', 'token'],
]

test('a word that is false in any of nineteen ways signs nobody out', async () => {
  const { session } = await comeBack()

  const found: unknown[] = []
  for (const [what, forge] of falseLogouts) {
    house.advance({ seconds: 1 })
    found.push([what, await tell(forge), await lastLogout()])
  }

  expect(found).toEqual(
    falseLogouts.map(([what, , wrong]) => [what, [400, 'no-store'], { action: 'access.signOutBySsoRefused', detail: { wrong } }]),
  )
  expect(falseLogouts).toHaveLength(19)
  expect((await ask('/me', { cookie: session })).status).toBe(200)
})

test('rubbish without end fills the trail for a while only, and a true word is heard all the same', async () => {
  const { session } = await comeBack()
  await tell(() => 'rubbish')
  await house.sql('update access.guesses set count = $1', [mostGuesses.address])

  expect(await tell(() => 'rubbish')).toEqual([429, 'no-store'])
  expect(await tell((c) => signed(c))).toEqual([200, 'no-store'])
  expect((await ask('/me', { cookie: session })).status).toBe(401)
})

const rubbish: [what: string, answer: () => Answer][] = [
  ['a page', () => ({ type: 'text/html', body: '<html>统一认证</html>' })],
  ['a page that calls itself JSON', () => ({ body: '<html>' })],
  ['nothing', () => ({ body: '' })],
  ['a list', () => json([])],
  ['null', () => json(null)],
  ['an empty object', () => json({})],
  ['no token of identity', () => json({ access_token: 'x', token_type: 'Bearer' })],
  ['a token that is a number', () => json({ access_token: 'x', token_type: 'Bearer', id_token: 7 })],
  ['a fault', () => ({ status: 500, body: 'oops' })],
  ['a way to somewhere else', () => ({ status: 302, body: '' })],
  ['an answer without an end', () => ({ body: `"${'x'.repeat(400_000)}"` })],
  ['an error with a foreign name', () => json({ error: '__proto__', error_description: '<script>alert(1)</script>' }, 400)],
]

test.each(rubbish)('a provider that answers %s lets nobody in and breaks nothing', async (_, reply) => {
  const begun = await post('/sso/begin', {})
  said['/token'] = reply
  const state = new URL(begun.body.url).searchParams.get('state')

  const done = await post('/sso/finish', { state, code: 'a-code' }, begun.attempt)

  expect(done.session).toBe('')
  expect(['access.ssoRefused', 'access.ssoUnavailable']).toContain(done.body.code)
  expect(JSON.stringify(done.body)).not.toContain('script')
})

test('while the provider is down its button says so, and the password opens as before', async () => {
  said[DISCOVERY] = () => ({ status: 503, body: '' })

  const begun = await post('/sso/begin', {})

  expect(begun).toMatchObject({ status: 503, body: { code: 'access.ssoUnavailable' }, attempt: '' })
  expect((await signIn(name, password)).status).toBe(200)
})

test('a provider that hangs is not waited for, and does not keep the others from their work', { timeout: 20_000 }, async () => {
  said[DISCOVERY] = () => 'silence'

  const began = performance.now()
  const hanging = Promise.all(Array.from({ length: 12 }, () => post('/sso/begin', {})))
  const other = await signIn(name, password)
  const outcomes = await hanging

  expect(other.status).toBe(200)
  expect(outcomes.map((o) => o.body.code)).toEqual(Array(12).fill('access.ssoUnavailable'))
  expect(performance.now() - began).toBeLessThan(12_000)
})

const testing = (change: object = {}) => house.inside((ctx) => testSso(ctx, { ...place, ...change }))
const describes = (change: object) => () => json({ ...metadata, ...change })

const findings: [what: string, arrange: () => void, found: object][] = [
  ['all is well', () => {}, { outcome: 'good', warnings: ['plain'] }],
  ['it is a page', () => { said[DISCOVERY] = () => ({ type: 'text/html', body: '<html>' }) }, { outcome: 'notOidc' }],
  ['there is nothing', () => { said = {} }, { outcome: 'status' }],
  ['it has another name', () => { said[DISCOVERY] = describes({ issuer: 'https://sso.hospital.cn' }) }, { outcome: 'issuer', said: 'https://sso.hospital.cn' }],
  ['it has no token address', () => { said[DISCOVERY] = describes({ token_endpoint: undefined }) }, { outcome: 'endpoints' }],
  ['its page is a script', () => { said[DISCOVERY] = describes({ authorization_endpoint: 'javascript:alert(1)' }) }, { outcome: 'endpoints' }],
  ['its way out is a script', () => { said[DISCOVERY] = describes({ end_session_endpoint: 'javascript:alert(1)' }) }, { outcome: 'endpoints' }],
  ['it signs by the secret alone', () => { said[DISCOVERY] = describes({ id_token_signing_alg_values_supported: ['HS256', 'none'] }) }, { outcome: 'algorithm' }],
  ['it has no keys', () => { said['/jwks'] = () => json({ keys: [] }) }, { outcome: 'keys' }],
  ['its keys are a page', () => { said['/jwks'] = () => ({ body: '<html>' }) }, { outcome: 'keys' }],
  ['it does not know us', () => { said['/token'] = () => json({ error: 'invalid_client' }, 401) }, { outcome: 'client' }],
  ['it does not say whether it knows us', () => { said['/token'] = () => ({ status: 500, body: '' }) }, { outcome: 'good', warnings: ['plain', 'clientUnsure'] }],
  ['it knows neither PKCE nor signing out', () => { said[DISCOVERY] = describes({ code_challenge_methods_supported: undefined, end_session_endpoint: undefined }) }, { outcome: 'good', warnings: ['plain', 'noPkce', 'noLogout'] }],
] // biome-ignore format: a table

test.each(findings)('the test says when %s', async (_, arrange, found) => {
  arrange()

  expect(await testing()).toMatchObject(found)
})

test('the test says when nobody is there, and when nobody answers', { timeout: 20_000 }, async () => {
  expect(await testing({ issuerUrl: 'http://127.0.0.1:9' })).toMatchObject({ outcome: 'unreachable' })
  said[DISCOVERY] = () => 'silence'
  expect(await testing()).toMatchObject({ outcome: 'timeout' })
})

test('no address that a provider names leads us to what is closed', async () => {
  said[DISCOVERY] = describes({ jwks_uri: 'http://169.254.169.254/latest/meta-data' })
  expect(await testing()).toMatchObject({ outcome: 'closedAddress' })
  said[DISCOVERY] = describes({ token_endpoint: 'http://169.254.169.254/token' })
  await set({ clientId: 'another' })

  const done = await comeBack()

  expect(done.body.code).toBe('access.ssoUnavailable')
  expect(await wrongOfLast()).toEqual({ wrong: 'closedAddress' })
  allowLoopback(false)
  await expect(testing()).rejects.toMatchObject({ code: 'house.closedAddress' })
  await expect(set()).rejects.toMatchObject({ code: 'house.closedAddress' })
})

test('a secret that was given for one provider is sent to no other, and never shown', async () => {
  const admin = await signIn((await newUser({ roleKeys: ['securityAdministrator'] })).name)
  const nurse = await signIn(name)
  const { clientSecret: _, ...without } = place
  const save = async (body: object) => (await ask('/sso-settings', { cookie: admin.session, method: 'PUT', body })).body.settings.hasSecret

  const moved = await save({ ...settings, ...without, alwaysAsks: true, issuerUrl: 'https://sso.hospital.cn' })
  const back = await save({ ...settings, ...place, alwaysAsks: true })
  const kept = await save({ ...settings, ...without, alwaysAsks: true, label: '统一登录' })
  const shown = await ask('/sso-settings', { cookie: admin.session })

  expect([moved, back, kept]).toEqual([false, true, true])
  expect(shown.body.settings).toMatchObject({ label: '统一登录' })
  expect(JSON.stringify(shown.body)).not.toContain('a secret')
  expect((await ask('/sso-settings', { cookie: nurse.session })).status).toBe(403)
})

test('two hospitals have their own providers: an answer for one opens nothing at the other', async () => {
  const there = await house.addHospital('仁爱医院')
  const begun = await post('/sso/begin', {})
  const state = new URL(begun.body.url).searchParams.get('state')

  const crossed = await post('/sso/finish', { hospitalId: there, state, code: 'a-code' }, begun.attempt)

  expect(crossed.body.code).toBe('access.ssoOff')
  expect((await ask(`/sso?hospitalId=${there}`)).body).toEqual({ label: null, homeUrl: null })
  expect(asked).not.toContain('/token')
})
