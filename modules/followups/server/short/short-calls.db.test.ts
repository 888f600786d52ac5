import { newId } from '@renxin/kernel'
import { setHold } from '@renxin/patients'
import { expect, test } from 'vitest'
import { followupsApi, shortApi } from '../../contract.ts'
import { openWard } from '../ward.fixture.ts'

const { house, nurse, dueCall, taskOf } = await openWard()
const work = { 'followups.work': 'hospital', 'followups.read': 'hospital' } as const
const chen = house.who(work, { name: '陈静' })
const li = house.who(work, { id: nurse.id, name: '李秀英' })
const short = (minutes: number, who = chen) => who.call(shortApi.shortCalls, { minutes })

const calls: Awaited<ReturnType<typeof dueCall>>[] = []
for (let i = 0; i < 6; i += 1) calls.push(await dueCall())
const [first, second, third, fourth, fifth, done] = calls.map((c) => c.id) as [string, string, string, string, string, string]
const place = (id: string, hours: number) =>
  house.sql(`update followups.tasks set queue_at = $2::timestamptz + make_interval(hours => $3) where id = $1`, [id, house.now(), hours])
await house.sql(
  `update followups.tasks set status = 'cancelled', close_reason = 'manual', closed_at = now(), closed_on = now()::date where is_open and not id = any($1)`,
  [calls.map((c) => c.id)],
)
for (const [n, id] of [first, second, third, fourth, fifth, done].entries()) await place(id, n)

/** Calls of so many seconds that took place for a task, some days ago. */
const talked = (taskId: string, seconds: readonly number[], daysAgo = 3) =>
  house.sql(
    `insert into followups.attempts (id, task_id, patient_id, by_id, by_name, channel, started_at, ended_at, outcome)
     select gen_random_uuid(), t.id, t.patient_id, $2, 'x', 'phone', $4::timestamptz - make_interval(days => $5), $4::timestamptz - make_interval(days => $5) + make_interval(secs => s), 'reached'
       from followups.tasks t, unnest($3::int[]) s where t.id = $1`,
    [taskId, newId(), seconds, house.now(), daysAgo],
  )

test('as long as too few calls were made nobody knows how long one takes, and it says so', async () => {
  await talked(done, [60, 60, 60, 60])
  await house.tick('followups.callTimes')

  expect(await short(10)).toEqual({ rows: [], seconds: 0, isKnown: false })
})

test('by the middle of the calls of its step, the most urgent first, as many as fit', async () => {
  await talked(done, [240, 200, 4000]) // one that was forgotten to be ended does not count for much
  await talked(done, [9, 9, 9, 9, 9, 9, 9], 100) // too long ago
  await house.sql(
    `insert into followups.attempts (id, task_id, patient_id, by_id, by_name, channel, started_at, ended_at, outcome)
     select gen_random_uuid(), id, patient_id, $2, 'x', 'phone', $3::timestamptz, $3::timestamptz, 'reached' from followups.tasks where id = $1`,
    [done, newId(), house.now()],
  ) // written down without dialling
  await house.sql(
    `update followups.attempts set ended_at = started_at + interval '240 seconds' where ended_at - started_at = interval '60 seconds'`,
  )
  await house.tick('followups.callTimes')

  const ten = await short(10)

  expect(ten.rows.map((r) => [r.id, r.seconds, r.isOfAll])).toEqual([
    [first, 240, false],
    [second, 240, false],
  ])
  expect(ten).toMatchObject({ seconds: 480, isKnown: true })
  expect((await short(3)).rows).toEqual([])
})

test('a step that was called too seldom goes by the middle of all calls', async () => {
  await house.sql('update followups.call_times set calls = 4 where step > 0')

  expect((await short(4)).rows).toMatchObject([{ id: first, seconds: 240, isOfAll: true }])
})

test('only who may be called now: not whom somebody else called today, not in quiet hours, not with a complaint open, not before its time', async () => {
  await house.inside((ctx) => setHold(ctx, { patientId: calls[0]?.patientId ?? '', cause: 'openComplaint', objectId: newId() }))
  await li.call(followupsApi.recordOutcome, { id: second, attemptId: newId(), outcome: 'noAnswer' })
  await house.sql(`update followups.tasks set next_at = $2::timestamptz + interval '1 hour' where id = $1`, [third, house.now()])

  expect((await short(60)).rows.map((r) => r.id)).toEqual([fourth, fifth, done])
  expect((await short(60, li)).rows.map((r) => r.id)).toEqual([fourth, fifth, done]) // her own is due again in two hours
  house.setNow('2026-09-14T23:00+08:00')
  expect((await short(60)).rows).toEqual([])
})

test('a patient with two calls due is called for the first of them', async () => {
  house.setNow('2026-09-15T10:00+08:00')
  const { patientId, id } = await dueCall()
  const week = await taskOf(patientId, 'department7d')
  await house.sql(
    `update followups.tasks set next_at = $2, assignee_id = null, assignee_name = null, claimed_at = null, pool_id = '00000000-0000-0000-0000-000000000000' where id = $1`,
    [week.id, house.now()],
  )

  const ids = (await short(120)).rows.map((r) => r.id)

  expect(ids).toContain(id)
  expect(ids).not.toContain(week.id)
})
