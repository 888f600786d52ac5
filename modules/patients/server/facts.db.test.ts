import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { patientsApi } from '../contract.ts'
import { longForm } from '../person/identity-card.ts'
import { deathWithdrawn, patientDied } from './events.ts'
import { applyPatientFacts, getPatient, mergePatients, type PatientFacts, patients, phonesOf, registerPatient } from './index.ts'

const house = await openHouse([staff, patients], { now: '2026-09-04T09:00+08:00' })
const clerk = house.who('patients.read', 'patients.names', 'patients.edit', 'patients.unmask')

let last = 0
const number = () => `T${String(++last).padStart(6, '0')}`
const at = (hour: number) => new Date(Date.UTC(2026, 8, 1, hour))
const mr = (value: string) => [{ system: 'HIS', type: 'MR', value }]
const apply = (...facts: PatientFacts[]) => house.inside((ctx) => applyPatientFacts(ctx, facts))
const applyOne = async (fact: PatientFacts) => (await apply(fact))[0] ?? ''
const fileOf = (id: string) => clerk.call(patientsApi.file, { id })

test('whoever is not known is made, with all that was said', async () => {
  const id = await applyOne({
    identifiers: [...mr('H0000101'), { system: '', type: 'NNCHN', value: '000001195603122154' }],
    sourceAt: at(1),
    name: '赵建国',
    phones: [{ number: '13900000101' }, { number: '010-00000101' }],
    kin: [{ name: '赵小军', relation: '儿子', phones: [{ number: '13900000102' }] }],
    identityCard: '000001195603122154',
    payer: '城镇职工基本医疗保险',
    identityClass: '干部',
    address: { full: '江苏省无锡市梁溪区人民路1号' },
  })

  expect(await fileOf(id)).toMatchObject({
    name: '赵建国',
    namePinyin: 'zhao jian guo',
    sex: 'male',
    birthOn: '1956-03-12',
    identityCard: '000***********2154',
    identityCardIsValid: true,
    medicalRecordNumber: 'H0000101',
    address: '江苏省无锡市梁溪区****',
    identifiers: [{ system: 'HIS', type: 'MR', value: 'H0000101' }],
    contacts: [
      { relation: 'self', masked: '139****0101', kind: 'mobile' },
      { relation: 'self', masked: '010-****0101', kind: 'landline' },
      { relation: 'son', name: '赵小军', masked: '139****0102' },
    ],
  })
})

test('phones and identity numbers stand nowhere in the database as they are', async () => {
  const dump = await house.sql(
    `select p::text || coalesce((select string_agg(c::text, '') from patients.contacts c where c.patient_id = p.id), '')
       || coalesce((select string_agg(i::text, '') from patients.identifiers i where i.patient_id = p.id), '')
       || coalesce((select string_agg(k::text, '') from patients.search_keys k where k.patient_id = p.id), '') as all
     from patients.patients p where medical_record_number = 'H0000101'`,
  )

  expect(dump[0]?.all).toContain('赵建国')
  for (const secret of ['13900000101', '010-00000101', '000001195603122154', '人民路']) {
    expect(dump[0]?.all).not.toContain(secret)
  }
})

test('what is not said is kept, what is said to be empty is deleted', async () => {
  const identifiers = mr(number())
  const id = await applyOne({ identifiers, sourceAt: at(1), name: '王芳', payer: '自费', ethnic: '汉' })

  await applyOne({ identifiers, sourceAt: at(2), payer: null })

  expect(await fileOf(id)).toMatchObject({ name: '王芳', payer: null, ethnic: '汉' })
})

test('several facts on one person in a batch, the first of which makes the person, are one person', async () => {
  const [a, b] = [number(), number()]

  const ids = await apply(
    { identifiers: mr(a), sourceAt: at(1), name: '李一' },
    { identifiers: [...mr(a), { system: 'HIS', type: 'PI', value: b }], sourceAt: at(2), name: '李二' },
    { identifiers: [{ system: 'HIS', type: 'PI', value: b }], sourceAt: at(3), sex: 'female' },
  )

  expect(new Set(ids).size).toBe(1)
  expect(await fileOf(ids[0] ?? '')).toMatchObject({ name: '李二', sex: 'female', identifiers: [{ type: 'MR' }, { type: 'PI' }] })
})

test('numbers of two persons in one message: the record number wins, nobody is merged, and somebody is told', async () => {
  const [a, b] = [number(), number()]
  const [first = '', second = ''] = await apply(
    { identifiers: mr(a), sourceAt: at(1), name: '周一' },
    { identifiers: [{ system: 'HIS', type: 'PI', value: b }], sourceAt: at(1), name: '周二' },
  )

  const id = await applyOne({ identifiers: [{ system: 'HIS', type: 'PI', value: b }, ...mr(a)], sourceAt: at(2), payer: '自费' })

  expect(id).toBe(first)
  expect(await fileOf(first)).toMatchObject({ payer: '自费', warnings: ['noPhone', 'possibleDuplicate'], conflicts: [{ otherId: second }] })
  expect(await fileOf(second)).toMatchObject({ payer: null, conflicts: [{ otherId: first }] })
})

test('a newborn on the mother’s identity card is not the mother', async () => {
  const card = '11010519491231002X'
  const mother = await applyOne({ identifiers: mr(number()), sourceAt: at(1), name: '陈静', birthOn: '1949-12-31', identityCard: card })

  const child = await applyOne({ identifiers: mr(number()), sourceAt: at(2), name: '陈静之子', birthOn: '2026-09-01', identityCard: card })

  expect(child).not.toBe(mother)
  expect(await fileOf(child)).toMatchObject({ birthOn: '2026-09-01', conflicts: [{ otherId: mother }] })
})

test('the same person in another system is met by the identity card', async () => {
  const card = '110105600101001' // the old form, and below the new one
  const [a, b] = [number(), number()]

  const first = await applyOne({ identifiers: mr(a), sourceAt: at(1), name: '何平', birthOn: '1960-01-01', identityCard: card })
  const second = await applyOne({
    identifiers: [{ system: 'LIS', type: 'PI', value: b }],
    sourceAt: at(2),
    name: '何平',
    birthOn: '1960-01-01',
    identityCard: longForm(card),
  })

  expect(second).toBe(first)
})

test('words that are no identity number bring nobody together', async () => {
  const [a, b] = await apply(
    { identifiers: [...mr(number()), { system: '', type: 'NNCHN', value: '不详' }], sourceAt: at(1), name: '无名氏' },
    { identifiers: [...mr(number()), { system: '', type: 'NNCHN', value: '不详' }], sourceAt: at(1), name: '无名氏' },
  )

  expect(a).not.toBe(b)
})

test('a death is told once, and so is that it was an error', async () => {
  const identifiers = mr(number())
  const id = await applyOne({ identifiers, sourceAt: at(1), name: '孙一' })
  const told = async () => [
    (await house.events(patientDied)).filter((e) => e.patientId === id).length,
    (await house.events(deathWithdrawn)).filter((e) => e.patientId === id).length,
  ]

  await applyOne({ identifiers, sourceAt: at(2), deceased: { at: at(2) } })
  await applyOne({ identifiers, sourceAt: at(3), deceased: {} })
  expect(await told()).toEqual([1, 0])
  expect((await getPatient(house.ctx, id)).deceasedAt).toEqual(at(2))

  await applyOne({ identifiers, sourceAt: at(4), deceased: false })
  expect(await told()).toEqual([1, 1])
})

test('a death that a nurse noted is not taken back by the hospital’s system', async () => {
  const identifiers = mr(number())
  const id = await applyOne({ identifiers, sourceAt: at(1), name: '孙二' })

  await clerk.call(patientsApi.markDeceased, { patientId: id, at: '2026-09-03T10:00:00+08:00' })
  await applyOne({ identifiers, sourceAt: new Date('2026-09-05T00:00Z'), deceased: false })
  expect((await fileOf(id)).warnings).toContain('deceased')

  await clerk.call(patientsApi.markDeceased, { patientId: id, at: null })
  expect((await fileOf(id)).deceasedAt).toBeNull()
})

test('a number that the latest list does not name is a former one, and is not called', async () => {
  const identifiers = mr(number())
  const id = await applyOne({ identifiers, sourceAt: at(1), name: '吴一', phones: [{ number: '13800000001/0510-12345678' }] })

  await applyOne({ identifiers, sourceAt: at(2), phones: [{ number: '13800000002' }] })

  expect((await phonesOf(house.ctx, id)).map((p) => p.masked)).toEqual(['138****0002'])
  expect((await fileOf(id)).contacts.map((c) => [c.masked, c.isFormer])).toEqual([
    ['138****0002', false],
    ['138****0001', true],
    ['0510-****5678', true],
  ])
})

test('a number entered by hand stays when the hospital’s system sends its own list', async () => {
  const identifiers = mr(number())
  const id = await applyOne({ identifiers, sourceAt: at(1), name: '吴二', phones: [{ number: '13800000001' }] })

  await clerk.call(patientsApi.addContact, { id: newId(), patientId: id, number: '138 0000 0009', relation: 'daughter', name: '吴三' })
  await applyOne({ identifiers, sourceAt: at(2), phones: [{ number: '13800000001' }], kin: [] })

  expect((await phonesOf(house.ctx, id)).map((p) => [p.relation, p.masked])).toEqual([
    ['self', '138****0001'],
    ['daughter', '138****0009'],
  ])
})

test('what is said of one of the kin leaves all others, whoever named them', async () => {
  const identifiers = mr(number())
  const [son, wife] = ['13900000001', '13900000002'].map((n) => [{ number: n }])
  const id = await applyOne({ identifiers, sourceAt: at(1), name: '钱一', kin: [{ name: '钱二', relation: '儿子', phones: son ?? [] }] })
  await clerk.call(patientsApi.addContact, { id: newId(), patientId: id, number: '13900000009', relation: 'daughter', name: '钱三' })

  const about = (isGone: boolean, day: number) =>
    applyOne({ identifiers, sourceAt: at(day), kinChanges: [{ name: '孙六', relation: '配偶', phones: wife ?? [], isGone }] })
  await about(false, 3)
  const added = (await phonesOf(house.ctx, id)).map((p) => p.relation).sort()
  await applyOne({ identifiers, sourceAt: at(2), kin: [] }) // an older list that comes late knows nothing of her
  const late = (await phonesOf(house.ctx, id)).map((p) => p.relation).sort()
  await about(true, 4)

  expect(added).toEqual(['daughter', 'son', 'spouse'])
  expect(late).toEqual(['daughter', 'spouse'])
  expect((await phonesOf(house.ctx, id)).map((p) => p.relation)).toEqual(['daughter'])
})

test('somebody registered by hand is found by the numbers of the hospital’s system later', async () => {
  const id = newId()
  const card = '11010119800101123X'
  await registerPatient(house.ctx, { id, name: '郑一', medicalRecordNumber: 'M-77', phone: '13800000077' })
  await registerPatient(house.ctx, { id, name: '郑一', medicalRecordNumber: 'M-77', phone: '13800000077' })

  await expect(registerPatient(house.ctx, { id: newId(), name: '郑二', medicalRecordNumber: 'M-77' })).rejects.toMatchObject({
    code: 'patients.numberTaken',
  })
  await expect(registerPatient(house.ctx, { id: newId(), name: '郑二', identityCard: card })).rejects.toMatchObject({
    code: 'patients.badIdentityCard',
  })
  await expect(registerPatient(house.ctx, { id: newId(), name: '郑二', phone: '1380000' })).rejects.toMatchObject({
    code: 'patients.badPhone',
  })
  expect(await fileOf(id)).toMatchObject({ name: '郑一', contacts: [{ masked: '138****0077', source: 'manual' }] })
})

/** All that is seen of a person, without the ids that differ by order. */
async function stateOf(id: string) {
  const { id: _, conflicts, mergedFrom, contacts, ...file } = await fileOf(id)
  return { ...file, contacts: contacts.map(({ id: __, ...c }) => c).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) }
}

const someText = fc.option(fc.constantFrom('甲', '乙', '丙丁'), { nil: null })
const somePhones = fc.array(
  fc.constantFrom('13800000001', '13800000002', '0510-12345678', '无').map((n) => ({ number: n })),
  { maxLength: 3 },
)
const someFact = fc.record(
  {
    name: someText,
    sex: fc.constantFrom('male' as const, 'female' as const, 'unknown' as const),
    birthOn: fc.constantFrom('1950-01-02', '1950-01-03', null),
    identityCard: fc.constant(null), // a card would bring the persons of two runs together
    payer: someText,
    address: fc.option(fc.record({ full: someText, district: someText }), { nil: null }),
    phones: fc.option(somePhones, { nil: null }),
    kin: fc.option(
      fc.array(fc.record({ name: someText, relation: fc.constantFrom('儿子', '配偶'), phones: somePhones }), { maxLength: 2 }),
      { nil: null },
    ),
    kinChanges: fc.array(
      fc.record({ name: someText, relation: fc.constantFrom('儿子', '配偶'), phones: somePhones, isGone: fc.boolean() }),
      { maxLength: 2 },
    ),
    deceased: fc.oneof(fc.constant(false as const), fc.record({ at: fc.option(fc.constantFrom(at(90), at(91)), { nil: null }) })),
  },
  { requiredKeys: [] },
)

type Said = typeof someFact extends fc.Arbitrary<infer F> ? F : never

test('all orders of arrival end in the same state, one by one or in batches', async () => {
  const orders = fc
    .array(someFact, { minLength: 2, maxLength: 5 })
    .chain((facts) =>
      fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts.keys()], { minLength: facts.length }), fc.integer({ min: 1, max: 5 })),
    )
  await fc.assert(
    fc.asyncProperty(orders, async ([said, order, batch]) => {
      const [one, other] = [number(), number()]
      const facts = (record: string) => said.map((fact, i): PatientFacts => ({ ...fact, identifiers: mr(record), sourceAt: at(i + 1) }))

      let first = ''
      for (const fact of facts(one)) first = await applyOne(fact)
      let second = ''
      const shuffled = order.flatMap((i) => facts(other)[i] ?? [])
      for (let i = 0; i < shuffled.length; i += batch) second = (await apply(...shuffled.slice(i, i + batch)))[0] ?? ''

      const [a, b] = [await stateOf(first), await stateOf(second)]
      expect({ ...b, medicalRecordNumber: null, identifiers: [] }).toEqual({ ...a, medicalRecordNumber: null, identifiers: [] })
    }),
    { numRuns: 30 },
  )
}, 60_000)

test('a merge may come before, between or after what is said of both', async () => {
  const steps = fc.tuple(
    fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
    fc.tuple(someFact, someFact, someFact, someFact),
    fc.integer({ min: 1, max: 5 }),
  )
  const run = async (order: readonly number[], said: readonly Said[], batch: number) => {
    const [survivor, retired] = [number(), number()]
    const facts: PatientFacts[] = said.map((fact, i) => ({ ...fact, identifiers: mr(i % 2 ? retired : survivor), sourceAt: at(i + 1) }))
    facts.push({ identifiers: mr(survivor), sourceAt: at(9), mergeOf: mr(retired), ethnic: '汉' })
    const ordered = order.flatMap((i) => facts[i] ?? [])
    for (let i = 0; i < ordered.length; i += batch) await apply(...ordered.slice(i, i + batch))
    const [a = '', b = ''] = await apply({ identifiers: mr(survivor), sourceAt: at(10) }, { identifiers: mr(retired), sourceAt: at(10) })
    expect(a).toBe(b)
    const state = await stateOf(a)
    expect(state.medicalRecordNumber).toBe(survivor)
    return { ...state, medicalRecordNumber: null, identifiers: state.identifiers.length }
  }
  await fc.assert(
    fc.asyncProperty(steps, async ([order, said, batch]) => {
      expect(await run(order, said, batch)).toEqual(await run([0, 1, 2, 3, 4], said, 1))
    }),
    { numRuns: 20 },
  )
}, 60_000)

test('merges in a chain lead to the last survivor, in whatever order they come', async () => {
  const chain = async (isReversed: boolean) => {
    const [a = '', b = '', c = ''] = await apply(
      { identifiers: mr(number()), sourceAt: at(1), name: '甲' },
      { identifiers: mr(number()), sourceAt: at(2), name: '乙' },
      { identifiers: mr(number()), sourceAt: at(3), name: '丙' },
    )
    const merges = [
      { survivorId: b, retiredId: a },
      { survivorId: c, retiredId: b },
    ]
    for (const merge of isReversed ? merges.reverse() : merges) await house.inside((ctx) => mergePatients(ctx, merge))
    return Promise.all([a, b, c].map(async (id) => (await getPatient(house.ctx, id)).id === c))
  }

  expect(await chain(false)).toEqual([true, true, true])
  expect(await chain(true)).toEqual([true, true, true])
})
