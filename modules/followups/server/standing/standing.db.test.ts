import { newId } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { followupsApi, standingApi } from '../../contract.ts'
import { openWard } from '../ward.fixture.ts'

const { house, nurse, departmentId, wardId, dueCall, taskOf } = await openWard()
const read = { 'followups.read': 'hospital', 'followups.work': 'hospital' } as const
const director = house.who({ 'followups.read': 'hospital' })
const chen = house.who(read, { name: '陈静' })
const head = house.who({ 'followups.read': 'department' }, { departments: [departmentId] })
const ward = house.who({ 'followups.read': 'ward' }, { wards: [wardId] })
const elsewhere = house.who({ 'followups.read': 'department' }, { departments: [newId()] })
const li = house.who(read, { id: nurse.id, name: '李秀英' })
const reckon = () => house.tick('followups.standing')

const calls = [await dueCall(), await dueCall(), await dueCall()]
const [done, late, free] = calls.map((c) => c.id) as [string, string, string]
await chen.call(followupsApi.recordOutcome, { id: done, attemptId: newId(), outcome: 'refused' })
await house.sql(
  `update followups.tasks set due_from = $2::timestamptz - interval '2 days', due_by = $2::timestamptz - interval '1 hour' where id = $1`,
  [late, house.now()],
)
await reckon()

test('each figure is the number of rows that it opens', async () => {
  const { total, departments, reckonedAt } = await director.call(standingApi.standing, {})
  const today = house.clock().today()
  const rows = async (ask: { show: 'today' | 'overdue' | 'unclaimed' | 'done'; from?: string; to?: string; departmentId?: string }) =>
    (await director.call(followupsApi.board, { ...ask, limit: 200 })).rows

  expect((await rows({ show: 'today' })).map((r) => r.id)).toEqual(expect.arrayContaining([late, free]))
  expect((await rows({ show: 'today' })).length).toBe(total.dueToday)
  expect((await rows({ show: 'overdue' })).length).toBe(total.overdue)
  expect((await rows({ show: 'unclaimed' })).length).toBe(total.unclaimed)
  expect((await rows({ show: 'done', from: today, to: today })).length).toBe(total.doneToday)
  expect(total).toMatchObject({ overdue: 1, doneToday: 1 })
  expect(departments).toMatchObject([{ departmentId, departmentName: '心血管内科', ...total }])
  expect(reckonedAt).toBe(house.now().toISOString())
})

test('a department and a ward see their own, others nothing; a nurse sees what she has in hand by the minute', async () => {
  const { total } = await director.call(standingApi.standing, {})

  expect((await head.call(standingApi.standing, {})).total).toEqual(total)
  expect((await ward.call(standingApi.standing, {})).total).toEqual(total)
  expect(await elsewhere.call(standingApi.standing, {})).toMatchObject({
    departments: [],
    total: { dueToday: 0, overdue: 0, unclaimed: 0, doneToday: 0 },
  })

  const before = (await li.call(standingApi.standing, {})).own
  await li.call(followupsApi.claim, { ids: [late] })
  expect((await li.call(standingApi.standing, {})).own).toEqual({ ...before, dueToday: before.dueToday + 1, overdue: before.overdue + 1 })
  expect((await chen.call(standingApi.standing, {})).own).toMatchObject({ doneToday: 1 })
  const own = await li.call(followupsApi.board, { show: 'today', assigneeId: nurse.id, limit: 200 })
  expect(own.rows.length).toBe(before.dueToday + 1)
})

test('the next round knows of what has changed, and the next day begins anew', async () => {
  const { patientId } = calls[2] ?? { patientId: '' }
  const week = await taskOf(patientId, 'department7d')
  const before = (await director.call(standingApi.standing, {})).total
  await chen.call(followupsApi.recordOutcome, { id: free, attemptId: newId(), outcome: 'refused' })
  await reckon()
  expect((await director.call(standingApi.standing, {})).total).toMatchObject({ dueToday: before.dueToday - 1, doneToday: 2 })

  house.advance({ days: 1 })
  await reckon()

  expect((await director.call(standingApi.standing, {})).total.doneToday).toBe(0)
  expect(week.status).toBe('todo')
})
