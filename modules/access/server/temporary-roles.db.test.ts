import { newId } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { openAccess, password } from './testing.ts'

const { house, newUser, ask, signIn } = await openAccess()
const roleId = async (key: string) => (await house.sql<{ id: string }>('select id from access.roles where key = $1', [key]))[0]?.id ?? ''
const officer = await newUser({ roleKeys: ['securityAdministrator'] })
const boss = (await signIn(officer.name)).session
const inHours = (hours: number) => new Date(house.now().getTime() + hours * 3_600_000).toISOString()
const give = async (userId: string, key: string, until: string, cookie = boss, id = newId()) =>
  ask(`/users/${userId}/temporary-roles`, { cookie, body: { id, userId, roleId: await roleId(key), until, reason: '代班一个下午' } })
const may = async (cookie: string) => (await ask('/me', { cookie })).body.permissions ?? {}

test('a role for a time counts on the open session at once and is over to the second, and its row says who gave it and why', async () => {
  const nurse = await newUser()
  const { session } = await signIn(nurse.name)
  expect(await may(session)).not.toHaveProperty('feedback.handle')

  const given = await give(nurse.id, 'complaintOfficer', inHours(0.5))

  expect(given.body).toMatchObject({ role: { key: 'complaintOfficer' }, reason: '代班一个下午', givenBy: '王护士', isOver: false })
  expect(await may(session)).toMatchObject({ 'feedback.handle': 'hospital', 'followups.work': 'hospital' })
  house.advance({ minutes: 29, seconds: 58 })
  expect(await may(session)).toHaveProperty('feedback.handle')
  house.advance({ seconds: 2 })
  expect(await may(session)).not.toHaveProperty('feedback.handle')
  expect((await ask(`/users/${nurse.id}/temporary-roles`, { cookie: boss })).body.rows).toMatchObject([{ isOver: true }])
  expect(
    await house.sql(`select reason from house.audit where action = 'access.temporaryRoleGiven' and object_id = $1`, [nurse.id]),
  ).toEqual([{ reason: '代班一个下午' }])
})

test('it can be taken back before its end, is given once though it is sent twice, and does not end with a change of the other roles', async () => {
  const nurse = await newUser()
  const { session } = await signIn(nurse.name)
  const id = newId()
  const until = inHours(5)
  await give(nurse.id, 'complaintOfficer', until, boss, id)
  await give(nurse.id, 'complaintOfficer', until, boss, id)
  expect((await ask(`/users/${nurse.id}/temporary-roles`, { cookie: boss })).body.rows).toHaveLength(1)
  await ask(`/users/${nurse.id}/roles`, { cookie: boss, method: 'PUT', body: { roleIds: [await roleId('clinician')] } })
  const again = (await signIn(nurse.name)).session
  expect(await may(again)).toHaveProperty('feedback.handle')

  await ask(`/temporary-roles/${id}/end`, { cookie: boss, body: {} })

  expect(await may(again)).not.toHaveProperty('feedback.handle')
  expect(await may(session)).toEqual({})
})

test('an end that lies behind or too far ahead is refused, so is a role beyond one’s own, and auditing beside administering', async () => {
  const nurse = await newUser()
  const deputy = await newUser({ roleKeys: ['followupNurse'] })
  await house.sql(`insert into access.roles (id, key, name) values ('0193a000-0000-7000-8000-000000000009', 'own.deputy', '代管账号')`)
  await house.sql(
    `insert into access.grants (role_id, permission, scope) select '0193a000-0000-7000-8000-000000000009', p, 'hospital' from unnest(array['access.read', 'access.assign']) p`,
  )
  await house.sql(`insert into access.user_roles (user_id, role_id) values ($1, '0193a000-0000-7000-8000-000000000009')`, [deputy.id])
  const small = (await signIn(deputy.name, password)).session

  expect((await give(nurse.id, 'complaintOfficer', inHours(-1))).body.code).toBe('access.untilWrong')
  expect((await give(nurse.id, 'complaintOfficer', inHours(24 * 91))).body.code).toBe('access.untilWrong')
  expect((await give(nurse.id, 'complaintOfficer', inHours(1), small)).body.code).toBe('access.aboveOwn')
  expect((await give(officer.id, 'complaintOfficer', inHours(1), boss)).body.code).toBe('access.notYourself')
  const auditor = await newUser({ roleKeys: ['auditor'] })
  expect((await give(auditor.id, 'systemAdministrator', inHours(1))).body.code).toBe('access.notApart')
  await give(nurse.id, 'securityAdministrator', inHours(1))
  expect((await ask(`/users/${nurse.id}/roles`, { cookie: small, method: 'PUT', body: { roleIds: [] } })).body.code).toBe('access.aboveOwn')
})
