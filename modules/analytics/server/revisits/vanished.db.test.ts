import { expect, test } from 'vitest'
import { revisitsApi } from '../../contract.ts'
import { makeCells } from '../index.ts'
import { openClinic } from './revisits.fixture.ts'

// 29 November: visits up to 29 October have had their 30 days.
const { house, tell, person, see, goHome, vanishedTasks, askWhy } = await openClinic()
const leader = house.who('analytics.read', 'patients.names')
const october = { from: '2026-10', kind: 'discharged' as const }
const reasons = () => leader.call(revisitsApi.revisitReasons, october)
const tick = () => house.tick('analytics.revisitsDue')
const allTasks = () =>
  house.sql<{ encounterId: string }>(`select encounter_id as "encounterId" from followups.task_rows where trigger = 'vanished' order by 1`)

await house.inside((ctx) => makeCells(ctx))
await tick() // from this day on

test('whoever has not come when his 30 days have passed is asked why, once, and nobody else is', async () => {
  const [vanished, came, before, dead, again] = [await person(), await person(), await person(), await person(), await person()]
  const { id } = await goHome(vanished, '10-30')
  await goHome(came, '10-30')
  await see(came, '11-29')
  await goHome(before, '10-28') // his days had passed before anybody was asked
  await goHome(dead, '10-30', 'heart', { disposition: '5' })
  await goHome(again, '10-30')
  await goHome(again, '11-25')
  await house.settle()
  expect(await allTasks()).toEqual([])

  house.setNow('2026-11-30T00:10+08:00')
  await tick()
  await tick()
  await house.settle()

  expect(await allTasks()).toEqual([{ encounterId: id }])
  const [task] = await house.sql(
    `select to_char(due_from at time zone 'Asia/Shanghai', 'MM-DD') as from, to_char(due_by at time zone 'Asia/Shanghai', 'MM-DD') as by from followups.task_rows where encounter_id = $1 and trigger = 'vanished'`,
    [id],
  )
  expect(task).toMatchObject({ from: '11-30' })
  expect(await reasons()).toMatchObject({ vanished: 2, open: 1, withoutTask: 1, asked: 0, reasons: [] })
})

test('whoever comes after all is not asked any more; where that visit is taken back, he is', async () => {
  const [one] = await allTasks()
  const [{ patientId = '' } = {}] = await house.sql<{ patientId: string }>(
    `select patient_id as "patientId" from encounters.cards where id = $1`,
    [one?.encounterId],
  )
  const late = await see(patientId, '11-30', 'bones', { time: '08:00' })
  await house.settle()
  expect(await vanishedTasks(patientId)).toMatchObject([{ status: 'cancelled', closeReason: 'cameBack' }])
  expect(await reasons()).toMatchObject({ vanished: 2, open: 0, stopped: 1 }) // on the 31st day: he had not come in time

  await tell({ ...late.facts, event: 'cancelAdmit', sourceAt: new Date(late.at.getTime() + 1) })
  await house.settle()
  expect(await vanishedTasks(patientId)).toMatchObject([{ status: 'todo' }])

  const inTime = await see(patientId, '11-20') // told of late: he had come
  await house.settle()
  expect(await vanishedTasks(patientId)).toMatchObject([{ status: 'cancelled', closeReason: 'cameBack' }])
  expect(await reasons()).toMatchObject({ vanished: 1, withoutTask: 1 })

  await tell({ ...inTime.facts, event: 'cancelAdmit', sourceAt: new Date(inTime.at.getTime() + 1) })
  await house.settle()
  expect(await reasons()).toMatchObject({ vanished: 2, open: 1 })
})

test('what they answer is counted by reason, and opens those who said so', async () => {
  const [one] = await allTasks()
  const [{ patientId = '' } = {}] = await house.sql<{ patientId: string }>(
    `select patient_id as "patientId" from encounters.cards where id = $1`,
    [one?.encounterId],
  )
  await askWhy(patientId, 'far')
  const other = await person()
  await goHome(other, '10-31')
  await house.settle()
  house.setNow('2026-12-01T00:10+08:00')
  await tick()
  await house.settle()
  await askWhy(other, null)

  const seen = await reasons()
  const said = await leader.call(revisitsApi.revisitCases, { ...october, part: 'vanished', reason: 'far' })

  expect(seen).toEqual({
    vanished: 3,
    asked: 1,
    unreached: 1,
    open: 0,
    stopped: 0,
    withoutTask: 1,
    reasons: [{ reason: 'far', text: '路远，或没有人陪', visits: 1 }],
  })
  expect(said.rows).toMatchObject([{ patientId, task: { state: 'asked', reason: '路远，或没有人陪' } }])
  const kept = await house.sql('select * from analytics.revisit_tasks order by task_id')
  await house.inside((ctx) => makeCells(ctx))
  expect(await house.sql('select * from analytics.revisit_tasks order by task_id')).toEqual(kept)
})

test('a day that passed while nobody ticked is made good, and a start that counts anew forgets none', async () => {
  const missed = await person()
  const { id } = await goHome(missed, '11-03')
  await house.settle()
  house.setNow('2026-12-08T09:00+08:00')
  await house.inside((ctx) => makeCells(ctx)) // a new way of counting at the start: the cells are due up to 7 November now

  await tick()

  expect((await vanishedTasks(missed)).map((t) => t.encounterId)).toEqual([id])
})

test('as many are asked as the figure says, for every day since the first', async () => {
  const [{ gone, asked } = { gone: -1, asked: 0 }] = await house.sql<{ gone: number; asked: number }>(
    `select (select count(*)::int from analytics.revisits where kind = 'discharged' and left_out is null and came_on is null and day > '2026-10-29'
                and day <= (select due_until from analytics.revisit_due)) as gone,
            (select count(*)::int from followups.task_rows where trigger = 'vanished' and status <> 'cancelled') as asked`,
  )

  expect(gone).toBeGreaterThan(2)
  expect(asked).toBe(gone)
})
