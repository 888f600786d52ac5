import { addDays, addMonths, newId } from '@renxin/kernel'
import { privacyApi } from '@renxin/patients/contract'
import type { Context } from '@renxin/server'
import { expect, test } from 'vitest'
import { CohortFilter, cohortsApi, programmesApi, visitStates } from '../../contract.ts'
import { listMembers } from './figures.ts'
import { previewCohort } from './filter.ts'
import { openStudy } from './study.fixture.ts'

const study = await openStudy()
const { house, researcher, caller, doctor, discharged, body, filter, visit, frozen, taskAt, answer } = study
const people = {
  wang: await discharged('王芳'),
  li: await discharged('李强'),
  zhao: await discharged('赵敏'),
  sun: await discharged('孙丽'),
  other: await discharged('周伟', 'J18.9'),
}
const preview = (said: object) => researcher.call(cohortsApi.cohortPreview, { what: JSON.stringify(said) })
const noon = (day: string) => house.setNow(`${day}T12:00+08:00`)

test('the count and the list are of whom the filter takes, each patient once, and by operation too', async () => {
  noon('2026-02-01')
  const again = await study.stayOf(people.wang.patientId, {
    diagnoses: [{ type: 'final', rank: 1, code: 'I21.4', name: '急性心肌梗死', system: 'ICD-10' }],
  })
  house.setNow('2026-01-20T09:00+08:00')
  await again.admit()
  house.setNow('2026-01-25T09:00+08:00')
  await again.home()
  await house.settle()
  noon('2026-02-01')
  await house.sql(
    `insert into encounters.procedures (hospital_id, id, source, number, patient_id, said_patient_id, visit_number, status, code, name, happened_at, changed_at, said_at)
     select c.hospital_id, gen_random_uuid(), 'HIS', 'OP1', c.patient_id, c.patient_id, c.number, 'current', '36.0600', '支架植入', now(), now(), '{}' from encounters.encounters c where c.id = $1`,
    [people.li.encounterId],
  )

  expect(await preview(filter())).toEqual({ all: 6, matching: 5, members: 4 })
  expect(await preview(filter({ operations: ['36.06'] }))).toMatchObject({ matching: 1, members: 1 })
  expect(await preview(filter({ diagnosesIn: 'any', diagnoses: ['J18'] }))).toMatchObject({ members: 1 })
  const { rows } = await researcher.call(cohortsApi.cohortWhom, { what: JSON.stringify(filter()) })
  expect(rows.map((r) => r.encounterId).toSorted()).toEqual(
    [people.wang, people.li, people.zhao, people.sun].map((p) => p.encounterId).toSorted(),
  )
  expect(rows.find((r) => r.patientId === people.li.patientId)).toMatchObject({
    diagnosis: { code: 'I21.0' },
    operation: { code: '36.0600' },
  })
  expect(rows.every((r) => !['王芳', '李强'].includes(r.patientName))).toBe(true) // a researcher is shown no whole names
})

test('what is frozen stays: no member more, no other filter, no visit changed, in the database itself', async () => {
  noon('2026-02-01')
  const { id, members, frozenByName, programmeId, filter: kept } = await frozen('心梗研究')

  expect({ members, frozenByName, from: kept.from }).toEqual({ members: 4, frozenByName: '钱研究', from: '2026-01-01' })
  const refused = async (statement: string, values: unknown[]) =>
    expect(house.sql(statement, values), statement).rejects.toThrow(/frozen|planned|permission denied/)
  await refused('insert into followups.cohort_members (cohort_id, encounter_id, number, discharged_on) values ($1, $2, 99, current_date)', [
    id,
    people.other.encounterId,
  ])
  await refused(`update followups.cohorts set filter = '{}' where id = $1`, [id])
  await refused('update followups.cohorts set members = 5 where id = $1', [id])
  await refused(`update followups.cohorts set frozen_at = now() where id = $1`, [id])
  await refused('update followups.cohort_members set number = 7 where cohort_id = $1', [id])
  await refused('delete from followups.cohort_members where cohort_id = $1', [id])
  await refused('update followups.cohort_visits set after = 9 where cohort_id = $1', [id])
  await refused('delete from followups.cohorts where id = $1', [id])
  await expect(researcher.call(cohortsApi.saveCohort, { id, revision: 2, body: body('别的') })).rejects.toMatchObject({
    code: 'followups.cohortFrozen',
  })
  await expect(researcher.call(cohortsApi.discardCohort, { id })).rejects.toMatchObject({ code: 'followups.cohortFrozen' })
  const settings = house.who('followups.programmes')
  expect((await settings.call(programmesApi.programmes, {})).rows.map((p) => p.id)).not.toContain(programmeId)
  await expect(settings.call(programmesApi.programme, { id: programmeId ?? '' })).rejects.toMatchObject({
    code: 'followups.programmeNotFound',
  })
})

test('of one who freezes and one who adds a member at once, one waits for the other, and the member who came too late is refused', async () => {
  const id = newId()
  await researcher.call(cohortsApi.saveCohort, { id, revision: 0, body: body('争抢') })
  const outcomes = await Promise.allSettled([
    researcher.call(cohortsApi.freezeCohort, { id, revision: 1, members: 4 }),
    researcher.call(cohortsApi.freezeCohort, { id, revision: 1, members: 4 }),
    house.sql('insert into followups.cohort_members (cohort_id, encounter_id, number, discharged_on) values ($1, $2, 99, current_date)', [
      id,
      people.other.encounterId,
    ]),
  ])

  const [{ members = 0 } = {}] = await house.sql<{ members: number | null }>('select members from followups.cohorts where id = $1', [id])
  const [{ n } = { n: 0 }] = await house.sql<{ n: number }>(
    'select count(*)::int as n from followups.cohort_members where cohort_id = $1',
    [id],
  )
  expect(outcomes.filter((o) => o.status === 'fulfilled').length).toBeLessThanOrEqual(2)
  expect(n).toBe(members ?? 1) // frozen, it has as many as it says; else only the one who was added
})

test('nothing is frozen that is not what was shown, has nobody, or whose period is not over', async () => {
  const write = async (name: string, more = {}) => {
    const id = newId()
    await researcher.call(cohortsApi.saveCohort, { id, revision: 0, body: body(name, more) })
    return (members: number) => researcher.call(cohortsApi.freezeCohort, { id, revision: 1, members })
  }

  await expect((await write('甲'))(3)).rejects.toMatchObject({ code: 'followups.cohortCountMoved', was: 3, is: 4 })
  await expect((await write('乙', { filter: filter({ diagnoses: ['C50'] }) }))(0)).rejects.toMatchObject({ code: 'followups.cohortEmpty' })
  await expect((await write('丙', { filter: filter({ to: '2026-12-31' }) }))(4)).rejects.toMatchObject({
    code: 'followups.cohortPeriodOpen',
  })
  await expect(researcher.call(cohortsApi.saveCohort, { id: newId(), revision: 0, body: body('甲') })).rejects.toMatchObject({
    code: 'followups.cohortNameTaken',
  })
})

test('each visit is a task of the centre, of the attending doctor, or of both, from its first day to its last; what was over is not asked', async () => {
  noon('2026-05-01') // three months after the fifth of January, and two weeks, are over
  const { id, programmeId } = await frozen('排期', { visits: [visit('3 个月', 3, 'both'), visit('6 个月', 6, 'both')] })

  expect(await taskAt(programmeId, people.li.encounterId, 1)).toBe(undefined)
  const [ofCentre, ofDoctor] = [await taskAt(programmeId, people.li.encounterId, 3), await taskAt(programmeId, people.li.encounterId, 4)]
  expect(ofCentre?.due_from).toEqual(new Date('2026-06-21T00:00+08:00'))
  expect(ofCentre?.due_by).toEqual(new Date('2026-07-19T23:59:59+08:00'))
  expect([ofCentre?.pool_id, ofDoctor?.pool_id]).toEqual(['00000000-0000-0000-0000-000000000000', study.departmentId])
  const { rows } = await researcher.call(cohortsApi.cohortVisits, { id })
  expect(rows.map((r) => [r.position, r.side, r.counts.notAsked, r.counts.upcoming])).toEqual([[1, 'centre', 4, 0], [1, 'doctor', 4, 0], [2, 'centre', 0, 4], [2, 'doctor', 0, 4]]) // biome-ignore format: a table
  const { revision } = await researcher.call(cohortsApi.cohort, { id })
  await researcher.call(cohortsApi.addVisits, { id, revision, visits: [{ ...visit('一年', 12), who: 'doctor' }] })
  expect(await taskAt(programmeId, people.li.encounterId, 6)).toMatchObject({ status: 'todo' })
  await researcher.call(cohortsApi.closeCohort, { id })
  expect(await taskAt(programmeId, people.li.encounterId, 6)).toMatchObject({ close_reason: 'studyOver' })
})

test('members whose tasks are not made with the freezing have them by the clock, each once, wherever it was cut off', async () => {
  noon('2026-02-01')
  const { id, programmeId } = await frozen('按时钟')
  const count = async () =>
    (await house.sql<{ n: number }>('select count(*)::int as n from followups.tasks where programme_id = $1', [programmeId]))[0]?.n
  expect(await count()).toBe(12)

  await house.sql('update followups.cohorts set planned = 1 where id = $1', [id])
  await house.tick('followups.planCohorts')

  expect(await count()).toBe(12)
  expect(await researcher.call(cohortsApi.cohort, { id })).toMatchObject({ planned: 4 })
})

test('what became of each visit is what its rows say, and each figure opens as many rows', async () => {
  noon('2026-02-01')
  const { id, programmeId } = await frozen('缺失')
  noon('2026-04-05')
  const at = async (who: { encounterId: string }, step = 1) => (await taskAt(programmeId, who.encounterId, step))?.id ?? ''
  await answer(caller, await at(people.wang), { pain: ['bad'], relief: [true], weight: [60.5], words: ['好多了'] })
  await answer(doctor, await at(people.wang, 2), { pain: ['some'] })
  await researcher.call(cohortsApi.setMember, {
    id,
    encounterId: people.li.encounterId,
    status: 'withdrawn',
    leftOn: '2026-04-01',
    note: '家属来电',
  })
  noon('2026-04-25')
  await answer(caller, await at(people.sun), { pain: ['none'], weight: [70] }) // after its last day
  await house.sql(`update patients.patients set deceased_at = '2026-04-10T00:00+08:00' where id = $1`, [people.zhao.patientId])

  const { rows } = await researcher.call(cohortsApi.cohortVisits, { id })
  const [centre, doctors, later] = rows.map((r) => Object.fromEntries(Object.entries(r.counts).filter(([, n]) => n > 0)))
  expect(centre).toEqual({ inWindow: 1, outOfWindow: 1, withdrawn: 1, dead: 1 })
  expect(doctors).toEqual({ inWindow: 1, missing: 1, withdrawn: 1, dead: 1 })
  expect(later).toEqual({ upcoming: 2, withdrawn: 1, dead: 1 })
  expect(rows.map((r) => [r.due, r.done])).toEqual([[4, 2], [4, 1], [0, 0]]) // biome-ignore format: a table
  for (const { position, side, counts, due, done } of rows)
    for (const [state, n] of Object.entries({ ...counts, due, done }).filter(([, n]) => n > 0)) {
      const behind = await researcher.call(cohortsApi.cohortMembers, {
        id,
        position,
        side,
        state: state as keyof typeof counts | 'due' | 'done',
      }) // its own keys
      expect([position, side, state, behind.rows.length]).toEqual([position, side, state, n])
    }
  expect(rows.map((r) => [r.position, r.side, r.counts])).toEqual(await slowlyCounted(id))
  const items = await researcher.call(cohortsApi.cohortItems, { id, position: 1, side: 'centre' })
  expect(items.done).toBe(2)
  expect(items.rows.map((r) => [r.linkId, r.asked, r.missing, r.mean])).toEqual([['pain', 2, 0, 2], ['relief', 1, 0, null], ['weight', 2, 0, 65.25], ['signs', 2, 2, null], ['back', 2, 2, null], ['words', 2, 1, null]]) // biome-ignore format: a table
  const without = await researcher.call(cohortsApi.cohortMembers, { id, position: 1, side: 'centre', missing: 'words' })
  expect(without.rows.map((r) => r.encounterId)).toEqual([people.sun.encounterId])
})

/** The same figures by another way: row by row, from what the tables hold. */
async function slowlyCounted(id: string) {
  type Row = { position: number; who: string; after: number; discharged: string; left_as: string; left_on: string | null; died: string | null; tasks: { step: number; status: string; outcome: string | null; response_id: string | null; closed_on: string | null }[] } // biome-ignore format: a table
  const raw = await house.sql<Row>(
    `select v.position, v.who, v.after, m.discharged_on::text as discharged, m.status as left_as, m.left_on::text, to_char(p.deceased_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as died,
            (select jsonb_agg(t) from followups.tasks t where t.encounter_id = m.encounter_id and t.programme_id = h.programme_id) as tasks
       from followups.cohorts h join followups.cohort_members m on m.cohort_id = h.id join followups.cohort_visits v on v.cohort_id = h.id
       join encounters.encounters c on c.id = m.encounter_id join patients.patients p on p.id = c.patient_id where h.id = $1`,
    [id],
  )
  const today = '2026-04-25'
  const told = raw.flatMap((r) =>
    (['centre', 'doctor'] as const).flatMap((side, at) => {
      if (r.who !== 'both' && r.who !== side) return []
      const task = r.tasks.find((t) => t.step === r.position * 2 - 1 + at)
      const day = addMonths(r.discharged, r.after)
      const [opens, closes] = [addDays(day, -14), addDays(day, 14)]
      const isDone = task?.status === 'done' && task.response_id !== null
      const done =
        isDone && (task.closed_on ?? '') >= opens && (task.closed_on ?? '') <= closes ? 'inWindow' : isDone ? 'outOfWindow' : null
      const gone = r.died && r.died <= closes ? 'dead' : r.left_on && r.left_on <= closes ? r.left_as : null
      return [{ key: `${r.position} ${side}`, state: done ?? gone ?? (closes < today ? 'missing' : opens <= today ? 'open' : 'upcoming') }]
    }),
  )
  return [...Map.groupBy(told, (x) => x.key)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, of]) => {
      const [position, side] = key.split(' ')
      return [Number(position), side, Object.fromEntries(visitStates.map((s) => [s, of.filter((x) => x.state === s).length]))]
    })
}

test('whoever withdraws stays a member and is rung no more; taken back, his tasks come back', async () => {
  noon('2026-02-01')
  const { id, programmeId } = await frozen('退出')
  const { encounterId } = people.sun
  const set = (status: 'active' | 'withdrawn' | 'lost', leftOn: string | null = null) =>
    researcher.call(cohortsApi.setMember, { id, encounterId, status, leftOn })

  expect(await set('lost')).toMatchObject({ status: 'lost', leftOn: '2026-02-01' })
  expect(await taskAt(programmeId, encounterId, 1)).toMatchObject({ status: 'cancelled', close_reason: 'leftStudy' })
  expect(await researcher.call(cohortsApi.cohort, { id })).toMatchObject({ members: 4, standing: { lost: 1 } })
  expect((await researcher.call(cohortsApi.cohortMembers, { id, status: 'lost' })).rows.map((r) => r.encounterId)).toEqual([encounterId])
  await set('active')
  expect(await taskAt(programmeId, encounterId, 1)).toMatchObject({ status: 'todo', close_reason: null })
  await expect(set('withdrawn', '2026-01-01')).rejects.toMatchObject({ code: 'followups.cohortMemberDay' })
})

test('a researcher of one department chooses, opens and counts nobody of another, and nobody who is kept from him', async () => {
  noon('2026-02-01')
  const { id } = await frozen('范围')
  const department = (departmentId: string) =>
    house.who({ 'followups.cohorts': 'department', 'encounters.read': 'department' }, { departments: [departmentId] })
  const [own, other] = [department(study.departmentId), department(newId())]
  const ofOwn = filter({ departmentIds: [study.departmentId] })

  await expect(other.call(cohortsApi.cohort, { id })).rejects.toMatchObject({ code: 'followups.cohortNotFound' })
  await expect(own.call(cohortsApi.saveCohort, { id: newId(), revision: 0, body: body('越界') })).rejects.toMatchObject({
    code: 'followups.notYourDepartment',
  })
  expect(await other.call(cohortsApi.cohortPreview, { what: JSON.stringify(filter()) })).toEqual({ all: 0, matching: 0, members: 0 })
  expect(await own.call(cohortsApi.cohortPreview, { what: JSON.stringify(ofOwn) })).toMatchObject({ members: 4 })
  const { id: theirs } = await frozen('本科', { filter: ofOwn })
  expect(await own.call(cohortsApi.cohort, { id: theirs })).toMatchObject({ seen: 4 })
  expect((await own.call(cohortsApi.cohorts, {})).rows.map((r) => r.id)).toEqual([theirs])

  const chief = house.who('patients.read', 'patients.classify', 'patients.seeVip', 'followups.cohorts')
  await chief.call(privacyApi.classify, { patientId: people.sun.patientId, class: 'vip', reason: '院办通知' })
  expect(await researcher.call(cohortsApi.cohort, { id: theirs })).toMatchObject({ members: 4, seen: 3 })
  expect((await researcher.call(cohortsApi.cohortMembers, { id: theirs })).rows.map((r) => r.patientId)).not.toContain(people.sun.patientId)
  expect((await researcher.call(cohortsApi.cohortVisits, { id: theirs })).rows[0]?.counts).toMatchObject({ upcoming: 2, dead: 1 })
  expect(await researcher.call(cohortsApi.cohortPreview, { what: JSON.stringify(ofOwn) })).toMatchObject({ members: 3 })
  expect(await chief.call(cohortsApi.cohort, { id: theirs })).toMatchObject({ seen: 4 })
})

test('from whom diagnoses are kept, a study that was chosen by one is closed: whoever is in it has it', async () => {
  const { rows } = await researcher.call(cohortsApi.cohorts, {})
  const id = rows.find((r) => r.name === '范围')?.id ?? ''
  const unknowing = <T>(ask: (ctx: Context) => Promise<T>) =>
    house.inside((ctx) => ask({ ...ctx, actor: { ...ctx.actor, hidden: new Set(['diagnosis']) } }))

  await expect(unknowing((ctx) => listMembers(ctx, { id, limit: 50 }))).rejects.toMatchObject({ code: 'house.forbidden' })
  await expect(unknowing((ctx) => previewCohort(ctx, { what: CohortFilter.parse(filter()) }))).rejects.toMatchObject({
    code: 'house.forbidden',
  })
})
