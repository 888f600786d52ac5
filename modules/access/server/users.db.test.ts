import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { accessApi, auditApi, rolesApi } from '../contract.ts'
import { access, createUser } from './index.ts'

const house = await openHouse([staff, access], { prepare: true, now: '2026-09-04T09:00+08:00' })
const roles = new Map((await house.sql<{ id: string; key: string }>('select id, key from access.roles')).map((r) => [r.key, r.id]))
const role = (key: string) => roles.get(key) ?? ''
const keepsAccounts = ['access.read', 'access.users', 'access.assign', 'access.credentials']
const administrator = house.who(...keepsAccounts, 'access.appoint', 'access.keys')
const deputy = house.who(
  ...keepsAccounts,
  'access.keys',
  'access.audit',
  'access.exportAudit',
  'access.exports',
  'followups.draws',
  'staff.read',
)

const aUser = (name: string, ...keys: string[]) => ({
  id: newId(),
  name,
  displayName: '新同事',
  password: 'First-2026',
  roleIds: keys.map(role),
})

test('an account is made once though it is sent twice, and must change its password', async () => {
  const user = aUser('li.na', 'followupNurse')

  await administrator.call(accessApi.createUser, user)
  const again = await administrator.call(accessApi.createUser, user)

  expect(again).toMatchObject({ name: 'li.na', mustChangePassword: true, roles: [{ key: 'followupNurse' }] })
  await expect(administrator.call(accessApi.createUser, aUser('LI.NA'))).rejects.toMatchObject({ code: 'access.nameTaken' })
})

test('nobody hands out more than he has, unless he may appoint to every role', async () => {
  await expect(deputy.call(accessApi.createUser, aUser('too.much', 'systemAdministrator'))).rejects.toMatchObject({
    code: 'access.aboveOwn',
  })
  await deputy.call(accessApi.createUser, aUser('just.right', 'auditor'))
  await administrator.call(accessApi.createUser, aUser('appointed', 'complaintOfficer'))

  await expect(deputy.call(accessApi.createApiKey, { id: newId(), name: 'x', scopes: ['patients.read'] })).rejects.toMatchObject({
    code: 'access.aboveOwn',
  })
})

test('nobody rules over an account that may do more than he, nor over his own', async () => {
  const { id } = await administrator.call(accessApi.createUser, aUser('boss', 'systemAdministrator'))

  for (const route of [accessApi.disableUser, accessApi.enableUser]) {
    await expect(deputy.call(route, { id })).rejects.toMatchObject({ code: 'access.aboveOwn' })
  }
  await expect(deputy.call(accessApi.resetPassword, { id, password: 'Taken-2026' })).rejects.toMatchObject({ code: 'access.aboveOwn' })
  await expect(deputy.call(accessApi.setRoles, { id, roleIds: [] })).rejects.toMatchObject({ code: 'access.aboveOwn' })
  const self = house.who(...keepsAccounts, 'access.appoint', { id })
  await expect(self.call(accessApi.setRoles, { id, roleIds: [role('auditor')] })).rejects.toMatchObject({ code: 'access.notYourself' })
})

test('of two who disable the last two administrators at once, one is refused', async () => {
  const [a, b] = [
    await administrator.call(accessApi.createUser, aUser('admin.a', 'systemAdministrator')),
    await administrator.call(accessApi.createUser, aUser('admin.b', 'systemAdministrator')),
  ]
  for (const { id } of (await administrator.call(accessApi.users, { roleKey: 'systemAdministrator' })).rows) {
    if (id !== a.id && id !== b.id) await administrator.call(accessApi.disableUser, { id })
  }

  const outcomes = await Promise.allSettled([a, b].map(({ id }) => administrator.call(accessApi.disableUser, { id })))

  expect(outcomes.filter((o) => o.status === 'fulfilled')).toHaveLength(1)
  expect(outcomes).toContainEqual(expect.objectContaining({ reason: expect.objectContaining({ code: 'access.lastAdministrator' }) }))
})

test('new roles and a new password end the sessions of an account', async () => {
  const { id } = await administrator.call(accessApi.createUser, aUser('moved', 'clinician'))
  const open = () =>
    house.sql(
      `insert into access.sessions (id, token_hash, user_id, created_at, last_used_at, expires_at, address, agent)
       values (gen_random_uuid(), gen_random_uuid()::text::bytea, $1, now(), now(), now(), '', '')`,
      [id],
    )
  const left = () => house.sql('select 1 from access.sessions where user_id = $1', [id])

  await open()
  await administrator.call(accessApi.setRoles, { id, roleIds: [role('departmentSupervisor')] })
  expect(await left()).toEqual([])

  await open()
  await administrator.call(accessApi.resetPassword, { id, password: 'Again-2026' })
  expect(await left()).toEqual([])
})

test('what a hospital changed in a role stays when the server starts again', async () => {
  await house.sql("delete from access.grants where permission = 'analytics.export'")

  await house.inside(async (ctx) => access.prepare?.(ctx))

  const { rows } = await administrator.call(rolesApi.roles, {})
  expect(rows).toHaveLength(13)
  expect(rows.flatMap((r) => r.grants.map((g) => g.permission))).not.toContain('analytics.export')
})

test('another hospital sees none of the accounts, roles and keys', async () => {
  const stranger = await house.stranger(...keepsAccounts, 'access.keys', 'access.audit')
  const { id } = await house.inside((ctx) => createUser(ctx, { name: 'hidden', displayName: '本院', password: 'First-2026' }))

  expect((await stranger.call(accessApi.users, {})).rows).toEqual([])
  expect((await stranger.call(rolesApi.roles, {})).rows).toEqual([])
  expect((await stranger.call(accessApi.apiKeys, {})).rows).toEqual([])
  await expect(stranger.call(accessApi.user, { id })).rejects.toMatchObject({ code: 'access.userNotFound' })
})

test('the audit is read by who, by what and by day, page by page, the latest first', async () => {
  const auditor = house.who('access.audit')
  const actor = house.who(...keepsAccounts, 'access.appoint', { name: '张管理员' })
  for (const name of ['aud.a', 'aud.b', 'aud.c']) {
    house.advance({ minutes: 1 })
    await actor.call(accessApi.createUser, aUser(name))
  }

  const first = await auditor.call(auditApi.audit, { actorId: actor.id, action: 'access', limit: 2 })
  const second = await auditor.call(auditApi.audit, { actorId: actor.id, action: 'access', limit: 2, after: first.next ?? '' })

  expect(first.rows).toHaveLength(2)
  expect(second.rows).toHaveLength(1)
  expect(first.rows[0]).toMatchObject({ actorName: '张管理员', action: 'access.createUser' })
  expect((first.rows[0]?.at ?? '') > (second.rows[0]?.at ?? '')).toBe(true)
  expect((await auditor.call(auditApi.audit, { actorId: actor.id, to: '2026-09-03' })).rows).toEqual([])
  expect((await auditor.call(auditApi.audit, { actorId: actor.id, action: 'patients' })).rows).toEqual([])
})
