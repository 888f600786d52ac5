import { createApiKey } from '@renxin/access'
import { applyPatientFacts } from '@renxin/patients'
import { expect, test } from 'vitest'
import { BASE, openFhir, type Resource } from './testing.fixture.ts'

const { app, house, send, get, put, found, keyFor } = await openFhir()

const wang = (more: object = {}): Resource => ({
  resourceType: 'Patient',
  id: 'wang',
  identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: 'H100' }],
  name: [{ text: '王芳' }],
  telecom: [{ system: 'phone', value: '13800138000', use: 'mobile' }],
  gender: 'female',
  ...more,
})
const temperature = (id: string, value: number, more: object = {}): Resource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8310-5' }] },
  subject: { reference: 'Patient/wang' },
  effectiveDateTime: '2026-09-01T08:00:00+08:00',
  valueQuantity: { value, unit: 'Cel', system: 'http://unitsofmeasure.org', code: 'Cel' },
  ...more,
})

test('a patient is made, read back, changed and kept in every version', async () => {
  const made = await put(wang({ photo: [{ url: 'https://example.org/wang.png' }] }))
  const changed = await put(wang({ telecom: [{ system: 'phone', value: '13900139000' }] }))

  expect([made.status, made.headers.etag, made.headers.location]).toEqual([201, 'W/"1"', `${BASE}/Patient/wang/_history/1`])
  expect([changed.status, changed.headers.etag]).toEqual([200, 'W/"2"'])
  expect((await get('Patient/wang')).body).toMatchObject({ telecom: [{ value: '13900139000' }], meta: { versionId: '2' } })
  expect((await get('Patient/wang/_history/1')).body).toMatchObject({
    photo: [{ url: 'https://example.org/wang.png' }],
    meta: { versionId: '1' },
  })
  const versions = (await get('Patient/wang/_history')).body.entry ?? []
  expect(versions.map((e) => [e.resource.meta, e.response.status])).toMatchObject([
    [{ versionId: '2' }, '200'],
    [{ versionId: '1' }, '201'],
  ])
  expect(await house.sql('select name, sex, medical_record_number from patients.patients')).toEqual([
    { name: '王芳', sex: 'female', medical_record_number: 'H100' },
  ])
})

test('who sends the same again makes no new version', async () => {
  const { body } = await get('Patient/wang')

  const again = await put(body)

  expect([again.status, again.headers.etag]).toEqual([200, 'W/"2"'])
})

test('the patient whom HL7 knows and the one who comes by FHIR are one, and the later word counts', async () => {
  await house.inside((ctx) =>
    applyPatientFacts(ctx, [
      {
        identifiers: [{ system: 'HIS', type: 'MR', value: 'H200' }],
        sourceAt: house.now(),
        name: '李明',
        phones: [{ number: '13700137000' }],
      },
    ]),
  )
  const sent = wang({
    id: undefined,
    identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: 'H200' }],
    name: [{ text: '李明' }],
    telecom: undefined,
  })

  const made = await send('POST', 'Patient', { body: { ...sent, id: 'ignored' } })

  expect(made.status).toBe(201)
  expect(await house.sql('select from patients.patients where name = $1', ['李明'])).toHaveLength(1)
  expect(await found('Patient?identifier=HIS|H200')).toEqual([made.body.id])
  expect(made.body).toMatchObject({ gender: 'female', telecom: [{ value: '13700137000' }] }) // what HL7 had said stands in it
  house.advance({ minutes: 1 })
  await house.inside((ctx) =>
    applyPatientFacts(ctx, [{ identifiers: [{ system: 'HIS', type: 'MR', value: 'H200' }], sourceAt: house.now(), name: '李鸣' }]),
  )
  expect((await get(`Patient/${made.body.id}`)).body).toMatchObject({ name: [{ text: '李鸣' }, { text: '李明' }] })
  const late = wang({
    id: made.body.id,
    name: [{ text: '李迟' }],
    meta: { lastUpdated: '2026-09-01T00:00:00Z' },
    identifier: sent.identifier,
  })
  await put(late)
  expect(await house.sql('select name from patients.patients where id = $1', [made.body.id])).toEqual([{ name: '李鸣' }])
})

test('numbers are masked for who may not see them, and a masked number is not taken for a new one', async () => {
  const narrow = await keyFor('fhir.read', 'fhir.write')

  const { body } = await get('Patient/wang', { key: narrow })
  const back = await put(body, { key: narrow })

  expect(JSON.stringify(body)).not.toContain('13900139000')
  expect([back.status, back.body.issue?.[0]?.code]).toEqual([422, 'business-rule'])
  const history = await get('Patient/wang/_history', { key: narrow })
  expect(JSON.stringify(history.body)).not.toMatch(/13900139000|13800138000/)
})

test('a key that may only read writes nothing', async () => {
  const reader = await keyFor('fhir.read')
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource: wang({ id: 'x' }), request: { method: 'PUT', url: 'Patient/x' } }],
  }

  expect((await put(wang(), { key: reader })).status).toBe(403)
  expect((await send('POST', '', { body: bundle, key: reader })).status).toBe(403)
  expect((await get('Patient/x')).status).toBe(404)
})

test('If-Match: who changed an older version than there is is told so', async () => {
  await put(temperature('t1', 36.5))

  const late = await put(temperature('t1', 37), { headers: { 'if-match': 'W/"7"' } })
  const right = await put(temperature('t1', 37), { headers: { 'if-match': 'W/"1"' } })

  expect([late.status, right.status]).toEqual([412, 200])
  expect((await get('Observation/t1')).body).toMatchObject({ valueQuantity: { value: 37 } })
  expect((await get('Observation/t1', { headers: { 'if-none-match': 'W/"2"' } })).status).toBe(304)
})

test('what is deleted is gone, is told to be gone, and can be made again', async () => {
  await put(temperature('t2', 36))

  expect((await send('DELETE', 'Observation/t2')).status).toBe(204)
  expect((await get('Observation/t2')).status).toBe(410)
  expect(await found('Observation?_id=t2')).toEqual([])
  expect((await send('DELETE', 'Observation/t2')).status).toBe(204)
  expect((await get('Observation/t2/_history/1')).status).toBe(200)
  expect((await put(temperature('t2', 36))).status).toBe(201)
  expect((await get('Observation/t2')).body.meta?.versionId).toBe('3')
})

test('a patch changes what it names, all of it or nothing', async () => {
  await put(temperature('t3', 36))

  const done = await send('PATCH', 'Observation/t3', { body: [{ op: 'replace', path: '/valueQuantity/value', value: 38.5 }] })
  const failed = await send('PATCH', 'Observation/t3', {
    body: [
      { op: 'replace', path: '/valueQuantity/value', value: 40 },
      { op: 'test', path: '/status', value: 'preliminary' },
    ],
  })
  const spoilt = await send('PATCH', 'Observation/t3', { body: [{ op: 'replace', path: '/status', value: 'guessed' }] })

  expect([done.status, failed.status, spoilt.status]).toEqual([200, 422, 400])
  expect((await get('Observation/t3')).body).toMatchObject({ valueQuantity: { value: 38.5 }, meta: { versionId: '2' } })
})

test('conditional writes: made once, changed where there is one, refused where there are several', async () => {
  const order = (value: string) => ({ ...temperature('', 36), id: undefined, identifier: [{ system: 'LIS', value }] })
  const once = { headers: { 'if-none-exist': 'identifier=LIS|A1' } }

  const first = await send('POST', 'Observation', { body: order('A1'), ...once })
  const second = await send('POST', 'Observation', { body: order('A1'), ...once })
  const changed = await send('PUT', 'Observation?identifier=LIS|A1', { body: { ...order('A1'), status: 'amended' } })
  const made = await send('PUT', 'Observation?identifier=LIS|A2', { body: order('A2') })
  const many = await send('PUT', 'Observation?code=8310-5', { body: order('A3') })
  const patched = await send('PATCH', 'Observation?identifier=LIS|A2', { body: [{ op: 'replace', path: '/status', value: 'corrected' }] })
  const deleted = await send('DELETE', 'Observation?identifier=LIS|A2')
  const none = await send('DELETE', 'Observation?identifier=LIS|A9')

  expect([first.status, second.status, changed.status, made.status, many.status, patched.status, deleted.status, none.status]).toEqual([
    201, 200, 200, 201, 412, 200, 204, 204,
  ])
  expect(second.body.id).toBe(first.body.id)
  expect(await found('Observation?identifier=LIS|A1,LIS|A2&status=amended')).toEqual([first.body.id])
})

test('Prefer says how much comes back', async () => {
  const little = await put(temperature('t4', 36), { headers: { prefer: 'return=minimal' } })
  const much = await put(temperature('t4', 37), { headers: { prefer: 'return=representation' } })

  expect([little.status, little.body]).toEqual([201, { resourceType: '', id: '' }])
  expect(much.body).toMatchObject({ valueQuantity: { value: 37 } })
})

test('decimals come back as precisely as they were written', async () => {
  const text = JSON.stringify(temperature('t5', 36)).replace('"value":36', '"value":36.50')
  await send('PUT', 'Observation/t5', { body: text })
  const raw = await app.inject({ url: '/fhir/R4/Observation/t5', headers: { authorization: `Bearer ${await keyFor('fhir.read')}` } })

  expect(raw.payload).toContain('"value":36.50,')
  expect(await found('Observation?value-quantity=36.5&_id=t5')).toEqual(['t5'])
})

test('what comes before its patient waits for him and then stands in his file', async () => {
  const early = {
    resourceType: 'Encounter',
    id: 'e-early',
    status: 'finished',
    class: { code: 'AMB' },
    subject: { reference: 'Patient/zhou' },
    period: { start: '2026-08-01T09:00:00+08:00' },
  }
  await put(early)
  expect(await house.sql("select from encounters.encounters where number = 'FHIR-e-early'")).toEqual([])

  await put(
    wang({ id: 'zhou', name: [{ text: '周晓燕' }], identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: 'H300' }] }),
  )

  const [visit] = await house.sql<{ status: string; name: string }>(
    "select e.status, p.name from encounters.encounters e join patients.patients p on p.id = e.patient_id where e.number = 'FHIR-e-early'",
  )
  expect(visit).toEqual({ status: 'discharged', name: '周晓燕' })
  expect(await found('Encounter?patient=zhou')).toEqual(['e-early'])
})

test('a consent that denies research is a refusal in the file, one that permits it takes it back', async () => {
  const consent = (type: 'deny' | 'permit') => ({
    resourceType: 'Consent',
    id: 'c1',
    status: 'active',
    scope: { text: '随访' },
    category: [{ text: '科研' }],
    patient: { reference: 'Patient/wang' },
    provision: { type, purpose: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HRESCH' }] },
  })
  const refused = () => house.sql('select kind, value from patients.refusals')

  await put(consent('deny'))
  const denied = await refused()
  await put(consent('permit'))

  expect(denied).toEqual([{ kind: 'purpose', value: 'research' }])
  expect(await refused()).toEqual([])
})

test('a death is taken back by who told it, and by nobody who only says of everybody that he lives', async () => {
  const deceased = async () =>
    (await house.sql<{ at: Date | null }>("select deceased_at as at from patients.patients where medical_record_number = 'H400'"))[0]?.at ??
    null
  const chen = (more: object) =>
    wang({
      id: 'chen',
      name: [{ text: '陈光' }],
      identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: 'H400' }],
      ...more,
    })
  await put(chen({ deceasedBoolean: false }))
  await put(chen({ deceasedDateTime: '2026-09-01T10:00:00+08:00' }))
  const died = await deceased()
  await put(chen({ deceasedBoolean: false }))

  expect([died, await deceased()]).toEqual([new Date('2026-09-01T02:00:00Z'), null])
})

test('each write of a patient leaves its row in the audit', async () => {
  const [person] = await house.sql<{ id: string }>("select id from patients.patients where medical_record_number = 'H100'")
  const rows = await house.sql<{ action: string; object_id: string }>('select action, object_id from house.audit where patient_id = $1', [
    person?.id,
  ])

  const acts = rows.map((r) => `${r.action} ${r.object_id}`)
  expect(acts).toEqual(
    expect.arrayContaining([
      'integration.fhirWrite Patient/wang',
      'integration.fhirWrite Observation/t1',
      'integration.fhirDelete Observation/t2',
      'integration.fhirRead Observation/t3',
    ]),
  )
})

test('another hospital sees nothing of it', async () => {
  const other = await house.addHospital('那一家医院')
  const { secret } = await house.inside((ctx) => createApiKey(ctx, { name: '那边', scopes: ['fhir.read', 'fhir.write'] }), other)

  expect((await get('Patient/wang', { key: secret })).status).toBe(404)
  expect((await get('Observation/t1/_history', { key: secret })).status).toBe(404)
  expect(await found('Observation', { key: secret })).toEqual([])
  expect((await put(wang(), { key: secret })).status).toBe(201)
  expect((await get('Patient/wang')).body.meta?.versionId).toBe('2')
})

test('what the house keeps of them is sealed', async () => {
  const bodies = await house.sql<{ body: Buffer }>('select body from integration.fhir_versions where body is not null')
  const values = await house.sql<{ value: string }>(
    "select value from integration.fhir_index where what in ('Patient.phone', 'Patient.identifier')",
  )

  expect(bodies.length).toBeGreaterThan(10)
  expect(bodies.filter((b) => b.body.includes('王芳') || b.body.includes('13900139000'))).toEqual([])
  expect(values.filter((v) => /^[\dH]+$/.test(v.value) && v.value.length < 20)).toEqual([])
})
