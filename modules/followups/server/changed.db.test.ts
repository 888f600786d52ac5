import { newId } from '@renxin/kernel'
import { sql } from '@renxin/server'
import { describe, expect, test } from 'vitest'
import { programmesApi } from '../contract.ts'
import { call, openCourses, type Said } from './courses.fixture.ts'
import { reconcile } from './reconcile.ts'

const { house, newPatient, stayOf, goHome, tell, administrator, programme, tasks } = await openCourses()

describe('a programme that is changed while it runs', () => {
  test('a discharge that is told late is planned by the version of its day; a correction years later does not draw an old one into a new rule', async () => {
    house.setNow('2026-09-07T10:00+08:00')
    const { id, about, body } = await programme({ rule: { classes: ['daySurgery'] } })
    const [late, old] = [await newPatient(), await newPatient()]
    const [hers, his] = [stayOf(late, { ...about, class: 'daySurgery' }), stayOf(old, about)]
    await hers.admit()
    await his.admit()
    house.setNow('2026-09-10T10:00+08:00')
    await his.home() // an in-patient: the programme is not for him
    await house.settle()
    house.setNow('2026-09-12T10:00+08:00')
    const wider: Said = { ...body, rule: { classes: ['inpatient'] }, steps: [{ ...call, fromOffset: 20, byOffset: 27 }] }
    await administrator.call(programmesApi.saveProgramme, { id, version: 1, body: wider })

    house.setNow('2026-09-13T10:00+08:00')
    await hers.home({ dischargedAt: new Date('2026-09-11T10:00+08:00') })
    await tell([{ number: his.number, patientId: old, event: 'update', sourceAt: house.now(), disposition: '9' }])
    await house.settle()

    expect(await tasks(id, late)).toMatchObject([{ state: 'todo', opens: '2026-09-21' }])
    expect(await tasks(id, old)).toEqual([])
    await administrator.call(programmesApi.activate, { id, from: '2026-09-10' }) // said to be for the earlier days too, it is
    expect(await tasks(id, old)).toMatchObject([{ state: 'todo', opens: '2026-09-30' }])
    await administrator.call(programmesApi.disable, { id })
  })

  test('days without calls that were said while it was stopped move it when it is taken up again', async () => {
    house.setNow('2026-09-07T10:00+08:00')
    const { id, about } = await programme({ onReturn: 'pause' })
    const patient = await newPatient()
    await goHome(patient, about) // the call opens on the 21st
    const again = stayOf(patient, about)
    await again.admit()
    await house.settle()
    const blackout = { id: newId(), body: { name: '停访', fromOn: '2026-09-21', untilOn: '2026-09-22' } }
    await administrator.call(programmesApi.saveBlackout, blackout)

    house.advance({ days: 1 })
    await again.home()
    await house.settle()

    expect(await tasks(id, patient)).toMatchObject([{ state: 'todo', opens: '2026-09-23' }])
    await administrator.call(programmesApi.removeBlackout, { id: blackout.id })
  })
})

describe('what a nurse finishes in the very moment in which something is heard of the visit', () => {
  const bedside = { ...call, name: '床旁', unit: 'hours', fromOffset: 0, byOffset: 24, channel: 'bedside' } as const

  test.each([
    ['it ended', (stay: ReturnType<typeof stayOf>) => stay.home()],
    ['it began at another hour', (stay: ReturnType<typeof stayOf>) => stay.admit({ admittedAt: new Date('2026-09-07T06:00+08:00') })],
  ])('stays finished: %s', async (_, happen) => {
    house.setNow('2026-09-07T10:00+08:00')
    const { id, about } = await programme({ trigger: 'admitted', steps: [bedside] })
    const patient = await newPatient()
    const stay = stayOf(patient, about)
    await stay.admit()
    await house.settle()
    const [task] = await tasks(id, patient)
    house.advance({ hours: 1 })
    await happen(stay) // nobody has heard of it yet
    const [isFinished, isLookedFor] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const nurse = house.inside(async (ctx) => {
      await sql`update followups.tasks set status = 'done', outcome = 'reached', closed_at = now(), closed_on = current_date where id = ${task?.id}::uuid`.execute(
        ctx.db,
      )
      isFinished.resolve()
      await isLookedFor.promise
    })
    await isFinished.promise
    const heard = house.inside((ctx) => reconcile(ctx, [patient]))
    await expect
      .poll(() => house.sql(`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`))
      .toHaveLength(1)
    isLookedFor.resolve()
    await Promise.all([nurse, heard])
    await house.settle()

    expect(await tasks(id, patient)).toMatchObject([{ id: task?.id, state: 'done' }])
  })
})
