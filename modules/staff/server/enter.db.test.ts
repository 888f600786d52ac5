import { openHouse } from '@renxin/server/testing'
import { expect, test } from 'vitest'
import { staffApi } from '../contract.ts'
import { enterPeople, enterUnits, resolvePeople, resolveUnits, staff } from './index.ts'

const house = await openHouse([staff])
const clerk = house.who('staff.read', 'staff.manage')

test('the register names a ward that a message only mentioned by its code, renames it and puts it out of use', async () => {
  const ids = await house.inside((ctx) => resolveUnits(ctx, [{ kind: 'ward', code: 'W1' }]))
  const ward = { kind: 'ward' as const, code: 'W1', departmentCode: '0301', isActive: true }

  await house.inside((ctx) => enterUnits(ctx, [{ ...ward, name: '心内病区' }]))
  const [id] = await house.inside((ctx) => enterUnits(ctx, [{ ...ward, name: '心内一病区', isActive: false }]))

  expect([...ids.values()]).toEqual([id])
  const { rows } = await clerk.call(staffApi.units, { kind: 'ward', withInactive: true })
  expect(rows).toMatchObject([{ id, code: 'W1', name: '心内一病区', isActive: false, departmentName: '0301' }])
  const byName = await house.inside((ctx) => resolveUnits(ctx, [{ kind: 'ward', name: '心内病区' }]))
  expect([...byName.values()]).toEqual([id])
})

test('the register says where a nurse works; a kind of unit that it does not name stays as it was', async () => {
  await house.inside((ctx) => resolvePeople(ctx, [{ number: 'N1', job: 'nurse' }]))
  const nurse = { number: 'N1', name: '李娜', job: 'nurse' as const, title: '主管护师', isActive: true }
  const department = (code: string) => ({ kind: 'department' as const, code })

  await house.inside((ctx) => enterPeople(ctx, [{ ...nurse, units: [department('0301'), { kind: 'ward', code: 'W9' }] }]))
  await house.inside((ctx) => enterPeople(ctx, [{ ...nurse, name: '李丽娜', units: [department('0302')] }]))

  const { rows } = await clerk.call(staffApi.people, { search: 'lilina' })
  expect(rows).toMatchObject([{ number: 'N1', name: '李丽娜', title: '主管护师', units: [{ name: '0302' }, { name: 'W9' }] }])
})

test('of one person twice in a batch the last word counts', async () => {
  const once = (name: string) => ({ number: 'N2', name, isActive: true })

  const ids = await house.inside((ctx) => enterPeople(ctx, [once('王一'), once('王二')]))

  expect(new Set(ids).size).toBe(1)
  expect((await clerk.call(staffApi.people, { search: '王' })).rows).toMatchObject([{ name: '王二', job: 'other' }])
})

test('whoever is struck from the register by his number alone keeps his name and is not offered any more', async () => {
  await house.inside((ctx) => enterPeople(ctx, [{ number: 'N3', name: '赵敏', isActive: true }]))

  await house.inside((ctx) => enterPeople(ctx, [{ number: 'N3', isActive: false }]))

  const { rows } = await clerk.call(staffApi.people, { search: '赵敏', withInactive: true })
  expect(rows).toMatchObject([{ number: 'N3', name: '赵敏', isActive: false }])
})
