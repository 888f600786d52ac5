import { createUser } from '@renxin/access'
import { newId } from '@renxin/kernel'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { followupsApi, leavesApi } from '../../contract.ts'
import { again } from '../cut-off.fixture.ts'
import { openWard } from '../ward.fixture.ts'
import { handOverDue } from './hand-over.ts'

const { house, nurse, dueCall, departmentId } = await openWard()
const account = async (name: string, displayName: string, roleKeys = ['followupNurse']) =>
  (await house.inside((ctx) => createUser(ctx, { name, displayName, password: 'Ward12345', personId: null, roleKeys }))).id
const work = { 'followups.work': 'hospital', 'followups.read': 'hospital' } as const
const [chenId, linId, wuId] = [await account('chenjing', '陈静'), await account('linfang', '林芳'), await account('wumin', '吴敏')]
const chen = house.who(work, { id: chenId, name: '陈静' })
const lin = house.who(work, { id: linId, name: '林芳' })
const administrator = house.who('followups.assign', 'followups.read', { name: '周主任' })

const given = async (to: string, count: number) => {
  const calls = []
  for (let i = 0; i < count; i += 1) calls.push(await dueCall())
  const ids = calls.map((c) => c.id)
  await administrator.call(followupsApi.assign, { ids, among: [to] })
  return calls
}
const whose = async (id: string) =>
  (await house.sql<{ who: string }>(`select coalesce(assignee_name, '待领取') as who from followups.tasks where id = $1`, [id]))[0]?.who
const of = async (calls: readonly { id: string }[]) => Promise.all(calls.map((c) => whose(c.id)))
const day = (n: number) => house.clock().dayOf(new Date(house.now().getTime() + n * 86_400_000))
const away = (userId: string, toId: string | null, from = 1, until = 3) => {
  const id = newId()
  const body = { userId, toId, fromOn: day(from), untilOn: day(until), note: '年假' }
  return administrator.call(leavesApi.saveLeave, { id, body })
}
const tick = () => house.tick('followups.handOver')
const clean = async () => {
  await house.sql('delete from followups.handovers')
  await house.sql('delete from followups.leaves')
}

describe('somebody is away', () => {
  test('on the first day what is open goes to the colleague; when it is over what nobody touched comes back, and the task tells of both', async () => {
    const calls = await given(chenId, 3)
    const [tried, untouched, passed] = calls
    const leave = await away(chenId, linId)
    await tick()
    expect(leave).toMatchObject({ state: 'planned', toName: '林芳', handed: 0 })
    expect(await of(calls)).toEqual(['陈静', '陈静', '陈静'])

    house.advance({ days: 1 })
    await tick()
    expect(await of(calls)).toEqual(['林芳', '林芳', '林芳'])
    await lin.call(followupsApi.recordOutcome, { id: tried?.id ?? '', attemptId: newId(), outcome: 'noAnswer' })
    await administrator.call(followupsApi.assign, { ids: [passed?.id ?? ''], among: [wuId] })

    house.advance({ days: 2 })
    await tick()
    expect(await of(calls)).toEqual(['林芳', '林芳', '吴敏']) // the last day is a day away
    house.advance({ days: 1 })
    await tick()
    await tick()

    expect(await of(calls)).toEqual(['林芳', '陈静', '吴敏'])
    const { rows } = await administrator.call(leavesApi.leaves, { show: 'over' })
    expect(rows).toMatchObject([{ id: leave.id, state: 'over', handed: 3, back: 1, kept: 2, done: 0 }])
    expect((await chen.call(followupsApi.task, { id: untouched?.id ?? '' })).handovers).toMatchObject([
      { kind: 'back', fromName: '林芳', toName: '陈静' },
      { kind: 'over', fromName: '陈静', toName: '林芳' },
    ])
    await clean()
  })

  test('without a colleague it goes to be taken by anybody; taken, it stays; what is planned meanwhile goes too', async () => {
    const [free, taken] = await given(chenId, 2)
    await away(chenId, null, 0, 1)
    await tick()
    expect(await of([free ?? { id: '' }, taken ?? { id: '' }])).toEqual(['待领取', '待领取'])
    await lin.call(followupsApi.claim, { ids: [taken?.id ?? ''] })
    const late = await dueCall()
    await house.sql(`update followups.tasks set assignee_id = $2, assignee_name = '陈静', claimed_at = now() where id = $1`, [
      late.id,
      chenId,
    ])
    await tick()
    expect(await whose(late.id)).toBe('待领取')

    house.advance({ days: 2 })
    await tick()

    expect(await of([free ?? { id: '' }, taken ?? { id: '' }, late])).toEqual(['陈静', '林芳', '陈静'])
    await clean()
  })

  test('whom they are talking to at this moment they talk to until the end', async () => {
    const [call] = await given(chenId, 1)
    if (!call) throw new Error('no call')
    const attemptId = newId()
    await chen.call(followupsApi.dial, { id: call.id, contactId: call.contactId, attemptId })
    await away(chenId, linId, 0, 2)
    await tick()
    expect(await whose(call.id)).toBe('陈静')

    await chen.call(followupsApi.recordOutcome, { id: call.id, attemptId, outcome: 'noAnswer' })
    await tick()

    expect(await whose(call.id)).toBe('林芳')
    await clean()
  })

  test('handed on again while the colleague is away too, it comes back to whoever had it first, whoever is back first', async () => {
    for (const isFirstBackFirst of [true, false]) {
      const [call] = await given(chenId, 1)
      const first = await away(chenId, linId, 0, 9)
      await tick()
      const second = await away(linId, wuId, 0, 9)
      await tick()
      expect(await whose(call?.id ?? '')).toBe('吴敏')

      for (const { id } of isFirstBackFirst ? [first, second] : [second, first]) {
        await administrator.call(leavesApi.endLeave, { id })
        await tick()
      }

      expect(await whose(call?.id ?? '')).toBe('陈静')
      await clean()
    }
  })
})

describe('who enters it', () => {
  test('a nurse her own; a head those of the department; nobody else’s', async () => {
    const own = { id: newId(), body: { userId: chenId, toId: null, fromOn: day(5), untilOn: day(6), note: '' } }
    expect(await chen.call(leavesApi.saveLeave, own)).toMatchObject({ userName: '陈静', state: 'planned' })
    await expect(chen.call(leavesApi.saveLeave, { id: newId(), body: { ...own.body, userId: linId } })).rejects.toMatchObject({
      code: 'house.forbidden',
    })
    const head = house.who({ 'followups.assign': 'department', 'followups.read': 'department' }, { departments: [departmentId] })
    const ofWard = { id: newId(), body: { ...own.body, userId: nurse.id } }
    await expect(head.call(leavesApi.saveLeave, { ...ofWard, body: { ...ofWard.body, userId: linId } })).rejects.toMatchObject({
      code: 'house.forbidden',
    })
    await house.sql(
      `insert into staff.memberships (person_id, unit_id) select person_id, $2 from access.users where id = $1 on conflict do nothing`,
      [nurse.id, departmentId],
    )
    expect(await head.call(leavesApi.saveLeave, ofWard)).toMatchObject({ userName: '李秀英' })
    expect((await head.call(leavesApi.leaves, {})).rows.map((l) => l.userName)).toEqual(['李秀英'])
    expect((await lin.call(leavesApi.leaves, {})).rows.map((l) => l.userName)).toEqual(['陈静', '李秀英'])
    const elsewhere = house.who({ 'followups.read': 'own', 'followups.work': 'own' })
    expect((await elsewhere.call(leavesApi.leaves, {})).rows).toEqual([])
    await expect(lin.call(leavesApi.endLeave, { id: ofWard.id })).rejects.toMatchObject({ code: 'house.forbidden' })
    await expect(elsewhere.call(leavesApi.endLeave, { id: ofWard.id })).rejects.toMatchObject({ code: 'followups.leaveNotFound' })
    await clean()
  })

  test('not to somebody who is away in the same days, not twice for one person, not for days that are gone; begun, only its end may change', async () => {
    const { id, ...leave } = await away(linId, null, 0, 4)
    await tick()
    const { userId, fromOn, untilOn } = leave
    await expect(away(chenId, linId, 3, 5)).rejects.toMatchObject({
      code: 'followups.receiverAway',
      details: { name: '林芳', untilOn: day(4) },
    })
    await expect(away(linId, null, 8, 9)).rejects.toMatchObject({ code: 'followups.leaveThere' })
    await expect(away(chenId, null, -3, -1)).rejects.toMatchObject({ code: 'followups.leavePast' })
    await expect(away(chenId, chenId)).rejects.toMatchObject({ code: 'followups.receiverUnknown' })
    const change = (body: object) =>
      administrator.call(leavesApi.saveLeave, { id, body: { userId, fromOn, untilOn, toId: null, note: '', ...body } })
    await expect(change({ toId: wuId })).rejects.toMatchObject({ code: 'followups.leaveBegun' })
    expect(await change({ untilOn: day(6) })).toMatchObject({ untilOn: day(6) })
    const { rows } = await chen.call(leavesApi.colleagues, {})
    expect(rows.find((r) => r.id === linId)?.awayUntil).toBe(day(6))
    await clean()
  })
})

test('cut off at any moment, going over and coming back, no task is lost and none is handed over twice', async () => {
  const calls = await given(chenId, 2)
  await house.sql(
    `insert into followups.tasks (id, programme_id, version_id, step, patient_id, encounter_id, department_id, channel, due_from, due_by, next_at, queue_at, pool_id,
                                  assignee_id, assignee_name, claimed_at)
     select gen_random_uuid(), t.programme_id, t.version_id, 100 + n, t.patient_id, t.encounter_id, t.department_id, 'phone', t.due_from, t.due_by, t.due_from,
            t.due_by, t.pool_id, t.assignee_id, t.assignee_name, t.claimed_at
       from followups.tasks t, generate_series(1, 200) n where t.id = $1`,
    [calls[0]?.id],
  )
  const open = () =>
    house.sql<{ who: string; n: number }>(
      `select assignee_name as who, count(*)::int as n from followups.tasks where is_open and assignee_id = any($1) group by 1 order by 1`,
      [[chenId, linId]],
    )
  const [before] = (await open()).filter((o) => o.who === '陈静')
  const admin = new pg.Client({ connectionString: house.urls.superUrl })
  await admin.connect()
  const cutOff = async (isDone: () => Promise<boolean>) => {
    let cuts = 0
    for (let i = 0; !(await again(isDone)); i += 1) {
      let isOver = false
      const round = house.inside(handOverDue).then(() => 0, () => 1).finally(() => { isOver = true }) // biome-ignore format: one thought
      if (i < 12) {
        await new Promise((done) => setTimeout(done, (i * 3) % 17)) // somewhere in it: before, within or after its statements
        let isCut = false
        while (!isCut && !isOver) {
          const { rowCount } = await admin.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'renxin_app' and state <> 'idle'`,
          )
          isCut = rowCount !== 0
        }
      }
      cuts += await round
      if (i > 60) throw new Error('it does not come to an end')
    }
    return cuts
  }
  const leave = await away(chenId, linId, 0, 2)

  let cuts = await cutOff(async () => (await open()).every((o) => o.who !== '陈静'))
  expect(await house.sql('select count(*)::int as n, count(distinct task_id)::int as once from followups.handovers')).toEqual([
    { n: before?.n, once: before?.n },
  ])
  await again(() => administrator.call(leavesApi.endLeave, { id: leave.id }))
  cuts += await cutOff(async () => (await administrator.call(leavesApi.leaves, { show: 'over' })).rows.length > 0)
  await admin.end()

  expect(cuts).toBeGreaterThan(0)
  expect((await open()).find((o) => o.who === '陈静')?.n).toBe(before?.n)
  expect((await administrator.call(leavesApi.leaves, { show: 'over' })).rows).toMatchObject([
    { handed: before?.n, back: before?.n, kept: 0 },
  ])
}, 60_000)
