import { patientsApi } from '@renxin/patients/contract'
import { expect, test } from 'vitest'
import { openFhir, type Resource } from './testing.fixture.ts'

const { asker, get, put, keyFor } = await openFhir()
const nurse = asker('patients.read', 'patients.names')
const structure = (name: string) => `http://hl7.org/fhir/StructureDefinition/${name}`

const patient: Resource = {
  resourceType: 'Patient',
  id: 'guli',
  identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: 'B1' }],
  name: [{ text: '古丽' }],
  communication: [{ language: { text: '汉语' } }, { language: { coding: [{ code: 'ug', display: '维吾尔语' }] }, preferred: true }],
  extension: [
    { url: structure('patient-birthPlace'), valueAddress: { state: '新疆', city: '喀什' } },
    { url: structure('patient-nationality'), extension: [{ url: 'code', valueCodeableConcept: { text: '中国' } }] },
    { url: structure('patient-religion'), valueCodeableConcept: { text: '佛教' } },
    { url: 'https://hospital.example/else', valueString: '别的' },
  ],
}

test('the language, the place of birth and the nationality of a Patient stand in the file; of a religion only that it is known', async () => {
  await put(patient)
  const [found] = (await nurse.call(patientsApi.list, {})).rows

  const file = await nurse.call(patientsApi.file, { id: found?.id ?? '' })

  expect(file).toMatchObject({ language: '维吾尔语', birthPlace: '新疆喀什', nationality: '中国', hasReligion: true })
  expect(JSON.stringify(file)).not.toContain('佛教')
})

test('the religion is returned to those who may see what is masked, and to nobody else', async () => {
  const narrow = await get('Patient/guli', { key: await keyFor('fhir.read') })

  expect(JSON.stringify((await get('Patient/guli')).body)).toContain('佛教')
  expect(JSON.stringify(narrow.body)).not.toContain('佛教')
  expect(JSON.stringify(narrow.body)).toContain('别的')
})
