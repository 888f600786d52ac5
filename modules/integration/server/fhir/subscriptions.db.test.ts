import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { applyEncounterFacts, applyRecords } from '@renxin/encounters'
import { addressOf } from '@renxin/kernel'
import { applyPatientFacts } from '@renxin/patients'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hookHostsApi } from '../../fhir-contract.ts'
import { readHook } from './hook-address.ts'
import { tellOnce } from './hooks.ts'
import { openFhir, type Resource } from './testing.fixture.ts'

const { app, house, send, get, put, keyFor } = await openFhir()

type Heard = { method: string; url: string; body: string; notice: string; authorization: string }
const heard: Heard[] = []
let answerWith = 200
const subscriber = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    heard.push({
      method: request.method ?? '',
      url: request.url ?? '',
      body: Buffer.concat(parts).toString('utf8'),
      notice: String(request.headers['x-renxin-notice']),
      authorization: request.headers.authorization ?? '',
    })
    response.writeHead(answerWith).end()
  })
})
let endpoint = ''

const subscription = (id: string, criteria: string, more: object = {}): Resource => ({
  resourceType: 'Subscription',
  id,
  status: 'requested',
  reason: '出院后随访',
  criteria,
  channel: { type: 'rest-hook', endpoint, payload: 'application/fhir+json', header: ['Authorization: Bearer secret-of-theirs'], ...more },
})
const patient: Resource = {
  resourceType: 'Patient',
  id: 'wang',
  identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: 'H1' }],
  name: [{ text: '王芳' }],
  telecom: [{ system: 'phone', value: '13800138000' }],
}
const stay = (id: string, status: string): Resource => ({
  resourceType: 'Encounter',
  id,
  status,
  class: { code: 'IMP' },
  subject: { reference: 'Patient/wang' },
  period: { start: '2026-08-01T09:00:00+08:00', ...(status === 'finished' ? { end: '2026-08-08T09:00:00+08:00' } : {}) },
})
const deliver = async () => {
  heard.length = 0
  while ((await tellOnce(house.house)) > 0);
  return [...heard]
}

beforeAll(async () => {
  await new Promise<void>((done) => subscriber.listen(0, '127.0.0.1', done))
  endpoint = `http://127.0.0.1:${(subscriber.address() as AddressInfo).port}/hook` // a TCP listener has a port
  await put(patient)
})
afterAll(() => subscriber.close())

test('hooks go by http and https only, to the hosts that the administrator allows', () => {
  const status = (text: string, hosts: string[] = []) => {
    try {
      readHook(text, hosts)
      return 'open'
    } catch {
      return 'closed'
    }
  }

  expect(
    [
      'ftp://a.example/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'http://u:p@a.example/',
      'http://localhost/',
      'http://[::1]:80/',
      'http://2130706433/',
      'http://0x7f.1/',
      'x',
    ].map((t) => status(t)),
  ).toEqual(Array(9).fill('closed'))
  expect(status('https://hooks.hospital.example/a')).toBe('open')
  expect(status('https://other.example/', ['*.hospital.example'])).toBe('closed')
  expect(status('https://hooks.hospital.example/', ['*.hospital.example'])).toBe('open')
  expect(status('http://127.0.0.1:9/', ['127.0.0.1'])).toBe('open')
})

test('a subscription to this machine is refused until the administrator allows it', async () => {
  const refused = await put(subscription('s1', 'Encounter?status=finished'))
  const officer = { authorization: `Bearer ${await keyFor('integration.manage')}` }
  const saved = await app.inject({
    method: 'PUT',
    url: addressOf(hookHostsApi.saveHookHosts),
    headers: officer,
    payload: { hosts: ['127.0.0.1'] },
  })
  const taken = await put(subscription('s1', 'Encounter?status=finished'))

  expect(saved.json()).toEqual({ hosts: ['127.0.0.1'] })
  expect([refused.status, taken.status, taken.body.status]).toEqual([422, 201, 'active'])
})

test.each(['Encounter?patient.name=x', 'Nonsense', 'Encounter?colour=red', 'Encounter?_id=1'])(
  'the criteria %s cannot be promised and are refused',
  async (criteria) => {
    expect((await put(subscription('bad', criteria))).status).toBe(422)
    expect((await get('Subscription/bad')).status).toBe(404)
  },
)

test('who subscribed is told of what meets the criteria, once, with the resource and his own header', async () => {
  await put(stay('e1', 'in-progress'))
  await put(stay('e1', 'finished'))
  await put(stay('e1', 'finished'))

  const told = await deliver()

  expect(told).toMatchObject([
    {
      method: 'PUT',
      url: '/hook/Encounter/e1',
      authorization: 'Bearer secret-of-theirs',
      notice: expect.stringMatching(/Encounter\/e1\/2\//),
    },
  ])
  expect(JSON.parse(told[0]?.body ?? '')).toMatchObject({ resourceType: 'Encounter', id: 'e1', status: 'finished' })
  expect(await deliver()).toEqual([])
})

test('a hook that does not answer is tried again, later, in order; nothing is lost and the subscription says so meanwhile', async () => {
  answerWith = 503
  await put(stay('e2', 'finished'))
  await put(stay('e3', 'finished'))
  for (let i = 0; i < 4; i += 1) {
    await deliver()
    house.advance({ minutes: 10 })
  }
  const failing = (await get('Subscription/s1')).body
  answerWith = 200

  const told = await deliver()

  expect(failing).toMatchObject({ status: 'error', error: 'HTTP 503' })
  expect(told.map((h) => h.url)).toEqual(['/hook/Encounter/e2', '/hook/Encounter/e3'])
  expect((await get('Subscription/s1')).body.status).toBe('active')
})

test('what came by HL7 is told as well, and what came by FHIR is not told twice', async () => {
  await house.settle()
  await deliver()
  house.advance({ minutes: 1 })
  await house.inside(async (ctx) => {
    const at = house.now()
    const [patientId = ''] = await applyPatientFacts(ctx, [{ identifiers: [{ system: 'HIS', type: 'MR', value: 'H1' }], sourceAt: at }])
    await applyEncounterFacts(ctx, [
      { number: 'I9', patientId, event: 'admit', sourceAt: at, admittedAt: at, class: 'inpatient' },
      { number: 'I9', patientId, event: 'discharge', sourceAt: at, dischargedAt: at },
    ])
  })
  await house.settle()

  const told = await deliver()

  expect(told.length).toBeGreaterThanOrEqual(1)
  expect(new Set(told.map((h) => JSON.parse(h.body).identifier[0].value))).toEqual(new Set(['I9']))
})

test('reports, single results, appointments and deaths of which HL7, views or people told are told too, in order, and a hook that was down hears them later', async () => {
  for (const type of ['DiagnosticReport', 'Observation', 'Appointment'])
    await put(subscription(`of-${type}`, `${type}?patient=Patient/wang`))
  await put(subscription('of-Patient', 'Patient?deceased:missing=false'))
  await house.settle()
  await deliver()
  house.advance({ minutes: 1 })
  answerWith = 503
  const tell = (status: 'preliminary' | 'final') =>
    house.inside(async (ctx) => {
      const at = house.now()
      const [patientId = ''] = await applyPatientFacts(ctx, [
        { identifiers: [{ system: 'HIS', type: 'MR', value: 'H1' }], sourceAt: at, ...(status === 'final' ? { deceased: { at } } : {}) },
      ])
      const said = { source: 'LIS', sourceAt: at, patientId }
      const items = [{ code: 'K', name: '钾', value: '4.1', amount: 4.1, unit: 'mmol/L', range: null, flag: null, observedAt: at }]
      await applyRecords(ctx, [
        { ...said, is: 'report', number: 'R7', kind: 'laboratory', status, title: '电解质', observedAt: at, items },
        { ...said, is: 'booking', number: 'B7', status: status === 'final' ? 'cancelled' : 'booked', name: '复诊', startsAt: at },
      ])
    })
  await tell('preliminary')
  await house.settle()
  await deliver()
  house.advance({ minutes: 10 })
  await tell('final')
  await house.settle()
  await deliver()
  house.advance({ minutes: 10 })
  answerWith = 200

  const told = await deliver()

  const of = (type: string) => told.filter((h) => h.url.startsWith(`/hook/${type}/`)).map((h) => JSON.parse(h.body))
  expect(of('DiagnosticReport').map((r) => r.status)).toEqual(['final', 'final'])
  expect(of('Observation').map((o) => o.valueQuantity.value)).toEqual([4.1, 4.1])
  expect(of('Appointment').map((a) => a.status)).toEqual(['cancelled', 'cancelled'])
  expect(of('Patient')).toMatchObject([{ id: 'wang', deceasedDateTime: expect.any(String) }])
  expect(new Set(told.map((h) => h.notice)).size).toBe(told.length)
  for (const type of ['DiagnosticReport', 'Observation', 'Appointment', 'Patient']) await send('DELETE', `Subscription/of-${type}`)
})

test('who may not see numbers whole is told them masked; without a payload only that something happened', async () => {
  const narrow = await keyFor('fhir.read', 'fhir.write')
  await put(subscription('s2', 'Patient?gender=female'), { key: narrow })
  await put(subscription('s3', 'Patient?gender=female', { payload: undefined }), { key: narrow })
  await put({ ...patient, gender: 'female' })

  const told = await deliver()

  expect(told.map((h) => [h.method, h.url]).toSorted()).toEqual([
    ['POST', '/hook'],
    ['PUT', '/hook/Patient/wang'],
  ])
  expect(told.map((h) => h.body).join()).not.toContain('13800138000')
  expect(told.map((h) => h.body).join()).toContain('138****8000')
})

test('a subscription that is switched off or deleted is told no more', async () => {
  await send('DELETE', 'Subscription/s2')
  await put({ ...subscription('s3', 'Patient?gender=female'), status: 'off' })
  await send('DELETE', 'Subscription/s1')
  await put({ ...patient, gender: 'female', birthDate: '1980-01-01' })
  await put(stay('e9', 'finished'))

  expect(await deliver()).toEqual([])
})
