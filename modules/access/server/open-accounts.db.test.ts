import { openHouse } from '@renxin/server/testing'
import { enterPeople, staff } from '@renxin/staff'
import { staffApi } from '@renxin/staff/contract'
import { expect, test } from 'vitest'
import { accessApi, accountsApi } from '../contract.ts'
import { access } from './index.ts'

const house = await openHouse([staff, access], { prepare: true, now: '2026-09-04T09:00+08:00' })
const clerk = house.who('access.read', 'access.users', 'access.assign', 'access.appoint', 'staff.manage', 'staff.read')
const ward = { kind: 'ward' as const, code: 'W1', name: '骨科一病区', departmentCode: '03' }
const enter = (...people: { number: string | null; name: string }[]) =>
  house.inside((ctx) =>
    enterPeople(
      ctx,
      people.map((p) => ({ ...p, job: 'nurse' as const, title: '主管护师', isActive: true, units: [ward] })),
    ),
  )
const nurse = (await house.sql<{ id: string }>(`select id from access.roles where key = 'followupNurse'`))[0]?.id ?? ''
const names = async (search = '') => (await clerk.call(accountsApi.withoutAccount, { search })).rows.map((p) => p.name)

test('whoever the register brought gets an account by the staff number, with a password for once, and is no longer among those without', async () => {
  const [li, wang] = await enter({ number: 'N1001', name: '李娜' }, { number: 'N1002', name: '王丽' })
  expect((await names()).sort()).toEqual(['李娜', '王丽'].sort())

  const { rows } = await clerk.call(accountsApi.openAccounts, { personIds: [li ?? '', wang ?? ''], roleIds: [nurse] })

  expect(rows.map((r) => [r.name, r.because]).sort()).toEqual([
    ['n1001', null],
    ['n1002', null],
  ])
  expect(new Set(rows.map((r) => r.password)).size).toBe(2)
  expect((await clerk.call(accessApi.users, { search: 'n1001' })).rows).toMatchObject([
    { displayName: '李娜', personId: li, personTitle: '主管护师', mustChangePassword: true, roles: [{ key: 'followupNurse' }] },
  ])
  expect(await names()).toEqual([])
  const again = await clerk.call(accountsApi.openAccounts, { personIds: [li ?? ''], roleIds: [] })
  expect(again.rows).toMatchObject([{ personId: li, because: 'hasAccount', password: null }])
})

test('for whom it cannot be done the row says why, and the others are done', async () => {
  const people = await enter({ number: null, name: '无号' }, { number: '有 空格', name: '怪号' }, { number: 'N1001X', name: '可以' })
  await enter({ number: 'N2000', name: '同名' })
  await clerk.call(accountsApi.openAccounts, { personIds: [people[2] ?? ''], roleIds: [] })
  await house.sql(`update access.users set name = 'n2000' where name = 'n1001x'`)
  const clash = (await clerk.call(accountsApi.withoutAccount, { search: '同名' })).rows[0]?.id ?? ''

  const { rows } = await clerk.call(accountsApi.openAccounts, { personIds: [people[0] ?? '', people[1] ?? '', clash], roleIds: [] })

  expect(Object.fromEntries(rows.map((r) => [r.displayName, r.because]))).toEqual({
    无号: 'noNumber',
    怪号: 'badNumber',
    同名: 'nameTaken',
  })
})

test('a deputy of one ward opens accounts of that ward, with roles within his own power', async () => {
  const [mine] = await enter({ number: 'N3001', name: '本区人' })
  const other = { kind: 'ward' as const, code: 'W9', name: '儿科病区', departmentCode: '09' }
  await house.inside((ctx) => enterPeople(ctx, [{ number: 'N3002', name: '外区人', job: 'nurse', isActive: true, units: [other] }]))
  const units = await house.sql<{ id: string }>(`select id from staff.units where code = 'W1'`)
  const deputy = house.who({ 'access.users': 'ward', 'access.assign': 'ward' }, { wards: units.map((u) => u.id) })

  const seen = (await deputy.call(accountsApi.withoutAccount, {})).rows.map((p) => p.name)

  expect(seen).toContain('本区人')
  expect(seen).not.toContain('外区人')
  await expect(deputy.call(accountsApi.openAccounts, { personIds: [mine ?? ''], roleIds: [nurse] })).rejects.toMatchObject({
    code: 'access.aboveOwn',
  })
})

test('since when somebody works here is kept with the person, and stays where it is not said again', async () => {
  const [id = ''] = await enter({ number: 'N4001', name: '老护士' })
  const person = { id, number: 'N4001', name: '老护士', job: 'nurse' as const, title: '副主任护师', isActive: true, unitIds: [] }
  await clerk.call(staffApi.savePerson, { ...person, startedOn: '2008-07-01' })

  const saved = await clerk.call(staffApi.savePerson, person)

  expect(saved.startedOn).toBe('2008-07-01')
  await clerk.call(accountsApi.openAccounts, { personIds: [id], roleIds: [] })
  expect((await clerk.call(accessApi.users, { search: 'n4001' })).rows).toMatchObject([
    { startedOn: '2008-07-01', personTitle: '副主任护师' },
  ])
})

test('a list of staff may name the role of each; who opens the accounts sees it, and each gets his own', async () => {
  const [lin, sun] = await house.inside((ctx) =>
    enterPeople(ctx, [
      { number: 'N5001', name: '林护士', job: 'nurse', isActive: true, units: [ward], wantedRole: '随访护士', years: 6 },
      { number: 'N5002', name: '孙医生', job: 'doctor', isActive: true, units: [ward] },
    ]),
  )
  expect((await clerk.call(accountsApi.withoutAccount, { search: '林护士' })).rows).toMatchObject([{ id: lin, wantedRole: '随访护士' }])

  await clerk.call(accountsApi.openAccounts, { personIds: [lin ?? '', sun ?? ''], roleIds: [], rolesOf: { [lin ?? '']: [nurse] } })

  expect((await clerk.call(accessApi.users, { search: 'n5001' })).rows).toMatchObject([
    { roles: [{ key: 'followupNurse' }], startedOn: '2020-09-04' },
  ])
  expect((await clerk.call(accessApi.users, { search: 'n5002' })).rows).toMatchObject([{ roles: [] }])
})

test('the role of a single one is within the power of who gives it, like any other', async () => {
  const [mine] = await enter({ number: 'N5003', name: '本区新人' })
  const units = await house.sql<{ id: string }>(`select id from staff.units where code = 'W1'`)
  const deputy = house.who({ 'access.users': 'ward', 'access.assign': 'ward' }, { wards: units.map((u) => u.id) })

  await expect(
    deputy.call(accountsApi.openAccounts, { personIds: [mine ?? ''], roleIds: [], rolesOf: { [mine ?? '']: [nurse] } }),
  ).rejects.toMatchObject({ code: 'access.aboveOwn' })
  const clerkWithout = house.who('access.users')
  await expect(
    clerkWithout.call(accountsApi.openAccounts, { personIds: [mine ?? ''], roleIds: [], rolesOf: { [mine ?? '']: [nurse] } }),
  ).rejects.toMatchObject({ kind: 'forbidden' })
})
