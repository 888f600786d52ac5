import { createUser } from '@renxin/access'
import { followupsApi, levelsApi, supervisionApi } from '@renxin/followups/contract'
import { newId } from '@renxin/kernel'
import { applyPatientFacts } from '@renxin/patients'
import { personKey, resolvePeople } from '@renxin/staff'
import { readXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { type AppraisalCounts, type AppraisalDimension, appraisalApi, appraisalDimensions } from '../../contract.ts'
import { openHospital } from '../hospital.fixture.ts'
import { makeCells } from '../index.ts'

const { house, units, tell, goHome } = await openHospital('2026-09-05T09:00+08:00')
const director = house.who('analytics.read', 'analytics.export', 'patients.names')
const office = house.who('followups.sample')
await house.inside((ctx) => makeCells(ctx))
await house.sql('update followups.steps set questionnaire_id = null') // what is asked is not the matter here
const account = await house.inside(async (ctx) => {
  const li = { number: 'N0102', name: '李秀英', job: 'nurse' as const }
  const people = await resolvePeople(ctx, [li])
  return createUser(ctx, {
    name: 'lixiuying',
    displayName: '李秀英',
    password: 'Ward12345',
    personId: people.get(personKey(li) ?? '') ?? '',
    roleKeys: [],
  })
})
const may = { 'followups.read': 'hospital', 'followups.work': 'hospital', 'followups.assign': 'hospital' } as const
const li = house.who(may, { id: account.id, name: '李秀英' })

const september = { span: 'month', month: '2026-09' } as const
const ask = (by: AppraisalDimension = 'department', more: object = {}) =>
  director.call(appraisalApi.appraisal, { ...september, by, ...more })
const counts = async (more: object = {}) => (await ask('department', more)).total.counts
const level1 = { level: 'department' } as const

type Task = { id: string; patientId: string }
/** The call of level 1, within seven days, of a discharge. */
async function taskOf(encounterId: string, key = 'department7d'): Promise<Task> {
  await house.settle()
  const [task] = await house.sql<Task>(
    `select id, patient_id as "patientId" from followups.task_rows where encounter_id = $1 and programme_key = $2 and status <> 'cancelled'`,
    [encounterId, key],
  )
  if (!task) throw new Error('no follow-up was planned for it')
  return task
}
async function call(task: Task, outcome: 'noAnswer' | 'refused' | 'readmitted' | 'reached', { seconds = 0 } = {}) {
  await li.call(followupsApi.claim, { ids: [task.id] })
  const attemptId = newId()
  const { contacts } = await li.call(followupsApi.task, { id: task.id })
  if (seconds > 0) await li.call(followupsApi.dial, { id: task.id, attemptId, contactId: contacts[0]?.id ?? '' })
  house.advance({ seconds })
  if (outcome === 'reached') await li.call(followupsApi.complete, { id: task.id, attemptId, outcome, note: '', response: null })
  else await li.call(followupsApi.recordOutcome, { id: task.id, attemptId, outcome, note: '' })
  await house.settle()
}
const phoned = (patientId: string) =>
  house.inside((ctx) =>
    applyPatientFacts(ctx, [
      {
        id: patientId,
        identifiers: [],
        sourceAt: house.now(),
        phones: [{ number: `138${String(patientId.length * 7).padStart(8, '0')}` }],
      },
    ]),
  )

/** The same figures by plain SQL over the tasks and tries, as the definition reads. */
const plain = `
  with task as (
    select t.*, (t.due_by at time zone 'Asia/Shanghai')::date as due_on, case when t.trigger = 'vanished' then 'vanished' else t.level end as grade,
           coalesce(case when t.status = 'done' then nullif(t.closed_by, '00000000-0000-0000-0000-000000000000') end, t.assignee_id) as nurse_id, e.identity_class
      from followups.task_rows t join encounters.cards e on e.id = t.encounter_id),
  told as (
    select grade, department_id, ward_id, nurse_id, identity_class, 1 as of_task, status, reached, closed_at <= due_by as in_time, 0 as seconds, false as measured, false as talk
      from task where due_on between $1::date and least($2::date, $3::date)
    union all
    select grade, department_id, ward_id, a.by_id, identity_class, 0, '', false, false,
           case when a.ended_at > a.started_at and a.ended_at - a.started_at < interval '2 hours' then extract(epoch from a.ended_at - a.started_at)::int end,
           a.ended_at > a.started_at and a.ended_at - a.started_at < interval '2 hours', a.outcome in ('reached', 'relativeAnswered')
      from task t join followups.attempts a on a.task_id = t.id
     where a.outcome <> 'notRecorded' and (a.started_at at time zone 'Asia/Shanghai')::date between $1::date and least($2::date, $3::date))
  select coalesce(KEY::text, '') as key,
         (count(*) filter (where of_task = 1 and status <> 'cancelled'))::int as due, (count(*) filter (where status = 'done'))::int as done,
         (count(*) filter (where status = 'done' and in_time))::int as "doneInTime", (count(*) filter (where reached))::int as reached,
         (count(*) filter (where reached and in_time))::int as "reachedInTime", (count(*) filter (where status = 'cancelled'))::int as stopped,
         (count(*) filter (where of_task = 0))::int as tries, (count(*) filter (where talk))::int as talks,
         (count(*) filter (where of_task = 0 and measured))::int as measured, coalesce(sum(seconds), 0)::int as seconds
    from told group by 1 order by 1`
const columns = { level: 'grade', department: 'department_id', ward: 'ward_id', nurse: 'nurse_id', class: 'identity_class' } as const
const nobody = '00000000-0000-0000-0000-000000000000'

/** Every figure of every dimension is that of the rows, and those that are told one by one are those that are counted all at once. */
async function holds() {
  await house.settle()
  const kept = () =>
    Promise.all(['appraised', 'efforts', 'appraisal_days', 'appraisal_months', 'appraisal_due'].map((t) => house.sql(`select to_jsonb(t) - 'hospital_id' as cell from analytics.${t} t order by 1`))) // biome-ignore format: one thought
  const now = await kept()
  for (const by of appraisalDimensions) {
    const { rows, period } = await ask(by)
    const shown = rows.map(({ key, counts }) => ({ key: key === nobody ? '' : key, ...counts })).sort((a, b) => (a.key < b.key ? -1 : 1))
    expect(shown, by).toEqual(await house.sql(plain.replace('KEY', columns[by]), [period.days.from, period.days.to, period.dueUntil]))
  }
  await house.inside((ctx) => makeCells(ctx))
  expect(await kept()).toEqual(now)
}
const nextDay = async (day: string) => {
  house.setNow(`2026-09-${day}T09:00+08:00`)
  await house.tick('analytics.appraisalDue')
}

test('what is due is counted when its window is over: done, in time, reached, stopped or still open', async () => {
  const soldier = { identityClass: '军人' }
  const stays = [
    await goHome('01', 'heart', soldier),
    await goHome('01', 'heart', soldier),
    await goHome('01'),
    await goHome('01', 'bones'),
    await goHome('02', 'bones'),
  ]
  for (const { patientId } of stays) await phoned(patientId)
  const tasks: Task[] = []
  for (const { encounterId } of stays) tasks.push(await taskOf(encounterId))
  const [reached, refused, again, late, never] = tasks as [Task, Task, Task, Task, Task]
  await call(reached, 'reached', { seconds: 150 })
  await call(refused, 'refused', { seconds: 30 })
  await call(again, 'readmitted')
  expect(await counts(level1)).toMatchObject({ due: 0, tries: 0 }) // its window is not over, and today is not either

  await nextDay('09') // the windows of those who left on the 1st ended yesterday
  expect(await counts(level1)).toEqual({
    due: 3,
    done: 2,
    doneInTime: 2,
    reached: 1,
    reachedInTime: 1,
    stopped: 1,
    tries: 3,
    talks: 1,
    measured: 2,
    seconds: 180,
  })
  await call(late, 'noAnswer')
  await call(late, 'reached', { seconds: 60 })
  await nextDay('10')

  expect(await counts(level1)).toEqual({
    due: 4,
    done: 3,
    doneInTime: 2,
    reached: 2,
    reachedInTime: 1,
    stopped: 1,
    tries: 5,
    talks: 2,
    measured: 3,
    seconds: 240,
  })
  const { rows, notReached } = await ask('department', level1)
  expect(rows.map((r) => [r.name, r.counts.due, r.counts.reachedInTime])).toEqual([['骨科', 2, 0], ['心血管内科', 2, 1]]) // biome-ignore format: rows
  expect(notReached).toEqual([{ outcome: 'open', n: 1 }, { outcome: 'refused', n: 1 }]) // biome-ignore format: rows
  expect((await ask('class', level1)).rows.map((r) => [r.name, r.counts.due])).toEqual([[null, 2], ['军人', 2]]) // biome-ignore format: rows
  expect((await ask('nurse', level1)).rows.map((r) => [r.name, r.counts.done, r.counts.tries])).toEqual([[null, 0, 0], ['李秀英', 3, 5]]) // biome-ignore format: rows
  expect(never.id).toBeDefined()
  await holds()
})

test('each figure opens as many rows', async () => {
  for (const part of ['due', 'done', 'doneInTime', 'reached', 'reachedInTime', 'stopped'] as const) {
    const { rows } = await director.call(appraisalApi.appraised, { ...september, part, limit: 200 })
    expect(rows.length, part).toBe((await counts())[part])
  }
  const all = await ask('nurse')
  for (const part of ['tries', 'talks', 'measured'] as const) {
    const { rows } = await director.call(appraisalApi.efforts, { ...september, part, limit: 200 })
    expect(rows.length, part).toBe(all.total.counts[part])
  }
  for (const { outcome, n } of all.notReached)
    expect(
      (await director.call(appraisalApi.appraised, { ...september, part: 'notReached', outcome, limit: 200 })).rows.length,
      outcome,
    ).toBe(n)
  for (const [by, filter] of [['department', 'departmentId'], ['ward', 'wardId'], ['nurse', 'nurseId'], ['class', 'identityClass'], ['level', 'level']] as const)
    for (const { key, counts } of (await ask(by)).rows) {
      const { rows } = await director.call(appraisalApi.appraised, { ...september, [filter]: key, limit: 200 })
      expect(rows.length, `${by} ${key}`).toBe(counts.due)
    } // biome-ignore format: a list
})

test('level 1 stands against the target of its department, other levels against none', async () => {
  expect((await ask('level')).rows.filter((r) => r.band).map((r) => [r.key, r.band, r.standing])).toEqual([
    ['department', { low: 60, high: 80 }, 'below'],
  ])
  expect((await ask('department', { level: 'centre' })).total).toMatchObject({ band: null, standing: null })
  const rule = { samplePercent: null, coverageLow: 50, coverageHigh: 80, spotPercent: null }
  await office.call(levelsApi.saveLevelRule, { departmentId: units.cardiology, rule })

  const { rows } = await ask('department', level1)

  expect(rows.map((r) => [r.name, r.band?.low, r.standing])).toEqual([['骨科', 60, 'below'], ['心血管内科', 50, 'within']]) // biome-ignore format: rows
})

test('a visit that is put right counts for what it is now, one that was cancelled for nothing', async () => {
  const [before] = [await counts(level1)]
  const stay = await goHome('02', 'heart', { identityClass: '地方' })
  await house.settle()
  expect((await counts(level1)).due).toBe(before.due + 1)

  await tell([{ ...stay.facts, identityClass: '军人', sourceAt: stay.later(1) }])
  await house.settle()
  expect((await ask('class', level1)).rows.find((r) => r.name === '军人')?.counts.due).toBe(3)
  await holds()
  await tell([{ ...stay.facts, event: 'cancelDischarge', sourceAt: stay.later(2) }])
  await house.settle()

  expect(await counts(level1)).toMatchObject({ due: before.due, stopped: before.stopped + 1 })
  await holds()
})

test('a period that runs is compared with as many days of the one before; a quarter is the sum of its months', async () => {
  const old = await goHome('08-03', 'bones') // its week was over on the 10th of August
  await house.settle()
  const { period, total } = await ask('department', level1)
  expect(period).toMatchObject({
    days: { from: '2026-09-01', to: '2026-09-30' },
    before: { from: '2026-08-01', to: '2026-08-09' },
    isPartial: true,
  })
  expect(total.before.due).toBe(0)

  await nextDay('12')
  expect((await ask('department', level1)).total.before.due).toBe(1)
  const { rows } = await director.call(appraisalApi.appraised, { ...september, ...level1, time: 'before' })
  expect(rows.map((r) => r.patientId)).toEqual([old.patientId])
  const quarter = await ask('ward', { ...level1, span: 'quarter' })
  expect(quarter.period).toMatchObject({ fromMonth: '2026-07', toMonth: '2026-09', yearAgo: { from: '2025-07-01', to: '2025-09-11' } })
  expect(quarter.total.counts.due).toBe((await counts(level1)).due + 1)
  expect((await director.call(appraisalApi.appraisal, { span: 'year', by: 'ward', ...level1 })).period.fromMonth).toBe('2025-01') // the last that is over
})

test('a department sees its own', async () => {
  const head = house.who({ 'analytics.read': 'department' }, { departments: [units.orthopaedics] })
  const { rows } = await head.call(appraisalApi.appraisal, { ...september, by: 'department' })
  expect(rows.map((r) => r.name)).toEqual(['骨科'])
  const tasks = await head.call(appraisalApi.appraised, { ...september, limit: 200 })
  expect(new Set(tasks.rows.map((r) => r.departmentName))).toEqual(new Set(['骨科']))
})

test('what level 2 urged is told of the period from the next day on, by department and with its rows; of another level it is not', async () => {
  const supervisor = house.who('followups.supervise', 'followups.read')
  const task = await taskOf((await goHome('10', 'bones')).encounterId)
  await supervisor.call(supervisionApi.urge, { ids: [task.id] })
  expect((await ask()).levelTwo).toEqual([])

  await nextDay('13')
  await call(task, 'noAnswer')

  expect((await ask()).levelTwo).toMatchObject([{ departmentName: '骨科', urges: 1, called: 1, spots: 0 }])
  expect((await ask('department', { departmentId: units.cardiology })).levelTwo).toEqual([])
  expect((await ask('department', level1)).levelTwo).toEqual([])
  const days = { from: '2026-09-01', to: '2026-09-12' }
  const { rows } = await director.call(appraisalApi.appraisedUrges, { ...days, part: 'called' })
  expect(rows).toMatchObject([{ taskId: task.id, answer: 'tried' }])
  expect((await director.call(appraisalApi.appraisedUrges, { from: '2026-09-13' })).rows).toEqual([])
  expect((await director.call(appraisalApi.appraisedSpots, days)).rows).toEqual([])
})

test('the workbook has the same figures, with what each means', async () => {
  const file = (await director.call(appraisalApi.exportAppraisal, { ...september, reason: '月度考核' })) as unknown as {
    body: Buffer
  } // a file's handler answers so
  const { sheets } = await readXlsx(new Uint8Array(file.body))
  const total: AppraisalCounts = await counts()

  const [summary] = sheets
  const byDepartment = sheets.find((s) => s.name === '按科室')
  expect(summary?.rows.find((r) => r[0] === '应随访')?.[1]).toBe(String(total.due))
  const last = byDepartment?.rows.at(-1)
  expect(last?.slice(0, 4)).toEqual(['合计', total.due, total.done, total.done / total.due])
  expect(sheets.map((s) => s.name)).toEqual(expect.arrayContaining(['按级别', '按病区', '按人员', '按身份', '未联系到的原因', '二级督导']))
})
