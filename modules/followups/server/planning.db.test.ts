import { newId } from '@renxin/kernel'
import { applyPatientFacts, mergePatients } from '@renxin/patients'
import { describe, expect, test } from 'vitest'
import { programmesApi } from '../contract.ts'
import { planEncounters, presetKeys } from './index.ts'
import { openWard } from './ward.fixture.ts'

const { house, departmentId, wardId, nurse, newPatient, stayOf, goHome, tasksOf, stateOf, taskOf, tell } = await openWard()
const administrator = house.who('followups.programmes', 'followups.read')

describe('what is planned', () => {
  test('whoever comes in is visited within a day', async () => {
    const zhao = await newPatient()

    await stayOf(zhao).admit()
    await house.settle()

    const visit = await taskOf(zhao, 'bedside24h')
    expect(visit.due_from).toEqual(house.now())
    expect(visit.due_by.getTime() - visit.due_from.getTime()).toBe(24 * 3_600_000)
  })

  test('whoever goes home is called at 72 hours by the centre and within a week by the nurse who looked after him', async () => {
    house.setNow('2026-09-07T10:20+08:00')
    const zhao = await newPatient()
    await goHome(zhao)

    const call = await taskOf(zhao, 'centre72h')
    expect([call.due_from, call.due_by]).toEqual([new Date('2026-09-14T10:20+08:00'), new Date('2026-09-16T10:20+08:00')])
    expect(call.pool_id).toBe('00000000-0000-0000-0000-000000000000')
    const week = await taskOf(zhao, 'department7d')
    expect([week.due_from, week.due_by]).toEqual([new Date('2026-09-12T00:00+08:00'), new Date('2026-09-18T23:59:59+08:00')])
    expect(week.assignee_id).toBe(nurse.id)
    expect(await stateOf(zhao)).toContain('bedside24h:discharged')
  })

  test('of those who lay critically ill the third list is made, and they come first', async () => {
    const qian = await newPatient()
    await goHome(qian, { condition: '病危' })

    const task = await taskOf(qian, 'experience3to10d')
    expect(task.priority).toBe(1)
  })

  test('whoever came as an in-patient and turns out an out-patient is not visited at the bed, and is again when that was a mistake', async () => {
    const wu = await newPatient()
    const stay = stayOf(wu)
    await stay.admit()
    await house.settle()
    const before = await taskOf(wu, 'bedside24h')
    const said = { number: stay.number, patientId: wu, sourceAt: house.now() }

    house.advance({ minutes: 5 })
    await tell([{ ...said, event: 'toOutpatient', sourceAt: house.now() }])
    await house.settle()
    expect(await stateOf(wu)).toEqual(['bedside24h:classChanged'])

    house.advance({ minutes: 5 })
    await tell([{ ...said, event: 'toInpatient', sourceAt: house.now() }])
    await house.settle()
    expect(await taskOf(wu, 'bedside24h')).toMatchObject({ status: 'todo', due_by: before.due_by })
  })

  test('whoever went home and is told to have been an out-patient is not called as a stay is', async () => {
    const zheng = await newPatient()
    const { number } = await goHome(zheng)
    expect((await taskOf(zheng, 'centre72h')).status).toBe('todo')

    house.advance({ minutes: 5 })
    await tell([{ number, patientId: zheng, event: 'update', class: 'outpatient', sourceAt: house.now() }])
    await house.settle()

    expect(await stateOf(zheng)).toEqual(expect.arrayContaining(['centre72h:classChanged', 'department7d:classChanged']))
  })

  test('nobody calls the dead, nor whoever is in other hands', async () => {
    const sun = await newPatient()
    const li = await newPatient()
    const [his, hers] = [stayOf(sun), stayOf(li)]
    await his.admit()
    await hers.admit()
    await house.settle()
    house.advance({ days: 2 })
    await his.home({ disposition: '5' })
    await hers.home({ disposition: '2' })
    await house.settle()

    expect(await stateOf(sun)).toEqual(['bedside24h:died'])
    expect(await stateOf(li)).toEqual(['bedside24h:discharged'])
  })

  test('planned again, nothing is made, whether by the same message twice or by hand', async () => {
    const zhou = await newPatient()
    const stay = await goHome(zhou)
    const before = await tasksOf(zhou)

    await stay.home()
    await house.settle()
    const made = await house.inside((ctx) => planEncounters(ctx, [stay.encounterId]))

    expect(made).toBe(0)
    expect(await tasksOf(zhou)).toEqual(before)
  })

  test('a window that would open on a rest day opens on the next working day', async () => {
    const id = newId()
    const step = { name: '电话', unit: 'days' as const, channel: 'phone' as const, assignee: 'centre' as const, questionnaireId: null }
    const steps = [{ ...step, fromOffset: 15, byOffset: 30, days: 'working' as const }]
    const body = {
      name: '工作日电话',
      level: 'centre' as const,
      trigger: 'discharged' as const,
      rule: { classes: ['inpatient' as const] },
      steps,
    }
    await administrator.call(programmesApi.saveProgramme, { id, version: 0, body: { ...body, samplePercent: 50 } })
    house.setNow('2026-10-13T10:00+08:00')
    await administrator.call(programmesApi.activate, { id })
    const stays = []
    for (let i = 0; i < 12; i += 1) stays.push(stayOf(await newPatient())) // half of them are taken
    for (const stay of stays) await stay.admit()
    house.setNow('2026-10-16T10:00+08:00')
    for (const stay of stays) await stay.home() // a Friday; fifteen days on is Saturday, 31 October
    await house.settle()

    const taken = await house.sql<{ due_from: Date; due_by: Date }>(
      'select due_from, due_by from followups.tasks where programme_id = $1',
      [id],
    )
    expect(taken.length).toBeGreaterThan(0)
    expect(taken.length).toBeLessThan(12)
    expect(taken[0]).toEqual({ due_from: new Date('2026-11-02T00:00+08:00'), due_by: new Date('2026-11-17T23:59:59+08:00') })
    await administrator.call(programmesApi.disable, { id })
  })
})

describe('what is withdrawn', () => {
  test('a discharge that is taken back stops the calls, and a new one plans them for the new day', async () => {
    const zheng = await newPatient()
    const stay = await goHome(zheng)
    await stay.recall()
    await house.settle()
    expect((await stateOf(zheng)).filter((s) => s.startsWith('centre') || s.startsWith('department'))).toEqual([
      'centre72h:dischargeCancelled',
      'department7d:dischargeCancelled',
    ])

    house.advance({ days: 2 })
    await stay.home()
    await house.settle()

    const call = await taskOf(zheng, 'centre72h')
    expect(call.status).toBe('todo')
    expect(call.due_from.getTime()).toBe(house.now().getTime() + 72 * 3_600_000)
    expect((await tasksOf(zheng)).filter((t) => t.key === 'centre72h')).toHaveLength(1)
  })

  test('an admission that never was leaves no visit', async () => {
    const wang = await newPatient()
    const stay = stayOf(wang)
    await stay.admit()
    await house.settle()
    await stay.cancel()
    await house.settle()

    expect(await stateOf(wang)).toEqual(['bedside24h:encounterCancelled'])
  })

  test('whoever is taken in again is not asked how he is at home, and is visited at the bed; if that admission is withdrawn, he is called after all', async () => {
    const feng = await newPatient()
    await goHome(feng)
    house.advance({ days: 1 })
    const again = stayOf(feng)
    await again.admit()
    await house.settle()
    const taken = await stateOf(feng)
    expect(taken).toContain('centre72h:readmitted')
    expect(taken).toContain('department7d:readmitted')
    expect(taken).toContain('bedside24h:todo')

    await again.cancel()
    await house.settle()

    expect(await stateOf(feng)).toContain('centre72h:todo')
  })

  test('a discharge that is told after the next admission plans nothing, as in the right order', async () => {
    const chen = await newPatient()
    const first = stayOf(chen)
    await first.admit()
    await house.settle()
    const left = house.now()
    house.advance({ days: 3 })
    await stayOf(chen).admit()
    await house.settle()
    await first.home({ dischargedAt: new Date(left.getTime() + 86_400_000), sourceAt: new Date(left.getTime() + 86_400_000) })
    await house.settle()

    expect((await stateOf(chen)).filter((s) => !s.startsWith('bedside'))).toEqual([])
  })

  test('death stops everything that was planned, and what was done stays', async () => {
    const chu = await newPatient()
    await goHome(chu)
    await house.sql(
      `update followups.tasks set status = 'done', outcome = 'reached', closed_at = now(), closed_on = current_date where patient_id = $1 and id = $2`,
      [chu, (await taskOf(chu, 'centre72h')).id],
    )

    await house.inside((ctx) =>
      applyPatientFacts(ctx, [{ id: chu, identifiers: [], sourceAt: house.now(), deceased: { at: house.now() } }]),
    )
    await house.settle()

    const states = await stateOf(chu)
    expect(states).toContain('centre72h:done')
    expect(states).toContain('department7d:died')
  })

  test('of two records of one person the calls planned twice are made once', async () => {
    const [wei, again] = [await newPatient('卫青'), await newPatient('卫青')]
    await goHome(wei)
    const left = house.now()
    house.advance({ days: -4 })
    await goHome(again)
    house.setNow(left)

    await house.inside((ctx) => mergePatients(ctx, { survivorId: wei, retiredId: again, reason: '同一人' }))
    await house.settle()

    const open = (await tasksOf(wei)).filter((t) => t.status === 'todo' && t.key === 'centre72h')
    expect(open).toHaveLength(1)
    expect(await tasksOf(again)).toEqual([])
  })
})

describe('programmes', () => {
  const body = {
    name: '冠心病出院随访',
    level: 'department' as const,
    trigger: 'discharged' as const,
    rule: { classes: ['inpatient' as const], diagnoses: ['I20-I25'], ageFrom: 60, ageTo: 79, stayFromDays: 2 },
    steps: [
      {
        name: '用药',
        unit: 'days' as const,
        fromOffset: 14,
        byOffset: 14,
        channel: 'phone' as const,
        assignee: 'department' as const,
        questionnaireId: null,
      },
    ],
  }
  const with_ = async (id: string, birthOn: string, code: string) => {
    const patient = await newPatient('蒋一', { birthOn })
    await goHome(patient, { diagnoses: [{ code, name: '诊断', system: 'ICD10CN', type: 'final', rank: 1 }] })
    const found = await house.sql('select 1 from followups.tasks where patient_id = $1 and programme_id = $2', [patient, id])
    return found.length === 1
  }

  test('age and diagnosis are taken at their edges', async () => {
    const id = newId()
    await administrator.call(programmesApi.saveProgramme, { id, version: 0, body })
    await administrator.call(programmesApi.activate, { id })
    house.setNow('2026-12-01T10:00+08:00') // he goes home on the fifth

    expect(await with_(id, '1966-12-05', 'I25.103')).toBe(true) // sixty today
    house.setNow('2026-12-01T10:00+08:00')
    expect(await with_(id, '1966-12-06', 'I20.000')).toBe(false) // tomorrow
    house.setNow('2026-12-01T10:00+08:00')
    expect(await with_(id, '1946-12-06', 'I20')).toBe(true) // eighty tomorrow
    house.setNow('2026-12-01T10:00+08:00')
    expect(await with_(id, '1946-12-05', 'I20')).toBe(false)
    house.setNow('2026-12-01T10:00+08:00')
    expect(await with_(id, '1960-01-01', 'I26.000')).toBe(false)
    house.setNow('2026-12-01T10:00+08:00')
    expect(await with_(id, '1960-01-01', 'I19.900')).toBe(false)
  })

  test('what is running finishes on its version, and of two who save at once the second is told', async () => {
    const id = newId()
    const first = { ...body, name: '两步随访', rule: { classes: ['inpatient' as const] } }
    await administrator.call(programmesApi.saveProgramme, { id, version: 0, body: first })
    await administrator.call(programmesApi.activate, { id })
    const early = await newPatient()
    await goHome(early)

    const changed = { ...first, steps: first.steps.map((s) => ({ ...s, fromOffset: 20, byOffset: 21 })) }
    await administrator.call(programmesApi.saveProgramme, { id, version: 1, body: changed })
    await expect(administrator.call(programmesApi.saveProgramme, { id, version: 1, body: first })).rejects.toMatchObject({
      code: 'followups.programmeChanged',
    })

    const later = await newPatient()
    await goHome(later)
    const days = async (patient: string) => {
      const [found] = await house.sql<{ days: number }>(
        `select (t.due_from at time zone 'Asia/Shanghai')::date - e.anchor_on as days from followups.tasks t join followups.enrolments e on e.encounter_id = t.encounter_id and e.programme_id = t.programme_id
          where t.patient_id = $1 and t.programme_id = $2`,
        [patient, id],
      )
      return found?.days
    }
    expect([await days(early), await days(later)]).toEqual([14, 20])
  })

  test('activated from an earlier day, it plans for those who went home since', async () => {
    const patient = await newPatient()
    const stay = await goHome(patient)
    const rule = { classes: ['inpatient' as const], wardIds: [wardId] }
    house.advance({ days: 2 })

    const id = newId()
    await administrator.call(programmesApi.saveProgramme, { id, version: 0, body: { ...body, name: '补登', rule } })
    const activated = await administrator.call(programmesApi.activate, {
      id,
      from: house.clock().dayOf(new Date(house.now().getTime() - 2 * 86_400_000)),
    })

    expect(activated.planning).toMatchObject({ status: 'done' })
    expect(activated.planning?.made).toBeGreaterThan(0)
    expect(
      await house.sql('select 1 from followups.enrolments where programme_id = $1 and encounter_id = $2', [id, stay.encounterId]),
    ).toHaveLength(1)
  })

  test('whose permission reaches over a department writes for that department alone', async () => {
    const head = house.who({ 'followups.programmes': 'department' }, { departments: [departmentId] })
    const save = (departmentIds: string[]) =>
      head.call(programmesApi.saveProgramme, {
        id: newId(),
        version: 0,
        body: { ...body, name: `科内 ${newId()}`, rule: { ...body.rule, departmentIds } },
      })

    await expect(save([])).rejects.toMatchObject({ code: 'followups.notYourDepartment' })
    await expect(save([departmentId, newId()])).rejects.toMatchObject({ code: 'followups.notYourDepartment' })
    expect(await save([departmentId])).toMatchObject({ status: 'draft', version: 1 })
  })

  test('prepared again, the presets are as the hospital left them', async () => {
    const { rows } = await administrator.call(programmesApi.programmes, {})
    const bedside = rows.find((r) => r.key === 'bedside24h')
    await administrator.call(programmesApi.disable, { id: bedside?.id ?? '' })

    await house.inside(async (ctx) => (await import('./presets.ts')).prepareFollowups(ctx))

    const after = await administrator.call(programmesApi.programmes, {})
    expect(after.rows.find((r) => r.key === 'bedside24h')?.status).toBe('disabled')
    expect(after.rows.filter((r) => r.key)).toHaveLength(presetKeys.length)
  })
})
