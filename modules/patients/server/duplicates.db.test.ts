import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { duplicatesApi, patientsApi } from '../contract.ts'
import { applyPatientFacts, mergePatients, noteCare, type PatientFacts, partPatients, patients } from './index.ts'

const house = await openHouse([staff, patients], { now: '2026-09-04T09:00+08:00' })
const clerk = house.who('patients.read', 'patients.names', 'patients.edit')
let count = 0
const at = (hour: number) => new Date(Date.UTC(2026, 8, 1, hour))
const mr = (value: string) => [{ system: 'HIS', type: 'MR', value }]
const number = () => `D${String(++count).padStart(5, '0')}`
const apply = (...facts: PatientFacts[]) => house.inside((ctx) => applyPatientFacts(ctx, facts))
async function person(more: Partial<PatientFacts> & { record?: string }): Promise<string> {
  const { record = number(), ...said } = more
  return (await apply({ identifiers: mr(record), sourceAt: at(1), sex: 'male', ...said }))[0] ?? ''
}
const look = async () => {
  await house.tick('patients.findDuplicates')
  return (await clerk.call(duplicatesApi.duplicates, { limit: 100 })).rows
}
const isPair = (row: { one: { id: string }; other: { id: string } }, a: string, b: string) =>
  [a, b].sort().join() === [row.one.id, row.other.id].sort().join()
const pairOf = async (a: string, b: string) => (await look()).find((row) => isPair(row, a, b))

test('two files of one person are found with reasons, and a namesake is not', async () => {
  const same = { name: '孙德胜', birthOn: '1956-03-12', phones: [{ number: '13800001001' }] }
  const [a, b, c] = [
    await person(same),
    await person(same),
    await person({ name: '孙德胜', birthOn: '1971-08-01', phones: [{ number: '13800001002' }] }),
  ]

  const rows = await look()

  expect(rows.find((r) => isPair(r, a, b))).toMatchObject({
    score: 75,
    reasons: [
      { kind: 'sameName', points: 30 },
      { kind: 'sameBirth', points: 25 },
      { kind: 'samePhone', points: 20 },
    ],
  })
  expect(rows.filter((r) => r.one.id === c || r.other.id === c)).toEqual([])
})

test('what is said later makes a pair, and unmakes it', async () => {
  const [one, other] = [number(), number()]
  const a = await person({ record: one, name: '周小川', birthOn: '1960-05-06', phones: [{ number: '13800001011' }] })
  const b = await person({ record: other, name: '周小船', birthOn: '1960-06-05' })
  expect(await pairOf(a, b)).toBeUndefined()

  await apply({ identifiers: mr(other), sourceAt: at(2), phones: [{ number: '13800001011' }] })
  expect((await pairOf(a, b))?.reasons.map((r) => r.kind)).toEqual(['samePinyin', 'samePhone', 'dayAndMonth'])
  await apply({ identifiers: mr(other), sourceAt: at(3), sex: 'female' })

  expect(await pairOf(a, b)).toBeUndefined()
})

test('a pair that was dismissed stays away until one of the two says something else', async () => {
  const [one, other] = [number(), number()]
  const same = { name: '吴大伟', birthOn: '1980-01-01', phones: [{ number: '13800001021' }] }
  const [a, b] = [await person({ record: one, ...same }), await person({ record: other, ...same })]
  expect(await pairOf(a, b)).toBeDefined()

  await clerk.call(duplicatesApi.dismissDuplicate, { patientId: b, otherId: a })
  expect(await pairOf(a, b)).toBeUndefined()
  await apply({ identifiers: mr(one), sourceAt: at(5), ...same })
  expect(await pairOf(a, b)).toBeUndefined()

  await apply({ identifiers: mr(one), sourceAt: at(7), address: { district: '梁溪区' } })
  expect(await pairOf(a, b)).toBeDefined()
})

test('a pair that was dismissed stays away when one of the two was merged with a third file and parted from it', async () => {
  const [one, other] = [number(), number()]
  const same = { name: '吴大明', birthOn: '1981-01-01', phones: [{ number: '13800001022' }] }
  const [a, b] = [await person({ record: one, ...same }), await person({ record: other, ...same })]
  const third = await person({ name: '吴明', birthOn: '1983-05-05', address: { district: '滨湖区' } })
  await look()
  await clerk.call(duplicatesApi.dismissDuplicate, { patientId: a, otherId: b })

  for (const [survivorId, retiredId] of [[a, third], [third, b], [a, b]] as const) {
    await house.inside((ctx) => mergePatients(ctx, { survivorId, retiredId }))
    await look()
    await house.inside((ctx) => partPatients(ctx, { survivorId, retiredId }))
    expect(await pairOf(a, b)).toBeUndefined()
  } // biome-ignore format: pairs

  await apply({ identifiers: mr(one), sourceAt: at(7), address: { district: '梁溪区' } })
  expect(await pairOf(a, b)).toBeDefined()
})

test('side by side they show what each says, since when, and what would come along', async () => {
  const a = await person({ name: '郑一鸣', birthOn: '1970-02-03', payer: '自费', address: { full: '江苏省无锡市梁溪区人民路1号' } })
  const b = await person({ name: '郑一鸣', birthOn: '1970-02-03', payer: '职工医保', phones: [{ number: '13800001031' }] })

  const pair = await clerk.call(duplicatesApi.duplicatePair, { patientId: a, otherId: b })

  expect(pair).toMatchObject({ score: 55, luggage: { one: { numbers: 1, contacts: 0 }, other: { numbers: 1, contacts: 1 } } })
  const of = (field: string) => pair.fields.find((f) => f.field === field)
  expect(of('name')).toMatchObject({ one: { value: '郑一鸣' }, isSame: true })
  expect(of('payer')).toMatchObject({ one: { value: '自费', saidAt: at(1).toISOString() }, other: { value: '职工医保' }, isSame: false })
  expect(of('address')?.one.value).toBe('江苏省无锡市梁溪区****')
})

test('the value that was chosen stands while the system repeats itself, gives way when it has learned something, and goes with the merge', async () => {
  const [one, other] = [number(), number()]
  const a = await person({ record: one, name: '冯建国', birthOn: '1955-01-01', payer: '自费' })
  const b = await person({ record: other, name: '冯建果', birthOn: '1955-01-01', payer: '职工医保' })
  const nameOf = async (id: string) => (await clerk.call(patientsApi.file, { id })).name
  await clerk.call(patientsApi.merge, { patientId: a, retiredId: b, reason: '同一人', choices: { name: a, payer: b } })
  expect(await clerk.call(patientsApi.file, { id: a })).toMatchObject({ name: '冯建国', payer: '职工医保' })

  await apply({ identifiers: mr(other), sourceAt: at(8), name: '冯建果' }) // what it said before, said again
  expect(await nameOf(a)).toBe('冯建国')
  await apply({ identifiers: mr(other), sourceAt: at(9), name: '冯剑国' })
  expect(await nameOf(a)).toBe('冯剑国')

  const { mergedFrom } = await clerk.call(patientsApi.file, { id: a })
  await clerk.call(patientsApi.part, { mergeId: mergedFrom[0]?.mergeId ?? newId(), reason: '不是同一人' })
  expect([await nameOf(a), await nameOf(b)]).toEqual(['冯建国', '冯剑国'])
})

test('a pair that was merged is no pair, and parted by hand it is one that was looked at', async () => {
  const same = { name: '蒋文明', birthOn: '1949-12-01', phones: [{ number: '13800001041' }] }
  const [a, b] = [await person(same), await person(same)]
  expect(await pairOf(a, b)).toBeDefined()
  await clerk.call(patientsApi.merge, { patientId: a, retiredId: b, reason: '同一人' })
  expect(await pairOf(a, b)).toBeUndefined()

  const { mergedFrom } = await clerk.call(patientsApi.file, { id: a })
  await clerk.call(patientsApi.part, { mergeId: mergedFrom[0]?.mergeId ?? newId(), reason: '双胞胎' })

  expect(await pairOf(a, b)).toBeUndefined()
})

test('whoever may see only one of the two is not shown the pair', async () => {
  const [mine, theirs] = [newId(), newId()]
  const same = { name: '韩立新', birthOn: '1966-06-06', phones: [{ number: '13800001051' }] }
  const [a, b] = [await person(same), await person(same)]
  await noteCare(house.ctx, [
    { patientId: a, unitIds: [mine] },
    { patientId: b, unitIds: [theirs] },
  ])
  await look()
  const doctor = house.who({ 'patients.edit': 'department' }, { departments: [mine] })
  const chief = house.who({ 'patients.edit': 'department' }, { departments: [mine, theirs] })

  expect((await doctor.call(duplicatesApi.duplicates, {})).rows).toEqual([])
  expect((await chief.call(duplicatesApi.duplicates, {})).rows).toHaveLength(1)
  await expect(doctor.call(duplicatesApi.duplicatePair, { patientId: a, otherId: b })).rejects.toMatchObject({ code: 'patients.notFound' })
})
