import { access, createUser } from '@renxin/access'
import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Conditions, type FieldDefinition, fieldsApi, listsApi, patientsApi } from '../../contract.ts'
import {
  applyPatientFacts,
  noteCare,
  noteDiagnoses,
  noteFollowups,
  noteStandings,
  type PatientFacts,
  patients,
  type Standing,
  takeStandings,
} from '../index.ts'
import { matching } from './list.ts'

const house = await openHouse([staff, access, patients], { now: '2026-09-04T09:00+08:00', prepare: true })
const clerk = house.who('patients.read', 'patients.names', 'patients.edit', 'patients.manage')
const wards = Array.from({ length: 40 }, () => newId())
const departments = Array.from({ length: 20 }, () => newId())
const CROWD = 6000
const ids: string[] = []

const factOf = (i: number): PatientFacts => ({
  identifiers: [{ system: 'HIS', type: 'MR', value: `L${i}` }],
  sourceAt: new Date('2026-09-01T00:00Z'),
  name: `患者${i}`,
  sex: i % 2 ? 'female' : 'male',
  birthOn: `${1930 + (i % 80)}-03-01`,
  payer: ['城镇职工', '城乡居民', '全自费'][i % 3] ?? null,
  identityClass: i % 50 === 0 ? '军人' : '地方',
  address: { full: null, district: `320${200 + (i % 30)}` },
  extra: { score: i % 100, living: i % 10 === 0 ? '独居' : '与家人同住' },
  phones: i % 7 === 0 ? [] : [{ number: `139${10_000_000 + i}` }, ...(i % 5 === 0 ? [{ number: `0510-82${100_000 + i}` }] : [])],
})
const standingOf = (i: number): Standing => ({
  patientId: ids[i] ?? '',
  state: (['inHospital', 'discharged', 'discharged', 'visited', 'booked'] as const)[i % 5] ?? null,
  visitingOn: i % 100 === 3 ? '2026-09-04' : i % 5 === 3 ? '2026-08-01' : null,
  bookedAt: null,
  encounterId: newId(),
  class: i % 5 < 3 ? 'inpatient' : 'outpatient',
  departmentId: departments[i % departments.length] ?? null,
  wardId: i % 5 < 3 ? (wards[i % wards.length] ?? null) : null,
  attendingId: null,
  nursingLevel: null,
  condition: null,
  mainDiagnosisCode: null,
  mainDiagnosisName: null,
  everCritical: false,
  everLevelOne: false,
  daysSincePrior: null,
  seenOn: `2026-0${1 + (i % 8)}-15`,
  firstSeenOn: i % 20 === 0 ? '2026-09-01' : '2020-01-01',
  dischargedOn: i % 5 === 1 || i % 5 === 2 ? `2026-0${1 + (i % 8)}-20` : null,
  visits: i % 6,
  stays: 1,
})

let score: FieldDefinition
let living: FieldDefinition
beforeAll(async () => {
  const plain = {
    object: 'patient', isRequired: false, pattern: null, least: null, most: null, position: 0, isActive: true, isSearchable: false, isInList: true, isSensitive: false,
    riskOption: null,
  } as const // biome-ignore format: a plain field
  score = await clerk.call(fieldsApi.saveField, { ...plain, id: newId(), key: 'score', label: '评分', kind: 'number', options: [] })
  living = await clerk.call(fieldsApi.saveField, {
    ...plain,
    id: newId(),
    key: 'living',
    label: '居住',
    kind: 'choice',
    options: ['独居', '与家人同住'],
  })
  for (let from = 0; from < CROWD; from += 500) {
    const some = Array.from({ length: 500 }, (_, i) => from + i)
    ids.push(...(await house.inside((ctx) => applyPatientFacts(ctx, some.map(factOf)))))
    // Every eleventh has no visit at all.
    const seen = some.filter((i) => i % 11 !== 0)
    await house.inside(async (ctx) => {
      await takeStandings(
        ctx,
        seen.map((i) => ids[i] ?? ''),
      )
      await noteStandings(ctx, seen.map(standingOf))
      await noteFollowups(
        ctx,
        seen
          .filter((i) => i % 4 === 0)
          .map((i) => ({
            patientId: ids[i] ?? '',
            status: i % 8 ? 'unreached' : 'reached',
            triedOn: '2026-09-01',
            nextAt: null,
            dueBy: i % 16 ? new Date('2026-09-01T00:00Z') : null,
          })),
      )
      await noteDiagnoses(
        ctx,
        some.map((i) => ids[i] ?? ''),
        some.map((i) => ({ patientId: ids[i] ?? '', code: i % 30 ? 'J18.900' : 'I21.401', lastOn: '2026-08-01' })),
      )
      await noteCare(
        ctx,
        some.map((i) => ({ patientId: ids[i] ?? '', unitIds: [wards[i % wards.length] ?? ''] })),
      )
    })
  }
  await house.ownerSql('analyze')
}, 120_000)

const hasStanding = (i: number) => i % 11 !== 0
const isVisiting = (i: number) => hasStanding(i) && i % 100 === 3 && i % 5 !== 0

const cases: [string, () => Conditions, (i: number) => boolean][] = [
  ['in hospital', () => ({ states: ['inHospital'] }), (i) => hasStanding(i) && i % 5 === 0],
  ['visiting today', () => ({ states: ['visiting'] }), isVisiting],
  [
    'discharged or booked',
    () => ({ states: ['discharged', 'booked'] }),
    (i) => hasStanding(i) && [1, 2, 4].includes(i % 5) && !isVisiting(i),
  ],
  ['without any visit', () => ({ states: ['known'] }), (i) => !hasStanding(i)],
  [
    'without any visit, in hospital or visiting today',
    () => ({ states: ['known', 'inHospital', 'visiting'] }),
    (i) => !hasStanding(i) || i % 5 === 0 || isVisiting(i),
  ],
  [
    'of a department and a ward',
    () => ({ departmentIds: [departments[2] ?? ''], wardIds: [wards[2] ?? ''] }),
    (i) => hasStanding(i) && i % 5 < 3 && i % 20 === 2 && i % 40 === 2,
  ],
  ['with a diagnosis between I20 and I25', () => ({ diagnoses: ['I20-I25'] }), (i) => i % 30 === 0],
  ['of one diagnosis of two', () => ({ diagnoses: ['E11', 'I21.4'] }), (i) => i % 30 === 0],
  [
    'women of 65 to 70',
    () => ({ ageFrom: 65, ageTo: 70, sex: 'female' }),
    (i) => i % 2 === 1 && 2026 - (1930 + (i % 80)) >= 65 && 2026 - (1930 + (i % 80)) <= 70,
  ],
  [
    'of a payer, an identity class and a district',
    () => ({ payers: ['城乡居民'], identityClasses: ['军人'], districts: ['320210'] }),
    (i) => i % 3 === 1 && i % 50 === 0 && i % 30 === 10,
  ],
  ['not reached', () => ({ followups: ['unreached'] }), (i) => hasStanding(i) && i % 4 === 0 && i % 8 !== 0],
  ['never followed up', () => ({ followups: ['never'] }), (i) => !hasStanding(i) || i % 4 !== 0],
  ['overdue', () => ({ followups: ['overdue'] }), (i) => hasStanding(i) && i % 4 === 0 && i % 16 !== 0],
  ['discharged within 30 days', () => ({ dischargedDaysTo: 30 }), (i) => hasStanding(i) && (i % 5 === 1 || i % 5 === 2) && i % 8 === 7],
  ['not seen for 100 days', () => ({ seenDaysFrom: 100 }), (i) => hasStanding(i) && i % 8 <= 4],
  ['new within a week', () => ({ firstSeenDaysTo: 7 }), (i) => hasStanding(i) && i % 20 === 0],
  ['here five times or more', () => ({ visitsFrom: 5 }), (i) => hasStanding(i) && i % 6 >= 4],
  ['without a phone', () => ({ gaps: ['noPhone'] }), (i) => i % 7 === 0],
  ['with one phone only', () => ({ gaps: ['onePhone'] }), (i) => i % 7 !== 0 && i % 5 !== 0],
  [
    'with an own field between two numbers',
    () => ({ fields: [{ fieldId: score.id, from: 95, to: 97 }] }),
    (i) => i % 100 >= 95 && i % 100 <= 97,
  ],
  [
    'with an option of an own field, in hospital',
    () => ({ states: ['inHospital'], fields: [{ fieldId: living.id, any: ['独居'] }] }),
    (i) => hasStanding(i) && i % 10 === 0,
  ],
]

describe('the list of patients', () => {
  test.each(cases)('is narrowed to those %s, counted, and read page by page', async (_, conditions, holds) => {
    const where = JSON.stringify(conditions())
    const expected = ids
      .filter((_id, i) => holds(i))
      .sort()
      .reverse()

    const found: string[] = []
    for (let after: string | null | undefined; after !== null; ) {
      const page = await clerk.call(patientsApi.list, { where, limit: 200, ...(after ? { after } : {}) })
      found.push(...page.rows.map((r) => r.id))
      after = page.next
    }

    expect(expected.length).toBeGreaterThan(0)
    expect(found).toEqual(expected)
    expect(await clerk.call(listsApi.count, { where })).toEqual({ count: expected.length, isMore: false })
  })

  test('shows the own fields that stand in lists', async () => {
    const { rows } = await clerk.call(patientsApi.list, {
      where: JSON.stringify({ fields: [{ fieldId: score.id, from: 42, to: 42 }] }),
      limit: 1,
    })

    expect(rows[0]?.own[score.id]).toBe(42)
  })

  test('shows a ward its own patients alone, and counts no others', async () => {
    const ofWard = house.who({ 'patients.read': 'ward' }, { wards: wards.slice(0, 1) })

    expect(await ofWard.call(listsApi.count, {})).toEqual({ count: CROWD / 40, isMore: false })
  })

  test('what is no condition is refused, and what an address holds by mistake too', async () => {
    for (const where of ['{"x":1}', '[', '{"ageFrom":"old"}', '{"diagnoses":["; drop"]}'])
      await expect(clerk.call(patientsApi.list, { where })).rejects.toMatchObject({ kind: 'invalid' })
    const unknown = JSON.stringify({ fields: [{ fieldId: newId(), any: ['x'] }] })
    await expect(clerk.call(patientsApi.list, { where: unknown })).rejects.toMatchObject({ kind: 'invalid' })
  })

  test('offers the payers, identity classes and districts that there are', async () => {
    const choices = await clerk.call(listsApi.choices, {})

    expect(choices.payers.toSorted()).toEqual(['全自费', '城乡居民', '城镇职工'].toSorted())
    expect(choices.identityClasses.slice(0, 2)).toEqual([
      { name: '地方', state: 'listed' },
      { name: '军人', state: 'listed' },
    ])
    expect(choices.districts).toHaveLength(30)
  })
})

test('every filter reads an index, as the application’s role', async () => {
  const [{ id = '' } = {}] = (await clerk.call(patientsApi.list, { limit: 1 })).rows
  expect(id).not.toBe('')
  for (const [name, conditions] of cases) {
    const compiled = await house.inside(async (ctx) => (await matching(ctx, conditions())).compile(ctx.db))
    const rows = await house.sql(`explain ${compiled.sql} order by p.id desc limit 51`, [...compiled.parameters])
    const plan = rows.map((r) => String(r['QUERY PLAN'])).join('\n')
    expect(plan, name).not.toMatch(/Seq Scan on (patients|contacts|diagnosed|field_values)\b/)
  }
}, 60_000)

test('the few who came most often are found by an index, and those without a visit by one look at where each stands', async () => {
  const planOf = async (conditions: Conditions) => {
    const compiled = await house.inside(async (ctx) => (await matching(ctx, conditions)).compile(ctx.db))
    const rows = await house.sql(`explain ${compiled.sql} order by p.id desc limit 51`, [...compiled.parameters])
    return rows.map((r) => String(r['QUERY PLAN'])).join('\n')
  }

  expect(await planOf({ visitsFrom: 100 })).toMatch(/Index Cond: .*visits_in_all >= /)
  const unknown = await planOf({ states: ['known', 'inHospital'] })
  expect(unknown).toContain('Anti Join')
  expect(unknown).not.toMatch(/SubPlan \d+\n.*\bstandings\b/) // the veil has one of its own, over those who are in a class
})

describe('a saved view', () => {
  test('is one’s own until it is shared with a role, and changed by its owner alone', async () => {
    const roles = (await clerk.call(listsApi.views, {})).roles
    const nurses = roles.find((r) => r.key === 'followupNurse')?.id ?? ''
    const nurseId = (
      await house.inside((ctx) =>
        createUser(ctx, { name: 'chenjing', displayName: '陈静', password: 'Ward12345', roleKeys: ['followupNurse'] }),
      )
    ).id
    const nurse = house.who('patients.read', { id: nurseId, name: '陈静' })
    const id = newId()
    await clerk.call(listsApi.saveView, { id, name: '在院', conditions: { states: ['inHospital'] }, roleIds: [] })
    expect((await nurse.call(listsApi.views, {})).rows).toEqual([])

    await clerk.call(listsApi.saveView, { id, name: '在院', conditions: { states: ['inHospital'] }, roleIds: [nurses] })

    expect((await nurse.call(listsApi.views, {})).rows).toMatchObject([
      { id, name: '在院', isMine: false, conditions: { states: ['inHospital'] } },
    ])
    const change = { id, name: '我的', conditions: {}, roleIds: [] }
    await expect(nurse.call(listsApi.saveView, change)).rejects.toMatchObject({ code: 'patients.viewNotYours' })
    await expect(nurse.call(listsApi.removeView, { id })).rejects.toMatchObject({ code: 'patients.viewNotYours' })
    const shared = nurse.call(listsApi.saveView, { ...change, id: newId(), roleIds: [nurses] })
    await expect(shared).rejects.toMatchObject({ code: 'patients.shareForbidden' })
    await clerk.call(listsApi.removeView, { id })
    expect((await nurse.call(listsApi.views, {})).rows).toEqual([])
  })
})
