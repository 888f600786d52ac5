import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { accessApi, rolesApi, signInPresets } from '../contract.ts'
import { access, createUser, prepareHospital } from './index.ts'

const house = await openHouse([staff, access], { prepare: true, now: '2026-09-04T09:00+08:00' })
const roles = new Map((await house.sql<{ id: string; key: string }>('select id, key from access.roles')).map((r) => [r.key, r.id]))
const role = (key: string) => roles.get(key) ?? ''
const security = house.who('access.read', 'access.users', 'access.assign', 'access.appoint', 'access.roles', 'access.rules')
const holder = (name: string, ...roleKeys: string[]) =>
  house.inside((ctx) => createUser(ctx, { name, displayName: name, password: 'First-2026', roleKeys }))
const setRoles = (id: string, ...keys: string[]) => security.call(accessApi.setRoles, { id, roleIds: keys.map(role) })
const rolesOf = async (id: string) => (await security.call(accessApi.user, { id })).roles.map((r) => r.key)

test('by the preset of grade 3 nobody is auditor and administrator at once, by whichever roles', async () => {
  const { id } = await holder('wang.shen', 'auditor')
  await holder('in.office', 'systemAdministrator', 'securityAdministrator')

  for (const other of ['systemAdministrator', 'securityAdministrator']) {
    await expect(setRoles(id, 'auditor', other)).rejects.toMatchObject({ code: 'access.notApart', details: { name: 'wang.shen' } })
  }
  await expect(
    security.call(accessApi.createUser, {
      id: newId(),
      name: 'both.new',
      displayName: '两样都要',
      password: 'First-2026',
      roleIds: [role('auditor'), role('systemAdministrator')],
    }),
  ).rejects.toMatchObject({ code: 'access.notApart' })
  expect(await rolesOf(id)).toEqual(['auditor'])
  await setRoles(id, 'systemAdministrator', 'securityAdministrator') // a small hospital has no more people than that
  expect(await setRoles(id, 'auditor', 'complaintOfficer')).toMatchObject({ name: 'wang.shen' })
})

test('a role cannot be edited so that one of its holders would do both; who does neither is not in the way', async () => {
  await holder('li.shen', 'auditor')
  const auditor = (await security.call(rolesApi.roles, {})).rows.find((r) => r.key === 'auditor')
  const change = (permission: string) =>
    security.call(rolesApi.changeRole, {
      id: role('auditor'),
      name: null,
      version: auditor?.version ?? 0,
      grants: [...(auditor?.grants ?? []), { permission, scope: 'hospital' }],
    })

  await expect(change('access.rules')).rejects.toMatchObject({ code: 'access.notApart' })
  expect((await change('analytics.read')).grants).toContainEqual({ permission: 'analytics.read', scope: 'hospital' })
})

test('a small hospital that says so lets one person do both; once it keeps them apart again, he stays until his roles change', async () => {
  await security.call(accessApi.changeRules, { ...signInPresets.grade3, auditApart: false })
  const { id } = await holder('zhao.quan', 'auditor', 'systemAdministrator')
  await security.call(accessApi.changeRules, signInPresets.grade3)

  const [first] = await house.sql(
    `select detail from house.audit where action = 'access.signInRulesChanged' and detail #>> '{after,auditApart}' = 'true'`,
  )
  expect(first?.detail).toMatchObject({ before: { auditApart: false, minLength: 8 }, after: { auditApart: true, minLength: 8 } })
  const roles = (await security.call(rolesApi.roles, {})).rows.find((r) => r.key === 'auditor')
  await security.call(rolesApi.changeRole, {
    id: role('auditor'),
    name: null,
    version: roles?.version ?? 0,
    grants: [...(roles?.grants ?? []), { permission: 'followups.read', scope: 'hospital' }],
  })

  expect(await rolesOf(id)).toEqual(['auditor', 'systemAdministrator'])
  await expect(setRoles(id, 'auditor', 'systemAdministrator', 'followupNurse')).rejects.toMatchObject({ code: 'access.notApart' })
})

test('in a hospital from before there was a security administrator, whoever administered keeps all he had, once', async () => {
  const { id } = await holder('old.admin', 'systemAdministrator')
  await house.sql(`delete from access.preset_grants where role_key = 'securityAdministrator'`)
  await house.sql(`delete from access.user_roles where role_id = $1`, [role('securityAdministrator')])
  await house.sql(`delete from access.roles where key = 'securityAdministrator'`)
  await house.sql(
    `insert into access.grants (role_id, permission, scope) select id, 'access.appoint', 'hospital' from access.roles where key = 'systemAdministrator'`,
  )
  await house.sql(
    `insert into access.preset_grants (role_key, permission, scope) values ('systemAdministrator', 'access.appoint', 'hospital')`,
  )

  await house.inside(prepareHospital)

  expect(await rolesOf(id)).toEqual(['securityAdministrator', 'systemAdministrator'])
  const system = (await security.call(rolesApi.roles, {})).rows.find((r) => r.key === 'systemAdministrator')
  expect(system?.grants.map((g) => g.permission)).not.toContain('access.appoint')

  await setRoles(id, 'systemAdministrator')
  await house.inside(prepareHospital)

  expect(await rolesOf(id)).toEqual(['systemAdministrator'])
})
