import { applyPatientFacts, describePatients } from '@renxin/patients'
import { beforeEach, expect, test } from 'vitest'
import { openFhir, type Resource } from './testing.fixture.ts'

const { house, put, send, get, found } = await openFhir()
let patientId = ''
let count = 0

/** A person of whom the hospital's system told, with his son, and by hand his daughter. */
beforeEach(async () => {
  count += 1
  house.advance({ minutes: 1 })
  await house.inside(async (ctx) => {
    const identifiers = [{ system: 'HIS', type: 'MR', value: `K${count}` }]
    const told = { identifiers, name: '钱一', kin: [{ name: '钱二', relation: '儿子', phones: [{ number: '13900000001' }] }] }
    ;[patientId = ''] = await applyPatientFacts(ctx, [{ ...told, sourceAt: house.now() }])
    const byHand = { identifiers, sourceAt: house.now(), kinChanges: [{ name: '钱三', relation: '女儿', phones: [{ number: '13900000002' }], isGone: false }] } // biome-ignore format: one thought
    await applyPatientFacts(ctx, [byHand], { source: 'manual' })
  })
  house.advance({ minutes: 1 })
})

const related = (id: string, more: object = {}): Resource => ({
  resourceType: 'RelatedPerson',
  id: `${id}-${count}`,
  patient: { reference: `Patient/${patientId}` },
  relationship: [{ text: '配偶' }],
  name: [{ text: '孙六' }],
  telecom: [{ system: 'phone', value: '13900000003' }],
  ...more,
})
const kin = () =>
  house.inside(async (ctx) =>
    (await describePatients(ctx, [patientId])).flatMap((p) => p.phones.map((c) => `${c.name} ${c.number}`)).sort(),
  )

test('a RelatedPerson adds himself and leaves whom the hospital’s system and people named', async () => {
  await put(related('wife'))

  expect(await kin()).toEqual(['孙六 13900000003', '钱三 13900000002', '钱二 13900000001'])
})

test('a new number takes the place of his old one alone, and with him his numbers go', async () => {
  await put(related('wife'))
  house.advance({ minutes: 1 })
  await put(related('wife', { telecom: [{ system: 'phone', value: '13900000004' }] }))
  const changed = await kin()
  house.advance({ minutes: 1 })
  await send('DELETE', `RelatedPerson/wife-${count}`)

  expect(changed).toEqual(['孙六 13900000004', '钱三 13900000002', '钱二 13900000001'])
  expect(await kin()).toEqual(['钱三 13900000002', '钱二 13900000001'])
})

test('who is not active any more is gone, unless another resource names the same number', async () => {
  await put(related('wife'))
  await put(related('again'))
  house.advance({ minutes: 1 })
  await put(related('wife', { active: false }))
  const still = await kin()
  house.advance({ minutes: 1 })
  await put(related('again', { active: false }))

  expect(still).toContain('孙六 13900000003')
  expect(await kin()).toEqual(['钱三 13900000002', '钱二 13900000001'])
})

test('the contacts in a Patient go by the same rule: those that it names no more are gone, all others stay', async () => {
  const patient = (contact?: object): Resource => ({
    resourceType: 'Patient',
    id: `p${count}`,
    identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'HIS', value: `K${count}` }],
    name: [{ text: '钱一' }],
    ...(contact ? { contact: [contact] } : {}),
  })
  await put(related('wife'))
  await put(patient({ name: { text: '李七' }, relationship: [{ text: '朋友' }], telecom: [{ system: 'phone', value: '13900000007' }] }))
  const named = await kin()
  house.advance({ minutes: 1 })
  await put(patient())

  expect(named).toEqual(['孙六 13900000003', '李七 13900000007', '钱三 13900000002', '钱二 13900000001'])
  expect(await kin()).toEqual(['孙六 13900000003', '钱三 13900000002', '钱二 13900000001'])
})

test('who was named by the hospital’s system or by hand is found by his telephone, too, without his patient', async () => {
  const byPhone = (number: string) => found(`RelatedPerson?phone=${number}`)
  await put(related('wife'))

  const [son] = await byPhone('13900000001')
  expect((await get(`RelatedPerson/${son}`)).body).toMatchObject({ relationship: [{ text: 'son' }], telecom: [{ value: '13900000001' }] })
  expect(await byPhone('139 0000 0002')).toHaveLength(count)
  expect(await byPhone('13900000003')).toContain(`wife-${count}`)
  expect(await byPhone('13900000099')).toEqual([])
  expect(await found(`RelatedPerson?phone=13900000001&name=钱二`)).toContain(son)
  expect(await found(`RelatedPerson?phone=13900000001&name=孙六`)).toEqual([])
})
