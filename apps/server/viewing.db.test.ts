import { addressOf, newId, pathParams } from '@renxin/kernel'
import { routesOf } from '@renxin/server'
import { expect, test } from 'vitest'
import { openFrontDoor } from './front-door.fixture.ts'
import { modules } from './modules.ts'

const { house, heart, bones, patientOf, account, ask, signIn, roleId } = await openFrontDoor()
const mine = await patientOf('赵建国', heart)
const foreign = await patientOf('钱桂英', bones)
const view = async (session: string, key: string, unitIds: string[] = []) =>
  ask(session, '/api/access/me/viewing', { method: 'POST', body: { roleId: await roleId(key), unitIds } })
const file = (session: string, id: string) => ask(session, `/api/patients/patients/${id}`)

test('an administrator sees the menu and the pages of a role that stands in a ward, names masked, and each patient stands in the trail under his name', async () => {
  const admin = await account(['securityAdministrator'])
  const session = await signIn(admin.name)
  expect((await file(session, mine)).status).toBe(403)

  const me = await view(session, 'clinician', [heart])

  expect(me.body).toMatchObject({
    user: { id: admin.id },
    permissions: { 'patients.read': 'department', 'followups.work': 'department' },
    viewing: { role: { key: 'clinician' }, units: expect.arrayContaining(['心内一病区']) },
  })
  expect(me.body.permissions).not.toHaveProperty('access.roles')
  expect(me.body.permissions).not.toHaveProperty('patients.names')
  const seen = await file(session, mine)
  expect(seen.status).toBe(200)
  expect(JSON.stringify(seen.body)).not.toContain('赵建国')
  expect((await file(session, foreign)).status).toBe(404)
  expect(
    await house.sql(`select actor_id, detail from house.audit where action = 'patients.file' and patient_id = $1 and refusal is null`, [
      mine,
    ]),
  ).toEqual([{ actor_id: admin.id, detail: { viewingAs: 'clinician' } }])
  expect((await ask(session, '/api/staff/units')).status).toBe(200)
  expect(await house.sql(`select detail from house.audit where action = 'staff.units'`)).toEqual([{ detail: { viewingAs: 'clinician' } }])
})

test('whoever views as a role changes nothing and takes no file away: every other route refuses, save those about the session itself', async () => {
  const admin = await account(['securityAdministrator'])
  const session = await signIn(admin.name)
  await view(session, 'followupAdministrator', [heart])
  const routes = routesOf(modules).filter((r) => r.may !== 'anyone' && !r.isOwnSession && (r.method !== 'GET' || r.file || r.isExchange))
  expect(routes.length).toBeGreaterThan(100)

  for (const route of routes) {
    const params = pathParams(addressOf(route))
    const url = params.reduce((address, p) => address.replace(`:${p}`, newId()), addressOf(route))
    const { status, body } = await ask(session, url, { method: route.method })
    expect({ route: `${route.module}.${route.name}`, status, code: body?.code ?? body?.issue?.[0]?.diagnostics }).toMatchObject({
      status: 403,
    })
  }
  expect(await house.sql(`select 1 from house.audit where refusal <> 'house.viewOnly' and actor_id = $1`, [admin.id])).toEqual([])
})

test('it ends when he says so, by itself after half an hour, and when the permission is taken from him', async () => {
  const admin = await account(['securityAdministrator'])
  const session = await signIn(admin.name)
  const me = async () => (await ask(session, '/api/access/me')).body
  await view(session, 'clinician', [heart])
  expect((await view(session, 'followupNurse')).body.code).toBe('house.viewOnly')

  const ended = await ask(session, '/api/access/me/viewing/end', { method: 'POST' })
  expect(ended.body).toMatchObject({ viewing: null, permissions: { 'access.roles': 'hospital' } })

  await view(session, 'clinician', [heart])
  house.advance({ minutes: 29 })
  expect((await me()).viewing).toMatchObject({ role: { key: 'clinician' } })
  house.advance({ minutes: 1 })
  expect((await me()).viewing).toBeNull()

  await view(session, 'clinician', [heart])
  await house.sql(`delete from access.grants where permission = 'access.viewAs'`)
  house.advance({ seconds: 1 })
  expect((await me()).viewing).toBeNull()
  await house.sql(`insert into access.grants (role_id, permission, scope) values ($1, 'access.viewAs', 'hospital')`, [
    await roleId('securityAdministrator'),
  ])
})

test('nobody reads the trail by viewing as the auditor, nor views as a role without the permission', async () => {
  const admin = await signIn((await account(['securityAdministrator'])).name)
  const nurse = await signIn((await account(['followupNurse'])).name)

  expect((await view(admin, 'auditor')).body).toMatchObject({ code: 'access.aboveOwn', permission: 'access.audit' })
  expect((await view(nurse, 'clinician', [heart])).status).toBe(403)
})
