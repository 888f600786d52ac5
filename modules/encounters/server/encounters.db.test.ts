import { newId } from '@renxin/kernel'
import { mergePatients, patients, registerPatient } from '@renxin/patients'
import { identityApi } from '@renxin/patients/contract'
import { openHouse } from '@renxin/server/testing'
import { resolveUnits, staff, unitKey } from '@renxin/staff'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { encountersApi } from '../contract.ts'
import { admitted, cancelled, corrected, dischargeCancelled, discharged, transferred } from './events.ts'
import { applyEncounterFacts, type EncounterFacts, encounters } from './index.ts'

const house = await openHouse([staff, patients, encounters], { now: '2025-11-20T09:00+08:00' })
const nurse = house.who('encounters.read', 'patients.names')
const apply = (facts: EncounterFacts[]) => house.inside((ctx) => applyEncounterFacts(ctx, facts))
const at = (time: string) => new Date(`2025-11-${time.replace(' ', 'T')}:00+08:00`)

let counter = 0
async function newStay(name = '赵建国') {
  const patientId = newId()
  await house.inside((ctx) => registerPatient(ctx, { id: patientId, name }))
  counter += 1
  return journeyOf(patientId, `I20251101${String(counter).padStart(4, '0')}`)
}

function journeyOf(patientId: string, number: string) {
  const said = { number, patientId, class: 'inpatient' as const }
  const cardiology = { departmentCode: '0301', departmentName: '心血管内科', wardName: '心血管内科一病区', room: '0312', bed: '12床' }
  const intensive = { departmentCode: '0399', departmentName: '重症医学科', wardName: '重症医学科', room: 'ICU1', bed: '03床' }
  const wang = { number: 'D0031', name: '王志强' }
  const li = { number: 'N0102', name: '李秀英' }
  const ofICD = (code: string, name: string, type: 'admission' | 'final', rank: number) => ({ code, name, system: 'ICD10CN', type, rank })
  return {
    number,
    patientId,
    admit: {
      ...said, ...cardiology, event: 'admit', sourceAt: at('01 09:30'), admittedAt: at('01 09:30'), attending: wang, nurse: li, nursingLevel: '二级',
      condition: '一般', identityClass: '干部', payer: '城镇职工基本医疗保险', diagnoses: [ofICD('I20.000', '不稳定型心绞痛', 'admission', 1)],
    },
    worse: { ...said, event: 'update', sourceAt: at('02 08:05'), nursingLevel: '一级', condition: '病重' },
    toIntensive: {
      ...said, ...intensive, event: 'transfer', sourceAt: at('04 10:15'), occurredAt: at('04 10:10'), nurse: { number: 'N0205', name: '陈静' },
      nursingLevel: '特级', condition: '病危',
    },
    back: { ...said, ...cardiology, event: 'transfer', sourceAt: at('06 15:00'), nurse: li, nursingLevel: '一级', condition: '一般' },
    home: {
      ...said, ...cardiology, event: 'discharge', sourceAt: at('10 16:00'), dischargedAt: at('10 16:00'), disposition: '1', nursingLevel: '二级',
      diagnoses: [ofICD('I21.401', '急性非ST段抬高型心肌梗死', 'final', 1), ofICD('I10.x00', '原发性高血压', 'final', 2)],
    },
    recall: { ...said, event: 'cancelDischarge', sourceAt: at('10 17:00') },
    cancel: { ...said, event: 'cancelAdmit', sourceAt: at('01 09:40') },
  } satisfies Record<string, EncounterFacts | string> // biome-ignore format: a message a paragraph
}

const inOrder = (s: Awaited<ReturnType<typeof newStay>>): EncounterFacts[] => [s.admit, s.worse, s.toIntensive, s.back, s.home]
const fileOf = async (facts: EncounterFacts[]) => nurse.call(encountersApi.file, { id: (await apply(facts))[0] ?? '' })
const told = async (event: Parameters<typeof house.events>[0], patientId: string) =>
  (await house.events(event)).filter((e) => (e as { patientId: string }).patientId === patientId).length

describe('a journey', () => {
  test('ends as the hospital knows it: place, people, dates, levels ever, final diagnoses', async () => {
    const stay = await newStay()

    const file = await fileOf(inOrder(stay))

    expect(file).toMatchObject({
      number: stay.number, patientName: '赵建国', status: 'discharged', class: 'inpatient',
      ward: { name: '心血管内科一病区' }, department: { name: '心血管内科' }, room: '0312', bed: '12床',
      attending: { name: '王志强' }, nurse: { name: '李秀英' }, nursingLevel: '二级', condition: '一般',
      everCritical: true, everSerious: true, everSpecialNursing: true, everLevelOne: true,
      admittedAt: '2025-11-01T01:30:00.000Z', dischargedOn: '2025-11-10', disposition: '1', lengthOfStayDays: 9,
      identityClass: '干部', payer: '城镇职工基本医疗保险', mainDiagnosisCode: 'I21.401',
    }) // biome-ignore format: by line of the form
    expect(file.stays.map((s) => s.ward?.name)).toEqual(['心血管内科一病区', '重症医学科', '心血管内科一病区'])
    expect(file.diagnoses.filter((d) => d.isCurrent).map((d) => d.code)).toEqual(['I21.401', 'I10.x00'])
  })

  test('is announced step by step, and a repetition of all of it announces nothing', async () => {
    const stay = await newStay()

    for (const fact of inOrder(stay)) await apply([fact])
    await apply(inOrder(stay))

    const counts = await Promise.all([admitted, transferred, discharged, corrected].map((e) => told(e, stay.patientId)))
    expect(counts).toEqual([1, 2, 1, 0])
    const [kept] = await house.sql("select count(*)::int as n from encounters.facts where said->>'patientId' = $1", [stay.patientId])
    expect(kept?.n).toBe(5)
  })

  test('ends in the same state in every order, with every doubling, in whatever batches it comes', async () => {
    const expected = comparable(await fileOf(inOrder(await newStay())))
    const orders = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 })
    const doublings = fc.array(fc.tuple(fc.nat(4), fc.nat(9)), { maxLength: 4 })

    await fc.assert(
      fc.asyncProperty(
        orders,
        doublings,
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 10, maxLength: 10 }),
        async (order, twice, sizes) => {
          const stay = inOrder(await newStay())
          const heard = [...order]
          for (const [which, where] of twice) heard.splice(where % (heard.length + 1), 0, which)
          const facts = heard.map((i) => stay[i]).filter((f) => f !== undefined)
          for (const size of sizes) {
            const batch = facts.splice(0, size)
            if (batch.length > 0) await apply(batch)
          }
          if (facts.length > 0) await apply(facts)
          expect(comparable(await fileOf(stay.slice(0, 1)))).toEqual(expected)
        },
      ),
      { numRuns: 25 },
    )
  })

  const comparable = ({ id: _, number: __, patientId: ___, ...file }: Awaited<ReturnType<typeof fileOf>>) => file
})

describe('what is taken back', () => {
  test('a recalled discharge is announced, and the patient is in the ward’s beds again', async () => {
    const stay = await newStay('孙秀兰')

    await apply(inOrder(stay))
    const [before] = await house.sql('select ward_id from encounters.cards where number = $1', [stay.number])
    await apply([stay.recall])

    expect(await told(dischargeCancelled, stay.patientId)).toBe(1)
    const { rows } = await nurse.call(encountersApi.beds, { wardId: String(before?.ward_id) })
    expect(rows.filter((r) => r.patientId === stay.patientId)).toMatchObject([
      { status: 'inProgress', dischargedAt: null, disposition: null },
    ])
  })

  test('a cancelled admission is announced once, in either order of arrival the end is the same', async () => {
    const [one, other] = [await newStay(), await newStay()]

    await apply([one.admit])
    await apply([one.cancel])
    await apply([other.cancel])
    await apply([other.admit])

    const rows = await house.sql('select status from encounters.cards where number = any($1)', [[one.number, other.number]])
    expect(rows.map((r) => r.status)).toEqual(['cancelled', 'cancelled'])
    expect([await told(cancelled, one.patientId), await told(admitted, other.patientId)]).toEqual([1, 0])
  })

  test('who died in hospital is known as deceased; if the discharge is taken back he lives', async () => {
    const stay = await newStay()
    const deceased = async () => (await house.sql('select deceased_at from patients.cards where id = $1', [stay.patientId]))[0]?.deceased_at

    await apply([stay.admit, { ...stay.home, disposition: '5' }])
    expect(await deceased()).toEqual(at('10 16:00'))

    await apply([stay.recall])
    expect(await deceased()).toBeNull()
  })
})

test('two writers of one visit make one encounter that knows what both said', async () => {
  const stay = await newStay()

  await Promise.all([
    apply([stay.admit]),
    apply([stay.worse]),
    apply([stay.toIntensive]),
    apply([stay.home, stay.back]),
    apply([stay.admit]),
  ])

  const rows = await house.sql('select status, ever_critical, discharged_on from encounters.cards where number = $1', [stay.number])
  expect(rows).toEqual([{ status: 'discharged', ever_critical: true, discharged_on: '2025-11-10' }])
})

test('a stay knows the discharge before it, also when the earlier stay is heard of later', async () => {
  const first = await newStay()
  const second = journeyOf(first.patientId, `${first.number}-2`)
  const again: EncounterFacts = { ...second.admit, sourceAt: at('19 08:00'), admittedAt: at('19 08:00') }

  await apply([again])
  await apply(inOrder(first))

  const rows = await house.sql('select number, prior_discharge_on from encounters.cards where patient_id = $1 order by number', [
    first.patientId,
  ])
  expect(rows.map((r) => r.prior_discharge_on)).toEqual([null, '2025-11-10'])
})

test('the encounters of a number that is retired belong to the one who survives, and stay there', async () => {
  const [kept, retired] = [await newStay(), await newStay()]
  await apply([retired.admit])

  await house.inside((ctx) => mergePatients(ctx, { survivorId: kept.patientId, retiredId: retired.patientId, reason: '同一人' }))
  await house.settle()
  await apply([retired.worse])

  const rows = await house.sql('select patient_id, condition from encounters.cards where number = $1', [retired.number])
  expect(rows).toEqual([{ patient_id: kept.patientId, condition: '病重' }])
})

test('two hundred messages in one batch are two hundred stays', async () => {
  const stays = []
  for (let i = 0; i < 40; i++) stays.push(await newStay())

  await apply(stays.flatMap(inOrder))

  const [row] = await house.sql('select count(*)::int as n from encounters.cards where status = $1 and number = any($2)', [
    'discharged',
    stays.map((s) => s.number),
  ])
  expect(row?.n).toBe(40)
})

describe('who may see what', () => {
  let wardId = ''
  beforeAll(async () => {
    const unit = { kind: 'ward' as const, name: '老年医学科病区', departmentCode: '0310' }
    wardId = (await house.inside((ctx) => resolveUnits(ctx, [unit]))).get(unitKey(unit) ?? '') ?? ''
    const stay = await newStay('欧阳娜娜')
    await apply([{ ...stay.admit, departmentCode: '0310', departmentName: '老年医学科', wardName: '老年医学科病区' }])
  })

  test('a nurse of a ward sees her ward and no other', async () => {
    const ofWard = house.who({ 'encounters.read': 'ward' }, { wards: [wardId] })

    const { rows } = await ofWard.call(encountersApi.list, {})

    expect(rows.map((r) => [r.ward?.name, r.patientName])).toEqual([['老年医学科病区', '欧**娜']])
  })

  test('nobody sees another hospital’s stays', async () => {
    const stranger = await house.stranger('encounters.read')

    expect((await stranger.call(encountersApi.list, {})).rows).toEqual([])
  })

  test('the list is filtered by ward, status and days, and paged', async () => {
    const first = await nurse.call(encountersApi.list, { status: 'discharged', from: '2025-11-10', to: '2025-11-10', limit: 2 })
    const second = await nurse.call(encountersApi.list, {
      status: 'discharged',
      from: '2025-11-10',
      to: '2025-11-10',
      limit: 2,
      after: first.next ?? '',
    })

    expect([...first.rows, ...second.rows].map((r) => r.dischargedOn)).toEqual(Array(4).fill('2025-11-10'))
    expect(new Set([...first.rows, ...second.rows].map((r) => r.id)).size).toBe(4)
    expect((await nurse.call(encountersApi.list, { status: 'discharged', from: '2025-11-11' })).rows).toEqual([])
  })

  test('the time line of a patient has the admission and the discharge, newest first', async () => {
    const stay = await newStay()
    await apply(inOrder(stay))

    const { rows } = await nurse.call(encountersApi.timeline, { patientId: stay.patientId })

    expect(rows.map((r) => [r.kind, r.at])).toEqual([
      ['discharged', '2025-11-10T08:00:00.000Z'],
      ['inpatient', '2025-11-01T01:30:00.000Z'],
    ])
    expect((await nurse.call(encountersApi.ofPatient, { patientId: stay.patientId })).rows).toHaveLength(1)
  })
})

test('the identity class of a stay is the hospital’s own word for it, by which word a system ever calls it', async () => {
  const { patientId, admit, worse, number } = await newStay()
  const keeper = house.who('patients.manage')
  const classOf = async () =>
    (await house.sql('select identity_class from encounters.cards where number = $1', [number]))[0]?.identity_class
  const kind = { id: newId(), name: '离休干部', synonyms: ['离休'], position: 1, isActive: true }
  await keeper.call(identityApi.saveIdentityClass, kind)

  await apply([{ ...admit, identityClass: '离休' }])
  expect(await classOf()).toBe('离休干部')

  await keeper.call(identityApi.saveIdentityClass, { ...kind, name: '离休老干部' })
  await apply([worse])
  expect(await classOf()).toBe('离休老干部')
  await apply([{ ...worse, sourceAt: at('03 08:00'), identityClass: '船员', patientId }])
  expect(await classOf()).toBe('船员')
})
