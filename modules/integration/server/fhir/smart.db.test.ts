import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createClient } from '@renxin/access'
import { accessApi } from '@renxin/access/contract'
import { addressOf, newId } from '@renxin/kernel'
import { beforeAll, expect, test } from 'vitest'
import { type Answer, BASE, openFhir, type Resource } from './testing.fixture.ts'

const { app, house, get, put, keyFor } = await openFhir()
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
const stranger = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
const jwk = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' })

let clientId = ''
let tokenUrl = ''
const patient: Resource = {
  resourceType: 'Patient',
  id: 'p1',
  name: [{ text: '王芳' }],
  telecom: [{ system: 'phone', value: '13800138000' }],
}

type Said = { alg?: string; key?: KeyObject; kid?: string; claims?: object }

function assertion({ alg = 'ES384', key = ec.privateKey, kid = 'ec', claims = {} }: Said = {}): string {
  const now = Math.floor(house.now().getTime() / 1000)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${part({ alg, kid, typ: 'JWT' })}.${part({ iss: clientId, sub: clientId, aud: tokenUrl, jti: newId(), exp: now + 240, ...claims })}`
  const signature = sign(
    alg.endsWith('384') ? 'sha384' : 'sha256',
    Buffer.from(body),
    alg.startsWith('ES') ? { key, dsaEncoding: 'ieee-p1363' } : key,
  )
  return `${body}.${signature.toString('base64url')}`
}

async function ask(jwt: string, scope = 'system/*.read', more: Record<string, string> = {}) {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: jwt,
    scope,
    ...more,
  })
  const response = await app.inject({
    method: 'POST',
    url: tokenUrl.replace('http://localhost:80', ''),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: form.toString(),
  })
  const body: { access_token: string; scope: string; error?: string } = response.json() // as RFC 6749 has it
  return { ...body, status: response.statusCode }
}

beforeAll(async () => {
  const keys = { keys: [jwk(rsa.publicKey, 'rsa'), jwk(ec.publicKey, 'ec'), jwk(weak.publicKey, 'weak')] }
  const client = await house.inside((ctx) => createClient(ctx, { name: '科研平台', keys, scopes: ['fhir.read', 'fhir.write'] }))
  clientId = client.clientId
  tokenUrl = (await get('.well-known/smart-configuration')).body.token_endpoint as string // asked of the server itself
  await put(patient)
})

test('the configuration names the door, and who signs with a key that is known gets a token for some minutes', async () => {
  expect(tokenUrl).toBe(`${BASE}/auth/${house.hospitalId}/token`)

  const { status, access_token: key, scope } = await ask(assertion())
  const read: Answer = await get('Patient/p1', { key })
  const written = await put(patient, { key })
  house.advance({ minutes: 6 })
  const late = await get('Patient/p1', { key })

  expect([status, scope]).toEqual([200, 'system/*.read'])
  expect([read.status, read.body.telecom]).toEqual([200, [{ system: 'phone', value: '138****8000' }]])
  expect(written.status).toBe(403)
  expect(late.status).toBe(401)
})

test('an RSA key signs with RS384 as well', async () => {
  expect((await ask(assertion({ alg: 'RS384', key: rsa.privateKey, kid: 'rsa' }))).status).toBe(200)
})

test('an assertion is taken once', async () => {
  const jwt = assertion()

  const answers = [await ask(jwt), await ask(jwt)]

  expect(answers.map((a) => [a.status, a.error])).toEqual([
    [200, undefined],
    [401, 'invalid_client'],
  ])
})

const spoilt: [string, () => string][] = [
  ['signed by a stranger', () => assertion({ key: stranger.privateKey })],
  ['signed by a key that is too weak', () => assertion({ alg: 'RS384', key: weak.privateKey, kid: 'weak' })],
  ['of another algorithm', () => assertion({ alg: 'RS256', key: rsa.privateKey, kid: 'rsa' })],
  ['not signed at all', () => `${assertion().split('.').slice(0, 2).join('.')}.`],
  ['for another door', () => assertion({ claims: { aud: 'https://elsewhere.example/token' } })],
  ['for another hospital’s door', () => assertion({ claims: { aud: `${BASE}/auth/99/token` } })],
  ['that has expired', () => assertion({ claims: { exp: Math.floor(house.now().getTime() / 1000) - 1 } })],
  ['that would count for ever', () => assertion({ claims: { exp: Math.floor(house.now().getTime() / 1000) + 86_400 } })],
  ['without a number of its own', () => assertion({ claims: { jti: '' } })],
  ['of one who speaks for another', () => assertion({ claims: { sub: 'rx_1_somebody' } })],
  ['that is rubbish', () => 'a.b.c'],
]
test.each(spoilt)('an assertion %s is refused', async (_, make) => {
  expect(await ask(make())).toEqual({ status: 401, error: 'invalid_client' })
})

test('what is asked for in another way is refused in the manner of the standard', async () => {
  expect((await ask(assertion(), 'system/*.read', { grant_type: 'password' })).error).toBe('unsupported_grant_type')
  expect((await ask(assertion(), 'system/*.read', { client_assertion_type: 'x' })).error).toBe('invalid_request')
  expect((await ask(assertion(), 'user/*.read openid')).error).toBe('invalid_scope')
})

test('a token for one type reads that type and no other, in searches and Bundles too', async () => {
  await put({ resourceType: 'Observation', id: 'o1', status: 'final', code: { text: 'x' }, subject: { reference: 'Patient/p1' } })
  const { access_token: key, scope } = await ask(assertion(), 'system/Patient.rs system/Observation.c launch')

  expect(scope).toBe('system/Patient.rs system/Observation.c')
  expect((await get('Patient/p1', { key })).status).toBe(200)
  expect((await get('Observation/o1', { key })).status).toBe(403)
  expect((await get('Patient?_has:Observation:patient:status=final', { key })).status).toBe(403)
  const { body } = await get('Patient?_id=p1&_revinclude=Observation:patient', { key })
  expect(body.entry?.map((e) => e.resource.resourceType)).toEqual(['Patient'])
  expect((await get('Patient/p1/$everything', { key })).body.entry?.map((e) => e.resource.resourceType)).toEqual(['Patient'])
})

test('a client that is revoked gets no more tokens, and those it has die', async () => {
  const { access_token: key } = await ask(assertion())
  const officer = { authorization: `Bearer ${await keyFor('access.keys')}` }
  const { rows } = (await app.inject({ url: addressOf(accessApi.clients), headers: officer })).json()

  const revoked = await app.inject({ method: 'DELETE', url: `${addressOf(accessApi.clients)}/${rows[0].id}`, headers: officer })

  expect([rows[0].clientId, rows[0].keyCount, revoked.json().revokedAt]).toEqual([clientId, 2, expect.any(String)])
  expect((await get('Patient/p1', { key })).status).toBe(401)
  expect((await ask(assertion())).error).toBe('invalid_client')
})

test('a set without a public key that can sign is refused, and a private key with it', async () => {
  const make = (keys: unknown) => house.inside((ctx) => createClient(ctx, { name: 'x', keys, scopes: ['fhir.read'] }))

  await expect(make({ keys: [ec.privateKey.export({ format: 'jwk' })] })).rejects.toMatchObject({ code: 'access.noPublicKey' })
  await expect(make({ keys: [jwk(weak.publicKey, 'weak')] })).rejects.toMatchObject({ code: 'access.noPublicKey' })
  await expect(make('x')).rejects.toMatchObject({ code: 'access.noPublicKey' })
})
