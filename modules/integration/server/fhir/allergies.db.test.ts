import { type AllergyFact, applyPatientFacts } from '@renxin/patients'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { openFhir, type Resource } from './testing.fixture.ts'

const { house, put, get, found } = await openFhir()
let patientId = ''
let count = 0

beforeEach(async () => {
  count += 1
  patientId = await tell({})
})

const penicillin: AllergyFact = { code: 'PEN', name: '青霉素', kind: 'drug', severity: null, reaction: null }
/** The hospital's system by HL7. */
async function tell(said: { allergies?: AllergyFact[] | null; gone?: AllergyFact }): Promise<string> {
  house.advance({ minutes: 1 })
  const { gone, ...list } = said
  const changes = gone ? { allergyChanges: [{ ...gone, isGone: true }] } : {}
  const identifiers = [{ system: 'HIS', type: 'MR', value: `A${count}` }]
  const [id = ''] = await house.inside((ctx) =>
    applyPatientFacts(ctx, [{ identifiers, name: '钱一', sourceAt: house.now(), ...list, ...changes }]),
  )
  return id
}
const allergy = (status: 'active' | 'inactive' = 'active', id = `al${count}`): Resource => ({
  resourceType: 'AllergyIntolerance',
  id,
  clinicalStatus: { coding: [{ code: status }] },
  code: { coding: [{ code: 'PEN', display: '青霉素' }] },
  patient: { reference: `Patient/${patientId}` },
  note: [{ text: '皮试阳性' }],
})
const statuses = async () => {
  const { body } = await get(`AllergyIntolerance?patient=Patient/${patientId}`)
  return (body.entry ?? []).map(({ resource }) => (resource.clinicalStatus as { coding: { code: string }[] }).coding[0]?.code) // as sent above
}
const active = () => found(`AllergyIntolerance?patient=Patient/${patientId}&clinical-status=active`)
const inactive = () => found(`AllergyIntolerance?patient=Patient/${patientId}&clinical-status=inactive`)

test.each([
  ['by its whole list', { allergies: null }],
  ['by name', { gone: penicillin }],
])(
  'an allergy that was sent is inactive once the hospital’s system has taken it away %s; what else was sent of it stays',
  async (_, said) => {
    house.advance({ minutes: 1 })
    await put(allergy())
    expect([await active(), await inactive()]).toEqual([[`al${count}`], []])

    await tell(said)

    expect((await get(`AllergyIntolerance/al${count}`)).body).toMatchObject({
      clinicalStatus: { coding: [{ code: 'inactive' }] },
      note: [{ text: '皮试阳性' }],
    })
    expect([await active(), await inactive()]).toEqual([[], [`al${count}`]])
  },
)

test('one that was said to be over is active again when the hospital’s system names it later', async () => {
  house.advance({ minutes: 1 })
  await put(allergy('inactive'))
  await tell({ allergies: [penicillin] })

  expect(await statuses()).toEqual(['active'])
  expect(await active()).toEqual([`al${count}`])
})

test('an allergy of which HL7 told is gone for all when FHIR says that it is over', async () => {
  await tell({ allergies: [penicillin] })
  expect(await active()).toHaveLength(1)
  house.advance({ minutes: 1 })

  await put(allergy('inactive'))

  expect([await statuses(), await active()]).toEqual([['inactive'], []])
})

test('the latest word counts by whichever door it comes, in whatever order, and is shown once', async () => {
  const start = house.now().getTime()
  const said = (record: string, id: string) => {
    const at = (minute: number) => new Date(start + minute * 60_000)
    const identifiers = [{ system: 'HIS', type: 'MR', value: record }]
    const hl7 = (minute: number, allergies: AllergyFact[] | null) =>
      house.inside((ctx) => applyPatientFacts(ctx, [{ identifiers, name: '钱一', sourceAt: at(minute), allergies }]))
    const fhir = (minute: number, status: 'active' | 'inactive') =>
      put({ ...allergy(status, `${id}-${minute}`), meta: { lastUpdated: at(minute).toISOString() } })
    return [() => hl7(1, [penicillin]), () => fhir(2, 'inactive'), () => fhir(3, 'active'), () => hl7(4, null)]
  }
  house.advance({ hours: 1 })
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 0, 2], { minLength: 6 }), async (order) => {
      count += 1
      patientId = await tell({})
      const steps = said(`A${count}`, `o${count}`)
      for (const at of order) await steps[at]?.()
      expect(new Set(await statuses())).toEqual(new Set(['inactive']))
      expect(await active()).toEqual([])
    }),
    { numRuns: 8 },
  )
})
