import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkResource, definitions, entriesOf, FhirProblem, matches, parseSearch, readJson, spanOf, withReferences } from './index.ts'
import { mutate, seeded } from './testing.ts'

const setting = { dayStart: (day: string) => new Date(`${day}T00:00:00+08:00`) }

test.each([
  ['2026', '2025-12-31T16:00:00.000Z', '2026-12-31T16:00:00.000Z'],
  ['2026-02', '2026-01-31T16:00:00.000Z', '2026-02-28T16:00:00.000Z'],
  ['2024-02-29', '2024-02-28T16:00:00.000Z', '2024-02-29T16:00:00.000Z'],
  ['2026-09-04T10:30+08:00', '2026-09-04T02:30:00.000Z', '2026-09-04T02:31:00.000Z'],
  ['2026-09-04T02:30:15Z', '2026-09-04T02:30:15.000Z', '2026-09-04T02:30:16.000Z'],
  ['2026-09-04T02:30:15.123456Z', '2026-09-04T02:30:15.123Z', '2026-09-04T02:30:15.124Z'],
])('%s covers what its precision says, where the hospital stands', (text, low, high) => {
  const span = spanOf(text, setting.dayStart)

  expect([span?.low.toISOString(), span?.high.toISOString()]).toEqual([low, high])
})

test.each(['', '26', '2026-13', '2026-02-30', '2023-02-29', '2026-1-1', '2026-09-04T25:00Z', '2026-09-04T10', 'yesterday', '0000-01-01'])(
  '%s is no date',
  (text) => {
    expect(spanOf(text, setting.dayStart)).toBeUndefined()
  },
)

test('a decimal keeps its spelling, and only where JavaScript would change it', () => {
  const text = '{"a":1.50,"b":2,"c":[3.0,1e3],"d":0.1,"e":12345678901234567890,"f":"1.50"}'

  expect(JSON.stringify(readJson(text))).toBe(text)
})

test.each([
  [{ resourceType: 'Patient', gender: 'blue' }, 'value'],
  [{ resourceType: 'Patient', birthDate: '1985-02-30' }, 'value'],
  [{ resourceType: 'Patient', name: { text: 'x' } }, 'structure'],
  [{ resourceType: 'Patient', name: ['x'] }, 'structure'],
  [{ resourceType: 'Patient', telecom: [{ value: 5 }] }, 'value'],
  [{ resourceType: 'Patient', id: 'a b' }, 'value'],
  [{ resourceType: 'Patient', id: null }, 'structure'],
  [{ resourceType: 'Patient', 'a-b': 1 }, 'structure'],
  [{ resourceType: 'Observation', status: 'final' }, 'required'],
  [{ resourceType: 'Nonsense' }, 'not-supported'],
  [[], 'structure'],
  ['x', 'structure'],
])('%j is refused', (body, code) => {
  expect(() => checkResource(body)).toThrow(expect.objectContaining({ code }))
})

test('references of a Bundle are turned wherever they stand, and nothing else is touched', () => {
  const names = new Map([['urn:uuid:1', 'Patient/p']])
  const untouched = { reference: 'Patient/x' }
  const before = {
    resourceType: 'Encounter',
    subject: { reference: 'urn:uuid:1' },
    participant: [{ individual: untouched }],
    extension: [{ url: 'x', valueUri: 'urn:uuid:1' }],
    text: { div: 'urn:uuid:2' },
  }

  const after = withReferences(before, (text) => names.get(text))

  expect(after).toEqual({ ...before, subject: { reference: 'Patient/p' }, extension: [{ url: 'x', valueUri: 'Patient/p' }] })
  expect(after.participant).toBe(before.participant)
})

test('whoever is found by a search in memory answers it', () => {
  const observation = checkResource({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8310-5' }] },
    subject: { reference: 'Patient/1' },
    effectivePeriod: { start: '2026-08-01', end: '2026-08-03' },
    valueQuantity: { value: 38.2, unit: '℃', code: 'Cel' },
    valueString: 'Ébloui',
  })
  const answers = (search: string) =>
    parseSearch('Observation', [...new URLSearchParams(search)], setting).clauses.every((c) => matches(entriesOf(observation, setting), c))

  const met = ['code=8310-5', 'code=http://loinc.org|8310-5', 'status:not=amended', 'date=2026-08', 'date=ge2026-08-02', 'date=sa2026-07-31', 'value-quantity=38.2', 'value-quantity=lt39||Cel', 'subject=Patient/1', 'patient=1', 'value-string=ebl', 'value-string:exact=Ébloui', 'encounter:missing=true'] // biome-ignore format: one thought
  const unmet = ['code=|8310-5', 'status=amended', 'date=2026-08-02', 'date=eb2026-08-02', 'value-quantity=38.0', 'value-quantity=lt39||F', 'patient=2', 'value-string:exact=ebl', 'encounter:missing=false'] // biome-ignore format: one thought
  expect(met.filter((s) => !answers(s))).toEqual([])
  expect(unmet.filter(answers)).toEqual([])
})

test('whatever a body is, it is taken or refused, and what is taken can be found and written', () => {
  const body = {
    resourceType: 'Patient',
    id: '1',
    identifier: [{ system: 'HIS', value: 'H1', period: { start: '2020' } }],
    name: [{ text: '周晓燕', given: ['晓燕'] }],
    telecom: [{ system: 'phone', value: '13900000301', rank: 1 }],
    contained: [{ resourceType: 'Organization', id: 'o' }],
    birthDate: '1985-07-14',
    deceasedBoolean: false,
  }
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      try {
        const resource = checkResource(readJson(mutate(body, seeded(seed))))
        entriesOf(resource, setting)
        JSON.stringify(withReferences(resource, () => undefined))
      } catch (error) {
        if (!(error instanceof SyntaxError)) expect(error).toBeInstanceOf(FhirProblem)
      }
    }),
    { numRuns: 3000, seed: 11 },
  )
})

test('no search is answered with anything but a reading or a refusal', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...definitions.keys(), 'X'),
      fc.array(fc.tuple(fc.string(), fc.string({ unit: 'binary' })), { maxLength: 5 }),
      (type, pairs) => {
        try {
          parseSearch(type, pairs, setting)
        } catch (error) {
          expect(error).toBeInstanceOf(FhirProblem)
        }
      },
    ),
    { numRuns: 2000 },
  )
})
