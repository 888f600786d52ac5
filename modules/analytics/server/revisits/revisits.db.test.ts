import { mergePatients, partPatients } from '@renxin/patients'
import { readXlsx } from 'hucre/xlsx'
import { describe, expect, test } from 'vitest'
import { revisitsApi } from '../../contract.ts'
import { makeCells } from '../index.ts'
import { openClinic } from './revisits.fixture.ts'

// 29 November: visits up to 29 October have had their 30 days.
const { house, units, tell, tellOf, person, see, goHome } = await openClinic()
const leader = house.who('analytics.read', 'analytics.export', 'analytics.setTargets', 'patients.names')
const october = { from: '2026-10', kind: 'discharged' as const }
await house.inside((ctx) => makeCells(ctx))

const rates = (asked: object = {}) => leader.call(revisitsApi.revisits, { ...october, ...asked })

/** All that is counted, as it is kept. */
const kept = () =>
  Promise.all(
    ['revisits', 'revisit_months', 'revisit_doctor_months', 'revisit_strata', 'revisit_due'].map((t) =>
      house.sql(`select to_jsonb(t) - 'hospital_id' as cell from analytics.${t} t order by 1`),
    ),
  )

/** The same rates by plain SQL over the visits, as the definition reads. */
const plain = `
  with visit as (
    select e.*, (e.admitted_at at time zone 'Asia/Shanghai')::date as came_in_on, e.class in ('inpatient', 'daySurgery') as is_stay,
           (p.deceased_at at time zone 'Asia/Shanghai')::date as died_on
      from encounters.cards e join patients.cards p on p.id = e.patient_id where e.status in ('inProgress', 'discharged')),
  seen as (
    select 'discharged' as kind, v.*, v.discharged_on as day, v.discharged_at as at from visit v where v.is_stay and v.status = 'discharged'
    union all
    select 'outpatient', v.*, v.came_in_on, v.admitted_at from visit v
     where v.class = 'outpatient'
       and not exists (select from visit o where o.class = 'outpatient' and o.patient_id = v.patient_id and o.department_id is not distinct from v.department_id
                          and o.came_in_on = v.came_in_on and (o.admitted_at, o.id) < (v.admitted_at, v.id))),
  told as (
    select s.kind, to_char(s.day, 'YYYY-MM') as month, s.department_id, s.attending_id,
           coalesce(s.disposition in ('2', '3', '5'), false) or coalesce(s.died_on <= s.day + 30, false)
             or exists (select from visit o where o.is_stay and o.patient_id = s.patient_id and o.admitted_at > s.at and o.came_in_on <= s.day + 30) as is_left_out,
           exists (select from visit o where o.class = 'outpatient' and o.patient_id = s.patient_id and o.came_in_on > s.day and o.came_in_on <= s.day + 30) as came
      from seen s where s.day <= (select due_until from analytics.revisit_due))
  select kind, month, department_id, attending_id, count(*) filter (where not is_left_out)::int as base, count(*) filter (where came and not is_left_out)::int as came
    from told group by 1, 2, 3, 4 order by 1, 2, 3, 4`
const fromCells = `
  select kind, to_char(month, 'YYYY-MM') as month, nullif(department_id, '00000000-0000-0000-0000-000000000000') as department_id,
         nullif(doctor_id, '00000000-0000-0000-0000-000000000000') as attending_id, sum(visits - died - transferred - readmitted)::int as base, sum(came)::int as came
    from analytics.revisit_doctor_months group by 1, 2, 3, 4 order by 1, 2, 3, 4`

async function holds() {
  await house.settle()
  const now = await kept()
  expect(await house.sql(fromCells)).toEqual(await house.sql(plain))
  await house.inside((ctx) => makeCells(ctx))
  expect(now).toEqual(await kept())
}

describe('an October', () => {
  test('counts who could have come back within 30 days, and who did', async () => {
    const came = await person()
    await goHome(came, '10-05')
    await see(came, '11-04') // the thirtieth day
    const late = await person()
    await goHome(late, '10-05')
    await see(late, '11-05')
    const sameDay = await person()
    await goHome(sameDay, '10-06')
    await see(sameDay, '10-06', 'heart', { time: '15:00' })
    const dead = await person()
    await goHome(dead, '10-07', 'heart', { disposition: '5' })
    const elsewhere = await person()
    await goHome(elsewhere, '10-08', 'heart', { disposition: '2' })
    const again = await person()
    await goHome(again, '10-09')
    await see(again, '10-12')
    await goHome(again, '10-25', 'bones') // came in on the 20th
    const last = await person()
    await goHome(last, '10-30', 'bones') // its 30 days pass today
    await see(last, '11-02')
    const diedAtHome = await person()
    await goHome(diedAtHome, '10-10')
    await tellOf(diedAtHome, { deceased: { at: new Date('2026-11-09T08:00:00+08:00') } })
    await house.settle()

    await house.tick('analytics.revisitsWaiting')
    const seen = await rates()

    expect(seen.period).toMatchObject({
      dueUntil: '2026-10-29',
      isPartial: true,
      reference: { fromMonth: '2025-10', toMonth: '2026-09', base: 0 },
    })
    expect(seen.total).toMatchObject({ base: 4, came: 1, share: 0.25, standing: 'small', expected: null, ratio: null, alarm: 'no' })
    expect(seen.leftOut).toEqual({ died: 2, transferred: 1, readmitted: 1, notYet: 1 })
    expect(seen.rows.map((r) => [r.name, r.figure.base, r.figure.came, r.leftOut])).toEqual([
      ['心血管内科', 3, 1, 4],
      ['骨科', 1, 0, 0],
    ])
    expect((await rates({ by: 'doctor' })).rows).toMatchObject([{ name: '李医生', doctorNumber: '9001', figure: { base: 4, came: 1 } }])
    expect((await rates({ by: 'chapter' })).rows).toMatchObject([{ chapter: 9, figure: { base: 4 } }])
    expect(seen.trend.at(-1)).toEqual({ month: '2026-10', base: 4, came: 1, share: null }) // fewer than five are a gap
    await holds()
  })

  test('of out-patients counts a day in a department once, and not who was taken in', async () => {
    const twice = await person()
    await see(twice, '10-11', 'heart', { time: '09:00' })
    await see(twice, '10-11', 'heart', { time: '11:00' })
    await see(twice, '10-11', 'bones')
    await see(twice, '11-10', 'bones')
    const takenIn = await person()
    await see(takenIn, '10-13')
    await goHome(takenIn, '10-20') // in from the 15th
    await house.settle()

    const seen = await rates({ kind: 'outpatient' })

    // Beside them the one who was seen on the 6th, the day he went home, and the one who came on the 12th and was in again from the 20th.
    expect(seen.rows.map((r) => [r.name, r.figure.base, r.figure.came, r.leftOut])).toEqual([
      ['心血管内科', 2, 1, 2],
      ['骨科', 1, 1, 0],
    ])
    await holds()
  })

  test('each figure opens as many rows as it says, and says of whom and what became of him', async () => {
    const seen = await rates()
    const open = async (part: string) =>
      (await leader.call(revisitsApi.revisitCases, { ...october, part: part as 'came', limit: 200 })).rows // the parts of the contract

    expect(await open('base')).toHaveLength(seen.total.base)
    expect(await open('came')).toMatchObject([
      { patientName: '王小明', doctorName: '李医生', departmentName: '心血管内科', cameOn: '2026-11-04', state: 'came' },
    ])
    expect(await open('vanished')).toHaveLength(seen.total.base - seen.total.came)
    expect(await open('leftOut')).toHaveLength(seen.leftOut.died + seen.leftOut.transferred + seen.leftOut.readmitted)
    expect(await open('notYet')).toHaveLength(1)
    const bones = await leader.call(revisitsApi.revisitCases, { ...october, departmentId: units.orthopaedics, limit: 200 })
    expect(bones.rows.map((r) => r.departmentName)).toEqual(['骨科'])
  })
})

describe('the cells', () => {
  test('are what a scan of all visits gives, after everything that can happen to one', async () => {
    const one = await person({ sex: 'male', birthOn: '1950-01-01' })
    const other = await person()
    const stay = await goHome(one, '10-14')
    const visit = await see(other, '10-20')
    await holds()
    expect((await rates()).rows[0]?.figure.came).toBe(1)

    await house.inside((ctx) => mergePatients(ctx, { survivorId: one, retiredId: other, reason: '同一人' }))
    await holds()
    expect((await rates()).rows.find((r) => r.name === '心血管内科')?.figure.came).toBe(2) // two files, one person: he came back

    await house.inside((ctx) => partPatients(ctx, { survivorId: one, retiredId: other }))
    await holds()
    expect((await rates()).rows.find((r) => r.name === '心血管内科')?.figure.came).toBe(1)

    await tell({ ...visit.facts, event: 'update', sourceAt: new Date(visit.at.getTime() + 1), patientId: one }) // it was the first one's all the time
    await holds()
    await tell({
      ...visit.facts,
      event: 'update',
      sourceAt: new Date(visit.at.getTime() + 2),
      patientId: one,
      departmentCode: '0402',
      departmentName: '骨科',
    })
    await holds()
    await tell({ ...visit.facts, event: 'cancelAdmit', sourceAt: new Date(visit.at.getTime() + 3), patientId: one })
    await holds()
    await tell({ ...stay.facts, event: 'cancelDischarge', sourceAt: new Date(stay.at.getTime() + 1) })
    await holds()
    await tell({
      ...stay.facts,
      event: 'discharge',
      sourceAt: new Date(stay.at.getTime() + 2),
      dischargedAt: new Date('2026-10-16T09:00:00+08:00'),
    })
    await see(one, '10-17', 'bones') // told of late
    await holds()
    await tellOf(one, { deceased: { at: new Date('2026-10-30T08:00:00+08:00') } })
    await holds()
    await tellOf(one, { deceased: false, birthOn: '2020-01-01', sourceAt: new Date(house.now().getTime() + 1000) })
    await holds()
  })

  test('stay the same when all is told again', async () => {
    const before = await kept()

    const told = await house.sql(
      `insert into house.events (id, name, payload, at) select gen_random_uuid(), name, payload, at from house.events returning id`,
    )
    await house.settle()

    expect(told.length).toBeGreaterThan(50)
    expect(await kept()).toEqual(before)
  })

  test('let a visit in when its 30 days have passed, by the clock', async () => {
    const before = await rates({ departmentId: units.orthopaedics })
    house.setNow('2026-11-30T00:30+08:00')
    await house.tick('analytics.revisitsDue')

    const seen = await rates({ departmentId: units.orthopaedics })

    expect([before.total.base, before.leftOut.notYet]).toEqual([1, 1])
    expect([seen.total.base, seen.total.came, seen.leftOut.notYet]).toEqual([2, 1, 0])
    expect(seen.period.dueUntil).toBe('2026-10-30')
    await holds()
  })
})

describe('what was to be expected', () => {
  test('is what the same patients did in the months before, and a rate below the threshold is an alarm', async () => {
    house.setNow('2026-12-20T09:00+08:00')
    const hip = { diagnoses: [{ code: 'S72.0', name: '股骨颈骨折', system: null, type: 'final' as const, rank: 1 }] }
    const women = (count: number, wentHomeOn: string, cameOn: string, came: number) =>
      Promise.all(
        Array.from({ length: count }, async (_, i) => {
          const woman = await person({ sex: 'female', birthOn: '1960-01-01' })
          await goHome(woman, wentHomeOn, 'bones', hip)
          if (i < came) await see(woman, cameOn, 'bones')
        }),
      )
    await women(32, '09-10', '09-20', 24)
    await women(32, '11-10', '11-20', 16)
    await house.settle()
    await house.tick('analytics.revisitsDue')

    const [bones] = (await rates({ from: '2026-11' })).rows

    expect(bones).toMatchObject({
      name: '骨科',
      figure: { base: 32, came: 16, share: 0.5, standing: 'sound', expected: 24, expectedShare: 0.75 },
    })
    expect(bones?.figure.ratio).toBeCloseTo(16 / 24, 9)
    expect(bones?.figure.ratioHigh).toBeLessThan(1)
    expect(bones?.figure.alarm).toBe('surelyBelow')
    await holds()
  })

  test('ranks doctors against it, with the staff number by which a clinic schedule knows them, over three months where none are said', async () => {
    const ranking = await leader.call(revisitsApi.revisitRanking, { from: '2026-11' })

    expect(ranking).toMatchObject({ kind: 'discharged', by: 'ratio', ranked: 1 })
    expect(ranking.rows[0]).toMatchObject({
      name: '李医生',
      number: '9001',
      departmentName: '骨科',
      place: 1,
      rankFrom: 1,
      rankTo: 1,
      group: 'below',
      figure: { base: 32, came: 16, expected: 24 },
    })
    expect((await leader.call(revisitsApi.revisitRanking, {})).period).toMatchObject({ fromMonth: '2026-09', toMonth: '2026-11' })
    const supervisor = house.who({ 'analytics.read': 'department' }, { departments: [units.cardiology] })
    expect((await supervisor.call(revisitsApi.revisitRanking, { from: '2026-11' })).rows).toEqual([])
    const file = (await leader.call(revisitsApi.exportRevisitRanking, { from: '2026-11', reason: '门诊排班' })) as unknown as {
      body: Buffer
    } // a file's handler answers so
    const { sheets } = await readXlsx(new Uint8Array(file.body))
    expect(sheets[0]?.rows.find((row) => row[3] === '李医生')?.slice(0, 8)).toEqual([1, 1, 1, '李医生', '9001', null, '骨科', '少于应有'])
  })

  test('the threshold is the hospital’s own: 80 of a hundred until it says otherwise, and none where it wants none', async () => {
    expect(await leader.call(revisitsApi.revisitThresholds, {})).toEqual({ discharged: 0.8, outpatient: 0.8 })

    await leader.call(revisitsApi.setRevisitThresholds, { discharged: 45.5, outpatient: null })

    expect(await leader.call(revisitsApi.revisitThresholds, {})).toEqual({ discharged: 0.455, outpatient: null })
    expect((await rates({ from: '2026-11' })).rows[0]?.figure.alarm).toBe('no')
    await expect(house.who('analytics.read').call(revisitsApi.setRevisitThresholds, { discharged: 10, outpatient: 10 })).rejects.toThrow()
    await leader.call(revisitsApi.setRevisitThresholds, { discharged: 80, outpatient: 80 })
  })
})

test('a department sees its own figures and rows, a stranger none', async () => {
  const supervisor = house.who({ 'analytics.read': 'department' }, { departments: [units.orthopaedics] })
  const stranger = await house.stranger('analytics.read')

  const own = await supervisor.call(revisitsApi.revisits, october)

  expect(own.rows.map((r) => r.name)).toEqual(['骨科'])
  expect(
    (await supervisor.call(revisitsApi.revisitCases, october)).rows.every((r) => r.departmentName === '骨科' && r.patientName === '王*明'),
  ).toBe(true)
  expect((await stranger.call(revisitsApi.revisits, october)).total.base).toBe(0)
})

test('months that are too many, or turned round, are refused with a sentence', async () => {
  await expect(rates({ from: '2025-10', to: '2026-10' })).rejects.toMatchObject({ code: 'analytics.monthsTooMany' })
  await expect(rates({ from: '2026-10', to: '2026-09' })).rejects.toMatchObject({ code: 'analytics.periodTurned' })
})

test('the workbook has the rates by department, doctor and diagnosis, with what they mean', async () => {
  const file = (await leader.call(revisitsApi.exportRevisits, { ...october, reason: '院周会' })) as unknown as {
    name: string
    body: Buffer
  } // a file's handler answers so

  const { sheets } = await readXlsx(new Uint8Array(file.body))

  expect(file.name).toContain('复诊率 · 出院患者 2026-10 ~ 2026-10 EX-')
  expect(sheets.map((s) => s.name)).toEqual(['复诊率', '按科室', '按医生', '按诊断大类', '近 13 个月'])
  expect(sheets[1]?.rows.some((r) => r[0] === '心血管内科')).toBe(true)
  expect(sheets[0]?.rows.flat().join()).toContain('间接标准化')
})

test('a code stands in its chapter of ICD-10, from the first of each to the last', async () => {
  const edges = ['A00', 'B99', 'C00', 'D48.9', 'D50', 'D89', 'E00', 'F99', 'G47.3', 'H00', 'H59', 'H60', 'I10.x00', 'J18', 'K93', 'L00', 'M99', 'N18', 'O80', 'P07', 'Q99',
    'R51', 'S72.0', 'T98', 'U07.1', 'V01', 'Y98', 'Z51.1', ' i21.0', '', '乏力', 'BNX010'] // biome-ignore format: a table

  const rows = await house.sql<{ chapter: number }>(
    'select analytics.chapter_of(code) as chapter from unnest($1::text[]) with ordinality c (code, n) order by n',
    [edges],
  )

  expect(rows.map((r) => r.chapter)).toEqual([
    1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 19, 22, 20, 20, 21, 9, 0, 0, 0,
  ])
})
