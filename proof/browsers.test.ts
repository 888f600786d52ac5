import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authenticator, createUser } from '@renxin/access'
import { calendarOf, modules } from '@renxin/app-server/modules'
import { operationOutcome } from '@renxin/integration'
import { addressOf, newId, type Route } from '@renxin/kernel'
import { openHttp, routesOf, SESSION_COOKIE } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { setupModule } from './crawl/world.ts'

const rooms = [...modules, setupModule()]
const folder = await mkdtemp(join(tmpdir(), 'renxin-browsers-'))
await mkdir(join(folder, 'assets'))
await writeFile(join(folder, 'index.html'), '<!doctype html><title>仁心</title>')
await writeFile(join(folder, 'assets/page-1a2b.js'), 'export {}')

const house = await openHouse(rooms, { now: '2026-09-04T09:00+08:00', prepare: true, authenticator, calendarOf })
const http = await openHttp(house.house, {
  requestsPerMinute: 100_000,
  pages: folder,
  problems: [{ prefix: '/fhir/', type: 'application/fhir+json; charset=utf-8', body: operationOutcome }],
})
await http.listen({ host: '127.0.0.1', port: 0 })
const url = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}` // a TCP listener has a port
afterAll(async () => {
  http.server.closeAllConnections()
  await http.close()
  await rm(folder, { recursive: true })
})

const password = 'Nurse-2026-browser'
const roles = (await house.sql<{ key: string }>(`select key from access.roles where key <> 'auditor'`)).map((r) => r.key)
let count = 0
async function account(): Promise<string> {
  const name = `person${++count}`
  await house.inside((ctx) => createUser(ctx, { name, displayName: name, password, roleKeys: roles }))
  return name
}

type Asked = { method?: Route['method'] | 'OPTIONS'; session?: string; headers?: Record<string, string>; body?: string | object }
const ask = (at: string, { method = 'GET', session, headers = { 'x-renxin': '1' }, body }: Asked = {}) =>
  http.inject({
    method,
    url: at,
    headers,
    ...(session === undefined ? {} : { cookies: { [SESSION_COOKIE]: session } }),
    ...(body === undefined ? {} : { payload: body }),
  })
const enter = (name: string, more: Asked = {}) =>
  ask('/api/access/sign-in', { method: 'POST', body: { name, password, hospitalId: house.hospitalId }, ...more })
const sessionIn = (answer: Awaited<ReturnType<typeof ask>>) => answer.cookies.find((c) => c.name === SESSION_COOKIE)
const signIn = async (name: string, more: Asked = {}) => sessionIn(await enter(name, more))?.value ?? ''
const me = async (session: string) => (await ask('/api/access/me', { session })).statusCode

describe('a page of somebody else in the same browser', () => {
  const writes = routesOf(rooms).filter((r) => r.method !== 'GET')
  const addressed = (route: Route) => addressOf(route).replaceAll(/:\w+/g, () => newId())

  test('brings about nothing by any write of any room, whatever it sends the session along with', async () => {
    const session = await signIn(await account())
    const rows = async () => (await house.ownerSql('select count(*)::int as n from house.audit'))[0]?.n
    const before = await rows()
    const foreign: Asked[] = [
      { headers: { origin: 'https://evil.example', 'content-type': 'application/json' }, body: '{}' },
      { headers: { origin: 'https://evil.example', 'content-type': 'text/plain' }, body: '{}' },
      { headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' },
      { headers: { origin: 'https://evil.example', 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
      { headers: { origin: 'https://evil.example', 'x-renxin': '0' } },
    ]

    const taken: string[] = []
    for (const route of writes)
      for (const said of foreign) {
        const { statusCode, body } = await ask(addressed(route), { ...said, method: route.method, session })
        const isUnread = statusCode === 400 && body.includes('contentType') // of forms and plain texts nothing is read
        if (statusCode !== 403 && !isUnread) taken.push(`${route.method} ${addressOf(route)} answers ${statusCode} ${body.slice(0, 300)}`)
      }

    expect(taken).toEqual([])
    expect(writes.length).toBeGreaterThan(150)
    expect(await rows()).toBe(before)
    expect(await me(session)).toBe(200)
  })

  test('is what is refused there: with the mark of our own pages every write is heard', async () => {
    const deaf: string[] = []
    for (const route of writes) {
      const answer = await ask(addressed(route), { method: route.method })
      if (answer.body.includes('x-renxin')) deaf.push(addressOf(route))
    }
    expect(deaf).toEqual([])
  })

  test('is given no leave to read an answer or to send our mark', async () => {
    const session = await signIn(await account())
    const headers = {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-renxin',
    }
    const answers = await Promise.all(
      ['/api/access/me', '/api/access/sign-in', '/fhir/R4/Patient', '/'].flatMap((at) => [
        ask(at, { method: 'OPTIONS', headers, session }),
        ask(at, { headers, session }),
      ]),
    )
    expect(answers.flatMap((a) => Object.keys(a.headers)).filter((name) => name.startsWith('access-control-'))).toEqual([])
  })
})

test('a session that was laid into a browser beforehand is not the one after signing in, and is worth nothing', async () => {
  const [thief, nurse] = [await account(), await account()]
  const invented = `${house.hospitalId}.${'a'.repeat(43)}`
  const own = await signIn(thief)
  expect(await me(own)).toBe(200)

  const after = [await signIn(nurse, { session: invented }), await signIn(nurse, { session: own })]

  expect(new Set([...after, invented, own, '']).size).toBe(5)
  expect(await Promise.all([invented, own].map(me))).toEqual([401, 401])
  expect(await Promise.all(after.map(me))).toEqual([200, 200])
})

/** Whether the live events of a session have come to their end. */
async function listen(session: string): Promise<() => boolean> {
  const stream = await fetch(`${url}/api/events`, { headers: { cookie: `${SESSION_COOKIE}=${session}` } })
  let isOver = false
  void (async () => {
    for await (const _ of stream.body ?? []);
  })()
    .catch(() => {})
    .finally(() => {
      isOver = true
    })
  return () => isOver
}

test('who signs out everywhere has no session left the moment after, on no device and in no live stream', async () => {
  const [nurse, bystander] = [await account(), await signIn(await account())]
  const sessions = [await signIn(nurse), await signIn(nurse), await signIn(nurse)]
  expect(await Promise.all(sessions.map(me))).toEqual([200, 200, 200])
  const [first = '', second = '', third = ''] = sessions
  const streams = await Promise.all([first, second, third].map(listen))
  const theirs = await listen(bystander)

  const answer = await ask('/api/access/sign-out-everywhere', { method: 'POST', session: first, body: {} })

  expect(await Promise.all(sessions.map(me))).toEqual([401, 401, 401])
  expect(sessionIn(answer)).toMatchObject({ value: '', path: '/' })
  await expect.poll(() => streams.map((isOver) => isOver()), { timeout: 5000 }).toEqual([true, true, true])
  expect([theirs(), await me(bystander)]).toEqual([false, 200])
})

test('no script reads the session, no other site sends it, and behind TLS it goes over TLS alone', async () => {
  const name = await account()
  const [plain, sealed] = [await enter(name), await enter(name, { headers: { 'x-renxin': '1', 'x-forwarded-proto': 'https' } })]

  const flags = { httpOnly: true, sameSite: 'Strict' }
  expect(sessionIn(plain)).toMatchObject({ ...flags, path: '/' })
  expect(sessionIn(plain)).not.toHaveProperty('domain')
  for (const answer of [plain, sealed]) for (const cookie of answer.cookies) expect(cookie).toMatchObject(flags)
  expect(plain.cookies.map((c) => c.secure ?? false)).toEqual([false, false])
  expect(sealed.cookies.map((c) => c.secure)).toEqual([true, true])
  const out = await ask('/api/access/sign-out', {
    method: 'POST',
    session: sessionIn(sealed)?.value ?? '',
    headers: { 'x-renxin': '1', 'x-forwarded-proto': 'https' },
    body: {},
  })
  expect(sessionIn(out)).toMatchObject({ ...flags, value: '', path: '/', secure: true })
})

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  'frame-src blob:',
  "font-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
]

test('every kind of answer says what a browser may do with it, is not kept, and does not say what software of which version it is from', async () => {
  const session = await signIn(await account())
  const live = await fetch(`${url}/api/events`, { headers: { cookie: `${SESSION_COOKIE}=${session}` } })
  await live.body?.cancel()
  const slow = await openHttp(house.house, { requestsPerMinute: 1 })
  const tooMuch = async () => (await slow.inject({ url: '/healthz' })) && (await slow.inject({ url: '/healthz' }))
  const kinds: Record<string, { status: number; of: readonly [status: number, headers: Record<string, unknown>]; cache?: string }> = {}
  const add = (name: string, status: number, answer: Awaited<ReturnType<typeof ask>>, cache?: string) => {
    kinds[name] = { status, of: [answer.statusCode, answer.headers], ...(cache === undefined ? {} : { cache }) }
  }
  kinds['live events'] = { status: 200, of: [live.status, Object.fromEntries(live.headers)] }
  add('the page', 200, await ask('/'), 'no-cache')
  add('a page within', 200, await ask('/patients/1?tab=2'), 'no-cache')
  add('a file of the page', 200, await ask('/assets/page-1a2b.js'), 'public, max-age=31536000, immutable')
  add('a file that is gone', 404, await ask('/assets/page-gone.js'))
  add('data', 200, await ask('/api/access/me', { session }))
  add('data that nobody asked to be let at', 401, await ask('/api/patients/patients'))
  add('data without a right', 403, await ask('/api/access/audit', { session }))
  add('nobody', 404, await ask(`/api/patients/patients/${newId()}`, { session }))
  add('an address that there is not', 404, await ask('/api/nothing', { session }))
  add(
    'a broken body',
    400,
    await ask('/api/access/sign-in', { method: 'POST', headers: { 'x-renxin': '1', 'content-type': 'application/json' }, body: '{' }),
  )
  add(
    'a body of a strange kind',
    400,
    await ask('/api/access/sign-in', { method: 'POST', headers: { 'x-renxin': '1', 'content-type': 'a/b' }, body: '{' }),
  )
  add('a foreign page', 403, await ask('/api/access/sign-in', { method: 'POST', headers: {}, body: {} }))
  add('a broken address', 400, await ask('/%zz'))
  add('who asks too much', 429, await tooMuch())
  add('FHIR', 200, await ask('/fhir/R4/metadata'))
  add('FHIR refused', 401, await ask('/fhir/R4/Patient'))
  add('FHIR of another address', 404, await ask('/fhir/nothing'))
  add('the description', 200, await ask('/api/openapi.json'))
  add('health', 200, await ask('/healthz'))
  add('readiness', 200, await ask('/readyz'))
  add('figures', 200, await ask('/metrics'))
  add('the head of data', 200, await http.inject({ method: 'HEAD', url: '/api/access/me', cookies: { [SESSION_COOKIE]: session } }))
  await slow.close()

  const { version }: { version: string } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) // our own
  const pages = new Set([
    'the page',
    'a page within',
    'a file of the page',
    'a file that is gone',
    'who asks too much',
    'health',
    'readiness',
    'figures',
  ])
  for (const [name, { status, of, cache = 'no-store' }] of Object.entries(kinds)) {
    const [said, headers] = of
    expect(said, name).toBe(status)
    const strict = pages.has(name) ? policy : policy.filter((p) => /^(default-src|frame-ancestors)/.test(p)) // of data nothing is run at all
    expect(String(headers['content-security-policy']).split(';').toSorted(), name).toEqual(strict.toSorted())
    expect(headers, name).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': cache,
    })
    for (const tells of ['server', 'x-powered-by', 'via', 'x-aspnet-version']) expect(headers, name).not.toHaveProperty(tells)
    const values = Object.entries(headers).flatMap(([key, value]) =>
      /^(date|etag|content-|x-ratelimit|last-)/.test(key) ? [] : [String(value)],
    )
    expect(
      values.filter((v) => v.includes(version) || v.includes(process.versions.node) || /fastify|node|renxin\//i.test(v)),
      name,
    ).toEqual([])
  }
})
