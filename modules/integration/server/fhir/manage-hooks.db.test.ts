import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Ask, addressOf, type Reply, type Route } from '@renxin/kernel'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hookHostsApi } from '../../fhir-contract.ts'
import { tellOnce } from './hooks.ts'
import { hidePersons } from './manage-hooks.ts'
import { openFhir, type Resource } from './testing.fixture.ts'

const { app, house, send, get, put, keyFor } = await openFhir()
const heard: string[] = []
let answerWith = 200
const subscriber = createServer((request, response) => {
  heard.push(request.url ?? '')
  request.resume()
  response.writeHead(answerWith).end()
})
let host = ''
let officer = ''

async function ask<R extends Route>(route: R, input: Partial<Ask<R>> & { id?: string } = {}, key = officer) {
  const response = await app.inject({
    method: route.method,
    url: addressOf(route).replace(':id', input.id ?? ''),
    headers: { authorization: `Bearer ${key}` },
    ...(route.method === 'GET' ? {} : { payload: input }),
  })
  return { status: response.statusCode, body: response.json<Reply<R>>() }
}
const hooks = async () => (await ask(hookHostsApi.hooks)).body.rows
const watching = (id: string, criteria: string): Resource => ({
  resourceType: 'Subscription',
  id,
  status: 'requested',
  reason: '随访',
  criteria,
  channel: { type: 'rest-hook', endpoint: `http://${host}/secret-path`, header: ['Authorization: Bearer theirs'] },
})
const patient = (birthDate: string): Resource => ({
  resourceType: 'Patient',
  id: 'wang',
  identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: 'H1' }],
  name: [{ text: '王芳' }],
  gender: 'female',
  birthDate,
})
const deliver = async () => {
  heard.length = 0
  while ((await tellOnce(house.house)) > 0);
  return [...heard]
}

beforeAll(async () => {
  await new Promise<void>((done) => subscriber.listen(0, '127.0.0.1', done))
  host = `127.0.0.1:${(subscriber.address() as AddressInfo).port}` // a TCP listener has a port
  officer = await keyFor('integration.manage')
  await ask(hookHostsApi.saveHookHosts, { hosts: ['127.0.0.1'] })
  await put(watching('s1', 'Patient?gender=female'))
})
afterAll(() => subscriber.close())

test('the list of subscriptions shows the host alone, neither the path nor the header, and only to whoever manages the doors', async () => {
  const rows = await hooks()

  expect(rows).toMatchObject([{ name: 'Subscription/s1', type: 'Patient', host, isAllowed: true, state: 'on', waiting: 0, error: null }])
  expect(JSON.stringify(rows)).not.toMatch(/secret-path|theirs/)
  expect((await ask(hookHostsApi.hooks, {}, await keyFor('fhir.read'))).status).toBe(403)
})

test('a hook that does not answer is shown with what waits and what it said', async () => {
  answerWith = 503
  await put(patient('1980-01-01'))
  await deliver()

  expect(await hooks()).toMatchObject([{ state: 'failing', waiting: 1, waitingSince: house.now().toISOString(), error: 'HTTP 503' }])
  answerWith = 200
})

test('a line that is paused is told nothing, also where the subscriber writes anew; resumed, all that waited goes out', async () => {
  const [{ id } = { id: '' }] = await hooks()
  const paused = await ask(hookHostsApi.pauseHook, { id })
  await put({ ...watching('s1', 'Patient?gender=female'), reason: '回访' })
  house.advance({ minutes: 10 })
  await put(patient('1980-01-02'))

  const whilePaused = await deliver()
  const [waiting] = await hooks()
  const told = (await get('Subscription/s1')).body
  const resumed = await ask(hookHostsApi.resumeHook, { id })
  const afterwards = await deliver()

  expect([paused.body.state, whilePaused, waiting?.state, waiting?.waiting]).toEqual(['paused', [], 'paused', 2])
  expect(told).toMatchObject({ status: 'error', error: 'paused by the hospital' })
  expect(resumed.status).toBe(200)
  expect(afterwards).toHaveLength(2)
  expect(await hooks()).toMatchObject([{ state: 'on', waiting: 0 }])
})

test('pausing and resuming stand in the audit, and a subscription that is not there is refused', async () => {
  const rows = await house.sql(`select action from house.audit where action like 'integration.%Hook' order by at`)

  expect(rows).toEqual([{ action: 'integration.pauseHook' }, { action: 'integration.resumeHook' }])
  expect((await ask(hookHostsApi.pauseHook, { id: '01990000-0000-7000-8000-0000000000ff' })).status).toBe(404)
})

test('where the list of hosts no longer names its host, the row says so; deleted, it is gone', async () => {
  await ask(hookHostsApi.saveHookHosts, { hosts: ['*.hospital.example'] })
  const [row] = await hooks()
  await send('DELETE', 'Subscription/s1')

  expect(row?.isAllowed).toBe(false)
  expect(await hooks()).toEqual([])
})

test.each([
  ['Patient?phone=13800138000&gender=female', 'Patient?phone=***&gender=female'],
  ['Patient?name:exact=王芳', 'Patient?name:exact=***'],
  ['Encounter?patient=Patient/1&status=finished', 'Encounter?patient=***&status=finished'],
  ['Patient?ph%6Fne=13800138000', 'Patient?phone=***'],
  ['Encounter', 'Encounter'],
  ['Encounter?status=finished', 'Encounter?status=finished'],
])('of the criteria %s is shown %s', (criteria, shown) => {
  expect(hidePersons(criteria)).toBe(shown)
})
