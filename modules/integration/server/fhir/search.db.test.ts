import { applyEncounterFacts } from '@renxin/encounters'
import { definitions } from '@renxin/fhir'
import { applyPatientFacts, mergePatients } from '@renxin/patients'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type Answer, openFhir, type Resource } from './testing.fixture.ts'

const { house, send, get, put, found, keyFor } = await openFhir()
const CT = 'http://loinc.org'

const person = (id: string, name: string, more: object = {}): Resource => ({
  resourceType: 'Patient',
  id,
  identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: `H-${id}` }],
  name: [{ text: name }],
  ...more,
})
const result = (id: string, patient: string, code: string, value: number, day: string, more: object = {}): Resource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: CT, code }], text: '体温 Temp' },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: day,
  valueQuantity: { value, unit: '℃', system: 'http://unitsofmeasure.org', code: 'Cel' },
  ...more,
})

beforeAll(async () => {
  await put(
    person('zhao', '赵建国', {
      birthDate: '1960-03-12',
      gender: 'male',
      address: [{ city: '杭州市' }],
      generalPractitioner: [{ reference: 'Practitioner/li' }],
    }),
  )
  await put(
    person('qian', '钱美玲', { birthDate: '1985-11-30', gender: 'female', telecom: [{ system: 'email', value: 'Qian@Example.org' }] }),
  )
  await put({ resourceType: 'Practitioner', id: 'li', name: [{ text: '李主任' }], identifier: [{ value: 'D1' }] })
  await put({ resourceType: 'Encounter', id: 'e1', status: 'finished', class: { code: 'IMP' }, subject: { reference: 'Patient/zhao' }, period: { start: '2026-08-01T09:00:00+08:00', end: '2026-08-10T09:00:00+08:00' } }) // biome-ignore format: one thought
  await put(result('t1', 'zhao', '8310-5', 36.5, '2026-08-02', { encounter: { reference: 'Encounter/e1' } }))
  await put(
    result('t2', 'zhao', '8310-5', 39.1, '2026-08-03T10:00:00+08:00', { status: 'amended', interpretation: [{ coding: [{ code: 'H' }] }] }),
  )
  await put(result('t3', 'qian', '8867-4', 80, '2026-08-03', { valueQuantity: { value: 80, unit: '/min' } }))
  await put({ resourceType: 'Condition', id: 'c1', subject: { reference: 'Patient/zhao' }, encounter: { reference: 'Encounter/e1' }, code: { coding: [{ system: 'icd', code: 'I21.9' }] } }) // biome-ignore format: one thought
  await put({ resourceType: 'Organization', id: 'o1', name: 'Åsgård  Klinik', alias: ['AK'] })
})

test.each([
  ['Observation?code=8310-5', ['t1', 't2']],
  [`Observation?code=${CT}|8867-4`, ['t3']],
  [`Observation?code=${CT}|`, ['t1', 't2', 't3']],
  ['Observation?code=|8310-5', []],
  ['Observation?code:not=8310-5', ['t3']],
  ['Observation?code=8310-5,8867-4&status=final', ['t1', 't3']],
  ['Observation?date=2026-08-03', ['t2', 't3']],
  ['Observation?date=ge2026-08-03T09:00:00%2B08:00&date=lt2026-08-03T11:00:00%2B08:00', ['t2', 't3']],
  ['Observation?date=sa2026-08-02', ['t2', 't3']],
  ['Observation?date=eb2026-08-03', ['t1']],
  ['Observation?date=ne2026-08-03', ['t1']],
  ['Observation?value-quantity=gt38', ['t2', 't3']],
  ['Observation?value-quantity=gt38||Cel', ['t2']],
  ['Observation?value-quantity=39.1|http://unitsofmeasure.org|Cel', ['t2']],
  ['Observation?value-quantity=39', ['t2']],
  ['Observation?value-quantity=39.0', []],
  ['Observation?value-quantity=ap38||Cel', ['t1', 't2']],
  ['Observation?patient=zhao', ['t1', 't2']],
  ['Observation?subject=Patient/qian', ['t3']],
  ['Observation?subject:Patient=zhao', ['t1', 't2']],
  ['Observation?encounter:missing=false', ['t1']],
  ['Observation?encounter:missing=true', ['t2', 't3']],
  ['Observation?patient.identifier=HIS|H-qian', ['t3']],
  ['Observation?subject:Patient.name=赵', ['t1', 't2']],
  ['Observation?encounter.date=2026-08', ['t1']],
  ['Observation?patient.general-practitioner:Practitioner.name=李', ['t1', 't2']],
  ['Patient?_has:Observation:patient:code=8867-4', ['qian']],
  ['Patient?_has:Observation:patient:value-quantity=gt38||Cel', ['zhao']],
  ['Patient?address-city=杭州', ['zhao']],
  ['Patient?email=qian@example.org', ['qian']],
  ['Patient?birthdate=lt1970', ['zhao']],
  ['Patient?general-practitioner=Practitioner/li', ['zhao']],
  ['Patient?identifier=H-zhao,H-qian', ['qian', 'zhao']],
  ['Patient?name:exact=赵建国', ['zhao']],
  ['Patient?name:contains=建', ['zhao']],
  ['Patient?_id=zhao,qian,nobody', ['qian', 'zhao']],
  ['Organization?name=asgard k', ['o1']],
  ['Organization?name:contains=GÅRD', ['o1']],
  ['Organization?name:exact=AK', ['o1']],
  ['Organization?name=ak\\,b', []],
  ['Observation?_lastUpdated=ge2026-09-04&status=amended', ['t2']],
  ['Observation?_lastUpdated=lt2026-09-04', []],
] as const)('%s finds what it should', async (search, ids) => {
  expect((await found(search)).toSorted()).toEqual(ids)
})

test('an order that is asked for is kept, up and down, through every page', async () => {
  const walk = async (search: string) => {
    const ids: string[] = []
    for (let next: string | undefined = search; next; ) {
      const { body }: Answer = await get(next)
      ids.push(...(body.entry ?? []).map((e) => e.resource.id))
      next = body.link?.find((l) => l.relation === 'next')?.url
    }
    return ids
  }

  expect(await walk('Observation?_sort=date,-_id&_count=1')).toEqual(['t1', 't3', 't2'])
  expect(await walk('Observation?_sort=-date&_count=2')).toEqual(['t2', 't3', 't1'])
  expect(await walk('Observation?_sort=encounter,_id&_count=1')).toEqual(['t1', 't2', 't3'])
  expect(await walk('Patient?_sort=birthdate&_count=1')).toEqual(['zhao', 'qian'])
})

test('a cursor that we did not write, or of another search, is refused', async () => {
  const { body } = await get('Observation?_count=1')
  const next = body.link?.find((l) => l.relation === 'next')?.url ?? ''

  expect((await get(next)).status).toBe(200)
  expect((await get(next.replace('Observation?', 'Observation?status=final&'))).status).toBe(400)
  expect((await get(`${next}x`)).status).toBe(400)
})

test('what is referred to, and what refers, comes along once', async () => {
  const { body } = await get(
    'Observation?_id=t1&_include=Observation:patient&_include=Observation:encounter&_include:iterate=Patient:general-practitioner',
  )
  const { body: reverse } = await get('Patient?_id=zhao&_revinclude=Observation:patient&_revinclude=Encounter:patient')

  expect(body.entry?.map((e) => `${e.resource.resourceType}/${e.resource.id}`).toSorted()).toEqual([
    'Encounter/e1',
    'Observation/t1',
    'Patient/zhao',
    'Practitioner/li',
  ])
  expect(reverse.entry?.map((e) => e.resource.id).toSorted()).toEqual(['e1', 't1', 't2', 'zhao'])
})

test('counted, summed up, or in parts', async () => {
  const count = await get('Observation?_summary=count&code=8310-5')
  const total = await get('Observation?_total=accurate&_count=1')
  const summary = (await get('Observation?_id=t1&_summary=true')).body.entry?.[0]?.resource
  const parts = (await get('Observation?_id=t1&_elements=status')).body.entry?.[0]?.resource

  expect([count.body.total, count.body.entry, total.body.total, total.body.entry?.length]).toEqual([2, undefined, 3, 1])
  expect(summary).toMatchObject({ status: 'final', meta: { tag: [{ code: 'SUBSETTED' }] } })
  expect(Object.keys(parts ?? {}).toSorted()).toEqual(['id', 'meta', 'resourceType', 'status'])
})

test('a search may be sent as a form, so that no name stands in an address', async () => {
  const key = await keyFor('fhir.read')
  const { status, body } = await send('POST', 'Patient/_search', {
    key,
    body: 'name=赵&_count=5',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })

  expect([status, body.entry?.map((e) => e.resource.id)]).toEqual([200, ['zhao']])
})

test('all that is known of a patient, whoever told it, and after a merge of both', async () => {
  const [sun = ''] = await house.inside((ctx) =>
    applyPatientFacts(ctx, [{ identifiers: [{ system: 'HIS', type: 'MR', value: 'H9' }], sourceAt: house.now(), name: '孙双' }]),
  )
  await house.inside((ctx) =>
    applyEncounterFacts(ctx, [
      { number: 'V9', patientId: sun, event: 'register', sourceAt: house.now(), admittedAt: house.now(), class: 'outpatient' },
    ]),
  )
  const of = async (id: string) => (await get(`Patient/${id}/$everything`)).body.entry?.map((e) => e.resource.resourceType).toSorted()

  expect(await of('zhao')).toEqual(['Condition', 'Encounter', 'Observation', 'Observation', 'Patient'])
  expect(await of(sun)).toEqual(['Encounter', 'Patient'])
  const [zhao] = await house.sql<{ object_id: string }>("select object_id from integration.fhir_resources where id = 'zhao'")
  await house.inside((ctx) => mergePatients(ctx, { survivorId: zhao?.object_id ?? '', retiredId: sun, reason: '同一人' }))
  expect(await of('zhao')).toEqual(['Condition', 'Encounter', 'Encounter', 'Observation', 'Observation', 'Patient'])
  expect((await found('Encounter?patient=zhao')).length).toBe(2)
  expect((await get(`Patient/${sun}`)).body).toMatchObject({ active: false, link: [{ type: 'replaced-by' }] })
})

test('whatever is asked, a search is answered or refused, never broken', { timeout: 120_000 }, async () => {
  const words = fc.constantFrom('code', 'date', 'patient', '_sort', '_include', 'value-quantity', '_has:Observation:patient:code', 'subject:Patient.name', '_id', '_count', '_elements', 'status:not', 'xyz', '_lastUpdated') // biome-ignore format: one thought
  const values = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      '',
      '|',
      '||',
      ',',
      '\\',
      'ge',
      'ge2026-13',
      '9999-12-31',
      '0000',
      '1e400',
      '-1',
      'Patient/',
      'Patient/x,',
      'a|b|c|d',
      'true',
      '%',
      '\u0000',
      '￿',
    ),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('Observation', 'Patient', 'Encounter', 'Nonsense'),
      fc.array(fc.tuple(words, values), { maxLength: 4 }),
      async (type, pairs) => {
        const query = pairs.map(([n, v]) => `${n}=${encodeURIComponent(v.toWellFormed())}`).join('&')
        const { status, body } = await get(`${type}?${query}`)
        expect([200, 400, 404, 406]).toContain(status)
        expect(body.resourceType).toBe(status === 200 ? 'Bundle' : 'OperationOutcome')
      },
    ),
    { numRuns: 300, seed: 7 },
  )
})

type Claim = {
  type: string
  interaction: { code: string }[]
  searchParam: { name: string; type: string }[]
  searchInclude: string[]
  searchRevInclude: string[]
}

test('the capability statement tells the truth: each type, each parameter and each interaction that it names works', {
  timeout: 120_000,
}, async () => {
  const statement = (await get('metadata', { key: '' })).body
  const claims = (statement.rest as { resource: Claim[]; interaction: { code: string }[] }[])[0]
  const sample: Record<string, string> = { token: 'x', string: 'x', date: '2026', reference: 'x', quantity: '1', uri: 'urn:x', number: '1' }

  expect(statement).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', kind: 'instance' })
  expect(claims?.resource.map((r) => r.type)).toEqual([...definitions.keys()])
  expect(claims?.interaction.map((i) => i.code)).toEqual(['transaction', 'batch'])
  for (const { type, interaction, searchParam, searchInclude, searchRevInclude } of claims?.resource ?? []) {
    const bare: Resource = { resourceType: type, id: 'claim' }
    const refused: unknown[] = []
    for (const { name, type: kind } of searchParam) {
      const { status } = await get(`${type}?${name}=${sample[kind]}&_count=1`)
      if (status !== 200) refused.push([name, status])
    }
    const includes = [...searchInclude.map((i) => `_include=${i}`), ...searchRevInclude.slice(0, 3).map((i) => `_revinclude=${i}`)]
    if (includes.length > 0) {
      const { status, body } = await get(`${type}?_count=1&${includes.slice(0, 30).join('&')}`)
      if (status !== 200) refused.push([includes, status, body.issue])
    }
    expect([type, refused]).toEqual([type, []])
    expect(interaction.map((i) => i.code)).toEqual([
      'read',
      'vread',
      'update',
      'patch',
      'delete',
      'history-instance',
      'history-type',
      'create',
      'search-type',
    ])
    const made = await put(bare)
    const isWhole = made.status === 201 // many types must hold more than an id
    if (!isWhole)
      expect([type, made.status, made.body.issue?.[0]?.code]).toEqual([
        type,
        made.status === 422 ? 422 : 400,
        made.status === 422 ? expect.any(String) : 'required',
      ])
    else {
      expect((await get(`${type}/claim`)).status).toBe(200)
      expect((await get(`${type}/claim/_history/1`)).status).toBe(200)
      expect((await get(`${type}/claim/_history`)).body.entry).toHaveLength(1)
      expect((await get(`${type}/_history?_count=1`)).status).toBe(200)
      expect((await send('PATCH', `${type}/claim`, { body: [{ op: 'add', path: '/language', value: 'zh' }] })).status).toBe(200)
      expect((await send('POST', type, { body: bare })).status).toBe(201)
      expect((await send('DELETE', `${type}/claim`)).status).toBe(204)
    }
  }
  expect((await get('Patient/zhao/$everything')).status).toBe(200)
  for (const type of ['transaction', 'batch'])
    expect((await send('POST', '', { body: { resourceType: 'Bundle', type, entry: [] } })).body.type).toBe(`${type}-response`)
})
