import type { EncounterFacts } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { describe, expect, test } from 'vitest'
import { followupsApi, type ProgrammeBody, programmesApi } from '../contract.ts'
import { call, openCourses } from './courses.fixture.ts'

const { house, departmentId, newPatient, stayOf, goHome, tell, administrator, programme, tasks, states, recordedAs } = await openCourses()

describe('steps that come again', () => {
  test('a call every three months for a year comes on the same day of each month, or on the last where a month has none', async () => {
    const { id, about } = await programme({ steps: [{ ...call, fromOffset: 0, byOffset: 14, repeat: { everyMonths: 3, forMonths: 12 } }] })
    house.setNow('2026-08-27T10:00+08:00')
    await administrator.call(programmesApi.activate, { id })
    const patient = await newPatient()
    await goHome(patient, about) // on the last day of August

    expect((await tasks(id, patient)).map((t) => t.opens)).toEqual(['2026-11-30', '2027-02-28', '2027-05-31', '2027-08-31'])
  })

  test('what was saved is read as it was written, and who runs by the version before goes on by that', async () => {
    const { id, about, body } = await programme({ steps: [{ ...call, repeat: { everyMonths: 6, forMonths: 12 } }], onRefusal: 'stop' })
    const patient = await newPatient()
    await goHome(patient, about)

    const read = await administrator.call(programmesApi.programme, { id })
    expect(read.steps).toMatchObject([{ name: '电话', repeat: { everyMonths: 6, forMonths: 12 }, fromOffset: 10 }])
    expect(read).toMatchObject({ onReturn: 'anew', onTransfer: 'stop', onDeath: 'stop', onRefusal: 'stop', variants: [] })
    await administrator.call(programmesApi.saveProgramme, { id, version: 1, body: { ...body, steps: [call] } })
    const later = await newPatient()
    await goHome(later, about)

    expect(await tasks(id, patient)).toHaveLength(2)
    expect(await tasks(id, later)).toHaveLength(1)
  })
})

describe('a department that does it in its own way', () => {
  const withOwn = async () => {
    const other = await programme()
    const made = await programme({
      rule: { classes: ['inpatient'] },
      variants: [
        { departmentIds: [other.own], steps: [{ ...call, name: '首次' }, { ...call, name: '再次', fromOffset: 30, byOffset: 37 }] }, // biome-ignore format: two of a kind
      ],
    })
    await administrator.call(programmesApi.disable, { id: other.id })
    return { ...made, other }
  }

  test('its patients get its steps, and everybody else the others', async () => {
    const { id, about, other } = await withOwn()
    const [his, hers] = [await newPatient(), await newPatient()]
    await goHome(his, other.about)
    await goHome(hers, about)

    expect((await tasks(id, his)).map((t) => t.step)).toEqual([2, 3])
    expect((await tasks(id, hers)).map((t) => t.step)).toEqual([1])
    const read = await administrator.call(programmesApi.programme, { id })
    expect(read.variants.map((v) => [v.departmentIds, v.steps.map((s) => s.name)])).toEqual([[[other.own], ['首次', '再次']]])
    await administrator.call(programmesApi.disable, { id })
  })

  test('whose department is put right before anything has begun gets the right steps, there and back; what has begun goes on', async () => {
    const { id, about, other } = await withOwn()
    const patient = await newPatient()
    const { number } = await goHome(patient, about)
    const putRight = async (said: Partial<EncounterFacts>) => {
      house.advance({ minutes: 5 })
      await tell([{ number, patientId: patient, event: 'update', sourceAt: house.now(), ...said }])
      await house.settle()
    }

    await putRight(other.about)
    expect((await tasks(id, patient)).map((t) => `${t.step} ${t.state}`)).toEqual(['1 departmentChanged', '2 todo', '3 todo'])
    await putRight(about)
    expect((await tasks(id, patient)).map((t) => `${t.step} ${t.state}`)).toEqual(['1 todo', '2 departmentChanged', '3 departmentChanged'])

    await recordedAs((await tasks(id, patient))[0]?.id ?? '', 'tries = 1')
    await putRight(other.about)
    expect((await tasks(id, patient)).map((t) => `${t.step} ${t.state}`)).toEqual(['1 todo', '2 departmentChanged', '3 departmentChanged'])
    await administrator.call(programmesApi.disable, { id })
  })
})

describe('days without calls', () => {
  test('a call that would open on one opens on the day after; said later, it moves what nobody has begun, and back when it is taken away', async () => {
    const { id, about } = await programme()
    house.setNow('2027-01-20T10:00+08:00')
    const [early, begun, late] = [await newPatient(), await newPatient(), await newPatient()]
    await goHome(early, about) // on the 24th: the window opens on 3 February
    house.setNow('2027-01-20T10:00+08:00')
    await goHome(begun, about)
    await recordedAs((await tasks(id, begun))[0]?.id ?? '', 'tries = 1')
    const blackout = { id: newId(), body: { name: '春节', fromOn: '2027-02-02', untilOn: '2027-02-08' } }

    const saved = await administrator.call(programmesApi.saveBlackout, blackout)

    expect(saved.moved).toBe(1)
    house.setNow('2027-01-20T10:00+08:00')
    await goHome(late, about)
    for (const patient of [early, late]) expect(await tasks(id, patient)).toMatchObject([{ opens: '2027-02-09', closes: '2027-02-16' }])
    expect(await tasks(id, begun)).toMatchObject([{ opens: '2027-02-03' }])
    expect(await administrator.call(programmesApi.removeBlackout, { id: blackout.id })).toEqual({ moved: 2 })
    for (const patient of [early, late]) expect(await tasks(id, patient)).toMatchObject([{ opens: '2027-02-03', closes: '2027-02-10' }])
  })

  test('visits at the bed go on', async () => {
    const visit = { ...call, unit: 'hours', fromOffset: 0, byOffset: 24, channel: 'bedside' } as const
    const { id, about } = await programme({ trigger: 'admitted', steps: [visit] })
    house.setNow('2027-03-01T10:00+08:00')
    const blackout = { id: newId(), body: { name: '停访', fromOn: '2027-03-01', untilOn: '2027-03-05' } }
    await administrator.call(programmesApi.saveBlackout, blackout)
    const patient = await newPatient()
    await stayOf(patient, about).admit()
    await house.settle()

    expect(await tasks(id, patient)).toMatchObject([{ opens: '2027-03-01' }])
    await administrator.call(programmesApi.removeBlackout, { id: blackout.id })
  })

  test('they are the hospital’s: whose permission reaches over a department does not set them, and days that are gone are not set', async () => {
    const body = { name: '停访', fromOn: '2027-03-10', untilOn: '2027-03-12' }
    const head = house.who({ 'followups.programmes': 'department' }, { departments: [departmentId] })
    await expect(head.call(programmesApi.saveBlackout, { id: newId(), body })).rejects.toMatchObject({ code: 'house.forbidden' })
    house.setNow('2027-03-13T10:00+08:00')
    await expect(administrator.call(programmesApi.saveBlackout, { id: newId(), body })).rejects.toMatchObject({
      code: 'followups.blackoutPast',
    })
  })
})

describe('he comes back while his calls are under way', () => {
  const twice = async (onReturn: ProgrammeBody['onReturn']) => {
    house.setNow('2026-09-07T10:00+08:00')
    const made = await programme({ onReturn, steps: [call, { ...call, fromOffset: 40, byOffset: 47 }] })
    const patient = await newPatient()
    const first = await goHome(patient, made.about) // on 11 September: the calls open on the 21st, and on 21 October
    house.setNow('2026-09-18T10:00+08:00')
    const again = stayOf(patient, made.about)
    await again.admit()
    await house.settle()
    const whileIn = await states(made.id, patient)
    house.setNow('2026-09-30T10:00+08:00')
    await again.home()
    await house.settle()
    return { ...made, patient, first, again, whileIn, after: () => tasks(made.id, patient) }
  }

  test('anew: what was planned stops, and the new discharge begins its own', async () => {
    const { whileIn, after } = await twice('anew')
    expect(whileIn).toEqual(['readmitted', 'readmitted'])
    expect((await after()).map((t) => `${t.state} ${t.opens}`)).toEqual([
      'readmitted 2026-09-21',
      'readmitted 2026-10-21',
      'todo 2026-10-10',
      'todo 2026-11-09',
    ])
  })

  test('stop: what was planned stops, and the new discharge begins none', async () => {
    const { whileIn, after } = await twice('stop')
    expect(whileIn).toEqual(['readmitted', 'readmitted'])
    expect((await after()).map((t) => t.state)).toEqual(['readmitted', 'readmitted'])
  })

  test('pause: it waits while he is in, goes on when he is home with windows that are as long as before, and the new discharge joins it', async () => {
    const { whileIn, after } = await twice('pause')
    expect(whileIn).toEqual(['paused', 'paused'])
    expect((await after()).map((t) => `${t.state} ${t.opens} ${t.closes}`)).toEqual([
      'todo 2026-10-01 2026-10-08', // it would have opened on 21 September, when he was in
      'todo 2026-10-21 2026-10-28',
    ])
  })

  test('goOn: nothing changes, and the new discharge begins its own', async () => {
    const { whileIn, after } = await twice('goOn')
    expect(whileIn).toEqual(['todo', 'todo'])
    expect((await after()).map((t) => t.state)).toEqual(['todo', 'todo', 'todo', 'todo'])
  })

  test('when the first discharge turns out not to have been, the second begins its own after all', async () => {
    const { first, after } = await twice('pause')
    house.advance({ minutes: 5 })
    await first.cancel()
    await house.settle()
    expect((await after()).map((t) => t.state)).toEqual(['encounterCancelled', 'encounterCancelled', 'todo', 'todo'])
  })

  test('when the second stay turns out not to have been, the windows are where they were', async () => {
    const { again, after } = await twice('pause')
    house.advance({ minutes: 5 })
    await again.cancel()
    await house.settle()
    expect((await after()).map((t) => `${t.state} ${t.opens}`)).toEqual(['todo 2026-09-21', 'todo 2026-10-21'])
  })

  test('a discharge that is told after the one that followed it takes that one’s place', async () => {
    house.setNow('2026-09-07T10:00+08:00')
    const { id, about } = await programme({ onReturn: 'pause' })
    await house.sql(`update followups.programmes set active_from = '2026-09-01' where id = $1`, [id])
    const patient = await newPatient()
    const first = stayOf(patient, about)
    await first.admit({ admittedAt: new Date('2026-09-02T10:00+08:00') })
    const second = stayOf(patient, about)
    house.setNow('2026-09-08T10:00+08:00')
    await second.admit({ admittedAt: new Date('2026-09-06T10:00+08:00') })
    await second.home()
    await house.settle()
    expect(await states(id, patient)).toEqual(['todo'])

    house.advance({ minutes: 5 })
    await first.home({ dischargedAt: new Date('2026-09-05T10:00+08:00') })
    await house.settle()

    expect(await states(id, patient)).toEqual(['todo', 'continued'])
  })

  test('of two visits to the clinic the calls count from the later', async () => {
    house.setNow('2026-09-07T10:00+08:00')
    const { id, own } = await programme({ trigger: 'visited', onReturn: 'anew' })
    await administrator.call(programmesApi.saveProgramme, {
      id,
      version: 1,
      body: { name: '门诊', level: 'centre', trigger: 'visited', rule: { classes: ['outpatient'], departmentIds: [own] }, steps: [call] },
    })
    const [department] = await house.sql<{ code: string; name: string }>('select code, name from staff.unit_cards where id = $1', [own])
    const patient = await newPatient()
    const visit = async (number: string) => {
      await tell([
        { number, patientId: patient, event: 'register', class: 'outpatient', sourceAt: house.now(), admittedAt: house.now(), departmentCode: department?.code ?? '', departmentName: department?.name ?? '' },
      ]) // biome-ignore format: one visit
      await house.settle()
    }
    await visit('O1')
    house.advance({ days: 3 })
    await visit('O2')

    expect((await tasks(id, patient)).map((t) => `${t.state} ${t.opens}`)).toEqual(['continued 2026-09-17', 'todo 2026-09-20'])
    const { version, ...body } = await administrator.call(programmesApi.programme, { id })
    await administrator.call(programmesApi.saveProgramme, { id, version, body: { ...body, onReturn: 'goOn' } })
    house.advance({ days: 3 })
    await visit('O3')

    expect(await states(id, patient), 'the later visit is planned by a version that leaves others alone').toEqual([
      'continued',
      'continued',
      'todo',
    ])
  })
})

describe('an end that each programme takes in its own way', () => {
  const dead = (patient: string) =>
    house.inside(async (ctx) => {
      const { applyPatientFacts } = await import('@renxin/patients')
      await applyPatientFacts(ctx, [{ id: patient, identifiers: [], sourceAt: house.now(), deceased: { at: house.now() } }])
    })

  test('whoever turns out to have been transferred to another hospital is left alone, unless the programme goes on; and is called when that was a mistake', async () => {
    const [stops, goesOn] = [await programme(), await programme({ onTransfer: 'goOn' })]
    const cases = [[stops, 'transferred'], [goesOn, 'todo']] as const // biome-ignore format: two of a kind
    for (const [{ id, about }, inTheEnd] of cases) {
      const patient = await newPatient()
      const { number } = await goHome(patient, about)
      const leaving = async (disposition: '1' | '2') => {
        house.advance({ minutes: 5 })
        await tell([{ number, patientId: patient, event: 'update', sourceAt: house.now(), disposition }])
        await house.settle()
      }
      await leaving('2')
      expect(await states(id, patient)).toEqual([inTheEnd])
      await leaving('1')
      expect(await states(id, patient)).toEqual(['todo'])
    }
  })

  test('whoever refuses one call is not asked again for the rest of that programme, where it says so; other programmes ask for themselves', async () => {
    const steps = [call, { ...call, fromOffset: 30, byOffset: 37 }]
    const [stops, goesOn] = [await programme({ onRefusal: 'stop', steps }), await programme({ steps })]
    const nurse = house.who('followups.read', 'followups.work')
    const cases = [[stops, 'refused'], [goesOn, 'todo']] as const // biome-ignore format: two of a kind
    for (const [{ id, about }, inTheEnd] of cases) {
      const patient = await newPatient()
      await goHome(patient, about)
      house.advance({ days: 10 })
      const [first] = await tasks(id, patient)
      await nurse.call(followupsApi.recordOutcome, { id: first?.id ?? '', attemptId: newId(), outcome: 'refused' })
      expect(await states(id, patient)).toEqual(['done', inTheEnd])
    }
  })

  test('whoever is heard to be in another hospital is left alone by the calls of that stay, unless a programme goes on', async () => {
    const steps = [call, { ...call, fromOffset: 30, byOffset: 37 }]
    const [stops, goesOn] = [await programme({ steps }), await programme({ onTransfer: 'goOn', steps })]
    const nurse = house.who('followups.read', 'followups.work')
    const cases = [[stops, 'transferred'], [goesOn, 'todo']] as const // biome-ignore format: two of a kind
    for (const [{ id, about }, inTheEnd] of cases) {
      const patient = await newPatient()
      await goHome(patient, about)
      house.advance({ days: 10 })
      const [first] = await tasks(id, patient)
      await nurse.call(followupsApi.recordOutcome, { id: first?.id ?? '', attemptId: newId(), outcome: 'transferred' })
      expect(await states(id, patient)).toEqual(['transferred', inTheEnd])
    }
  })

  test('of who has died the tasks stop, unless the programme keeps them for whoever writes down the end', async () => {
    const [stops, goesOn] = [await programme(), await programme({ onDeath: 'goOn' })]
    const cases = [[stops, 'died'], [goesOn, 'todo']] as const // biome-ignore format: two of a kind
    for (const [{ id, about }, inTheEnd] of cases) {
      const patient = await newPatient()
      await goHome(patient, about)
      await dead(patient)
      await house.settle()
      expect(await states(id, patient)).toEqual([inTheEnd])
    }
  })
})

test('each family of programmes has something to begin from, and it can be activated as it is', async () => {
  const { rows } = await administrator.call(programmesApi.templates, {})
  expect(rows.map((r) => r.family)).toEqual(['discharge', 'study', 'checkUp', 'outpatient', 'daySurgery'])
  for (const { body } of rows) {
    const id = newId()
    await administrator.call(programmesApi.saveProgramme, { id, version: 0, body })
    expect(await administrator.call(programmesApi.activate, { id })).toMatchObject({ status: 'active' })
  }
})
