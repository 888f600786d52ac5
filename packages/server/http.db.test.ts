import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contract, cursor, get, newId, page, post } from '@renxin/kernel'
import { afterAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type Actor, defineModule, openHttp, openPool, paged, SESSION_COOKIE, serve, systemActor } from './index.ts'
import { openHouse } from './testing.ts'

const Note = z.object({ id: z.uuid(), patientId: z.uuid(), text: z.string() })
const notesApi = contract('notes', {
  list: get('/notes', { may: 'notes.read', about: 'patientId', input: z.object(cursor), reply: page(Note) }),
  write: post('/notes', { may: 'notes.write', about: 'patientId', input: Note, reply: Note }),
  breakDown: get('/break', { may: 'anyone', reply: z.object({}) }),
})
type Tables = { 'notes.notes': { id: string; patientId: string; text: string } }

const notes = defineModule({
  name: 'notes',
  migrations: new URL('./testing-migrations/', import.meta.url),
  routes: serve(notesApi, {
    list: (ctx, input) =>
      paged(ctx.db.$extendTables<Tables>().selectFrom('notes.notes as n').select(['n.id', 'n.patientId', 'n.text']), input, ['n.id']),
    write: async (ctx, note) => {
      await ctx.db.$extendTables<Tables>().insertInto('notes.notes').values(note).execute()
      return { ...note, secret: 'a column nobody promised' }
    },
    breakDown: async () => {
      throw new Error('the password of the database is 1234')
    },
  }),
})

const person: Actor = {
  ...systemActor,
  kind: 'person',
  id: newId(),
  name: '王护士',
  may: new Map([
    ['notes.read', 'hospital'],
    ['notes.write', 'hospital'],
  ]),
}
const reader: Actor = { ...person, id: newId(), may: new Map([['notes.read', 'hospital']]) }
const ofSession = (id: number, token: string) => ({ [`${id}.person`]: person, [`${id}.slow`]: person, [`${id}.reader`]: reader })[token]
let lookedUp = () => {}
const lookUp = new Promise<void>((done) => {
  lookedUp = done
})
const house = await openHouse([notes], {
  authenticator: {
    modules: [],
    ofSession: async (ctx, token) => {
      if (token.endsWith('.slow')) await lookUp
      return ofSession(ctx.hospital.id, token)
    },
    ofKey: async (ctx, token) => (token === `rx_${ctx.hospital.id}_key` ? { ...person, kind: 'key' } : undefined),
  },
})
const other = await house.addHospital('另一家医院')
const PROBLEM = 'application/problem+json; charset=utf-8'
const FHIR = 'application/fhir+json; charset=utf-8'
const fhir = {
  prefix: '/fhir/',
  type: FHIR,
  body: ({ status }: { status: number }) => ({ resourceType: 'OperationOutcome', status }),
}
const app = await openHttp(house.house, { problems: [fhir] })
const url = await app.listen({ host: '127.0.0.1', port: 0 })
afterAll(async () => {
  app.server.closeAllConnections()
  await app.close()
})

const cookieOf = (name: string, hospitalId = house.hospitalId) => ({ [SESSION_COOKIE]: `${hospitalId}.${name}` })
const ours = { 'x-renxin': '1' }
const note = () => ({ id: newId(), patientId: newId(), text: '说得清楚' })
const write = (headers: Record<string, string>, payload: object | string, cookies: Record<string, string> = cookieOf('person')) =>
  app.inject({ method: 'POST', url: '/api/notes/notes', headers, cookies, payload })
const list = (cookies: Record<string, string> = cookieOf('person')) => app.inject({ url: '/api/notes/notes', cookies })
const isThere = async (id: string) => (await house.sql('select from notes.notes where id = $1', [id])).length === 1

test('every answer carries what keeps a browser safe, and none of ours is kept in a cache', async () => {
  const { headers } = await list()

  expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'")
  expect((await app.inject({ url: '/' })).headers['content-security-policy']).toMatch(
    /^default-src 'none';.*script-src 'self';.*frame-ancestors 'none'/,
  )
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
  expect(headers).not.toHaveProperty('x-powered-by')
  expect(headers).not.toHaveProperty('access-control-allow-origin')
  expect((await app.inject({ url: '/api/nothing' })).headers['x-content-type-options']).toBe('nosniff')
})

test('a write with a cookie must come from our own pages; one with a key needs no such header', async () => {
  const [foreign, own, withKey] = [note(), note(), note()]

  const refused = await write({}, foreign)
  const done = await write(ours, own)
  const keyed = await write({ authorization: `Bearer rx_${house.hospitalId}_key` }, withKey, {})

  expect(refused.statusCode).toBe(403)
  expect(refused.json()).toMatchObject({ code: 'house.forbidden', because: 'x-renxin' })
  expect([done.statusCode, keyed.statusCode]).toEqual([200, 200])
  expect(await Promise.all([foreign, own, withKey].map((n) => isThere(n.id)))).toEqual([false, true, true])
})

test('a refusal is problem+json with its code and the number of the request', async () => {
  const answers = await Promise.all([
    list({}),
    list({ [SESSION_COOKIE]: 'nonsense' }),
    write(ours, note(), cookieOf('reader')),
    write(ours, { id: 'x' }),
  ])

  expect(answers.map((a) => [a.statusCode, a.json().code])).toEqual([
    [401, 'house.unauthenticated'],
    [401, 'house.unauthenticated'],
    [403, 'house.forbidden'],
    [400, 'house.invalid'],
  ])
  for (const answer of answers) {
    expect(answer.headers['content-type']).toBe(PROBLEM)
    expect(answer.json()).toMatchObject({
      type: 'about:blank',
      title: answer.json().code,
      status: answer.statusCode,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  }
  expect(answers[3].json().issues.map((i: { path: string }) => i.path)).toEqual(['id', 'patientId', 'text'])
})

test('a body that is too large, broken or of another kind is refused, and the server goes on', async () => {
  const refused = [
    await write(ours, { ...note(), text: 'x'.repeat(1_100_000) }),
    await write({ ...ours, 'content-type': 'application/json' }, '{"id": '),
    await write({ ...ours, 'content-type': 'text/plain' }, 'id=1'),
  ]

  expect(refused.map((a) => [a.statusCode, a.json().code, a.json().because])).toEqual([
    [400, 'house.invalid', 'tooLarge'],
    [400, 'house.invalid', 'malformed'],
    [400, 'house.invalid', 'contentType'],
  ])
  expect((await list()).statusCode).toBe(200)
})

test('an address that nobody serves is not found, in the manner of its standard', async () => {
  const [api, method, standard] = [
    await app.inject({ url: '/api/notes/nothing' }),
    await app.inject({ method: 'DELETE', url: '/api/notes/notes', headers: ours }),
    await app.inject({ url: '/fhir/R4/Nothing' }),
  ]

  expect([api, method].map((a) => [a.statusCode, a.headers['content-type'], a.json().code])).toEqual(
    Array(2).fill([404, PROBLEM, 'house.notFound']),
  )
  expect([standard.statusCode, standard.headers['content-type'], standard.json()]).toEqual([
    404,
    FHIR,
    { resourceType: 'OperationOutcome', status: 404 },
  ])
})

test('with the console built, every address of a page gets the page, and the interfaces stay as they are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'renxin-pages-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html>仁心')
  await writeFile(join(folder, 'assets/page-1a2b.js'), 'export {}')
  const withPages = await openHttp(house.house, { problems: [fhir], pages: folder })

  const [first, deep, file, missing, api, standard] = await Promise.all(
    ['/', '/followups/today', '/assets/page-1a2b.js', '/assets/page-gone.js', '/api/nothing', '/fhir/R4/Nothing'].map((at) =>
      withPages.inject({ url: at }),
    ),
  )

  expect([first, deep].map((a) => [a?.statusCode, a?.body, a?.headers['cache-control']])).toEqual(
    Array(2).fill([200, '<!doctype html>仁心', 'no-cache']),
  )
  expect([file?.statusCode, file?.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
  expect([missing, api, standard].map((a) => [a?.statusCode, a?.headers['content-type']])).toEqual([
    [404, PROBLEM],
    [404, PROBLEM],
    [404, FHIR],
  ])
  await withPages.close()
  await rm(folder, { recursive: true })
})

test('an unforeseen error tells the caller nothing but the number of the request', async () => {
  const answer = await app.inject({ url: '/api/notes/break' })

  expect(answer.statusCode).toBe(500)
  expect(Object.keys(answer.json()).toSorted()).toEqual(['code', 'requestId', 'status', 'title', 'type'])
  expect(answer.body).not.toContain('1234')
})

test('what the reply does not promise never leaves', async () => {
  const said = note()

  expect((await write(ours, said)).json()).toEqual(said)
})

test('who asks too much is told to wait', async () => {
  const strict = await openHttp(house.house, { requestsPerMinute: 2 })
  const ask = () => strict.inject({ url: '/api/notes/notes', cookies: cookieOf('person') })

  const answers = [await ask(), await ask(), await ask()]

  expect(answers.map((a) => a.statusCode)).toEqual([200, 200, 429])
  expect(answers[2]?.json()).toMatchObject({ code: 'house.tooManyRequests', status: 429 })
  expect(answers[2]?.headers).toHaveProperty('retry-after')
  await strict.close()
})

test('live events are for who is signed in, and of the own hospital only', async () => {
  const listen = (cookie: string | null) => fetch(`${url}/api/events`, { headers: cookie ? { cookie: `${SESSION_COOKIE}=${cookie}` } : {} })
  const refused = await Promise.all([listen(null), listen('nonsense'), listen(`${other}.stolen`)])

  const live = await listen(`${house.hospitalId}.person`)
  const told = readUntil(live, 'notes')
  await app.inject({ method: 'POST', url: '/api/notes/notes', headers: ours, cookies: cookieOf('person', other), payload: note() })
  house.house.live.announce(other, ['theirs'])
  await write(ours, note())

  expect(refused.map((r) => r.status)).toEqual([401, 401, 401])
  expect([live.status, live.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  expect((await told).match(/^data: .*/gm)).toEqual(['data: {"module":"notes"}'])
})

test('a page that is closed while we look who asks leaves nothing behind that listens', async () => {
  const subscribe = vi.spyOn(house.house.live, 'subscribe')
  const leaving = new AbortController()
  const arrived = once(app.server, 'request')
  const headers = (name: string) => ({ cookie: `${SESSION_COOKIE}=${house.hospitalId}.${name}` })
  const left = fetch(`${url}/api/events`, { headers: headers('slow'), signal: leaving.signal }).catch(() => 'left')
  const [, reply] = await arrived
  leaving.abort()
  await once(reply, 'close')

  lookedUp()
  const staying = await fetch(`${url}/api/events`, { headers: headers('person') })
  await readUntil(staying, 'hello')

  expect(await left).toBe('left')
  expect(subscribe).toHaveBeenCalledTimes(2) // the page that stays, and the watch of who it is
})

async function readUntil(response: Response, word: string): Promise<string> {
  const decoder = new TextDecoder()
  let said = ''
  for await (const piece of response.body ?? []) {
    said += decoder.decode(piece, { stream: true })
    if (said.includes(word)) break
  }
  return said
}

const readsOf = (patientId: string) =>
  house.sql(`select actor_id from house.audit where action = 'notes.list' and patient_id = $1`, [patientId])

test('a read of a patient is answered only after its audit row is on disk', async () => {
  const seen = note()
  await write(ours, seen)
  const owner = openPool(house.urls.ownerUrl, { max: 1 })
  const lock = await owner.connect()
  await lock.query('begin; lock table house.audit in share mode') // reading is free, writing waits
  let isAnswered = false

  const answer = list().finally(() => {
    isAnswered = true
  })
  const waiting = `select count(*)::int as n from pg_locks where not granted and relation = 'house.audit'::regclass`
  await expect.poll(async () => (await house.ownerSql(waiting))[0]?.n, { timeout: 10_000 }).toBe(1)

  expect(isAnswered).toBe(false)
  expect(await readsOf(seen.patientId)).toEqual([])
  await lock.query('commit')
  lock.release()
  await owner.end()
  expect((await answer).statusCode).toBe(200)
  expect(await readsOf(seen.patientId)).toEqual([{ actor_id: person.id }])
})

test('where the audit cannot be written, nothing is shown and nothing is changed', async () => {
  const [seen, unwritten] = [note(), note()]
  await write(ours, seen)
  await house.ownerSql('revoke insert on house.audit from renxin_app')

  const [read, wrote] = [await list(), await write(ours, unwritten)]

  await house.ownerSql('grant insert on house.audit to renxin_app')
  expect([read.statusCode, wrote.statusCode]).toEqual([500, 500])
  expect(read.body).not.toContain(seen.id)
  expect(await isThere(unwritten.id)).toBe(false)
})

test('health is told without a name, and the interface describes itself', async () => {
  const [alive, ready, described] = await Promise.all(['/healthz', '/readyz', '/api/openapi.json'].map((at) => app.inject({ url: at })))

  expect([alive?.json(), ready?.json()]).toEqual([{ status: 'ok' }, { status: 'ready', checks: {} }])
  expect(described?.json()).toMatchObject({
    openapi: '3.1.0',
    paths: { '/api/notes/notes': { get: { 'x-permission': 'notes.read' }, post: {} } },
  })
})
