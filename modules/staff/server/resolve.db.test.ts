import { openHouse } from '@renxin/server/testing'
import { expect, test } from 'vitest'
import { staffApi } from '../contract.ts'
import { personKey, resolvePeople, resolveUnits, staff, type UnitName, unitKey } from './index.ts'

const house = await openHouse([staff])
const clerk = house.who('staff.read', 'staff.manage')

const resolve = async (...units: UnitName[]) => {
  const ids = await house.inside((ctx) => resolveUnits(ctx, units))
  return units.map((u) => ids.get(unitKey(u) ?? ''))
}

test('a ward is made under its department, and both are found again by code and by name', async () => {
  const [ward] = await resolve({ kind: 'ward', code: 'W0301', name: '心内一病区', departmentCode: '0301' })
  const [department] = await resolve({ kind: 'department', code: '0301', name: '心血管内科' })

  const { rows } = await clerk.call(staffApi.units, {})
  expect(rows).toContainEqual(
    expect.objectContaining({ id: ward, name: '心内一病区', departmentId: department, departmentName: '心血管内科' }),
  )
  expect(
    await resolve({ kind: 'ward', name: '心内一病区' }, { kind: 'ward', code: 'W0301' }, { kind: 'department', name: '心血管内科' }),
  ).toEqual([ward, ward, department])
})

test('a unit first known by its name alone takes the code that comes later', async () => {
  const [byName] = await resolve({ kind: 'department', name: '呼吸内科' })

  const [byBoth] = await resolve({ kind: 'department', code: '0305', name: '呼吸内科' })

  expect(byBoth).toBe(byName)
  expect(await resolve({ kind: 'department', code: '0305' })).toEqual([byName])
})

test('two departments of one name with two codes stay two', async () => {
  const [east, west] = await resolve(
    { kind: 'department', code: 'E01', name: '急诊科' },
    { kind: 'department', code: 'W01', name: '急诊科' },
  )

  expect(east).not.toBe(west)
})

test('wards of one name in two departments stay two', async () => {
  const [a, b] = await resolve({ kind: 'ward', name: '一病区', departmentCode: 'A' }, { kind: 'ward', name: '一病区', departmentCode: 'B' })

  expect(a).not.toBe(b)
  expect(await resolve({ kind: 'ward', name: '一病区', departmentCode: 'B' })).toEqual([b])
})

test('of many messages that bring the same new units and people at once, each unit and person is made once', async () => {
  const units: UnitName[] = [
    { kind: 'department', code: 'R1', name: '肾内科' },
    { kind: 'ward', code: 'R1W1', name: '肾内病区', departmentCode: 'R1' },
  ]
  const once = () => house.inside(async (ctx) => ({ units: await resolveUnits(ctx, units), people: await resolvePeople(ctx, doctors) }))
  const doctors = [{ number: 'D100', name: '单雄信', job: 'doctor' as const }]

  const outcomes = await Promise.all(Array.from({ length: 6 }, once))

  expect(new Set(outcomes.map((o) => JSON.stringify([...o.units, ...o.people]))).size).toBe(1)
  expect(await house.sql("select count(*)::int as n from staff.units where code in ('R1', 'R1W1')")).toEqual([{ n: 2 }])
  expect(await house.sql("select name_pinyin from staff.people where number = 'D100'")).toEqual([{ name_pinyin: 'shanxiongxin sxx' }])
})

test('a doctor known by his number gets his name from a later message, and keeps what the hospital wrote', async () => {
  const first = await house.inside((ctx) => resolvePeople(ctx, [{ number: 'D7', job: 'other' }]))
  const id = first.get('no:D7') ?? ''

  await house.inside((ctx) => resolvePeople(ctx, [{ number: 'D7', name: '王芳', job: 'doctor' }]))
  await house.inside((ctx) => resolvePeople(ctx, [{ number: 'D7', name: '王方', job: 'nurse' }]))

  expect(await clerk.call(staffApi.person, { id })).toMatchObject({ name: '王芳', job: 'doctor' })
  const byName = await house.inside((ctx) => resolvePeople(ctx, [{ name: '王芳', job: 'doctor' }]))
  expect(personKey({ name: '王芳', job: 'doctor' })).toBe('doctor:n:王芳')
  expect([...byName.values()]).toEqual([id])
})

test('a batch of known units costs one statement', async () => {
  await resolve({ kind: 'department', code: '0301' })

  const spent = await house.inside(async (ctx) => {
    let statements = 0
    const countOne = <T>(node: T): T => {
      statements += 1
      return node
    }
    const counting = {
      ...ctx,
      db: ctx.db.withPlugin({ transformQuery: ({ node }) => countOne(node), transformResult: async (a) => a.result }),
    }
    await resolveUnits(counting, [
      { kind: 'department', code: '0301' },
      { kind: 'ward', code: 'W0301', departmentCode: '0301' },
    ])
    return statements
  })

  expect(spent).toBe(1)
})
