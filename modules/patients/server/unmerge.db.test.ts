import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { patientsApi } from '../contract.ts'
import { patientMerged, patientParted } from './events.ts'
import {
  applyPatientFacts,
  getPatient,
  mayContact,
  mergePatients,
  noteContact,
  type PatientFacts,
  partPatients,
  patients,
  setHold,
  tracePatientFacts,
} from './index.ts'

const house = await openHouse([staff, patients], { now: '2026-09-04T09:00+08:00' })
const clerk = house.who('patients.read', 'patients.names', 'patients.edit', 'patients.unmask')

let last = 0
const number = () => `U${String(++last).padStart(6, '0')}`
const at = (hour: number) => new Date(Date.UTC(2026, 8, 1, hour))
const mr = (value: string) => [{ system: 'HIS', type: 'MR', value }]
const apply = (...facts: PatientFacts[]) => house.inside((ctx) => applyPatientFacts(ctx, facts))

const fileOf = (id: string) => clerk.call(patientsApi.file, { id })
const found = async (q: string) => (await clerk.call(patientsApi.search, { q })).rows.map((r) => r.id)
const merge = (survivorId: string, retiredId: string) =>
  clerk.call(patientsApi.merge, { patientId: survivorId, retiredId, reason: '同一人重复建档' })
const part = async (id: string, retiredId: string) => {
  const { mergedFrom } = await fileOf(id)
  return clerk.call(patientsApi.part, { mergeId: mergedFrom.find((m) => m.id === retiredId)?.mergeId ?? newId(), reason: '不是同一人' })
}

/** Two files with a name, a phone and a payer each. */
async function two() {
  const [one, other] = [number(), number()]
  const [a = '', b = ''] = await apply(
    { identifiers: mr(one), sourceAt: at(1), name: '王建国', sex: 'male', phones: [{ number: '13800000001' }], payer: '自费' },
    { identifiers: mr(other), sourceAt: at(2), name: '王建果', sex: 'male', phones: [{ number: '13800000002' }], payer: '职工医保' },
  )
  return { a, b, one, other }
}

/** All that is seen of a person, without what tells of the merge itself. */
async function stateOf(id: string) {
  const { mergedFrom: _, conflicts, ...file } = await fileOf(id)
  return { ...file, conflicts: conflicts.map((c) => c.otherId).sort() }
}

test('a merge that is taken back leaves both files as they were, and each is found again by its own', async () => {
  const { a, b, one, other } = await two()
  const before = [await stateOf(a), await stateOf(b)]

  await merge(a, b)
  expect(await fileOf(b)).toMatchObject({ id: a, name: '王建果', payer: '职工医保', mergedFrom: [{ id: b, medicalRecordNumber: other }] })
  await part(a, b)

  expect([await stateOf(a), await stateOf(b)]).toEqual(before)
  for (const q of [one, '王建国', '13800000001']) expect(await found(`${q} ${one}`)).toEqual([a])
  for (const q of [other, '王建果', '13800000002']) expect(await found(`${q} ${other}`)).toEqual([b])
  expect(await house.events(patientMerged)).toContainEqual({ survivorId: a, retiredId: b })
  expect(await house.events(patientParted)).toContainEqual({ survivorId: a, retiredId: b })
})

test('what the hospital’s system said under the retired number in between is the retired one’s', async () => {
  const { a, b, one, other } = await two()
  await merge(a, b)

  await apply(
    {
      identifiers: [...mr(other), { system: 'HIS', type: 'HC', value: `card ${other}` }],
      sourceAt: at(5),
      name: '王建果果',
      phones: [{ number: '13800000003' }],
    },
    { identifiers: mr(one), sourceAt: at(4), ethnic: '汉' },
  )
  expect(await fileOf(a)).toMatchObject({ name: '王建果果', ethnic: '汉' })
  await part(a, b)

  expect(await fileOf(a)).toMatchObject({
    name: '王建国',
    ethnic: '汉',
    payer: '自费',
    contacts: [{ masked: '138****0001', isFormer: false }],
  })
  expect(await fileOf(b)).toMatchObject({
    name: '王建果果',
    ethnic: null,
    payer: '职工医保',
    identifiers: [{ type: 'HC' }, { value: other }],
  })
  expect((await fileOf(b)).contacts.map((c) => [c.masked, c.isFormer])).toEqual([
    ['138****0003', false],
    ['138****0002', true],
  ])
  expect(await found(`card ${other}`)).toEqual([b])
})

test('callers learn whose number it was, and whose file it is today', async () => {
  const { a, b, one, other } = await two()
  await merge(a, b)

  const traced = await house.inside((ctx) =>
    tracePatientFacts(ctx, [
      { identifiers: mr(other), sourceAt: at(3) },
      { identifiers: mr(one), sourceAt: at(3) },
    ]),
  )

  expect(traced).toEqual([
    { patientId: a, saidPatientId: b },
    { patientId: a, saidPatientId: a },
  ])
})

test('what was done by hand on the merged file stays with the survivor, and what was done to the other’s number goes with it', async () => {
  const { a, b } = await two()
  const tag = await clerk.call(patientsApi.saveTag, { id: newId(), name: `标签${number()}`, tone: 'care', isActive: true })
  await merge(a, b)

  await clerk.call(patientsApi.tag, { patientId: b, tagId: tag.id, isOn: true })
  await clerk.call(patientsApi.refuse, { patientId: b, kind: 'channel', value: 'call', refused: true })
  await clerk.call(patientsApi.addContact, { id: newId(), patientId: b, number: '13900000009', relation: 'daughter', name: '王小妹' })
  const voided = (await fileOf(a)).contacts.find((c) => c.masked === '138****0002')
  await clerk.call(patientsApi.changeContact, { contactId: voided?.id ?? '', isVoid: true })
  await house.inside((ctx) => noteContact(ctx, b, house.now()))
  await house.inside((ctx) => setHold(ctx, { patientId: b, cause: 'openComplaint', objectId: newId() }))
  expect((await mayContact(house.ctx, [a], { purpose: 'followup' })).get(a)?.reason).toBe('refused')
  await part(a, b)

  const [mine, theirs] = [await fileOf(a), await fileOf(b)]
  expect(mine).toMatchObject({ tags: [{ id: tag.id }], refusals: [{ value: 'call' }], holds: [] })
  expect(mine.contacts.map((c) => [c.masked, c.relation, c.isVoid])).toEqual([
    ['138****0001', 'self', false],
    ['139****0009', 'daughter', false],
  ])
  expect(theirs).toMatchObject({
    tags: [],
    refusals: [],
    holds: [{ cause: 'openComplaint' }],
    contacts: [{ masked: '138****0002', isVoid: true }],
  })
})

test('in a chain any link may be taken back, and merging again is merging', async () => {
  const [x, y, z] = [await two(), await two(), await two()]
  const [a, b, c] = [x.a, y.a, z.a]
  const before = [await stateOf(a), await stateOf(b), await stateOf(c)]
  await merge(b, a)
  await merge(c, b)
  const whole = await stateOf(c)

  await house.inside((ctx) => partPatients(ctx, { survivorId: b, retiredId: a }))
  expect(await stateOf(a)).toEqual(before[0])
  expect((await getPatient(house.ctx, b)).id).toBe(c)
  await house.inside((ctx) => mergePatients(ctx, { survivorId: b, retiredId: a }))
  expect(await stateOf(c)).toEqual(whole)

  await house.inside((ctx) => partPatients(ctx, { survivorId: c, retiredId: b }))
  expect(await stateOf(c)).toEqual(before[2])
  expect((await getPatient(house.ctx, a)).id).toBe(b)
  await part(b, a)
  expect([await stateOf(a), await stateOf(b), await stateOf(c)]).toEqual(before)
})

test('somebody who died is not dead any more in the file that was only merged with his', async () => {
  const { a, b } = await two()
  await clerk.call(patientsApi.markDeceased, { patientId: b, at: '2026-09-03T10:00:00+08:00' })
  await merge(a, b)
  expect((await fileOf(a)).deceasedAt).not.toBeNull()

  await part(a, b)

  expect((await fileOf(a)).deceasedAt).toBeNull()
  expect((await fileOf(b)).deceasedAt).not.toBeNull()
})

test('a merge is taken back once, and what is none is refused', async () => {
  const { a, b } = await two()
  await merge(a, b)
  const { mergedFrom } = await fileOf(a)
  const mergeId = mergedFrom[0]?.mergeId ?? ''

  await clerk.call(patientsApi.part, { mergeId, reason: '不是同一人' })

  await expect(clerk.call(patientsApi.part, { mergeId, reason: '不是同一人' })).rejects.toMatchObject({ code: 'patients.mergeNotFound' })
  await expect(clerk.call(patientsApi.part, { mergeId: newId(), reason: '不是同一人' })).rejects.toMatchObject({
    code: 'patients.mergeNotFound',
  })
})

/** Three files, and what the hospital's system says of them, the hour last. */
async function three() {
  const numbers = [number(), number(), number()]
  const files = await apply(...numbers.map((n) => ({ identifiers: mr(n), sourceAt: at(1) })))
  const says = async (is: 'merge' | 'part', into: number, from: number, hour: number) => {
    const pair = { survivorId: files[into] ?? '', retiredId: files[from] ?? '', saidAt: at(hour) }
    await house.inside(async (ctx) => (is === 'merge' ? mergePatients(ctx, pair) : partPatients(ctx, pair)))
  }
  const roots = () => Promise.all(files.map(async (id) => files.indexOf((await getPatient(house.ctx, id)).id)))
  return { says, roots }
}

test('a file that was merged into two is the one’s of whom it was said last, also where it had been said of that one before', async () => {
  const { says, roots } = await three()
  await says('merge', 1, 0, 2)
  await says('merge', 2, 0, 3)
  expect(await roots()).toEqual([2, 1, 2])

  await says('merge', 1, 0, 4)

  expect(await roots()).toEqual([1, 1, 2])
})

test('what was overruled counts again when that which overruled it is turned round or taken back', async () => {
  for (const word of ['merge', 'part'] as const) {
    const { says, roots } = await three()
    await says('merge', 2, 0, 2)
    await says('merge', 1, 0, 3)
    expect(await roots()).toEqual([1, 1, 2])

    await says(word, 0, 1, 4)

    expect(await roots()).toEqual(word === 'merge' ? [2, 2, 2] : [2, 1, 2])
  }
})

test('of two merged files with one telephone number either may be taken out: it takes its own along, and that of the other stays', async () => {
  for (const out of [0, 1, 2, 3]) {
    const phones = [{ number: '13800000004' }]
    const [a = ''] = await apply({ identifiers: mr(number()), sourceAt: at(1) })
    const others = await apply(...[1, 2].map(() => ({ identifiers: mr(number()), sourceAt: at(1), phones })))
    for (const other of out < 2 ? others : others.toReversed()) await merge(a, other)
    const parted = others[out % 2] ?? ''

    await part(a, parted)

    for (const id of [a, parted]) expect((await fileOf(id)).contacts.map((c) => c.masked)).toEqual(['138****0004'])
  }
})

test('two words of one moment on the same two files are settled alike whichever came first, and a parting stands over a merge', async () => {
  const { says, roots } = await three()
  await says('merge', 0, 1, 2)
  await says('merge', 1, 0, 2)
  const settled = await roots()
  await says('merge', 0, 1, 2)
  expect(await roots()).toEqual(settled)

  await says('part', 0, 1, 2)
  expect(await roots()).toEqual([0, 1, 2])
  await says('merge', 0, 1, 2)
  await says('merge', 1, 0, 2)
  expect(await roots()).toEqual([0, 1, 2])
})

test('what a hand has parted stays parted when the system, whose clock runs ahead, says again what it said before', async () => {
  const { a, b, one, other } = await two()
  const merged = { identifiers: mr(one), mergeOf: mr(other), sourceAt: new Date('2026-09-04T09:30+08:00') }
  await apply(merged)
  await part(a, b)

  await apply(merged)

  expect((await getPatient(house.ctx, b)).id).toBe(b)
})

const someText = fc.option(fc.constantFrom('甲', '乙', '丙丁'), { nil: null })
const somePhones = fc.array(
  fc.constantFrom('13800000001', '13800000002', '0510-12345678').map((n) => ({ number: n })),
  { maxLength: 3 },
)
const someWords = fc.record(
  {
    name: someText,
    sex: fc.constantFrom('male' as const, 'female' as const),
    birthOn: fc.constantFrom('1950-01-02', '1950-01-03', null),
    payer: someText,
    address: fc.option(fc.record({ full: someText, district: someText }), { nil: null }),
    phones: fc.option(somePhones, { nil: null }),
    kin: fc.array(fc.record({ name: someText, relation: fc.constantFrom('儿子', '配偶'), phones: somePhones }), { maxLength: 2 }),
    kinChanges: fc.array(
      fc.record({ name: someText, relation: fc.constantFrom('儿子', '配偶'), phones: somePhones, isGone: fc.boolean() }),
      { maxLength: 2 },
    ),
    deceased: fc.oneof(fc.constant(false as const), fc.record({ at: fc.constantFrom(at(90), at(91)) })),
  },
  { requiredKeys: [] },
)
const who = fc.integer({ min: 0, max: 2 })
const statement = fc.oneof(
  { weight: 3, arbitrary: fc.record({ is: fc.constant('fact' as const), of: who, words: someWords }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('merge' as const), into: who, from: who }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('part' as const), into: who, from: who }) },
)

test('facts, merges and partings of the hospital’s system end alike in all orders, doubled or not', async () => {
  const runs = fc
    .array(statement, { minLength: 2, maxLength: 8 })
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.keys(), ...all.keys()], { minLength: all.length * 2 })))
  const run = async (said: readonly (typeof statement extends fc.Arbitrary<infer S> ? S : never)[], order: readonly number[]) => {
    const numbers = [number(), number(), number()]
    const of = (i: number) => mr(numbers[i] ?? '')
    for (const i of order) {
      const s = said[i]
      if (!s || (s.is !== 'fact' && s.into === s.from)) continue
      const saidAt = at(i + 1)
      if (s.is === 'fact') await apply({ ...s.words, identifiers: of(s.of), sourceAt: saidAt })
      else if (s.is === 'merge') await apply({ identifiers: of(s.into), mergeOf: of(s.from), sourceAt: saidAt })
      else await house.inside((ctx) => partPatients(ctx, { survivor: of(s.into), retired: of(s.from), saidAt }))
    }
    const ids = await apply(...numbers.map((_, i) => ({ identifiers: of(i), sourceAt: at(0) })))
    return Promise.all(
      ids.map(async (id) => {
        const { id: _, conflicts: __, mergedFrom: ___, contacts, identifiers, medicalRecordNumber, ...file } = await fileOf(id)
        const seen = contacts.map(({ id: ____, ...c }) => JSON.stringify(c)).sort()
        const place = (value: string | null) => numbers.indexOf(value ?? '')
        return {
          ...file,
          seen,
          root: ids.indexOf(id),
          record: place(medicalRecordNumber),
          numbers: identifiers.map((n) => place(n.value)).sort(),
        }
      }),
    )
  }
  await fc.assert(
    fc.asyncProperty(runs, async ([said, order]) => {
      expect(await run(said, order)).toEqual(await run(said, [...said.keys()]))
    }),
    { numRuns: 30 },
  )
}, 120_000)
