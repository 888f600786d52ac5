import { setTimeout as pause } from 'node:timers/promises'
import { SESSION_COOKIE } from '@renxin/server'
import { changeMemberships } from '@renxin/staff'
import { expect, test } from 'vitest'
import { openFrontDoor } from './front-door.fixture.ts'

const { house, http, heart, bones, patientOf, account, ask, signIn, roleId } = await openFrontDoor()
const url = await http.listen({ port: 0, host: '127.0.0.1' })
const ofHeart = await patientOf('赵建国', heart)
const ofBones = await patientOf('钱桂英', bones)

/** What an open page hears of the server, and what it would read at that moment. */
async function openPage(session: string) {
  const leaving = new AbortController()
  const stream = await fetch(`${url}/api/events`, { headers: { cookie: `${SESSION_COOKIE}=${session}` }, signal: leaving.signal })
  let heard = ''
  let isOver = false
  const decoder = new TextDecoder()
  void (async () => {
    for await (const piece of stream.body ?? []) heard += decoder.decode(piece, { stream: true })
    isOver = true
  })().catch(() => {})
  return {
    sees: async () => {
      const rows = (await ask(session, '/api/patients/patients')).body?.rows ?? []
      return rows.map((r: { id: string }) => r.id)
    },
    isTold: () => heard.includes('event: you'),
    forget: () => {
      heard = ''
    },
    isOver: () => isOver,
    leave: () => leaving.abort(),
  }
}
const within5s = { timeout: 5000, interval: 50 }

test('who moves to another ward sees its patients and no others within five seconds, on every open session, and each open page is told', async () => {
  const nurse = await account(['clinician'], [heart])
  const manager = await signIn((await account(['systemAdministrator'])).name)
  const pages = [await openPage(await signIn(nurse.name)), await openPage(await signIn(nurse.name))]
  const bystander = await openPage(await signIn((await account(['clinician'], [heart])).name))
  for (const page of pages) expect(await page.sees()).toEqual([ofHeart])

  const moved = await ask(manager, `/api/staff/people/${nurse.personId}`, {
    method: 'PUT',
    body: { ...nurse.person, title: null, isActive: true, unitIds: [bones] },
  })

  expect(moved.status).toBe(200)
  for (const page of pages) {
    expect(await page.sees()).toEqual([ofBones])
    await expect.poll(page.isTold, within5s).toBe(true)
  }
  expect([bystander.isTold(), await bystander.sees()]).toEqual([false, [ofHeart]])
  for (const page of [...pages, bystander]) page.leave()
})

test('so does who is moved by the hospital’s own system, and whose role is narrowed', async () => {
  const nurse = await account(['clinician'], [heart])
  const page = await openPage(await signIn(nurse.name))
  expect(await page.sees()).toEqual([ofHeart])

  await house.inside((ctx) =>
    changeMemberships(ctx, { joins: [{ personId: nurse.personId, unitId: bones }], leaves: [{ personId: nurse.personId, unitId: heart }] }),
  )

  await expect.poll(page.isTold, within5s).toBe(true)
  expect(await page.sees()).toEqual([ofBones])
  page.forget()
  const security = await signIn((await account(['securityAdministrator'])).name)
  const { rows } = (await ask(security, '/api/access/roles')).body
  const role = rows.find((r: { key: string }) => r.key === 'clinician')
  const without = role.grants.filter((g: { permission: string }) => g.permission !== 'patients.read')
  await ask(security, `/api/access/roles/${await roleId('clinician')}`, {
    method: 'PUT',
    body: { name: null, version: role.version, grants: without },
  })
  await expect.poll(page.isTold, within5s).toBe(true)
  expect(await page.sees()).toEqual([])
  await ask(security, `/api/access/roles/${await roleId('clinician')}/restore`, { method: 'POST' })
  page.leave()
})

test('who is signed out everywhere hears no more of the hospital, and an open page alone keeps nobody signed in', async () => {
  const nurse = await account(['clinician'], [heart])
  const session = await signIn(nurse.name)
  const page = await openPage(session)
  await ask(session, '/api/access/sign-out-everywhere', { method: 'POST' })
  await expect.poll(page.isOver, within5s).toBe(true)

  const idle = await openPage(await signIn(nurse.name))
  house.advance({ minutes: 59 })
  await house.inside(async (ctx) => void ctx.touched.add('staff')) // a glance at who listens
  await pause(500) // until it has looked
  expect(idle.isOver()).toBe(false)
  house.advance({ minutes: 2 })
  await house.inside(async (ctx) => void ctx.touched.add('staff'))

  await expect.poll(idle.isOver, within5s).toBe(true)
})
