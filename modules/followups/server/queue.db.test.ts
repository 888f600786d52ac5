import { newId } from '@renxin/kernel'
import { describe, expect, test } from 'vitest'
import { followupsApi } from '../contract.ts'
import { openWard } from './ward.fixture.ts'

const { house, departmentId, wardId, nurse, dueCall, taskOf } = await openWard()
const chen = house.who({ 'followups.work': 'hospital', 'followups.read': 'hospital', 'patients.names': 'hospital' }, { name: '陈静' })
const administrator = house.who('followups.assign', 'followups.read', 'followups.work', { name: '周主任' })

describe('the lists', () => {
  test('put off until tomorrow it is gone from today, and the undo brings it back as it was', async () => {
    const call = await dueCall()
    const until = new Date('2026-09-15T09:00+08:00').toISOString()
    const has = async () => (await chen.call(followupsApi.queue, { list: 'today', limit: 200 })).rows.some((r) => r.id === call.id)
    const before = await taskOf(call.patientId, 'centre72h')
    expect(await has()).toBe(true)

    const { rows } = await chen.call(followupsApi.postpone, { ids: [call.id], until })
    expect(await has()).toBe(false)

    await chen.call(followupsApi.undoPostpone, { until, tasks: rows })
    expect(await has()).toBe(true)
    expect((await taskOf(call.patientId, 'centre72h')).next_at).toEqual(before.next_at)
    await expect(chen.call(followupsApi.postpone, { ids: [call.id], until: '2026-09-01T09:00:00+08:00' })).rejects.toMatchObject({
      code: 'followups.postponePast',
    })
  })

  test('what may be worked from tomorrow on is in tomorrow’s list, and neither today’s nor the day after’s is', async () => {
    const call = await dueCall()
    const isIn = async (show: 'today' | 'tomorrow') =>
      (await administrator.call(followupsApi.board, { show, limit: 200 })).rows.some((r) => r.id === call.id)
    expect([await isIn('today'), await isIn('tomorrow')]).toEqual([true, false])

    const tomorrow = new Date(house.now().getTime() + 86_400_000).toISOString()
    const { rows } = await chen.call(followupsApi.postpone, { ids: [call.id], until: tomorrow })
    expect([await isIn('today'), await isIn('tomorrow')]).toEqual([false, true])
    await chen.call(followupsApi.undoPostpone, { until: tomorrow, tasks: rows })
    const later = new Date(house.now().getTime() + 2 * 86_400_000).toISOString()
    await chen.call(followupsApi.postpone, { ids: [call.id], until: later })

    expect([await isIn('today'), await isIn('tomorrow')]).toEqual([false, false])
  })

  test('after its window a task is overdue and stays', async () => {
    const call = await dueCall()
    house.setNow('2026-09-16T10:00:00+08:00')
    const isIn = async () => (await chen.call(followupsApi.queue, { list: 'overdue', limit: 200 })).rows.find((r) => r.id === call.id)
    expect(await isIn()).toBeUndefined()

    house.advance({ seconds: 1 })

    expect(await isIn()).toMatchObject({ isOverdue: true, status: 'todo' })
  })

  test('page by page the queue shows each task once, in its order', async () => {
    for (let i = 0; i < 7; i += 1) await dueCall()
    const whole = await chen.call(followupsApi.queue, { list: 'today', limit: 200 })
    const seen: string[] = []
    let after: string | undefined
    do {
      const part: { rows: { id: string }[]; next: string | null } = await chen.call(followupsApi.queue, {
        list: 'today',
        limit: 3,
        ...(after && { after }),
      })
      seen.push(...part.rows.map((r) => r.id))
      after = part.next ?? undefined
    } while (after)

    expect(seen).toEqual(whole.rows.map((r) => r.id))
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('the counts are those of the lists', async () => {
    const { lists } = await chen.call(followupsApi.counts, {})
    for (const list of ['today', 'overdue', 'callBacks', 'mine', 'unclaimed'] as const) {
      expect((await chen.call(followupsApi.queue, { list, limit: 200 })).rows).toHaveLength(lists[list])
    }
  })

  test('a department sees its own, a ward its own, and whoever may see only his own sees what was given to him', async () => {
    const call = await dueCall()
    const week = await taskOf(call.patientId, 'department7d')
    const read = { 'followups.work': 'department', 'followups.read': 'department' } as const
    const here = house.who(read, { departments: [departmentId] })
    const there = house.who(read, { departments: [newId()] })
    const onWard = house.who({ 'followups.read': 'ward' }, { wards: [wardId] })
    const own = house.who({ 'followups.read': 'own', 'followups.work': 'own' }, { id: nurse.id })

    expect((await here.call(followupsApi.task, { id: call.id })).patientName).toBe('赵*国')
    await expect(there.call(followupsApi.task, { id: call.id })).rejects.toMatchObject({ code: 'followups.taskNotFound' })
    expect((await there.call(followupsApi.claim, { ids: [call.id] })).rows).toEqual([])
    expect((await onWard.call(followupsApi.task, { id: call.id })).id).toBe(call.id)
    await expect(own.call(followupsApi.task, { id: call.id })).rejects.toMatchObject({ code: 'followups.taskNotFound' })
    expect((await own.call(followupsApi.queue, { list: 'mine', limit: 200 })).rows.map((r) => r.id)).toContain(week.id)
  })

  test('another hospital sees nothing', async () => {
    const call = await dueCall()
    const stranger = await house.stranger('followups.work', 'followups.read')

    await expect(stranger.call(followupsApi.task, { id: call.id })).rejects.toMatchObject({ code: 'followups.taskNotFound' })
    expect((await stranger.call(followupsApi.queue, { list: 'unclaimed' })).rows).toEqual([])
  })

  test('the time line tells what was tried and what is planned, newest first', async () => {
    const call = await dueCall()
    await chen.call(followupsApi.recordOutcome, { id: call.id, attemptId: newId(), outcome: 'noAnswer' })

    const { rows } = await chen.call(followupsApi.timeline, { patientId: call.patientId })

    expect(rows.map((r) => r.kind)).toContain('noAnswer')
    expect(rows.map((r) => r.kind)).toContain('planned')
    expect(rows.map((r) => r.at)).toEqual(
      rows
        .map((r) => r.at)
        .toSorted()
        .reverse(),
    )
  })

  test('the administrators’ list shows open, overdue and closed tasks of a department; a cancelled one with who and why', async () => {
    const call = await dueCall()
    await administrator.call(followupsApi.cancel, { ids: [call.id], note: '家属要求不再联系' })

    const ids = async (show: 'open' | 'cancelled') =>
      (await administrator.call(followupsApi.board, { show, departmentId, limit: 200 })).rows.map((r) => r.id)
    expect(await ids('open')).not.toContain(call.id)
    expect(await ids('cancelled')).toContain(call.id)
  })
})
