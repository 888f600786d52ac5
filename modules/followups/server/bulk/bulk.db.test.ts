import { createUser } from '@renxin/access'
import { newId } from '@renxin/kernel'
import { beforeEach, describe, expect, test } from 'vitest'
import { bulkApi, followupsApi } from '../../contract.ts'
import { workCutOff } from '../cut-off.fixture.ts'
import { openWard } from '../ward.fixture.ts'
import { beginBulk } from './begin.ts'
import { stepBulk } from './step.ts'

const { house, departmentId, goHome, newPatient } = await openWard('2026-09-04T09:00+08:00')
const account = (name: string, displayName: string) =>
  house.inside((ctx) => createUser(ctx, { name, displayName, password: 'Ward12345', roleKeys: [] }))
const [chen, lin] = [(await account('chenjing', '陈静')).id, (await account('linfang', '林芳')).id]
const chief = house.who('followups.assign', 'followups.read')
const nurse = house.who(
  { 'followups.work': 'hospital', 'followups.read': 'hospital', 'patients.names': 'hospital' },
  { id: chen, name: '陈静' },
)

const PEOPLE = 48
for (let i = 0; i < PEOPLE; i += 1) await goHome(await newPatient(`患者${i}`))
await house.settle()
house.setNow('2027-03-01T10:00+08:00')
const all = (await house.sql('select 1 from followups.tasks where is_open')).length

beforeEach(async () => {
  await house.sql(`delete from followups.bulk_tasks`)
  await house.sql(`delete from followups.bulks`)
  await house.sql(`delete from followups.attempts`)
  await house.sql(`update followups.tasks set assignee_id = null, assignee_name = null, claimed_at = null, status = 'todo' where is_open`)
})

const filter = { show: 'open' as const }
const begin = (id = newId(), more: object = {}) => chief.call(bulkApi.beginBulk, { id, filter, among: [chen, lin], ...more })
/** As the route does it, with a smaller first step. */
const slowly = async (id: string, first = 5) => {
  await house.inside((ctx) => beginBulk(ctx, { id, filter, among: [chen, lin] }, first))
  await house.sql(`update followups.bulks set started_by = $2 where id = $1`, [id, chief.id])
}
const standing = async (id: string) => (await chief.call(bulkApi.bulkAssignments, {})).rows.find((b) => b.id === id)
const finish = async () => {
  for (let i = 0; i < 500 && (await chief.call(bulkApi.bulkAssignments, {})).rows.some((b) => b.finishedAt === null); i += 1)
    await house.inside((ctx) => stepBulk(ctx, 7))
}
const held = async () => {
  const rows = await house.sql<{ assignee_id: string | null; n: number }>(
    'select assignee_id, count(*)::int as n from followups.tasks where is_open group by 1',
  )
  return Object.fromEntries(rows.map((r) => [r.assignee_id ?? 'nobody', r.n]))
}

describe('what the filter shows', () => {
  test('is counted, and given out to the last one, evenly by the load that each has', async () => {
    await house.sql(
      `update followups.tasks set assignee_id = $1, assignee_name = '陈静', claimed_at = now() where id in (select id from followups.tasks where is_open limit 20)`,
      [chen],
    )
    expect(await chief.call(bulkApi.bulkCount, { show: 'unclaimed' })).toEqual({ n: all - 20 })

    const id = newId()
    await begin(id, { filter: { show: 'unclaimed' } })
    await finish()

    expect(await standing(id)).toMatchObject({
      status: 'done',
      total: all - 20,
      given: all - 20,
      passed: 0,
      among: expect.arrayContaining(['陈静', '林芳']),
    })
    const { [chen]: chens = 0, [lin]: lins = 0 } = await held()
    expect([chens + lins, Math.abs(chens - lins) <= 1]).toEqual([all, true])
  })

  test('that nothing is in is not given out; nobody unknown gets anything; and sent twice it begins once', async () => {
    await expect(begin(newId(), { filter: { show: 'open', departmentId: newId() } })).rejects.toMatchObject({
      code: 'followups.bulkNothing',
    })
    await expect(begin(newId(), { among: [newId()] })).rejects.toMatchObject({ code: 'followups.workerUnknown' })
    const id = newId()
    await begin(id)
    await begin(id)

    expect((await chief.call(bulkApi.bulkAssignments, {})).rows).toHaveLength(1)
    expect(await house.sql('select 1 from followups.bulk_tasks')).toHaveLength(all)
  })

  test('of a department is that department’s; another’s is not in it', async () => {
    const head = house.who({ 'followups.assign': 'department' }, { departments: [departmentId] })
    const other = house.who({ 'followups.assign': 'department' }, { departments: [newId()] })

    expect(await head.call(bulkApi.bulkCount, filter)).toEqual({ n: all })
    expect(await other.call(bulkApi.bulkCount, filter)).toEqual({ n: 0 })
    await expect(other.call(bulkApi.beginBulk, { id: newId(), filter, among: [chen] })).rejects.toMatchObject({
      code: 'followups.bulkNothing',
    })
  })

  test('leaves alone who is on the telephone, and what was closed meanwhile', async () => {
    const id = newId()
    await slowly(id, 1)
    const [first, second] = await house.sql<{ task_id: string; patient_id: string }>(
      `select b.task_id, t.patient_id from followups.bulk_tasks b join followups.tasks t on t.id = b.task_id where b.bulk_id = $1 and b.state = 'waiting' order by place limit 2`,
      [id],
    )
    await house.sql(
      `insert into followups.attempts (id, task_id, patient_id, by_id, by_name, channel, started_at) values ($1, $2, $3, $1, 'x', 'phone', now())`,
      [newId(), first?.task_id, first?.patient_id],
    )
    await chief.call(followupsApi.cancel, { ids: [second?.task_id ?? ''], note: '家属要求' })
    await finish()

    expect(await standing(id)).toMatchObject({ status: 'done', given: all - 2, passed: 2 })
    await house.sql(
      `update followups.tasks set status = 'todo', close_reason = null, close_note = null, closed_at = null, closed_on = null, closed_by = null where id = $1`,
      [second?.task_id],
    )
  })
})

test('cut off at any moment, between two steps or in the middle of one, no task is missing or given twice', async () => {
  const id = newId()
  await slowly(id)
  const isRunning = async () => (await standing(id))?.status === 'running'
  const cut = await workCutOff(house, { step: (ctx) => stepBulk(ctx, 5), isRunning, stepMs: 25 })

  expect(cut).toBeGreaterThan(0)
  expect(await standing(id)).toMatchObject({ total: all, given: all, passed: 0 })
  expect(
    await house.sql(
      `select 1 from followups.bulk_tasks b join followups.tasks t on t.id = b.task_id where b.state = 'given' and t.assignee_id = b.to_id`,
    ),
  ).toHaveLength(all)
}, 60_000)

test('two who step at once do each a part of it once', async () => {
  const id = newId()
  await slowly(id)
  for (let i = 0; (await standing(id))?.status === 'running' && i < 200; i += 1)
    await Promise.all([1, 2, 3].map(() => house.inside((ctx) => stepBulk(ctx, 9))))

  expect(await standing(id)).toMatchObject({ given: all, passed: 0 })
})

describe('undone within a day', () => {
  test('everything is as it was before, save what somebody has begun or has been given since', async () => {
    await house.sql(
      `update followups.tasks set assignee_id = $1, assignee_name = '林芳', claimed_at = '2027-02-28T10:00+08:00', status = 'inProgress' where id in (select id from followups.tasks where is_open order by due_by, id limit 3)`,
      [lin],
    )
    const id = newId()
    await begin(id)
    await finish()
    house.advance({ hours: 2 })
    const mine = await house.sql<{ id: string }>(
      `select id from followups.tasks where is_open and assignee_id = $1 order by due_by desc, id limit 3`,
      [chen],
    )
    const [tried, drafted, regiven] = mine.map((t) => t.id)
    await nurse.call(followupsApi.recordOutcome, { id: tried ?? '', attemptId: newId(), outcome: 'noAnswer' })
    await nurse.call(followupsApi.saveDraft, { id: drafted ?? '', revision: 0, versionId: null, answers: {}, note: '在问' })
    await chief.call(followupsApi.assign, { ids: [regiven ?? ''], among: [lin] })

    await chief.call(bulkApi.undoBulk, { id })
    await finish()

    expect(await standing(id)).toMatchObject({ status: 'undone', undone: all - 3, kept: 3, undoUntil: null })
    expect(await house.sql('select id from followups.tasks where assignee_id = $1 and is_open order by id', [chen])).toEqual(
      [tried, drafted].toSorted().map((one) => ({ id: one })),
    )
    const lins = await house.sql<{ id: string; status: string }>(
      'select id, status from followups.tasks where assignee_id = $1 and is_open',
      [lin],
    )
    expect(lins.map((t) => t.status).sort()).toEqual(['inProgress', 'inProgress', 'inProgress', 'todo'])
    expect((await held()).nobody).toBe(all - 6)
  })

  test('while it runs, what was not given out yet stays as it is', async () => {
    const id = newId()
    await slowly(id, 10)

    await chief.call(bulkApi.undoBulk, { id })
    await finish()

    expect(await standing(id)).toMatchObject({ status: 'undone', given: 10, undone: 10, passed: all - 10 })
    expect(await held()).toEqual({ nobody: all })
  })

  test('it is not undone twice, nor a day later, nor by somebody else', async () => {
    const [once, late] = [newId(), newId()]
    await begin(once)
    await chief.call(bulkApi.undoBulk, { id: once })
    await expect(chief.call(bulkApi.undoBulk, { id: once })).rejects.toMatchObject({ code: 'followups.bulkUndone' })
    await begin(late)
    const other = house.who({ 'followups.assign': 'hospital' }, { id: lin, name: '林芳' })
    await expect(other.call(bulkApi.undoBulk, { id: late })).rejects.toMatchObject({ code: 'followups.bulkNotFound' })
    house.advance({ hours: 25 })

    await expect(chief.call(bulkApi.undoBulk, { id: late })).rejects.toMatchObject({ code: 'followups.bulkTooLate' })
  })
})
