import { access, authenticator, createApiKey } from '@renxin/access'
import { applyEncounterFacts, encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { files } from '@renxin/files'
import { followups } from '@renxin/followups'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, mergePatients, patients } from '@renxin/patients'
import { openHttp } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { surveys } from '@renxin/surveys'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { integration, operationOutcome } from '../index.ts'

const FHIR = 'application/fhir+json; charset=utf-8'
const BASE = 'http://localhost:80/fhir/R4'
const house = await openHouse([staff, access, files, patients, encounters, surveys, feedback, followups, integration], {
  now: '2026-09-04T09:00+08:00',
  authenticator,
  prepare: true,
})
const app = await openHttp(house.house, { problems: [{ prefix: '/fhir/', type: FHIR, body: operationOutcome }] })
afterAll(() => app.close())

type Resource = { resourceType: string; id: string } & Record<string, unknown>
type Answer = {
  status: number
  type: unknown
  body: Resource & { entry?: { fullUrl: string; resource: Resource }[]; link?: { relation: string; url: string }[]; issue?: object[] }
}

let plain = ''
let whole = ''
const people: Record<'zhao' | 'qian' | 'sun', string> = { zhao: '', qian: '', sun: '' }

const CARD = '110101196003120011'
const at = (text: string) => new Date(`2026-${text}+08:00`)

beforeAll(async () => {
  plain = (await house.inside((ctx) => createApiKey(ctx, { name: '平台', scopes: ['fhir.read'] }))).secret
  whole = (await house.inside((ctx) => createApiKey(ctx, { name: '集成平台', scopes: ['fhir.read', 'patients.unmask'] }))).secret
  const born = { sourceAt: house.now(), sex: 'male' as const }
  const ids = await house.inside((ctx) =>
    applyPatientFacts(ctx, [
      {
        ...born,
        identifiers: [{ system: 'HIS', type: 'MR', value: 'H0000001' }],
        name: '赵建国',
        birthOn: '1960-03-12',
        identityCard: CARD,
        phones: [{ number: '13800138000' }],
        kin: [{ name: '赵小军', relation: '儿子', phones: [{ number: '13900139000' }] }],
      },
      {
        ...born,
        identifiers: [{ system: 'HIS', type: 'MR', value: 'H0000002' }],
        name: '钱美玲',
        sex: 'female',
        birthOn: '1985-11-30',
        phones: [{ number: '13800138001' }],
      },
      { ...born, identifiers: [{ system: 'HIS', type: 'MR', value: 'H0000003' }], name: '孙建华', birthOn: '1960-12-01' },
    ]),
  )
  ;[people.zhao = '', people.qian = '', people.sun = ''] = ids
  const stay = (number: string, patientId: string, from: string, until: string | null) => {
    const facts = {
      number,
      patientId,
      class: 'inpatient' as const,
      departmentName: '心血管内科',
      wardName: '心血管内科一病区',
      bed: '3',
      attending: { number: 'D1', name: '李主任' },
    }
    const admitted = { ...facts, event: 'admit' as const, sourceAt: at(from), admittedAt: at(from) }
    const left =
      until === null
        ? []
        : [
            {
              ...facts,
              event: 'discharge' as const,
              sourceAt: at(until),
              dischargedAt: at(until),
              disposition: '1' as const,
              diagnoses: [{ type: 'final' as const, rank: 1, system: null, code: 'I21.9', name: '急性心肌梗死' }],
            },
          ]
    return [admitted, ...left]
  }
  await house.inside((ctx) =>
    applyEncounterFacts(ctx, [
      ...stay('I1', people.zhao, '08-01T09:00', '08-10T10:00'),
      ...stay('I2', people.zhao, '09-01T09:00', null),
      ...stay('I3', people.qian, '08-20T09:00', '08-31T23:30'),
    ]),
  )
})

async function ask(address: string, key = plain): Promise<Answer> {
  const response = await app.inject({
    url: address.startsWith('http') ? address.slice(BASE.length - '/fhir/R4'.length) : `/fhir/R4/${address}`,
    headers: { authorization: `Bearer ${key}` },
  })
  return { status: response.statusCode, type: response.headers['content-type'], body: response.json() }
}
const found = async (search: string) => {
  const { status, body } = await ask(search)
  if (status !== 200) throw new Error(`${search}: ${JSON.stringify(body)}`)
  return (body.entry ?? []).map((e) => e.resource.id)
}
const numbersOf = async (search: string) => {
  const { body } = await ask(search)
  return (body.entry ?? []).map((e) => (e.resource.identifier as { value: string }[])[0]?.value)
}

test('a patient is read as a resource of the standard, numbers masked', async () => {
  const { status, type, body } = await ask(`Patient/${people.zhao}`)

  expect([status, type]).toEqual([200, FHIR])
  expect(body).toMatchObject({
    resourceType: 'Patient',
    id: people.zhao,
    active: true,
    identifier: [
      { system: 'HIS', value: 'H0000001', type: { coding: [{ code: 'MR' }] } },
      { system: 'urn:oid:2.16.156.10011.1.3', value: '110***********0011' },
    ],
    name: [{ text: '赵建国' }],
    telecom: [{ system: 'phone', value: '138****8000', use: 'mobile' }],
    gender: 'male',
    birthDate: '1960-03-12',
    contact: [{ name: { text: '赵小军' }, telecom: [{ value: '139****9000' }] }],
  })
  expect(JSON.stringify(body)).not.toMatch(/13800138000|13900139000|196003120018/)
})

test('whoever may unmask gets the numbers whole', async () => {
  const { body } = await ask(`Patient/${people.zhao}`, whole)

  expect(body).toMatchObject({
    identifier: [{}, { value: CARD }],
    telecom: [{ value: '13800138000' }],
    contact: [{ telecom: [{ value: '13900139000' }] }],
  })
})

test.each([
  ['identifier=H0000001', ['zhao']],
  ['identifier=HIS|H0000002', ['qian']],
  ['identifier=EMR|H0000002', []],
  [`identifier=${CARD}`, ['zhao']],
  ['name=赵', ['zhao']],
  ['name=zhaojian', ['zhao']],
  ['phone=138 0013 8001', ['qian']],
  ['telecom=13900139000', ['zhao']],
  ['birthdate=1960-03-12', ['zhao']],
  ['birthdate=1960', ['zhao', 'sun']],
  ['birthdate=1960-03', ['zhao']],
  ['birthdate=gt1960-03-12&birthdate=lt1986', ['qian', 'sun']],
  ['birthdate=ge1985-11-30', ['qian']],
  ['gender=female', ['qian']],
  ['birthdate=1960&name=sun', ['sun']],
] as const)('patients are found by %s', async (search, who) => {
  expect((await found(`Patient?${encodeURI(search)}`)).toSorted()).toEqual(who.map((w) => people[w]).toSorted())
})

test.each([
  ['patient=ZHAO', ['I1', 'I2']],
  ['subject=Patient/ZHAO', ['I1', 'I2']],
  ['identifier=I3', ['I3']],
  ['status=in-progress', ['I2']],
  ['status=finished,in-progress&class=IMP', ['I1', 'I2', 'I3']],
  ['date=2026-08', ['I1', 'I3']],
  ['date=ge2026-08-11', ['I2', 'I3']],
  ['date=lt2026-08-20', ['I1']],
  ['date=ge2026-08-31&date=le2026-08-31', ['I3']],
  ['class=AMB', []],
] as const)('encounters are found by %s', async (search, numbers) => {
  expect((await numbersOf(`Encounter?${search.replace('ZHAO', people.zhao)}`)).toSorted()).toEqual(numbers)
})

test('an encounter is read with its person, place, times and diagnosis', async () => {
  const [id] = await found('Encounter?identifier=I1')

  expect((await ask(`Encounter/${id}`)).body).toMatchObject({
    resourceType: 'Encounter',
    status: 'finished',
    class: { code: 'IMP' },
    subject: { reference: `Patient/${people.zhao}` },
    period: { start: '2026-08-01T01:00:00.000Z', end: '2026-08-10T02:00:00.000Z' },
    reasonCode: [{ text: '急性心肌梗死', coding: [{ code: 'I21.9' }] }],
    hospitalization: { dischargeDisposition: { coding: [{ code: '1' }] } },
    location: [{ location: { display: '心血管内科一病区 3' } }],
    serviceProvider: { display: '心血管内科' },
    participant: [{ individual: { display: '李主任' } }],
  })
})

test.each(['Patient', 'Encounter'])('%s: the next link leads through every page, nothing twice, and then ends', async (type) => {
  const all = await found(type)
  const ids: string[] = []
  let pages = 0

  for (let next: string | undefined = `${BASE}/${type}?_count=1`; next; pages += 1) {
    const { body }: Answer = await ask(next)
    expect(body.link?.[0]).toEqual({ relation: 'self', url: next })
    ids.push(...(body.entry ?? []).map((e) => e.resource.id))
    next = body.link?.find((l) => l.relation === 'next')?.url
  }

  expect(ids).toEqual(all)
  expect(pages).toBe(3)
  expect((await ask(`${type}?_count=0`)).body).toMatchObject({ total: 3, link: [{ relation: 'self' }] })
})

test.each([
  ['Patient?colour=red', 400, 'invalid', /parameter: colour; because: unknown/],
  ['Patient?name:nearly=赵', 400, 'invalid', /because: modifier/],
  ['Patient?birthdate=yesterday', 400, 'invalid', /parameter: birthdate; because: date/],
  ['Patient?_count=many', 400, 'invalid', /parameter: _count/],
  ['Encounter?status:contains=sleeping', 400, 'invalid', /parameter: status/],
  ['Patient/nobody', 404, 'not-found', /Patient\/nobody/],
  [`Encounter/${newId()}`, 404, 'not-found', /Encounter\//],
  ['Nonsense', 404, 'not-supported', /Nonsense/],
])('%s is refused in the manner of the standard', async (address, status, code, diagnostics) => {
  const answer = await ask(encodeURI(address))

  expect([answer.status, answer.type, answer.body.resourceType]).toEqual([status, FHIR, 'OperationOutcome'])
  expect(answer.body.issue).toEqual([expect.objectContaining({ severity: 'error', code, diagnostics: expect.stringMatching(diagnostics) })])
})

test('without a key, with a wrong one or with one for something else, nobody reads', async () => {
  const elsewhere = (await house.inside((ctx) => createApiKey(ctx, { name: 'x', scopes: ['staff.read'] }))).secret

  const answers = [await ask('Patient', ''), await ask('Patient', 'rx_1_wrong'), await ask('Patient', elsewhere)]

  expect(answers.map((a) => [a.status, (a.body.issue as { code: string }[])[0]?.code])).toEqual([
    [401, 'login'],
    [401, 'login'],
    [403, 'forbidden'],
  ])
})

test('another hospital finds and reads none of it', async () => {
  const other = await house.addHospital('另一家医院')
  const { secret } = await house.inside((ctx) => createApiKey(ctx, { name: '那边', scopes: ['fhir.read', 'patients.unmask'] }), other)
  const [encounter] = await found('Encounter?identifier=I1')

  expect((await ask(`Patient/${people.zhao}`, secret)).status).toBe(404)
  expect((await ask(`Encounter/${encounter}`, secret)).status).toBe(404)
  expect((await ask('Patient', secret)).body.entry).toEqual([])
  expect((await ask('Encounter?identifier=I1', secret)).body.entry).toEqual([])
})

test('each patient shown is in the audit, with the key that asked', async () => {
  await house.ownerSql(
    'alter table house.audit no force row level security; delete from house.audit; alter table house.audit force row level security',
  )
  const [encounter] = await found('Encounter?identifier=I3')
  await ask(`Encounter/${encounter}`)
  await ask(`Patient/${people.sun}`)
  await found('Patient?birthdate=1960')
  await ask('Patient/nobody') // refused, and noted as that

  const rows = await house.sql<{ action: string; patient_id: string; actor_name: string }>(
    'select action, patient_id, actor_name from house.audit where refusal is null',
  )
  expect(rows.map((r) => [r.action, r.patient_id]).toSorted()).toEqual(
    [
      ['integration.fhirSearch', people.qian],
      ['integration.fhirRead', people.qian],
      ['integration.fhirRead', people.sun],
      ['integration.fhirSearch', people.zhao],
      ['integration.fhirSearch', people.sun],
    ].toSorted(),
  )
  expect(new Set(rows.map((r) => r.actor_name))).toEqual(new Set(['平台']))
})

test('a person who turned out to be another is read with a link to the survivor, and is found no more', async () => {
  const [twin = ''] = await house.inside((ctx) =>
    applyPatientFacts(ctx, [{ sourceAt: house.now(), identifiers: [{ system: 'HIS', type: 'MR', value: 'H0000009' }], name: '李双' }]),
  )
  await house.inside((ctx) => mergePatients(ctx, { survivorId: people.sun, retiredId: twin, reason: '同一人' }))

  expect((await ask(`Patient/${twin}`)).body).toMatchObject({
    active: false,
    link: [{ type: 'replaced-by', other: { reference: `Patient/${people.sun}` } }],
  })
  expect(await found(`Patient?_id=${twin}`)).toEqual([])
})
