import { type Ask, newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { accessApi, rolesApi } from '../contract.ts'
import { access, createUser } from './index.ts'

const house = await openHouse([staff, access], { prepare: true, now: '2026-09-04T09:00+08:00' })
const administrator = house.who('access.read', 'access.users', 'access.assign', 'access.appoint', 'access.roles')
const rows = async () => (await administrator.call(rolesApi.roles, {})).rows
const preset = async (key: string) => {
  const role = (await rows()).find((r) => r.key === key)
  if (!role) throw new Error(`no role ${key}`)
  return role
}
const ownRole = async (name: string, grants: Ask<typeof rolesApi.changeRole>['grants'] = []) => {
  const made = await administrator.call(rolesApi.createRole, { id: newId(), name })
  return administrator.call(rolesApi.changeRole, { id: made.id, name, grants, version: made.version })
}
const holder = (roleId: string, name: string) =>
  house.inside((ctx) => createUser(ctx, { name, displayName: name, password: 'First-2026', roleIds: [roleId] }))

test('a role is copied, renamed and given other scopes, and the trail keeps it before and after', async () => {
  const clinician = await preset('clinician')
  const copy = await administrator.call(rolesApi.createRole, { id: newId(), name: '骨科医生', copyOf: clinician.id })
  expect(copy.grants).toEqual(clinician.grants)
  expect(copy).toMatchObject({ isPreset: false, isChanged: false, holders: 0 })

  const changed = await administrator.call(rolesApi.changeRole, {
    id: copy.id,
    name: '骨科住院医生',
    version: copy.version,
    grants: [
      { permission: 'patients.read', scope: 'ward' },
      { permission: 'encounters.read', scope: 'own' },
    ],
  })

  expect(changed).toMatchObject({
    name: '骨科住院医生',
    grants: [
      { permission: 'encounters.read', scope: 'own' },
      { permission: 'patients.read', scope: 'ward' },
    ],
  })
  const trail = await house.sql<{ detail: { before: object; after: object } }>(
    `select detail from house.audit where action = 'access.roleChanged' and object_id = $1 and detail ? 'before'`,
    [copy.id],
  )
  expect(trail[0]?.detail).toMatchObject({
    before: { name: '骨科医生', 'patients.read': 'department', 'surveys.read': 'hospital' },
    after: { name: '骨科住院医生', 'patients.read': 'ward' },
  })
  expect(trail[0]?.detail.after).not.toHaveProperty('surveys.read')
})

test('a new role that is sent twice is made once, and no two roles have the same name', async () => {
  const role = { id: newId(), name: '门诊导诊' }

  await administrator.call(rolesApi.createRole, role)
  await administrator.call(rolesApi.createRole, role)

  expect((await rows()).filter((r) => r.name === '门诊导诊')).toHaveLength(1)
  await expect(administrator.call(rolesApi.createRole, { id: newId(), name: '门诊导诊' })).rejects.toMatchObject({
    code: 'access.roleNameTaken',
  })
})

test('of two who edit a role at once, the second is told', async () => {
  const role = await ownRole('同时编辑')
  const change = (scope: 'ward' | 'department') =>
    administrator.call(rolesApi.changeRole, {
      id: role.id,
      name: role.name,
      version: role.version,
      grants: [{ permission: 'patients.read', scope }],
    })

  const outcomes = await Promise.allSettled([change('ward'), change('department')])

  expect(outcomes.filter((o) => o.status === 'fulfilled')).toHaveLength(1)
  expect(outcomes).toContainEqual(expect.objectContaining({ reason: expect.objectContaining({ code: 'access.roleChanged' }) }))
})

test('nobody puts into a role, or takes from it, what he does not have himself; who may appoint to every role does', async () => {
  const role = await ownRole('只看病区', [
    { permission: 'patients.read', scope: 'ward' },
    { permission: 'analytics.read', scope: 'hospital' },
  ])
  const deputy = house.who('access.roles', { 'patients.read': 'department', 'encounters.read': 'department' })
  const change = (...grants: Ask<typeof rolesApi.changeRole>['grants']) =>
    deputy.call(rolesApi.changeRole, { id: role.id, name: role.name, version: role.version, grants })
  const kept = { permission: 'analytics.read', scope: 'hospital' } as const

  await expect(change(kept, { permission: 'patients.read', scope: 'hospital' })).rejects.toMatchObject({ code: 'access.aboveOwn' })
  await expect(change(kept, { permission: 'patients.erase', scope: 'hospital' })).rejects.toMatchObject({ code: 'access.aboveOwn' })
  await expect(change({ permission: 'patients.read', scope: 'ward' })).rejects.toMatchObject({ permission: 'analytics.read' })
  await expect(deputy.call(rolesApi.createRole, { id: newId(), name: '抄一份', copyOf: role.id })).rejects.toMatchObject({
    code: 'access.aboveOwn',
  })
  const within = await change(kept, { permission: 'patients.read', scope: 'department' })

  expect(within.grants).toContainEqual({ permission: 'patients.read', scope: 'department' })
})

test('nobody widens a role that he holds himself, appointed or not; he may narrow it', async () => {
  const role = await ownRole('自己的角色', [{ permission: 'patients.read', scope: 'department' }])
  const { id } = await holder(role.id, 'self.holder')
  const self = house.who('access.roles', 'access.appoint', { id })
  const change = (scope: 'ward' | 'hospital') =>
    self.call(rolesApi.changeRole, {
      id: role.id,
      name: role.name,
      version: role.version,
      grants: [{ permission: 'patients.read', scope }],
    })

  await expect(change('hospital')).rejects.toMatchObject({ code: 'access.ownRole' })
  expect((await change('ward')).grants).toEqual([{ permission: 'patients.read', scope: 'ward' }])
})

test('a permission that nobody can have, and a scope for which it cannot be given, are refused', async () => {
  const role = await ownRole('笔误')
  const change = (permission: string, scope: 'ward' | 'hospital') =>
    administrator.call(rolesApi.changeRole, { id: role.id, name: role.name, version: role.version, grants: [{ permission, scope }] })

  await expect(change('patients.reed', 'hospital')).rejects.toMatchObject({ code: 'access.permissionUnknown' })
  await expect(change('access.audit', 'ward')).rejects.toMatchObject({ code: 'access.reachUnknown' })
})

test('a role that somebody has is not retired, nor deleted by the database; a retired one is given to nobody until it is back', async () => {
  const role = await ownRole('将停用', [{ permission: 'patients.read', scope: 'ward' }])
  const { id } = await holder(role.id, 'last.holder')
  await administrator.call(accessApi.disableUser, { id })

  await expect(administrator.call(rolesApi.retireRole, { id: role.id })).rejects.toMatchObject({ code: 'access.roleInUse', holders: 1 })
  await expect(house.sql('delete from access.roles where id = $1', [role.id])).rejects.toThrow(/user_roles/)
  await administrator.call(accessApi.setRoles, { id, roleIds: [] })
  expect(await administrator.call(rolesApi.retireRole, { id: role.id })).toMatchObject({ isRetired: true })
  await expect(administrator.call(accessApi.setRoles, { id, roleIds: [role.id] })).rejects.toMatchObject({ code: 'access.roleRetired' })

  await administrator.call(rolesApi.reviveRole, { id: role.id })

  expect(await administrator.call(accessApi.setRoles, { id, roleIds: [role.id] })).toMatchObject({ roles: [{ id: role.id }] })
})

test('a preset that was renamed and changed says so and goes back to what it was; a role of one’s own has nothing to go back to', async () => {
  const before = await preset('followupNurse')
  await administrator.call(rolesApi.changeRole, { id: before.id, name: '随访员', version: before.version, grants: before.grants.slice(3) })
  expect(await preset('followupNurse')).toMatchObject({ name: '随访员', isChanged: true })

  const after = await administrator.call(rolesApi.restoreRole, { id: before.id })

  expect(after).toMatchObject({ name: null, isChanged: false, grants: before.grants })
  const own = await ownRole('没有原样')
  await expect(administrator.call(rolesApi.restoreRole, { id: own.id })).rejects.toMatchObject({ code: 'access.notPreset' })
})

test('the last administrator cannot take the power to give roles out of his own role', async () => {
  const [system, security] = [await preset('systemAdministrator'), await preset('securityAdministrator')]
  await holder(system.id, 'only.system')
  const { id } = await holder(security.id, 'only.security')
  const only = house.who('access.read', 'access.roles', 'access.appoint', { id })
  const without = (role: typeof system, permission: string) =>
    only.call(rolesApi.changeRole, {
      id: role.id,
      name: null,
      version: role.version,
      grants: role.grants.filter((g) => g.permission !== permission),
    })

  for (const permission of ['access.roles', 'access.appoint', 'access.assign']) {
    await expect(without(security, permission)).rejects.toMatchObject({ code: 'access.lastAdministrator', permission })
  }
  await expect(without(system, 'access.users')).rejects.toMatchObject({ code: 'access.lastAdministrator', permission: 'access.users' })
  expect((await without(security, 'access.viewAs')).isChanged).toBe(true)
})

test('another hospital sees and changes none of these roles', async () => {
  const role = await ownRole('本院角色')
  const stranger = await house.stranger('access.read', 'access.roles', 'access.appoint')

  expect((await stranger.call(rolesApi.roles, {})).rows).toEqual([])
  await expect(stranger.call(rolesApi.retireRole, { id: role.id })).rejects.toMatchObject({ code: 'access.roleNotFound' })
})
