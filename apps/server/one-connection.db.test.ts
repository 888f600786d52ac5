import { createUser } from '@renxin/access'
import { encodeMessage, MllpClient, readAck, type SegmentIn } from '@renxin/hl7'
import { importSender, startMllp } from '@renxin/integration'
import { addressOf, newId, pathParams, type Route } from '@renxin/kernel'
import { fillDemo } from '@renxin/seed'
import { houseTicks, inHospital, openHttp, routesOf, SESSION_COOKIE } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { authenticator, calendarOf, modules } from './modules.ts'

/** A pool of one: whoever takes a second connection inside a transaction waits for himself, and the test ends by its time. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 })

const house = await openHouse(modules, { now: '2026-09-04T09:00+08:00', poolSize: 1, prepare: true, authenticator, calendarOf })
const door = await startMllp({ house: house.house, port: 0, host: '127.0.0.1' })
const http = await openHttp(house.house)
afterAll(async () => {
  await door.stop()
  await http.close()
})

const roles = [
  'followupNurse',
  'followupAdministrator',
  'complaintOfficer',
  'auditor',
  'systemAdministrator',
  'securityAdministrator',
  'interfaceAccount',
  'hospitalLeader',
  'researcher',
]
const password = 'renxin-Trial-1'
let demo: number
let session = ''

beforeAll(async () => {
  for (const [name, roleKeys] of [
    ['nurse', ['followupNurse']],
    ['all', roles.filter((r) => r !== 'auditor')], // a hospital that is no demo keeps the auditor apart
  ] as const)
    await house.inside((ctx) => createUser(ctx, { name, displayName: name, password, roleKeys: [...roleKeys] }))
  demo = await house.addHospital('仁心演示医院')
  await inHospital(house.house, demo, async (ctx) => {
    for (const module of modules) await module.prepare?.(ctx)
    await createUser(ctx, { name: 'all', displayName: 'all', password, roleKeys: roles })
  })
  await fillDemo(house.house, demo, { patients: 150 })
})

async function ask(
  url: string,
  { method = 'GET', body, query }: { method?: Route['method']; body?: object; query?: Record<string, string> } = {},
) {
  const response = await http.inject({
    method,
    url,
    headers: { 'x-renxin': '1' },
    cookies: { [SESSION_COOKIE]: session },
    ...(query ? { query } : {}),
    ...(method === 'GET' ? {} : { payload: body ?? {} }),
  })
  return {
    status: response.statusCode,
    body: response.headers['content-type']?.toString().includes('json') ? response.json() : null,
    cookies: response.cookies,
  }
}

async function signIn(name: string, hospitalId: number) {
  const { status, cookies } = await ask('/api/access/sign-in', { method: 'POST', body: { name, password, hospitalId } })
  session = cookies.find((c) => c.name === SESSION_COOKIE)?.value ?? ''
  return status
}

const blank = (n: number) => Array<undefined>(n).fill(undefined)

function admission(controlId: string): string {
  const segments: SegmentIn[] = [
    ['MSH', 'HIS', '甲院', 'CRM', '', '20260904091000', '', ['ADT', 'A01'], controlId, 'P', '2.5', ...blank(6), 'UNICODE UTF-8'],
    ['PID', '1', '', ['P1', '', '', 'HIS', 'MR'], '', '赵建国', '', '19600102', 'M', ...blank(4), ['13900001111', 'PRN', 'CP']],
    ['PV1', '1', 'I', ['内科病区', '', '3'], ...blank(15), 'V1', ...blank(24), '20260904091000'],
  ]
  return encodeMessage(segments)
}

test('from the message of an admission to the task completed, over one connection', async () => {
  await inHospital(house.house, house.hospitalId, async (ctx) => {
    await importSender(
      ctx,
      { patientId: 'PID-3 where CX.5=MR', visitNo: 'PV1-19.1', ward: 'PV1-3.1', bed: 'PV1-3.3', admit: 'PV1-44' },
      { application: 'HIS', facility: '甲院' },
    )
  })
  house.advance({ minutes: 30 })
  const client = new MllpClient({ host: '127.0.0.1', port: door.port })
  const codes = await Promise.all(['M1', 'M1', 'M2'].map(async (id) => readAck(await client.send(admission(id))).code))
  await client.close()
  await house.settle()

  expect(codes).toEqual(['AA', 'AA', 'AA'])
  expect(await signIn('nurse', house.hospitalId)).toBe(200)
  const queue = await ask('/api/followups/queue', { query: { list: 'today' } })
  const [task] = queue.body.rows
  expect(task).toMatchObject({ patientName: '赵建国' })
  const claimed = await ask('/api/followups/claim', { method: 'POST', body: { ids: [task.id] } })
  expect(claimed.body.rows).toHaveLength(1)
  const done = await ask(`/api/followups/tasks/${task.id}/complete`, {
    method: 'POST',
    body: { attemptId: newId(), outcome: 'reached', note: '', response: null },
  })
  expect(done).toMatchObject({ status: 200, body: { patientId: task.patientId } })
  await house.settle()
})

test('every list and look-up of the house answers over one connection, many at once', async () => {
  expect(await signIn('all', demo)).toBe(200)
  const [patient] = (await ask('/api/patients/patients')).body.rows
  const plain = routesOf(modules).filter((r) => r.method === 'GET' && pathParams(addressOf(r)).every((p) => p === 'patientId'))

  const answers = await Promise.all(
    plain.map(async (route) => ({
      name: `${route.module}.${route.name}`,
      ...(await ask(addressOf(route).replace(':patientId', patient.id))),
    })),
  )

  expect(plain.length).toBeGreaterThan(30)
  expect(answers.filter((a) => a.status >= 500 || a.status === 401 || a.status === 403)).toEqual([])
  expect(answers.filter((a) => a.status === 200).length).toBeGreaterThan(25)
})

test('what is done by the clock needs no second connection', async () => {
  for (const { name } of [...houseTicks, ...modules.flatMap((m) => m.ticks)]) await house.tick(name)

  expect(house.house.pool.waitingCount).toBe(0)
})
