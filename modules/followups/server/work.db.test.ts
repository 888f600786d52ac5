import { newId } from '@renxin/kernel'
import { setHold } from '@renxin/patients'
import { sql } from '@renxin/server'
import { describe, expect, test } from 'vitest'
import { followupsApi, type Outcome, silentOutcomes } from '../contract.ts'
import { taskCompleted } from './index.ts'
import { openWard } from './ward.fixture.ts'

const { house, nurse, dueCall, taskOf, stateOf } = await openWard()
const centre = (name: string) =>
  house.who({ 'followups.work': 'hospital', 'followups.read': 'hospital', 'patients.names': 'hospital' }, { name })
const [chen, lin] = [centre('陈静'), centre('林芳')]
const administrator = house.who('followups.assign')

const dial = (who: typeof chen, call: { id: string; contactId: string }, attemptId = newId()) =>
  who.call(followupsApi.dial, { ...call, attemptId })
const end = (
  who: typeof chen,
  id: string,
  outcome: (typeof silentOutcomes)[number],
  more: { callBackAt?: string; attemptId?: string } = {},
) => who.call(followupsApi.recordOutcome, { id, attemptId: newId(), outcome, ...more })

describe('whose task it is', () => {
  test('of two nurses who reach for one task at the same moment one gets it, and the other is told who and when', async () => {
    const { id } = await dueCall()

    const results = await Promise.all([chen.call(followupsApi.claim, { ids: [id] }), lin.call(followupsApi.claim, { ids: [id] })])

    expect(results.flatMap((r) => r.rows)).toHaveLength(1)
    const [refused] = results.flatMap((r) => r.refused)
    expect(refused).toMatchObject({ id, takenAt: house.now().toISOString() })
    expect(['陈静', '林芳']).toContain(refused?.takenByName)
  })

  test('of two who dial at the same moment one sees the number', async () => {
    const call = await dueCall()

    const results = await Promise.allSettled([dial(chen, call), dial(lin, call)])

    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    const refused = results.find((r) => r.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'followups.taken', details: { at: house.now().toISOString() } })
    expect(await house.sql('select 1 from followups.attempts where task_id = $1', [call.id])).toHaveLength(1)
  })

  test('even written straight into the table, a second running try is impossible', async () => {
    const call = await dueCall()
    await dial(chen, call)

    const second = house.sql(
      `insert into followups.attempts (id, task_id, patient_id, by_id, by_name, channel, started_at) values ($1, $2, $3, $1, 'x', 'phone', now())`,
      [newId(), call.id, call.patientId],
    )

    await expect(second).rejects.toThrow('attempts_one_running')
  })

  test('many who take the next ones at once get different ones', async () => {
    for (let i = 0; i < 8; i += 1) await dueCall()
    const before = await chen.call(followupsApi.queue, { list: 'unclaimed' })
    const free = before.rows.filter((r) => new Date(r.nextAt) <= house.now()).length

    const got = await Promise.all([chen, lin, chen, lin].map((who) => who.call(followupsApi.claimNext, { count: 2 })))

    const ids = got.flatMap((g) => g.rows.map((r) => r.id))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBe(Math.min(8, free))
  })

  test('what is given back is anybody’s again; what is done is nobody’s to take', async () => {
    const call = await dueCall()
    await chen.call(followupsApi.claim, { ids: [call.id] })
    await chen.call(followupsApi.release, { ids: [call.id] })
    await dial(lin, call)
    await end(lin, call.id, 'refused')

    await expect(dial(chen, call)).rejects.toMatchObject({ code: 'followups.closed', details: { status: 'done' } })
  })

  test('given to several, tasks go evenly by what each has; and to nobody who is unknown', async () => {
    const ids = []
    for (let i = 0; i < 3; i += 1) ids.push((await dueCall()).id)

    const { rows } = await administrator.call(followupsApi.assign, { ids, among: [nurse.id] })
    expect(rows.map((r) => r.assigneeId)).toEqual([nurse.id, nurse.id, nurse.id])
    await expect(administrator.call(followupsApi.assign, { ids, among: [newId()] })).rejects.toMatchObject({
      code: 'followups.workerUnknown',
    })
    await expect(chen.call(followupsApi.assign, { ids, among: [nurse.id] })).rejects.toMatchObject({ code: 'house.forbidden' })
  })
})

describe('given to those who are senior enough', () => {
  const asked = { minYears: 5, titles: ['主管护师'] }
  const setPerson = (title: string | null, startedOn: string | null) =>
    house.inside((ctx) =>
      sql`update staff.people set title = ${title}, started_on = ${startedOn}::date
        where id = (select person_id from access.users where id = ${nurse.id}::uuid)`.execute(ctx.db),
    )

  test('who has the title and the years gets the task; the list of people says both', async () => {
    await setPerson('主管护师', '2015-03-01')
    const { id } = await dueCall()

    const { rows } = await administrator.call(followupsApi.assign, { ids: [id], among: [nurse.id], seniority: asked })

    expect(rows).toMatchObject([{ id, assigneeId: nurse.id }])
    const worker = (await administrator.call(followupsApi.workers, {})).rows.find((w) => w.id === nurse.id)
    expect(worker).toMatchObject({ title: '主管护师', startedOn: '2015-03-01' })
  })

  test.each([
    ['a year too few', '主管护师', '2022-03-01'],
    ['another title', '护士', '2015-03-01'],
    ['nothing known of her first day', '主管护师', null],
    ['nothing known of her at all', null, null],
  ])('with %s nothing is given, and she is named', async (_, title, startedOn) => {
    await setPerson(title, startedOn)
    const { id } = await dueCall()

    await expect(administrator.call(followupsApi.assign, { ids: [id], among: [nurse.id], seniority: asked })).rejects.toMatchObject({
      code: 'followups.notSenior',
      details: { names: '李秀英' },
    })
    const { rows } = await administrator.call(followupsApi.assign, { ids: [id], among: [nurse.id] })
    expect(rows).toHaveLength(1) // where nothing is asked, anybody will do
  })
})

describe('may he be called', () => {
  test('the whole number is shown to whoever has the task, and the look at it is written down with the task as the reason', async () => {
    const call = await dueCall()

    const shown = await dial(chen, call)

    expect(shown.number.replaceAll(' ', '')).toBe('13800138000')
    const traces = await house.sql(
      `select reason, patient_id from house.audit where action = 'patients.phoneRevealed' and patient_id = $1`,
      [call.patientId],
    )
    expect(traces).toEqual([{ reason: `followups.task ${call.id}`, patient_id: call.patientId }])
  })

  test('somebody else’s number is not shown for this task', async () => {
    const [call, other] = [await dueCall(), await dueCall()]

    await expect(dial(chen, { id: call.id, contactId: other.contactId })).rejects.toMatchObject({ code: 'followups.numberUnknown' })
  })

  test('not at night, not while a complaint is open, and the refusal says why', async () => {
    const call = await dueCall()
    house.setNow('2026-09-14T23:00+08:00')
    await expect(dial(chen, call)).rejects.toMatchObject({ code: 'followups.mayNotContact', details: { reason: 'quietHours' } })

    house.setNow('2026-09-15T10:00+08:00')
    await house.inside((ctx) => setHold(ctx, { patientId: call.patientId, cause: 'openComplaint', objectId: newId() }))
    await expect(dial(chen, call)).rejects.toMatchObject({ details: { reason: 'openComplaint' } })
    expect((await chen.call(followupsApi.task, { id: call.id })).gate).toMatchObject({ allowed: false, reason: 'openComplaint' })
  })

  test('who was talked to today is not called for another programme today, unless he asked to be rung', async () => {
    const call = await dueCall()
    const week = await taskOf(call.patientId, 'department7d')
    const head = house.who(
      { 'followups.work': 'hospital', 'followups.read': 'hospital', 'followups.assign': 'hospital' },
      { name: '护士长', id: nurse.id },
    )
    const callBackAt = new Date(house.now().getTime() + 30 * 60_000).toISOString()
    await end(chen, call.id, 'callLater', { callBackAt })
    house.advance({ minutes: 31 })

    await expect(dial(head, { id: week.id, contactId: call.contactId })).rejects.toMatchObject({ details: { reason: 'budget' } })
    expect((await dial(chen, call)).number).toBeTruthy()
  })
})

describe('what a try leads to', () => {
  test('nobody answers: again in two hours, then the next morning, then it is closed as not reached', async () => {
    const call = await dueCall()
    const at = async (outcome: 'noAnswer') => {
      await dial(chen, call)
      return end(chen, call.id, outcome)
    }

    expect(await at('noAnswer')).toMatchObject({ status: 'inProgress', nextAt: new Date('2026-09-14T12:00+08:00').toISOString(), tries: 1 })
    house.setNow('2026-09-14T12:00+08:00')
    expect(await at('noAnswer')).toMatchObject({ nextAt: new Date('2026-09-15T10:00+08:00').toISOString() })
    house.setNow('2026-09-15T10:00+08:00')
    expect(await at('noAnswer')).toMatchObject({ status: 'done', nextAt: null })

    const [row] = await house.sql('select reached, outcome, tries from followups.task_rows where id = $1', [call.id])
    expect(row).toEqual({ reached: false, outcome: 'noAnswer', tries: 3 })
  })

  test('a wrong number: the other one is tried at once, and when that is void too the task is closed', async () => {
    const call = await dueCall(['13800138001', '13800138002'])
    const [first = '', second = ''] = call.contactIds
    const attemptId = newId()
    await dial(chen, { id: call.id, contactId: first }, attemptId)
    expect(await end(chen, call.id, 'wrongNumber', { attemptId })).toMatchObject({
      status: 'inProgress',
      nextAt: house.now().toISOString(),
    })
    expect((await chen.call(followupsApi.task, { id: call.id })).contacts.find((c) => c.id === first)?.isBad).toBe(true)

    const again = newId()
    await dial(chen, { id: call.id, contactId: second }, again)
    expect(await end(chen, call.id, 'voidNumber', { attemptId: again })).toMatchObject({ status: 'done' })
  })

  test('the family says that he has died: everything stops, and the file knows it', async () => {
    const call = await dueCall()
    await dial(chen, call)
    await end(chen, call.id, 'patientDead')
    await house.settle()

    expect((await stateOf(call.patientId)).every((s) => s.endsWith(':died') || s.endsWith(':discharged'))).toBe(true)
    expect((await house.sql('select deceased_at is not null as dead from patients.cards where id = $1', [call.patientId]))[0]?.dead).toBe(
      true,
    )
  })

  test('he is in hospital again: the other calls about that discharge are stopped, and a later message does not bring them back', async () => {
    const call = await dueCall()
    await end(chen, call.id, 'readmitted')
    await house.inside(async (ctx) => (await import('./reconcile.ts')).reconcile(ctx, [call.patientId]))

    expect((await stateOf(call.patientId)).filter((s) => !s.startsWith('bedside')).every((s) => s.endsWith(':readmitted'))).toBe(true)
  })

  test('a promised call-back needs its time, comes up at its minute, and is the next to do', async () => {
    const call = await dueCall()
    const wu = centre('吴敏')
    await expect(end(wu, call.id, 'callLater')).rejects.toMatchObject({ code: 'followups.callBackNeeded' })
    await expect(end(wu, call.id, 'callLater', { callBackAt: house.now().toISOString() })).rejects.toMatchObject({
      code: 'followups.callBackPast',
    })
    await end(wu, call.id, 'callLater', { callBackAt: '2026-09-14T15:30:00+08:00' })
    const other = await dueCall()
    house.setNow('2026-09-14T15:29:59+08:00')
    await house.tick('followups.ring')
    expect((await wu.call(followupsApi.counts, {})).dueCallBacks).toBe(0)

    house.setNow('2026-09-14T15:30:00+08:00')
    await house.tick('followups.ring')

    expect((await wu.call(followupsApi.counts, {})).dueCallBacks).toBe(1)
    expect(await house.sql('select 1 from followups.tasks where id = $1 and rung_at is not null', [call.id])).toHaveLength(1)
    const { rows } = await wu.call(followupsApi.queue, { list: 'callBacks' })
    expect(rows.map((r) => r.id)).toContain(call.id)
    expect((await end(wu, other.id, 'refused')).nextId).toBe(call.id)
  })

  test('each result that the field knows is taken, and sent twice it counts once', async () => {
    for (const outcome of silentOutcomes as readonly Exclude<Outcome, 'reached' | 'relativeAnswered'>[]) {
      const call = await dueCall()
      const said = {
        attemptId: newId(),
        ...(outcome === 'callLater' && { callBackAt: new Date(house.now().getTime() + 3_600_000).toISOString() }),
      }

      const first = await end(chen, call.id, outcome, said)
      const second = await end(chen, call.id, outcome, said)

      expect({ ...second, nextId: null }).toEqual({ ...first, nextId: null })
      expect(await house.sql('select 1 from followups.attempts where task_id = $1', [call.id])).toHaveLength(1)
    }
  })
})

describe('the conversation', () => {
  const satisfied = async (id: string) => {
    const { questionnaire } = await chen.call(followupsApi.task, { id })
    const answers: Record<string, (string | number)[]> = {}
    type Item = { linkId: string; type: string; required?: boolean; item?: Item[]; answerOption?: { valueCoding?: { code: string } }[] }
    const fill = (items: Item[]) => {
      for (const item of items) {
        if (item.item) fill(item.item)
        if (item.required && item.type === 'choice') answers[item.linkId] = [item.answerOption?.[0]?.valueCoding?.code ?? '']
        if (item.required && item.type === 'integer') answers[item.linkId] = [9]
      }
    }
    fill(questionnaire ? (questionnaire.definition as unknown as { item: Item[] }).item : []) // what is in it is the form's business; here it is read as FHIR
    return { id: newId(), versionId: questionnaire?.versionId ?? '', answers }
  }

  test('it closes the task with its answers in one piece, tells of it once, and hands over the next', async () => {
    const [call, other] = [await dueCall(), await dueCall()]
    await chen.call(followupsApi.claim, { ids: [call.id, other.id] })
    const attemptId = newId()
    await dial(chen, call, attemptId)
    const complete = { id: call.id, attemptId, outcome: 'reached' as const, response: await satisfied(call.id) }

    const first = await chen.call(followupsApi.complete, complete)
    const second = await chen.call(followupsApi.complete, complete)

    expect(first.nextId).not.toBeNull()
    expect(second).toEqual(first)
    expect((await house.events(taskCompleted)).filter((e) => e.taskId === call.id)).toHaveLength(1)
    const [row] = await house.sql('select reached, within_7_days, response_id from followups.task_rows where id = $1', [call.id])
    expect(row).toEqual({ reached: true, within_7_days: true, response_id: complete.response.id })
    expect(await house.sql('select 1 from surveys.response_cards where id = $1', [complete.response.id])).toHaveLength(1)
  })

  test('without answers, or with answers that do not fit, nothing is closed', async () => {
    const call = await dueCall()
    await dial(chen, call)
    const done = { id: call.id, attemptId: newId(), outcome: 'reached' as const }
    const { versionId } = await satisfied(call.id)

    await expect(chen.call(followupsApi.complete, { ...done, response: null })).rejects.toMatchObject({ code: 'followups.answersNeeded' })
    await expect(
      chen.call(followupsApi.complete, { ...done, response: { id: newId(), versionId, answers: { nosuch: ['x'] } } }),
    ).rejects.toMatchObject({ code: 'surveys.answersRefused' })
    expect((await taskOf(call.patientId, 'centre72h')).status).toBe('inProgress')
  })

  test('what was typed is on the server; of two windows that write at once the second is told, and sent twice it is kept once', async () => {
    const call = await dueCall()
    const draft = { id: call.id, versionId: null, answers: { b: ['2'], a: ['1'] }, note: '慢一点说' }

    expect(await chen.call(followupsApi.saveDraft, { ...draft, revision: 0 })).toMatchObject({ revision: 1 })
    expect(await chen.call(followupsApi.saveDraft, { ...draft, revision: 0 })).toMatchObject({ revision: 1 })
    expect(await chen.call(followupsApi.saveDraft, { ...draft, note: '好', revision: 1 })).toMatchObject({ revision: 2 })
    await expect(chen.call(followupsApi.saveDraft, { ...draft, note: '旧窗口', revision: 1 })).rejects.toMatchObject({
      code: 'followups.draftChanged',
      details: { byName: '陈静', revision: 2 },
    })
    expect((await chen.call(followupsApi.task, { id: call.id })).draft).toMatchObject({ note: '好', answers: { a: ['1'], b: ['2'] } })
    await expect(lin.call(followupsApi.saveDraft, { ...draft, revision: 2 })).rejects.toMatchObject({ code: 'followups.taken' })
  })
})

describe('what each has in hand', () => {
  test('the list of people says what is due today and what is overdue, and how far their right to work goes', async () => {
    const [due, late] = [await dueCall(), await dueCall()]
    await administrator.call(followupsApi.assign, { ids: [due.id, late.id], among: [nurse.id] })
    await house.sql(`update followups.tasks set due_by = $2, due_from = $2::timestamptz - interval '1 day' where id = $1`, [
      late.id,
      house.now(),
    ])
    const before = (await administrator.call(followupsApi.workers, {})).rows.find((w) => w.id === nurse.id)
    house.advance({ minutes: 1 })

    const after = (await administrator.call(followupsApi.workers, {})).rows.find((w) => w.id === nurse.id)

    expect(after).toMatchObject({ reach: 'none', dueToday: before?.dueToday, overdue: (before?.overdue ?? 0) + 1 })
    expect(after?.dueToday).toBeGreaterThanOrEqual(2)
  })
})
