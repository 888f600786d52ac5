import { newId } from '@renxin/kernel'
import { resolveUnits, unitKey } from '@renxin/staff'
import { expect, test } from 'vitest'
import { openFrontDoor } from './front-door.fixture.ts'

const { house, heart, bones, patientOf, account, ask, signIn } = await openFrontDoor()
const far = { kind: 'ward' as const, code: 'W9', name: '康复病区', departmentCode: 'D9' }
const away = (await house.inside((ctx) => resolveUnits(ctx, [far]))).get(unitKey(far) ?? '') ?? ''
const campuses = { main: newId(), south: newId() }
for (const [name, id] of Object.entries(campuses)) await house.sql('insert into staff.campuses (id, name) values ($1, $2)', [id, name])
// The heart ward stands where its department does; the bones say it themselves.
await house.sql('update staff.units set campus_id = $2 where id = (select department_id from staff.units where id = $1)', [
  heart,
  campuses.main,
])
await house.sql('update staff.units set campus_id = $2 where id = $1', [bones, campuses.main])
await house.sql('update staff.units set campus_id = $2 where id = $1', [away, campuses.south])
const patients = { heart: await patientOf('赵建国', heart), bones: await patientOf('钱桂英', bones), away: await patientOf('孙国强', away) }

const roleWith = async (...grants: [permission: string, scope: string][]) => {
  const [id, key] = [newId(), `own.${newId()}`]
  await house.sql('insert into access.roles (id, key, name) values ($1, $2, $2)', [id, key])
  for (const [permission, scope] of grants) {
    await house.sql('insert into access.grants (role_id, permission, scope) values ($1, $2, $3)', [id, permission, scope])
  }
  return key
}
const seenBy = async (unit: string, ...grants: [string, string][]) => {
  const session = await signIn((await account([await roleWith(...grants)], [unit])).name)
  const { body } = await ask(session, '/api/patients/patients')
  const ids: string[] = body.rows.map((r: { id: string }) => r.id)
  return {
    session,
    seen: Object.entries(patients).flatMap(([name, id]) => (ids.includes(id) ? [name] : [])),
  }
}

test('a permission over the campus reaches all departments and wards on it, and none of another campus', async () => {
  const here = await seenBy(heart, ['patients.read', 'campus'])
  const there = await seenBy(away, ['patients.read', 'campus'])

  expect([here.seen, there.seen]).toEqual([['heart', 'bones'], ['away']])
  expect((await ask(here.session, `/api/patients/patients/${patients.bones}`)).status).toBe(200)
  expect((await ask(here.session, `/api/patients/patients/${patients.away}`)).status).toBe(404)
  expect((await ask(here.session, '/api/access/me')).body).toMatchObject({ permissions: { 'patients.read': 'campus' } })
})

test('beside a permission of the campus one of the ward reaches no further than the ward, and of two roles the wider counts', async () => {
  const { session, seen } = await seenBy(heart, ['encounters.read', 'campus'], ['patients.read', 'ward'])
  expect(seen).toEqual(['heart'])
  expect((await ask(session, `/api/patients/patients/${patients.bones}`)).status).toBe(404)

  expect((await seenBy(heart, ['patients.read', 'campus'])).seen).toEqual(['heart', 'bones'])
  const both = await account([await roleWith(['patients.read', 'campus']), await roleWith(['patients.read', 'department'])], [heart])
  const { body } = await ask(await signIn(both.name), '/api/access/me')
  expect(body.permissions).toEqual({ 'patients.read': 'campus' })
})

test('whose unit stands on no campus sees by it no more than his own department', async () => {
  await house.sql('update staff.units set campus_id = null')

  expect((await seenBy(heart, ['patients.read', 'campus'])).seen).toEqual(['heart'])
})
