import { newId } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { bandOf, followupsApi, levelsApi, reviewsApi, supervisionApi } from '../../contract.ts'
import { openWard } from '../ward.fixture.ts'

const { house, departmentId, nurse, newPatient, goHome, taskOf, tasksOf } = await openWard('2026-08-20T09:00+08:00')
const own = { departments: [departmentId] }
const supervisor = house.who({ 'followups.supervise': 'department', 'followups.read': 'department' }, { ...own, name: '李主任' })
const head = house.who({ 'followups.head': 'department', 'followups.read': 'department' }, { ...own, name: '王院长' })
const otherHead = house.who(
  { 'followups.head': 'department', 'followups.read': 'department', 'followups.supervise': 'department' },
  { departments: [newId()] },
)
const li = house.who({ 'followups.work': 'ward', 'followups.read': 'ward' }, { id: nurse.id, name: '李秀英' })
const centre = house.who('followups.draws', 'followups.sample')
const september = async () => (await supervisor.call(supervisionApi.coverage, { month: '2026-09' })).rows[0]
const noticesOf = async (who: typeof li) => who.call(supervisionApi.urgeNotices, {})

/** Gone home on the fifth; his week is over with the twelfth. */
async function homeOnFifth() {
  house.setNow('2026-09-01T09:00+08:00')
  const id = await newPatient()
  await goHome(id)
  return { patientId: id, taskId: (await taskOf(id, 'department7d')).id }
}
const reach = async (taskId: string) => {
  const { contacts, questionnaire } = await li.call(followupsApi.task, { id: taskId })
  await house.sql('update followups.steps set questionnaire_id = null')
  await li.call(followupsApi.complete, { id: taskId, attemptId: newId(), outcome: 'reached', note: '', response: null })
  return { contacts, questionnaire }
}

const [inTime, late, silent, taken] = [await homeOnFifth(), await homeOnFifth(), await homeOnFifth(), await homeOnFifth()]

test('of those whose week is over it is counted who was reached in it, who later and who not, against the band of the department', async () => {
  house.setNow('2026-09-12T10:00+08:00')
  await reach(inTime.taskId)
  expect(await september()).toMatchObject({ due: 0, running: 4 })
  house.setNow('2026-09-13T10:00+08:00')
  await reach(late.taskId)

  const row = await september()
  expect(row).toMatchObject({ departmentName: '心血管内科', due: 4, inTime: 1, late: 1, missed: 2, running: 0, low: 60, high: 80 })
  expect(row && bandOf(row)).toBe('below')
  await centre.call(levelsApi.saveLevelRule, {
    departmentId,
    rule: { samplePercent: null, coverageLow: 25, coverageHigh: 40, spotPercent: 100 },
  })
  const changed = await september()
  expect(changed && bandOf(changed)).toBe('within')
})

test('the band is met from its lower edge on, and of nobody there is no share', () => {
  const at = (inTime: number, due = 10) => bandOf({ due, inTime, low: 60, high: 80 })
  expect([at(5), at(6), at(8), at(9), at(0, 0)]).toEqual(['below', 'within', 'within', 'above', null])
})

test('the supervisor sees who has not called within a week, and not those of another department', async () => {
  const { rows: owners } = await supervisor.call(supervisionApi.owners, {})
  expect(owners).toEqual([
    expect.objectContaining({ ownerId: nurse.id, ownerName: '李秀英', tasks: 2, neverTried: 2, longestDays: 8, urged: 0 }),
  ])
  const { rows } = await supervisor.call(supervisionApi.uncalled, { ownerId: nurse.id })
  expect(rows.map((r) => r.id).toSorted()).toEqual([silent.taskId, taken.taskId].toSorted())
  expect(rows[0]).toMatchObject({ dischargedOn: '2026-09-05', daysSince: 8, ownerName: '李秀英', tries: 0, urge: null })
  expect((await otherHead.call(supervisionApi.uncalled, {})).rows).toEqual([])
  expect((await otherHead.call(supervisionApi.coverage, { month: '2026-09' })).rows).toEqual([])
})

test('an urge reaches the owner and stands in the task; one that waits is not sent again', async () => {
  const sent = await supervisor.call(supervisionApi.urge, { ids: [silent.taskId, taken.taskId], note: '请今天完成' })

  expect(sent).toMatchObject({ already: 0 })
  expect(sent.rows).toHaveLength(2)
  expect(await noticesOf(li)).toEqual({ toMe: 2, lastByName: '李主任', escalated: 0 })
  expect((await li.call(supervisionApi.urges, {})).rows[0]).toMatchObject({ note: '请今天完成', urgedByName: '李主任', state: 'waiting' })
  expect((await li.call(supervisionApi.urgesOfTask, { id: silent.taskId })).rows).toHaveLength(1)
  expect(await supervisor.call(supervisionApi.urge, { ids: [silent.taskId, taken.taskId] })).toMatchObject({ rows: [], already: 2 })
  const both = await Promise.all([1, 2].map(() => supervisor.call(supervisionApi.urge, { ids: [silent.taskId] })))
  expect(both.map((b) => b.already)).toEqual([1, 1])
  await expect(otherHead.call(supervisionApi.urge, { ids: [silent.taskId] })).rejects.toMatchObject({ code: 'followups.nothingToUrge' })
})

test('that it was read answers nothing; a try does, whether it reached him or not', async () => {
  const { rows } = await li.call(supervisionApi.urges, {})
  await li.call(supervisionApi.seeUrges, { ids: rows.map((r) => r.id) })
  expect((await li.call(supervisionApi.urges, {})).rows.map((r) => r.state)).toEqual(['seen', 'seen'])

  house.advance({ minutes: 30 })
  await li.call(followupsApi.recordOutcome, { id: taken.taskId, attemptId: newId(), outcome: 'noAnswer' })

  expect(await noticesOf(li)).toMatchObject({ toMe: 1 })
  expect((await supervisor.call(supervisionApi.uncalled, {})).rows.find((r) => r.id === taken.taskId)?.urge).toMatchObject({
    state: 'answered',
  })
  expect(await supervisor.call(supervisionApi.urge, { ids: [taken.taskId] })).toMatchObject({ already: 0 }) // and he may be urged again
})

test('what nobody answered within the set time goes to the head of that department alone, and stays with the owner', async () => {
  house.advance({ hours: 23 })
  await house.tick('followups.urges')
  expect(await noticesOf(head)).toMatchObject({ escalated: 0 })

  house.advance({ minutes: 45 })
  await house.tick('followups.urges')

  expect(await noticesOf(head)).toMatchObject({ escalated: 1, toMe: 0 })
  expect(await noticesOf(otherHead)).toMatchObject({ escalated: 0 })
  expect((await head.call(supervisionApi.urges, { list: 'escalated' })).rows).toEqual([
    expect.objectContaining({ taskId: silent.taskId, state: 'escalated', seenByName: '李秀英' }),
  ])
  expect(await noticesOf(li)).toMatchObject({ toMe: 2 })
})

test('closed, an urge is answered, and the history says who urged whom, when, and what became of it', async () => {
  await reach(silent.taskId)
  await house.tick('followups.urges')

  expect(await noticesOf(head)).toMatchObject({ escalated: 0 })
  const { rows } = await supervisor.call(supervisionApi.urgeHistory, {})
  expect(rows.map((r) => [r.toName, r.urgedByName, r.state, r.answer])).toEqual([
    ['李秀英', '李主任', 'waiting', null],
    ['李秀英', '李主任', 'answered', 'tried'],
    ['李秀英', '李主任', 'answered', 'tried'],
  ])
  expect(rows.find((r) => r.taskId === silent.taskId)).toMatchObject({ escalatedAt: expect.any(String), answeredAt: expect.any(String) })
  expect((await otherHead.call(supervisionApi.urgeHistory, {})).rows).toEqual([])
})

test('a task that nobody has is asked for of everybody who may take it', async () => {
  const [task] = (await tasksOf(taken.patientId)).filter((t) => t.key === 'department7d')
  await li.call(followupsApi.release, { ids: [task?.id ?? ''] })
  const colleague = house.who({ 'followups.work': 'ward', 'followups.read': 'ward' }, { wards: [task?.pool_id ?? ''], name: '陈静' })

  expect(await noticesOf(colleague)).toMatchObject({ toMe: 1, lastByName: '李主任' })
  expect((await supervisor.call(supervisionApi.uncalled, { ownerId: 'nobody' })).rows.map((r) => r.ownerName)).toEqual([null])
  expect((await supervisor.call(supervisionApi.owners, {})).rows).toEqual([expect.objectContaining({ ownerId: null, tasks: 1, urged: 1 })])
})

test('the supervisor looks into a sample of the week, within two weeks, and sees what level 1 did', async () => {
  await house.tick('followups.draw')

  const { rows } = await supervisor.call(supervisionApi.spots, {})
  const of = (patientId: string) => rows.find((r) => r.patientId === patientId)
  expect(rows).toHaveLength(4) // of this department all are looked into
  expect(of(inTime.patientId)).toMatchObject({ call: 'inTime', callerName: '李秀英', checkBy: '2026-09-19', seconds: 0 })
  expect(of(late.patientId)).toMatchObject({ call: 'late' })
  expect(of(taken.patientId)).toMatchObject({ call: 'tried', tries: 1, callerName: null })
  expect((await otherHead.call(supervisionApi.spots, {})).rows).toEqual([])
  expect(await house.sql(`select 1 from followups.draws where level = 'supervisor' and programme_id is not null`)).toEqual([])
})

test('what level 2 did is counted by department: urges and those that a call answered, spot checks and those within two weeks; each opens as many rows', async () => {
  house.setNow('2026-09-16T09:00+08:00')
  await supervisor.call(reviewsApi.acceptTask, { id: inTime.taskId })
  const days = { from: '2026-09-01', to: '2026-09-30' }
  const count = async (part: 'urges' | 'called') => (await supervisor.call(supervisionApi.urgeHistory, { ...days, part })).rows.length
  const spots = async (part: 'spots' | 'checked' | 'unchecked') => (await supervisor.call(supervisionApi.spots, { ...days, part })).rows
  expect((await supervisor.call(supervisionApi.levelTwo, days)).rows).toEqual([
    { departmentId, departmentName: '心血管内科', urges: 3, called: 2, spots: 0, checked: 0 }, // until the 19th there is time
  ])

  house.setNow('2026-09-20T09:00+08:00')
  await supervisor.call(reviewsApi.acceptTask, { id: late.taskId })

  expect((await supervisor.call(supervisionApi.levelTwo, days)).rows).toMatchObject([{ urges: 3, called: 2, spots: 4, checked: 3 }])
  expect([await count('urges'), await count('called')]).toEqual([3, 2])
  expect([(await spots('spots')).length, (await spots('checked')).length]).toEqual([4, 3])
  expect(await spots('unchecked')).toMatchObject([
    { patientId: late.patientId, checked: { byName: '李主任', how: 'reviewed', isInTime: false } },
  ])
  expect((await spots('checked')).find((s) => s.patientId === silent.patientId)?.checked).toMatchObject({ how: 'urged', isInTime: true })
  const october = { from: '2026-10-01', to: '2026-10-31' }
  expect((await supervisor.call(supervisionApi.levelTwo, october)).rows).toEqual([])
  expect((await otherHead.call(supervisionApi.levelTwo, days)).rows).toEqual([])
})
