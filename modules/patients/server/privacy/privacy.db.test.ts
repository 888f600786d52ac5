import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { saveUnit, staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { duplicatesApi, listsApi, overviewApi, type PrivacyClass, patientsApi, peopleApi, privacyApi, seenBy } from '../../contract.ts'
import { checkDigitOf } from '../../person/identity-card.ts'
import { maskName } from '../../person/masking.ts'
import { applyPatientFacts, mergePatients, noteCare, noteStandings, patients, registerPatient, takeStandings } from '../index.ts'

const house = await openHouse([staff, patients], { now: '2026-09-04T09:00+08:00' })
const everything = ['patients.read', 'patients.names', 'patients.edit', 'patients.manage', 'patients.classify']
const officer = house.who(...everything, ...Object.values(seenBy), { name: '周主任' })
const nurse = house.who('patients.read', 'patients.names', 'patients.edit')
const unit = async (kind: 'department' | 'ward', name: string) => {
  return (
    await house.inside((ctx) => saveUnit(ctx, { id: newId(), kind, code: null, name, departmentId: null, campusId: null, isActive: true }))
  ).id
}

let count = 0
const person = async (name: string, more: { identityCard?: string; phone?: string } = {}) => {
  count += 1
  const medicalRecordNumber = `P${String(count).padStart(6, '0')}`
  return (await registerPatient(house.ctx, { id: newId(), name, medicalRecordNumber, ...more })).id
}
const cardOf = (n: number) => `320200${String(19600101)}${n}${checkDigitOf(`32020019600101${n}`)}`
const classify = (patientId: string, to: PrivacyClass | null, byRule = false) =>
  officer.call(privacyApi.classify, { patientId, class: to, byRule, reason: '院办通知' })
const sees = async (who: typeof nurse, id: string) =>
  who.call(patientsApi.card, { id }).then(
    (card) => card.name,
    (refused: { code: string }) => refused.code,
  )

test.each(Object.keys(seenBy) as PrivacyClass[])(
  'whoever may not see the class %s meets its persons nowhere: by number, name, phone, list or count',
  async (privacy) => {
    const phone = `1390000${String(1000 + count)}`
    const id = await person('雀无双', { phone })
    const before = await nurse.call(listsApi.count, {})
    await classify(id, privacy)

    expect(await sees(nurse, id)).toBe('patients.notFound')
    expect(await nurse.call(listsApi.count, {})).toEqual({ ...before, count: before.count - 1 })
    for (const q of ['雀无双', 'queww', phone, phone.slice(-4)]) {
      const { rows } = await nurse.call(patientsApi.search, { q })
      expect(rows.map((r) => r.id)).not.toContain(id)
    }
    const { rows } = await nurse.call(patientsApi.list, {})
    expect(rows.map((r) => r.id)).not.toContain(id)
    expect(await sees(officer, id)).toBe('雀无双')
    expect(await officer.call(patientsApi.card, { id })).toMatchObject({ privacy })

    await classify(id, null)
    expect(await sees(nurse, id)).toBe('雀无双')
  },
)

test('a relative of such a person is there for nobody who does not see that person, until somebody whom they see has the same relative', async () => {
  const [vip, plain] = [await person('雀显赫'), await person('雀平常')]
  const [relative, number] = [newId(), '13900005566']
  await officer.call(peopleApi.savePerson, { id: relative, kind: 'family', name: '雀家属', phone: number })
  await officer.call(peopleApi.tiePerson, { personId: relative, patientId: vip, relation: 'son' })
  await classify(vip, 'vip')
  const met = async () => (await nurse.call(peopleApi.people, { q: number })).rows.map((r) => r.id)

  expect(await met()).toEqual([])
  for (const ask of [
    () => nurse.call(peopleApi.tiesOfPerson, { personId: relative }),
    () => nurse.call(peopleApi.tiePerson, { personId: relative, patientId: plain, relation: 'son' }),
    () => nurse.call(peopleApi.savePerson, { id: relative, kind: 'family', name: '改名' }),
  ])
    await expect(ask()).rejects.toMatchObject({ code: 'patients.contactNotFound' })
  await officer.call(peopleApi.tiePerson, { personId: relative, patientId: plain, relation: 'daughter' })
  expect(await met()).toEqual([relative])
  expect((await nurse.call(peopleApi.tiesOfPerson, { personId: relative })).rows.map((r) => r.patientId)).toEqual([plain])
})

test('an id that a number behind the veil has already is refused as one that is not there', async () => {
  const [vip, plain] = [await person('雀显赫'), await person('雀平常')]
  const id = newId()
  await officer.call(patientsApi.addContact, { id, patientId: vip, number: '13900005577', relation: 'son' })
  await classify(vip, 'vip')

  await expect(nurse.call(patientsApi.addContact, { id, patientId: plain, number: '13900005588', relation: 'son' })).rejects.toMatchObject({
    code: 'patients.contactNotFound',
  })
})

test('of many who search at once over the same connections each meets those whom they may see', async () => {
  const phone = '13900007777'
  const id = await person('雀同时', { phone })
  await classify(id, 'vip')
  const asked = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? officer : i % 3 === 1 ? nurse : house.who('patients.read')))

  const found = await Promise.all(asked.map(async (who) => (await who.call(patientsApi.search, { q: phone })).rows.map((r) => r.id)))

  expect(found).toEqual(asked.map((who) => (who === officer ? [id] : [])))
})

test('who may see a class in their department sees those for whom it has cared, and no others', async () => {
  const [mine, foreign] = [await unit('department', '心内科'), await unit('department', '骨科')]
  const id = await person('雀在心')
  await house.inside((ctx) => noteCare(ctx, [{ patientId: id, unitIds: [mine] }]))
  await classify(id, 'vip')
  const doctorOf = (department: string) =>
    house.who('patients.read', 'patients.names', { [seenBy.vip]: 'department' }, { departments: [department] })

  expect(await sees(doctorOf(mine), id)).toBe('雀在心')
  expect(await sees(doctorOf(foreign), id)).toBe('patients.notFound')
})

test('the ward in which such a person lies now sees them masked and with the mark; when they have gone home it does not', async () => {
  const ward = await unit('ward', '一病区')
  const id = await person('雀卧床')
  await classify(id, 'vip')
  const ofWard = house.who('patients.read', 'patients.names', 'patients.edit', { wards: [ward] })
  const lies = (state: 'inHospital' | 'discharged') =>
    house.inside(async (ctx) => {
      await takeStandings(ctx, [id])
      await noteStandings(ctx, [
        {
          patientId: id, state, visitingOn: null, bookedAt: null, encounterId: null, class: 'inpatient', departmentId: null, wardId: ward, attendingId: null,
          nursingLevel: null, condition: null, mainDiagnosisCode: null, mainDiagnosisName: null, everCritical: false, everLevelOne: false, daysSincePrior: null,
          seenOn: null, firstSeenOn: null, dischargedOn: null, visits: 0, stays: 1,
        },
      ]) // biome-ignore format: a list
    })

  await lies('inHospital')
  expect(await ofWard.call(patientsApi.card, { id })).toMatchObject({ name: '雀*床', privacy: 'vip' })
  expect(await ofWard.call(overviewApi.head, { id })).toMatchObject({ name: '雀*床' })
  expect(await ofWard.call(patientsApi.file, { id })).toMatchObject({ name: '雀*床', namePinyin: '' })
  expect((await ofWard.call(patientsApi.search, { q: '雀卧床' })).rows).toMatchObject([{ id, name: '雀*床', privacy: 'vip' }])

  await lies('discharged')
  expect(await sees(ofWard, id)).toBe('patients.notFound')
})

test('a hand puts nobody into a class that it may not see, and a class needs a reason', async () => {
  const id = await person('雀有因')
  const clerk = house.who('patients.read', 'patients.classify', seenBy.staff)

  await expect(clerk.call(privacyApi.classify, { patientId: id, class: 'vip', reason: '院办通知' })).rejects.toMatchObject({
    code: 'patients.classNotYours',
  })
  await expect(officer.call(privacyApi.classify, { patientId: id, class: 'vip', reason: ' ' })).rejects.toMatchObject({ kind: 'invalid' })
  await expect(nurse.call(privacyApi.classify, { patientId: id, class: 'vip', reason: '院办通知' })).rejects.toMatchObject({
    kind: 'forbidden',
  })
})

test('patients of a department that the hospital names are sensitive at once and for as long as it is named; a hand’s word stands', async () => {
  const clinic = await unit('department', '心理科')
  const [early, late, spared] = [await person('雀早来'), await person('雀晚来'), await person('雀例外')]
  const comes = (patientId: string) => house.inside((ctx) => noteCare(ctx, [{ patientId, unitIds: [clinic] }]))
  await comes(early)
  await comes(spared)
  await classify(spared, null)
  const say = (sensitiveUnitIds: string[]) => officer.call(privacyApi.savePrivacyRules, { sensitiveUnitIds, reason: '院长办公会' })

  await say([clinic])
  await comes(late)
  expect([await sees(nurse, early), await sees(nurse, late), await sees(nurse, spared)]).toEqual([
    'patients.notFound',
    'patients.notFound',
    '雀例外',
  ])
  expect(await officer.call(privacyApi.privacy, { patientId: late })).toMatchObject({ rows: [{ class: 'sensitive', rule: 'department' }] })

  await classify(spared, null, true)
  expect(await sees(nurse, spared)).toBe('patients.notFound')

  await say([])
  expect([await sees(nurse, early), await sees(nurse, late), await sees(nurse, spared)]).toEqual(['雀早来', '雀晚来', '雀例外'])
})

test('a member of staff who comes as a patient is known by the identity number, before or after it was told, however it comes', async () => {
  const [before, after] = [cardOf(101), cardOf(102)]
  const first = await person('雀同事', { identityCard: before })
  const told = await officer.call(privacyApi.addStaffNumbers, { numbers: [before, after, '12345'], replaces: false, reason: '人事科名册' })
  const [second = ''] = await house.inside((ctx) =>
    applyPatientFacts(ctx, [
      { identifiers: [{ system: 'HIS', type: 'MR', value: 'ST2' }], sourceAt: house.now(), name: '雀新同事', identityCard: after },
    ]),
  )

  expect(told).toMatchObject({ staffNumbers: 2, wrong: 1 })
  expect([await sees(nurse, first), await sees(nurse, second)]).toEqual(['patients.notFound', 'patients.notFound'])
  expect(await sees(house.who('patients.read', 'patients.names', seenBy.staff), second)).toBe('雀新同事')

  await officer.call(privacyApi.addStaffNumbers, { numbers: [after], replaces: true, reason: '人事科名册' })
  expect([await sees(nurse, first), await sees(nurse, second)]).toEqual(['雀同事', 'patients.notFound'])
})

test('of two files that are one person the class of either holds for both, and goes with its own when they are parted', async () => {
  const [plain, secret] = [await person('雀一人'), await person('雀两档')]
  await classify(secret, 'vip')
  await house.inside((ctx) => mergePatients(ctx, { survivorId: plain, retiredId: secret, reason: '同一人', saidAt: house.now() }))
  expect([await sees(nurse, plain), await sees(nurse, secret)]).toEqual(['patients.notFound', 'patients.notFound'])
})

test('two files that look alike are no pair for whoever may see one of them only', async () => {
  const card = cardOf(201)
  const [one, other] = [await person('雀相似', { identityCard: card }), await person('雀相似', { identityCard: card })]
  await house.tick('patients.findDuplicates')
  const pairs = async (who: typeof nurse) =>
    (await who.call(duplicatesApi.duplicates, {})).rows.filter((r) => [r.one.id, r.other.id].includes(one))
  expect(await pairs(nurse)).toHaveLength(1)

  await classify(other, 'vip')
  expect(await pairs(nurse)).toHaveLength(0)
  expect((await nurse.call(patientsApi.card, { id: one })).warnings).not.toContain('possibleDuplicate')
  expect(await pairs(officer)).toHaveLength(1)
})

test('whoever registers somebody with a number that is taken is told so even where its owner is not there for them, and no file is made twice', async () => {
  const id = await person('雀已在')
  const [{ medicalRecordNumber } = {}] = await house.sql<{ medicalRecordNumber: string }>(
    'select medical_record_number as "medicalRecordNumber" from patients.patients where id = $1', [id]) // biome-ignore format: one line
  await classify(id, 'vip')

  await expect(nurse.call(patientsApi.register, { id: newId(), name: '雀重来', medicalRecordNumber })).rejects.toMatchObject({
    code: 'patients.numberTaken',
  })
})

test('names are masked in the database as they are on the server', async () => {
  const names = ['', '雀', '雀甲', '雀甲乙', '欧阳修文', '阿依古丽·买买提', '𠮷田一', ' 雀甲 ', 'Anna Maria']
  const rows = await house.sql<{ masked: string }>(
    'select patients.masked_name(n) as masked from unnest($1::text[]) with ordinality u(n, i) order by i',
    [names],
  )

  expect(rows.map((r) => r.masked)).toEqual(names.map(maskName))
})
