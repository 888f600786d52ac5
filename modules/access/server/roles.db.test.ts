import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { access, prepareHospital } from './index.ts'

const house = await openHouse([staff, access], { prepare: true })

const grantsOf = async (key: string) =>
  Object.fromEntries(
    (
      await house.sql<{ permission: string; scope: string }>(
        'select g.permission, g.scope from access.grants g join access.roles r on r.id = g.role_id where r.key = $1',
        [key],
      )
    ).map((g) => [g.permission, g.scope]),
  )
const ofRole = (key: string) => `role_id = (select id from access.roles where key = '${key}')`
const startAgain = () => house.inside(prepareHospital)

test('a permission that a new version brings reaches the preset roles of a hospital that exists already, at the next start', async () => {
  const before = await grantsOf('followupNurse')
  await house.sql(`delete from access.grants where ${ofRole('followupNurse')} and permission = 'followups.read'`) // as it was before the version that brought it
  await house.sql(`delete from access.preset_grants where role_key = 'followupNurse' and permission = 'followups.read'`)

  await startAgain()

  expect(await grantsOf('followupNurse')).toEqual(before)
})

test('a hospital from before this was remembered gets what its roles lack, and keeps the scopes that it chose', async () => {
  await house.sql('delete from access.preset_grants')
  await house.sql(`delete from access.grants where ${ofRole('auditor')}`)
  await house.sql(`update access.grants set scope = 'ward' where ${ofRole('clinician')} and permission = 'patients.read'`)

  await startAgain()

  expect(await grantsOf('auditor')).toMatchObject({ 'access.audit': 'hospital', 'staff.read': 'hospital' })
  expect(await grantsOf('clinician')).toMatchObject({ 'patients.read': 'ward', 'encounters.read': 'department' })
})

test('what a hospital took from a role, gave to it or narrowed stays through every start', async () => {
  await house.sql(`delete from access.grants where ${ofRole('hospitalLeader')} and permission = 'analytics.export'`)
  await house.sql(`update access.grants set scope = 'department' where ${ofRole('hospitalLeader')} and permission = 'patients.read'`)
  await house.sql(
    `insert into access.grants (role_id, permission, scope) select id, 'patients.unmask', 'own' from access.roles where key = 'hospitalLeader'`,
  )
  const edited = await grantsOf('hospitalLeader')

  await startAgain()
  await startAgain()

  expect(await grantsOf('hospitalLeader')).toEqual(edited)
  expect(edited).not.toHaveProperty('analytics.export')
})

test('what the presets no longer give goes, unless the hospital had changed it', async () => {
  await house.sql(`insert into access.preset_grants (role_key, permission, scope) values
    ('complaintOfficer', 'feedback.old', 'hospital'), ('complaintOfficer', 'feedback.older', 'hospital')`)
  await house.sql(`insert into access.grants (role_id, permission, scope)
    select r.id, p.name, p.scope from access.roles r, (values ('feedback.old', 'hospital'), ('feedback.older', 'ward')) as p (name, scope)
    where r.key = 'complaintOfficer'`)

  await startAgain()

  expect(await grantsOf('complaintOfficer')).not.toHaveProperty('feedback.old')
  expect(await grantsOf('complaintOfficer')).toMatchObject({ 'feedback.older': 'ward' })
})

test('a scope that the presets widen or narrow follows, unless the hospital had chosen another', async () => {
  await house.sql(
    `update access.preset_grants set scope = 'ward' where role_key = 'departmentSupervisor' and permission in ('files.read', 'files.attach')`,
  )
  await house.sql(`update access.grants set scope = 'ward' where ${ofRole('departmentSupervisor')} and permission = 'files.read'`)
  await house.sql(`update access.grants set scope = 'own' where ${ofRole('departmentSupervisor')} and permission = 'files.attach'`)

  await startAgain()

  expect(await grantsOf('departmentSupervisor')).toMatchObject({ 'files.read': 'department', 'files.attach': 'own' })
})

test('a role that the hospital took away is not made again, and one of its own is left alone', async () => {
  await house.sql(`delete from access.roles where key = 'functionalDepartment'`)
  await house.sql(`insert into access.roles (id, key, name) values ('0193a000-0000-7000-8000-000000000001', 'ownRole', '院办')`)
  await house.sql(
    `insert into access.grants (role_id, permission, scope) select id, 'staff.read', 'own' from access.roles where key = 'ownRole'`,
  )

  await startAgain()

  expect(await house.sql(`select key from access.roles where key = 'functionalDepartment'`)).toEqual([])
  expect(await grantsOf('ownRole')).toEqual({ 'staff.read': 'own' })
})
