import { newId } from '@renxin/kernel'
import { registerPatient } from '@renxin/patients'
import { expect, test } from 'vitest'
import { openFhir } from './testing.fixture.ts'

const { house, send, get, keyFor } = await openFhir()
const elsewhere = await house.addHospital('别的医院')
const foreign = (await house.inside((ctx) => registerPatient(ctx, { id: newId(), name: '王芳' }), elsewhere)).id
type Row = { id: string; action: string; refusal: string; patientId: string | null; objectId: string | null }
const refused = () =>
  house.sql<Row>(
    `select id, action, refusal, patient_id as "patientId", object_id as "objectId" from house.audit
      where refusal is not null and actor_id is not null and action like 'integration.fhir%' order by action`,
  )
const left = async (work: () => Promise<unknown>) => {
  const before = new Set((await refused()).map((r) => r.id))
  await work()
  return (await refused()).filter((r) => !before.has(r.id)).map(({ id: _, ...row }) => row)
}

test('a key that asks for a patient of another hospital leaves a refusal with whom it asked for, by whichever way it asks', async () => {
  const patient = { refusal: 'house.notFound', patientId: foreign }
  const traces = await left(async () => {
    for (const address of [`Patient/${foreign}`, `Patient/${foreign}/$everything`, `Patient/${foreign}/_history/1`])
      expect((await get(address)).status).toBe(404)
    const entry = [{ request: { method: 'GET', url: `Patient/${foreign}` } }]
    for (const type of ['batch', 'transaction']) await send('POST', '', { body: { resourceType: 'Bundle', type, entry } })
  })

  expect(traces).toEqual([
    { action: 'integration.fhirBundle', ...patient, objectId: `Patient/${foreign}` },
    { action: 'integration.fhirBundle', ...patient, objectId: `Patient/${foreign}` },
    { action: 'integration.fhirEverything', ...patient, objectId: `Patient/${foreign}` },
    { action: 'integration.fhirRead', ...patient, objectId: `Patient/${foreign}` },
    { action: 'integration.fhirReadVersion', ...patient, objectId: `Patient/${foreign}` },
  ])
})

test('a key without the right to what it asks for leaves a refusal', async () => {
  const [reads, none] = [await keyFor('fhir.read'), await keyFor('patients.read')]
  const forbidden = { refusal: 'house.forbidden', patientId: null }

  const traces = await left(async () => {
    expect((await send('DELETE', 'Patient/p1', { key: reads })).status).toBe(403)
    expect((await get('Encounter?status=planned', { key: none })).status).toBe(403)
    const entry = [{ request: { method: 'DELETE', url: 'Patient/p1' } }]
    await send('POST', '', { key: reads, body: { resourceType: 'Bundle', type: 'batch', entry } })
  })

  expect(traces).toEqual([
    { action: 'integration.fhirBundle', ...forbidden, objectId: 'Patient/p1' },
    { action: 'integration.fhirDelete', ...forbidden, objectId: 'p1' },
    { action: 'integration.fhirSearch', ...forbidden, objectId: null },
  ])
})

test('what is merely not there, a wrong parameter and a stranger leave none, and an answer leaves none', async () => {
  const traces = await left(async () => {
    expect((await get('Observation/1')).status).toBe(404)
    expect((await get('Patient?colour=red')).status).toBe(400)
    expect((await get('Patient/1', { key: 'rx_1_none' })).status).toBe(401)
    expect((await get('Patient?name=王')).status).toBe(200)
  })

  expect(traces).toEqual([])
})
