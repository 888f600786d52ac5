import { enterPeople } from '@renxin/staff'
import { staffApi } from '@renxin/staff/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openFhir, type Resource } from './testing.fixture.ts'

const { house, put, send, get, found, asker } = await openFhir()
const clerk = asker('staff.read', 'staff.manage')

let count = 0
const world = () => {
  count += 1
  const n = count
  const practitioner: Resource = {
    resourceType: 'Practitioner',
    id: `p${n}`,
    identifier: [{ value: `GH${n}` }],
    name: [{ text: `王${'一二三四五六七八九十'[n % 10]}` }],
    active: true,
  }
  const department = (id: string, name: string): Resource => ({
    resourceType: 'Organization',
    id: `${id}${n}`,
    identifier: [{ value: `${id}-${n}` }],
    type: [{ coding: [{ code: 'dept' }] }],
    name: `${name}${n}`,
  })
  const ward: Resource = {
    resourceType: 'Location',
    id: `w${n}`,
    identifier: [{ value: `W-${n}` }],
    name: `一病区${n}`,
    mode: 'instance',
    physicalType: { coding: [{ code: 'wa' }] },
  }
  const role = (id: string, more: object = {}): Resource => ({
    resourceType: 'PractitionerRole',
    id: `${id}${n}`,
    practitioner: { reference: `Practitioner/p${n}` },
    organization: { reference: `Organization/a${n}` },
    code: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/practitioner-role', code: 'nurse' }] }],
    ...more,
  })
  const seen = async () => {
    const { rows } = await clerk.call(staffApi.people, { search: `GH${n}`, withInactive: true })
    const [person] = rows.filter((r) => r.number === `GH${n}`)
    return { job: person?.job, isActive: person?.isActive, units: person?.units.map((u) => u.name).sort() }
  }
  return { n, practitioner, cardiology: department('a', '心内科'), surgery: department('b', '外科'), ward, role, seen }
}

test('a PractitionerRole says as what somebody works, and where; several say it together', async () => {
  const { n, practitioner, cardiology, surgery, ward, role, seen } = world()
  for (const one of [practitioner, cardiology, surgery, ward]) await put(one)

  await put(role('r', { location: [{ reference: `Location/w${n}` }] }))
  expect(await seen()).toEqual({ job: 'nurse', isActive: true, units: [`一病区${n}`, `心内科${n}`].sort() })
  await put(role('s', { organization: { reference: `Organization/b${n}` } }))

  expect((await seen()).units).toEqual([`一病区${n}`, `心内科${n}`, `外科${n}`].sort())
})

test('what a role says no more is left, and so is what one that ended said; other roles and hands keep theirs', async () => {
  const { n, practitioner, cardiology, surgery, ward, role, seen } = world()
  for (const one of [practitioner, cardiology, surgery, ward]) await put(one)
  await put(role('r', { location: [{ reference: `Location/w${n}` }] }))
  await put(role('s'))

  await put(role('r', { organization: { reference: `Organization/b${n}` } }))
  expect((await seen()).units).toEqual([`外科${n}`, `心内科${n}`].sort())
  await put(role('s', { active: false }))
  expect((await seen()).units).toEqual([`外科${n}`])
  await send('DELETE', `PractitionerRole/r${n}`)

  expect((await seen()).units).toEqual([])
})

test('a Practitioner who is not active any more is not offered any more', async () => {
  const { practitioner, seen } = world()
  await put(practitioner)
  await put({ ...practitioner, active: false })

  expect(await seen()).toMatchObject({ isActive: false })
})

test('it ends alike in whatever order person, places and role come, and however often', async () => {
  const order = fc.shuffledSubarray([0, 1, 2, 3, 0, 3], { minLength: 6 })
  await fc.assert(
    fc.asyncProperty(order, async (places) => {
      const { n, practitioner, cardiology, ward, role, seen } = world()
      const all = [practitioner, cardiology, ward, role('r', { location: [{ reference: `Location/w${n}` }] })]
      for (const at of places) {
        const one = all[at]
        if (one) await put(one)
      }
      expect(await seen()).toEqual({ job: 'nurse', isActive: true, units: [`一病区${n}`, `心内科${n}`].sort() })
      expect(await found(`PractitionerRole?practitioner=Practitioner/p${n}`)).toEqual([`r${n}`])
    }),
    { numRuns: 8 },
  )
})

test('where somebody works of whom nobody sent a role is read as one, by the id of the person', async () => {
  const byHand = { number: 'GH900', name: '李手工', job: 'nurse' as const, isActive: true }
  await house.inside((ctx) => enterPeople(ctx, [{ ...byHand, units: [{ kind: 'department', name: '手工科' }] }]))
  const [made] = (await clerk.call(staffApi.people, { search: 'GH900' })).rows

  expect(await found(`PractitionerRole?practitioner=Practitioner/${made?.id}`)).toEqual([made?.id])
  expect((await get(`PractitionerRole/${made?.id}`)).body).toMatchObject({
    practitioner: { reference: `Practitioner/${made?.id}` },
    code: [{ coding: [{ code: 'nurse' }] }],
    organization: { reference: expect.stringContaining('Organization/') },
  })
})
