import { expect, test } from 'vitest'
import { BASE, openFhir } from './testing.fixture.ts'

const { house, send, get, put, found, keyFor } = await openFhir()

const urn = (n: number) => `urn:uuid:0198f000-0000-7000-8000-00000000000${n}`
const mr = (value: string) => [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value }]
const patient = (value: string, more: object = {}) => ({
  resourceType: 'Patient',
  identifier: mr(value),
  name: [{ text: '王芳' }],
  ...more,
})
const visit = (subject: string, number: string) => ({ resourceType: 'Encounter', identifier: [{ value: number }], status: 'finished', class: { code: 'AMB' }, subject: { reference: subject }, period: { start: '2026-08-01T09:00:00+08:00' } }) // biome-ignore format: one thought
const bundle = (type: 'transaction' | 'batch', ...entry: object[]) => ({ resourceType: 'Bundle', type, entry })
const post = (resource: Record<string, unknown> & { resourceType: string }, fullUrl?: string, more: object = {}) => ({
  ...(fullUrl ? { fullUrl } : {}),
  resource,
  request: { method: 'POST', url: resource.resourceType, ...more },
})
const statuses = (body: { entry?: { response: { status: string } }[] }) =>
  (body.entry ?? []).map((e) => Number.parseInt(e.response.status, 10))
const people = async () => (await house.sql<{ n: number }>('select count(*)::int as n from patients.patients'))[0]?.n

test('a transaction makes all of it, each told by the name that it got, and is read in the same breath', async () => {
  const { status, body } = await send('POST', '', {
    body: bundle(
      'transaction',
      { request: { method: 'GET', url: 'Patient?identifier=HIS|H1' } },
      post(visit(urn(1), 'V1'), urn(2)),
      post(patient('H1'), urn(1)),
      post(
        {
          resourceType: 'QuestionnaireResponse',
          status: 'completed',
          questionnaire: 'Questionnaire/x',
          subject: { reference: urn(1) },
          encounter: { reference: urn(2) },
        },
        urn(3),
      ),
    ),
  })

  expect([status, statuses(body)]).toEqual([200, [200, 201, 201, 201]])
  const [search, encounter, person] = body.entry ?? []
  expect(search?.resource.entry).toHaveLength(1)
  expect(person?.response.location).toBe(`${BASE}/Patient/${urn(1).slice(9)}/_history/1`)
  const id = encounter?.response.location?.split('/').at(-3)
  expect((await get(`Encounter/${id}`)).body).toMatchObject({ subject: { reference: `Patient/${urn(1).slice(9)}` } })
  expect(await found('QuestionnaireResponse?encounter.identifier=V1&patient.identifier=HIS|H1')).toHaveLength(1)
  expect(await house.sql("select from encounters.encounters where number = 'V1' and status = 'discharged'")).toHaveLength(1)
})

test('sent again, because the answer was lost, it changes nothing', async () => {
  const again = bundle('transaction', post(patient('H1'), urn(1)), post(visit(urn(1), 'V1'), urn(2)))
  const versions = () => house.sql('select key, version from integration.fhir_versions order by key, version')
  const before = await versions()

  const { body } = await send('POST', '', { body: again })

  expect(statuses(body)).toEqual([200, 200])
  expect(await versions()).toEqual(before)
})

test('one that is wrong takes the whole transaction back', async () => {
  const before = await people()

  const { status, body } = await send('POST', '', {
    body: bundle('transaction', post(patient('H2')), post({ resourceType: 'Observation', status: 'final' })),
  })

  expect([status, body.resourceType, await people()]).toEqual([400, 'OperationOutcome', before])
})

test('of a batch each goes its own way', async () => {
  const { status, body } = await send('POST', '', {
    body: bundle(
      'batch',
      post(patient('H3')),
      post({ resourceType: 'Observation', status: 'final' }),
      { request: { method: 'GET', url: 'Patient/nobody' } },
      { request: { method: 'DELETE', url: 'Patient?identifier=HIS|none' } },
      { request: { method: 'GET', url: 'Patient?identifier=HIS|H3&_summary=count' } },
      { request: { method: 'BREW', url: 'Coffee' } },
    ),
  })

  expect([status, statuses(body)]).toEqual([200, [201, 400, 404, 204, 200, 400]])
  expect(body.entry?.[2]?.response.outcome).toMatchObject({ issue: [{ code: 'not-found' }] })
  expect(body.entry?.[4]?.resource).toMatchObject({ total: 1 })
})

test('first what is deleted, then what is made, then what is changed, then what is read, whatever the order it came in', async () => {
  await put({ ...patient('H4'), id: 'h4' })
  await put({ resourceType: 'Flag', id: 'f1', status: 'active', code: { text: 'VIP' }, subject: { reference: 'Patient/h4' } })

  const { body } = await send('POST', '', {
    body: bundle(
      'transaction',
      { request: { method: 'GET', url: 'Flag?patient=h4' } },
      { resource: { ...patient('H4'), id: 'h4', gender: 'female' }, request: { method: 'PUT', url: 'Patient/h4', ifMatch: 'W/"1"' } },
      post({
        resourceType: 'Flag',
        status: 'active',
        code: { text: '跌倒' },
        subject: { reference: 'Patient?identifier=HIS|H4' },
      }),
      { request: { method: 'DELETE', url: 'Flag/f1' } },
    ),
  })

  expect(statuses(body)).toEqual([200, 200, 201, 204])
  expect(body.entry?.[0]?.resource.entry).toMatchObject([{ resource: { code: { text: '跌倒' } } }])
  expect((await get('Patient/h4')).body).toMatchObject({ gender: 'female', meta: { versionId: '2' } })
})

test('made only where there is none, and changed where there is one', async () => {
  const conditional = (name: string) =>
    bundle('transaction', post(patient('H5', { name: [{ text: name }] }), urn(5), { ifNoneExist: 'identifier=HIS|H5' }), {
      resource: {
        resourceType: 'Observation',
        identifier: [{ system: 'LIS', value: 'L5' }],
        status: 'final',
        code: { text: '体温' },
        subject: { reference: 'Patient?identifier=HIS|H1' },
        valueString: name,
      },
      request: { method: 'PUT', url: 'Observation?identifier=LIS|L5' },
    })

  const first = await send('POST', '', { body: conditional('甲') })
  const second = await send('POST', '', { body: conditional('乙') })

  expect([statuses(first.body), statuses(second.body)]).toEqual([
    [201, 201],
    [200, 200],
  ])
  expect(await house.sql<{ name: string }>("select name from patients.patients where medical_record_number = 'H5'")).toEqual([
    { name: '甲' },
  ])
  expect(await found('Observation?identifier=LIS|L5&value-string=乙')).toHaveLength(1)
})

test.each([
  [
    'the same resource twice',
    bundle('transaction', { request: { method: 'DELETE', url: 'Patient/h4' } }, { request: { method: 'DELETE', url: 'Patient/h4' } }),
    400,
  ],
  [
    'a reference that nothing answers',
    bundle(
      'transaction',
      post({
        resourceType: 'Flag',
        status: 'active',
        code: { text: 'x' },
        subject: { reference: 'Patient?identifier=HIS|none' },
      }),
    ),
    412,
  ],
  [
    'a version that is not there',
    bundle('transaction', { resource: { ...patient('H4'), id: 'h4' }, request: { method: 'PUT', url: 'Patient/h4', ifMatch: 'W/"9"' } }),
    412,
  ],
  [
    'an id that is not the address',
    bundle('transaction', { resource: { ...patient('H4'), id: 'other' }, request: { method: 'PUT', url: 'Patient/h4' } }),
    400,
  ],
  ['a Bundle of another kind', { resourceType: 'Bundle', type: 'document', entry: [] }, 400],
  ['no Bundle', { resourceType: 'Patient' }, 400],
  ['no list of entries', { resourceType: 'Bundle', type: 'batch', entry: {} }, 400],
])('%s is refused', async (_, body, status) => {
  expect((await send('POST', '', { body })).status).toBe(status)
})

test('a key that may only read may ask for a batch of reads', async () => {
  const reader = await keyFor('fhir.read')

  const { body } = await send('POST', '', {
    key: reader,
    body: bundle('batch', { request: { method: 'GET', url: 'Patient/h4' } }, post(patient('H9'))),
  })

  expect(statuses(body)).toEqual([200, 403])
})

test('two who send the same new patient at once make one', async () => {
  const one = (n: number) =>
    send('POST', '', { body: bundle('transaction', post(patient('H7'), urn(7)), post(visit(urn(7), `V7${n}`), undefined)) })

  const answers = await Promise.all([1, 2, 3, 4].map(one))

  expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 200])
  expect(await house.sql("select from patients.patients where medical_record_number = 'H7'")).toHaveLength(1)
  expect(await found('Encounter?patient.identifier=HIS|H7')).toHaveLength(4)
})
