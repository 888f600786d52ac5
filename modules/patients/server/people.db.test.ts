import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { patientsApi } from '../contract.ts'
import { patientMerged } from './events.ts'
import {
  applyPatientFacts,
  getPatient,
  mayContact,
  mergePatients,
  noteCare,
  noteContact,
  type PatientFacts,
  patients,
  phonesOf,
  registerPatient,
  releaseHold,
  setBedKey,
  setHold,
} from './index.ts'

const house = await openHouse([staff, patients], { now: '2026-09-04T09:00+08:00' })
const all = ['patients.read', 'patients.names', 'patients.edit', 'patients.unmask']
const clerk = house.who(...all)
const nurse = house.who('patients.read')
const [cardiology, surgery] = [newId(), newId()]
const ofCardiology = house.who(
  { 'patients.read': 'department', 'patients.edit': 'department', 'patients.names': 'department' },
  { departments: [cardiology] },
)

let last = 0
const register = async (said: Partial<Parameters<typeof registerPatient>[1]> = {}) =>
  (
    await registerPatient(house.ctx, {
      id: newId(),
      name: '王小明',
      medicalRecordNumber: `R${++last}`,
      phone: `138${String(10_000_000 + last)}`,
      ...said,
    })
  ).id
const found = async (who: typeof clerk, q: string) => (await who.call(patientsApi.search, { q })).rows.map((r) => r.id)

test('two batches at once that meet the same new persons make each once', async () => {
  const facts = (from: number): PatientFacts[] =>
    Array.from({ length: 40 }, (_, i) => ({
      identifiers: [
        { system: 'HIS', type: 'MR', value: `race-${(from + i) % 40}` },
        { system: 'HIS', type: 'PI', value: `index-${(from + i) % 40}` },
      ],
      sourceAt: new Date('2026-09-01T00:00Z'),
      name: '同一人',
      phones: [{ number: '13912345678' }],
    }))
  const batches = [0, 13, 27, 39].map((from) => house.inside((ctx) => applyPatientFacts(ctx, facts(from))))

  const ids = (await Promise.all(batches)).flat()

  expect(new Set(ids).size).toBe(40)
  const counts = await house.sql(
    `select (select count(*) from patients.patients where name = '同一人')::int as persons,
            (select count(*) from patients.identifiers where value like 'race-%')::int as numbers,
            (select count(*) from patients.contacts c join patients.patients p on p.id = c.patient_id where p.name = '同一人')::int as contacts`,
  )
  expect(counts).toEqual([{ persons: 40, numbers: 40, contacts: 40 }])
})

test('one who comes with a half known number while somebody else makes the person becomes that person', async () => {
  const batch = (...types: string[]) =>
    house.inside((ctx) =>
      applyPatientFacts(
        ctx,
        Array.from({ length: 30 }, (_, i) => ({
          identifiers: types.map((type) => ({ system: 'HIS', type, value: `half-${i}` })),
          sourceAt: new Date('2026-09-01T00:00Z'),
          name: '半知',
        })),
      ),
    )

  const [a, b, c] = await Promise.all([batch('MR', 'PI'), batch('PI', 'HC'), batch('HC', 'MR')])

  expect(b).toEqual(a)
  expect(c).toEqual(a)
})

test('merges and facts at once lock nobody out and lose nothing', async () => {
  const pairs = await Promise.all(Array.from({ length: 6 }, async () => [await register(), await register()] as const))

  await Promise.all(
    pairs.flatMap(([a, b], i) => [
      house.inside((ctx) => mergePatients(ctx, { survivorId: a, retiredId: b })),
      house.inside((ctx) => mergePatients(ctx, { survivorId: b, retiredId: a })),
      house.inside((ctx) =>
        applyPatientFacts(ctx, [
          { id: b, identifiers: [{ system: 'X', type: 'PI', value: `while-${i}` }], sourceAt: house.now(), payer: `付${i}` },
        ]),
      ),
    ]),
  )

  for (const [i, [a, b]] of pairs.entries()) {
    const [one, other] = [await getPatient(house.ctx, a), await getPatient(house.ctx, b)]
    expect(one.id).toBe(other.id)
    expect(one.payer).toBe(`付${i}`)
    expect(await found(clerk, `while-${i}`)).toEqual([one.id])
  }
})

test('a merge moves everything, tells it once, and the retired number and name still lead there', async () => {
  const [survivor, retired] = [await register({ name: '刘备' }), await register({ name: '刘玄德', medicalRecordNumber: 'OLD-1' })]
  const tag = await clerk.call(patientsApi.saveTag, { id: newId(), name: '重点关怀', tone: 'care', isActive: true })
  await clerk.call(patientsApi.tag, { patientId: retired, tagId: tag.id, isOn: true })
  await noteCare(house.ctx, [{ patientId: retired, unitIds: [cardiology] }])
  await setBedKey(house.ctx, retired, '8-12床')

  await clerk.call(patientsApi.merge, { patientId: survivor, retiredId: retired, reason: '同一人重复建档' })
  await house.inside((ctx) => mergePatients(ctx, { survivorId: survivor, retiredId: retired }))

  expect(await house.events(patientMerged)).toContainEqual({ survivorId: survivor, retiredId: retired })
  expect((await house.events(patientMerged)).filter((e) => e.retiredId === retired)).toHaveLength(1)
  expect(await clerk.call(patientsApi.file, { id: retired })).toMatchObject({
    id: survivor,
    bed: '8-12床',
    tags: [{ name: '重点关怀' }],
    mergedFrom: [{ id: retired }],
    contacts: [{}, {}],
  })
  for (const q of ['OLD-1', '刘备', '刘玄德', 'lxd', '8-12']) expect(await found(clerk, q)).toEqual([survivor])
  expect(await found(ofCardiology, '刘备')).toEqual([survivor])
})

test('a department finds and opens its own patients and nobody else’s', async () => {
  const [mine, theirs] = [await register({ name: '科室内' }), await register({ name: '科室外' })]
  await noteCare(house.ctx, [
    { patientId: mine, unitIds: [cardiology] },
    { patientId: theirs, unitIds: [surgery] },
  ])

  expect(await found(ofCardiology, '科室')).toEqual([mine])
  expect((await ofCardiology.call(patientsApi.list, {})).rows.map((r) => r.id)).not.toContain(theirs)
  expect(await ofCardiology.call(patientsApi.card, { id: mine })).toMatchObject({ name: '科室内' })
  for (const route of [patientsApi.card, patientsApi.file]) {
    await expect(ofCardiology.call(route, { id: theirs })).rejects.toMatchObject({ code: 'patients.notFound' })
  }
  await expect(ofCardiology.call(patientsApi.change, { patientId: theirs, payer: '自费' })).rejects.toMatchObject({
    code: 'patients.notFound',
  })
})

test('whoever enters a person for a department can open the file', async () => {
  const id = newId()

  await ofCardiology.call(patientsApi.register, { id, name: '新来的' })

  expect(await ofCardiology.call(patientsApi.card, { id })).toMatchObject({ name: '新来的' })
})

test('another hospital sees and finds nothing', async () => {
  const id = await register({ name: '本院患者' })
  const stranger = await house.stranger(...all)

  expect(await found(stranger, '本院')).toEqual([])
  expect((await stranger.call(patientsApi.list, {})).rows).toEqual([])
  await expect(stranger.call(patientsApi.file, { id })).rejects.toMatchObject({ code: 'patients.notFound' })
})

test('names are masked without the permission to see them, everywhere', async () => {
  const id = await register({ name: '欧阳娜娜' })
  await house.inside((ctx) =>
    applyPatientFacts(ctx, [
      { id, identifiers: [], sourceAt: house.now(), kin: [{ name: '欧阳锋', relation: '父亲', phones: [{ number: '13911112222' }] }] },
    ]),
  )

  const file = await nurse.call(patientsApi.file, { id })
  const hits = await nurse.call(patientsApi.search, { q: '欧阳娜娜' })

  expect(file).toMatchObject({ name: '欧**娜', namePinyin: '' })
  expect(file.contacts.map((c) => c.name)).toEqual([null, '欧*锋'])
  expect(hits.rows[0]?.name).toBe('欧**娜')
  expect(JSON.stringify([file, hits])).not.toContain('欧阳')
})

test('a whole number is shown for a reason, to who may, and is recorded', async () => {
  const id = await register({ name: '查看', phone: '13800138000', identityCard: '11010519491231002X' })
  const { contacts } = await clerk.call(patientsApi.file, { id })
  const contactId = contacts[0]?.id ?? ''

  await expect(nurse.call(patientsApi.revealPhone, { contactId, reason: '电话随访' })).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(clerk.call(patientsApi.revealPhone, { contactId, reason: ' ' })).rejects.toMatchObject({ kind: 'invalid' })
  expect(await clerk.call(patientsApi.revealPhone, { contactId, reason: '电话随访' })).toEqual({ patientId: id, number: '13800138000' })
  expect(await clerk.call(patientsApi.revealIdentityCard, { patientId: id, reason: '核对身份' })).toMatchObject({
    identityCard: '11010519491231002X',
  })

  const trail = await house.sql('select action, reason from house.audit where patient_id = $1 and action like $2 order by action desc', [
    id,
    '%Revealed',
  ])
  expect(trail).toEqual([
    { action: 'patients.phoneRevealed', reason: '电话随访' },
    { action: 'patients.identityCardRevealed', reason: '核对身份' },
  ])
})

test('the gate: dead, refused, held, without a phone, over budget, at night', async () => {
  const [well, dead, refused, held, silent, called] = [
    await register(),
    await register(),
    await register(),
    await register(),
    await register({ phone: null }),
    await register(),
  ]
  const complaint = { cause: 'openComplaint', objectId: newId() }
  await clerk.call(patientsApi.markDeceased, { patientId: dead, at: '2026-09-03T10:00:00+08:00' })
  await clerk.call(patientsApi.refuse, { patientId: refused, kind: 'channel', value: 'call', refused: true })
  await setHold(house.ctx, { patientId: held, ...complaint })
  await noteContact(house.ctx, called, house.now())
  const ask = async (at?: Date) => {
    const answers = await mayContact(house.ctx, [well, dead, refused, held, silent, called], { purpose: 'followup', ...(at ? { at } : {}) })
    return [well, dead, refused, held, silent, called].map((id) => answers.get(id)?.reason)
  }

  expect(await ask()).toEqual([undefined, 'deceased', 'refused', 'openComplaint', 'noPhone', 'budget'])
  expect((await ask(new Date('2026-09-05T22:00+08:00')))[0]).toBe('quietHours')

  await releaseHold(house.ctx, complaint)
  await clerk.call(patientsApi.refuse, { patientId: refused, kind: 'channel', value: 'call', refused: false })
  expect(await ask(new Date('2026-09-05T09:00+08:00'))).toEqual([undefined, 'deceased', undefined, undefined, 'noPhone', undefined])
})

test('who was merged is asked about as the survivor', async () => {
  const [survivor, retired] = [await register(), await register()]
  await house.inside((ctx) => mergePatients(ctx, { survivorId: survivor, retiredId: retired }))
  await clerk.call(patientsApi.markDeceased, { patientId: survivor, at: '2026-09-03T10:00:00+08:00' })

  expect((await mayContact(house.ctx, [retired], { purpose: 'followup' })).get(retired)?.reason).toBe('deceased')
})

test('a number of another department’s patient is not shown, nor changed', async () => {
  const theirs = await register({ name: '别科' })
  await noteCare(house.ctx, [{ patientId: theirs, unitIds: [surgery] }])
  const { contacts } = await clerk.call(patientsApi.file, { id: theirs })
  const contactId = contacts[0]?.id ?? ''
  const doctor = house.who({ 'patients.unmask': 'department', 'patients.edit': 'department' }, { departments: [cardiology] })

  const refused = { code: 'patients.contactNotFound', id: contactId } // whose it is is not told
  await expect(doctor.call(patientsApi.revealPhone, { contactId, reason: '电话随访' })).rejects.toMatchObject(refused)
  await expect(doctor.call(patientsApi.changeContact, { contactId, isVoid: true })).rejects.toMatchObject(refused)
})

test('a wrong number is not called any more, the preferred one comes first, and a corrected relation stays', async () => {
  const id = await register({ name: '号码', phone: '13800000011' })
  const said = (at: string, phones: string[]): PatientFacts => ({
    id,
    identifiers: [],
    sourceAt: new Date(at),
    phones: phones.map((number) => ({ number })),
  })
  await house.inside((ctx) => applyPatientFacts(ctx, [said('2026-09-05T00:00Z', ['13800000011', '13800000022', '0510-12345678'])]))
  const card = async (ending: string) =>
    (await clerk.call(patientsApi.file, { id })).contacts.find((c) => c.masked.endsWith(ending))?.id ?? ''

  await clerk.call(patientsApi.changeContact, { contactId: await card('0011'), isVoid: true })
  await clerk.call(patientsApi.changeContact, { contactId: await card('5678'), isPreferred: true })
  await clerk.call(patientsApi.changeContact, { contactId: await card('0022'), relation: 'daughter', name: '女儿' })
  await house.inside((ctx) => applyPatientFacts(ctx, [said('2026-09-06T00:00Z', ['13800000011', '0510-12345678'])]))

  expect((await phonesOf(house.ctx, id)).map((p) => [p.masked, p.relation, p.name])).toEqual([
    ['0510-****5678', 'self', null],
    ['138****0022', 'daughter', '女儿'],
  ])
})

test('the contact rules are the hospital’s own', async () => {
  const manager = house.who('patients.read', 'patients.manage')
  const id = await register()
  const rules = await manager.call(patientsApi.settings, {})
  expect(rules).toMatchObject({ quietHours: [{ from: '21:00', to: '08:00' }], contactsPerDay: 1 })

  await manager.call(patientsApi.changeSettings, { ...rules, quietHours: [{ from: '08:30', to: '10:00' }], areaCode: '0510' })
  await clerk.call(patientsApi.addContact, { id: newId(), patientId: id, number: '82712345', relation: 'spouse' })

  expect((await mayContact(house.ctx, [id], { purpose: 'followup' })).get(id)).toMatchObject({
    reason: 'quietHours',
    until: new Date('2026-09-04T10:00+08:00'),
  })
  expect(await found(clerk, '051082712345')).toEqual([id])
  expect(await found(clerk, '82712345')).toEqual([id])
  await manager.call(patientsApi.changeSettings, rules)
})

test('patients are listed by tag, the latest first, page by page', async () => {
  const tag = await clerk.call(patientsApi.saveTag, { id: newId(), name: '老干部', tone: 'care', isActive: true })
  const ids = [await register(), await register(), await register()]
  for (const patientId of ids) await clerk.call(patientsApi.tag, { patientId, tagId: tag.id, isOn: true })
  await clerk.call(patientsApi.tag, { patientId: ids[1] ?? '', tagId: tag.id, isOn: false })

  const first = await clerk.call(patientsApi.list, { tagId: tag.id, limit: 1 })
  const second = await clerk.call(patientsApi.list, { tagId: tag.id, limit: 1, after: first.next ?? '' })

  expect([...first.rows, ...second.rows].map((r) => r.id)).toEqual([ids[2], ids[0]])
  expect(second.next).toBeNull()
  await expect(clerk.call(patientsApi.saveTag, { id: newId(), name: '老干部', tone: 'plain', isActive: true })).rejects.toMatchObject({
    code: 'patients.sameTagName',
  })
})
