import { newId } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { programmesApi } from '../contract.ts'
import { stepPlanning } from './backlog.ts'
import { workCutOff } from './cut-off.fixture.ts'
import { openWard } from './ward.fixture.ts'

const { house, newPatient, tell } = await openWard('2026-09-04T09:00+08:00')
const administrator = house.who('followups.programmes', 'followups.read')
await house.sql(`update followups.programmes set status = 'disabled'`)

const PEOPLE = 120
const programme = (key: string) => {
  const step = {
    name: '电话',
    unit: 'days',
    fromOffset: 1,
    byOffset: 7,
    channel: 'phone',
    assignee: 'nurse',
    questionnaireId: null,
  } as const
  const steps = [step, { ...step, name: '再访', fromOffset: 0, byOffset: 9, repeat: { everyMonths: 1, forMonths: 2 } }]
  const rule = { classes: ['inpatient', 'daySurgery'] as ('inpatient' | 'daySurgery')[], ageTo: 79 }
  return { name: key, level: 'centre' as const, trigger: 'discharged' as const, rule, onReturn: 'pause' as const, steps }
}

// A backlog of people who went home in the weeks before, some twice, some as day patients.
const patients: string[] = []
for (let i = 0; i < PEOPLE; i += 1) patients.push(await newPatient(`患者${i}`, { birthOn: i % 7 === 0 ? '1930-01-01' : '1960-05-01' }))
const day = (n: number) => new Date(Date.parse('2026-08-01T10:00+08:00') + n * 86_400_000)
for (const round of [0, 1])
  await tell(
    patients.flatMap((patientId, i) => {
      if (round === 1 && i % 3 > 0) return []
      const from = round * 12 + (i % 10)
      const said = { number: `B${round}-${i}`, patientId, class: i % 5 === 0 ? ('daySurgery' as const) : ('inpatient' as const) }
      return [
        { ...said, event: 'admit' as const, sourceAt: day(from), admittedAt: day(from) },
        { ...said, event: 'discharge' as const, sourceAt: day(from + 3), dischargedAt: day(from + 3), disposition: '1' as const },
      ]
    }),
  )
await house.settle()

type Made = { encounter_id: string; step: number; state: string; due_from: Date; due_by: Date; n: number }
const madeBy = (id: string) =>
  house.sql<Made>(
    `select encounter_id, step, coalesce(close_reason, status) as state, due_from, due_by, count(*)::int as n from followups.tasks
      where programme_id = $1 group by 1, 2, 3, 4, 5 order by 1, 2`,
    [id],
  )
const save = async (name: string) => {
  const id = newId()
  await administrator.call(programmesApi.saveProgramme, { id, version: 0, body: programme(name) })
  return id
}
/** As an activation does it, without its first step. */
const begin = (id: string) =>
  house.sql(
    `with on_now as (update followups.programmes set status = 'active', active_from = '2026-07-31T16:00Z', activated_at = $3 where id = $1)
     insert into followups.plannings (id, programme_id, from_at, lanes, after_at, total, started_by, started_by_name, started_at)
     values ($2, $1, '2026-07-31T16:00Z', '{inpatient discharged,daySurgery discharged}', '2026-07-31T16:00Z', 160, $2, '王工', $3)`,
    [id, newId(), house.now()],
  )
const standing = async (id: string) => (await administrator.call(programmesApi.programme, { id })).planning

const whole = await save('一次排完')
await administrator.call(programmesApi.activate, { id: whole, from: '2026-08-01' })
const wanted = await madeBy(whole)

test('in steps of any size the same tasks are made as at once, and the page can say how far it is', async () => {
  expect(await standing(whole)).toMatchObject({ status: 'done', total: 160, seen: 160, made: wanted.length })
  expect(wanted.length).toBeGreaterThan(200)
  for (const size of [11, 23, 64]) {
    const id = await save(`每步 ${size}`)
    await begin(id)
    await house.inside((ctx) => stepPlanning(ctx, size))
    expect(await standing(id)).toMatchObject({ status: 'running', seen: size })
    for (let i = 0; (await standing(id))?.status === 'running' && i < 200; i += 1) await house.inside((ctx) => stepPlanning(ctx, size))

    expect(await standing(id)).toMatchObject({ status: 'done', seen: 160 })
    expect(await madeBy(id)).toEqual(wanted)
    await administrator.call(programmesApi.disable, { id })
  }
}, 60_000)

test('cut off at any moment, between two steps or in the middle of one, no task is missing or doubled', async () => {
  const id = await save('被打断')
  await begin(id)
  const isRunning = async () => (await standing(id))?.status === 'running'
  const cut = await workCutOff(house, { step: (ctx) => stepPlanning(ctx, 9), isRunning, stepMs: 40 })

  expect(cut).toBeGreaterThan(0)
  expect(await madeBy(id)).toEqual(wanted)
  expect((await standing(id))?.made).toBe(wanted.length)
}, 120_000)

test('two who step at once do each a part of it once', async () => {
  const id = await save('两个同时')
  await begin(id)
  for (let i = 0; (await standing(id))?.status === 'running' && i < 200; i += 1)
    await Promise.all([1, 2, 3].map(() => house.inside((ctx) => stepPlanning(ctx, 25))))

  expect(await madeBy(id)).toEqual(wanted)
})

test('by the clock it comes to its end; disabled it stops; activated again it makes what is missing and nothing twice', async () => {
  const id = await save('停下再来')
  await begin(id)
  await house.inside((ctx) => stepPlanning(ctx, 20))
  await administrator.call(programmesApi.disable, { id })
  expect(await standing(id)).toMatchObject({ status: 'stopped', seen: 20 })
  await house.tick('followups.planBacklog')
  expect((await madeBy(id)).length).toBeLessThan(wanted.length)

  house.advance({ minutes: 1 })
  await administrator.call(programmesApi.activate, { id, from: '2026-08-01' })
  await house.tick('followups.planBacklog')

  expect(await standing(id)).toMatchObject({ status: 'done', seen: 160 })
  expect(await madeBy(id)).toEqual(wanted)
})

test('who goes home while it runs is planned by his own message, once', async () => {
  const id = await save('正在排时出院')
  const patient = await newPatient()
  const said = { number: 'LATE', patientId: patient, class: 'inpatient' as const }
  await tell([{ ...said, event: 'admit', sourceAt: day(33), admittedAt: day(33) }])
  await house.settle()
  await begin(id)
  await house.inside((ctx) => stepPlanning(ctx, 40))
  await tell([{ ...said, event: 'discharge', sourceAt: day(34), dischargedAt: day(34), disposition: '1' }])
  await house.settle()
  const his = () => house.sql('select 1 from followups.tasks where programme_id = $1 and patient_id = $2', [id, patient])
  expect(await his()).toHaveLength(3)
  for (let i = 0; (await standing(id))?.status === 'running' && i < 200; i += 1) await house.inside((ctx) => stepPlanning(ctx, 40))

  expect(await his()).toHaveLength(3)
  expect(await standing(id)).toMatchObject({ status: 'done', seen: 161 })
})
