import { newId } from '@renxin/kernel'
import { mergePatients } from '@renxin/patients'
import { describe, expect, test } from 'vitest'
import { followupsApi, type silentOutcomes } from '../../contract.ts'
import { openWard } from '../ward.fixture.ts'

const { house, nurse, dueCall, taskOf } = await openWard()
const work = { 'followups.work': 'hospital', 'followups.read': 'hospital', 'patients.names': 'hospital' } as const
const chen = house.who(work, { name: '陈静' })
const lin = house.who(work, { name: '林芳' })
const li = house.who({ ...work, 'followups.assign': 'hospital' }, { id: nurse.id, name: '李秀英' })

const dial = (who: typeof chen, id: string, contactId: string, attemptId = newId()) =>
  who.call(followupsApi.dial, { id, contactId, attemptId })
const end = (who: typeof chen, id: string, attemptId: string, outcome: (typeof silentOutcomes)[number]) =>
  who.call(followupsApi.recordOutcome, { id, attemptId, outcome })
const reachOf = async (id: string) => (await chen.call(followupsApi.task, { id })).reach
/** Two numbers of a patient; the second is his daughter's. */
async function ofTwo() {
  const call = await dueCall(['13800138001', '13800138002'])
  const [own = '', hers = ''] = call.contactIds
  await house.sql(`update patients.contacts set relation = 'daughter' where id = $1`, [hers])
  const week = await taskOf(call.patientId, 'department7d')
  return { ...call, own, hers, weekId: week.id }
}

describe('whom to ring next', () => {
  test('the patient first; silent, the next number; and the next programme begins with whom that try has reached', async () => {
    const { id, own, hers, weekId } = await ofTwo()
    expect(await reachOf(id)).toMatchObject({ contactId: own, why: 'first', hour: null })

    const first = newId()
    await dial(chen, id, own, first)
    await end(chen, id, first, 'noAnswer')
    expect(await reachOf(id)).toMatchObject({ contactId: hers, why: 'next', tries: 0 })

    const second = newId()
    await dial(chen, id, hers, second)
    await chen.call(followupsApi.complete, { id, attemptId: second, outcome: 'relativeAnswered', note: '', response: await answersOf(id) })
    house.advance({ days: 1 })

    expect(await reachOf(weekId)).toMatchObject({
      contactId: hers,
      why: 'answered',
      answered: 1,
      tries: 1,
      hour: 10,
      hourWhy: 'answered',
      hourTries: 2,
    })
    const { attempts, contacts, reach } = await chen.call(followupsApi.task, { id })
    expect(attempts.map((a) => [a.outcome, a.answeredBy])).toEqual([
      ['relativeAnswered', 'daughter'], // whose telephone it was
      ['noAnswer', null],
    ])
    expect(contacts.map((c) => [c.id, c.tries, c.answered])).toEqual([
      [own, 1, 0],
      [hers, 1, 1],
    ])
    expect(reach).toBeNull() // what is closed proposes nobody
  })

  test.each([
    ['reached', undefined, 'self'],
    ['reached', 'son', 'self'],
    ['relativeAnswered', 'spouse', 'spouse'],
    ['relativeAnswered', undefined, 'other'],
  ] as const)('%s, said to be %s: it is kept that it was %s', async (outcome, answeredBy, kept) => {
    const { id, own } = await ofTwo()
    const attemptId = newId()
    await dial(chen, id, own, attemptId)

    await chen.call(followupsApi.complete, {
      id,
      attemptId,
      outcome,
      ...(answeredBy && { answeredBy }),
      note: '',
      response: await answersOf(id),
    })

    expect((await chen.call(followupsApi.task, { id })).attempts[0]?.answeredBy).toBe(kept)
  })
})

describe('on one day one person calls a patient', () => {
  test('of two who dial for two of his tasks at once one gets through, the other is told who and when, and may tomorrow', async () => {
    const { id, own, weekId } = await ofTwo()
    const [one, other] = [newId(), newId()]

    const results = await Promise.allSettled([dial(chen, id, own, one), dial(li, weekId, own, other)])

    const refused = results.find((r) => r.status === 'rejected')
    const isChen = results[0]?.status === 'fulfilled'
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    expect(refused?.reason).toMatchObject({
      code: 'followups.calledByOther',
      details: { byName: isChen ? '陈静' : '李秀英', at: house.now().toISOString() },
    })
    await end(isChen ? chen : li, isChen ? id : weekId, isChen ? one : other, 'noAnswer')
    const [blocked, blockedId] = isChen ? [li, weekId] : [chen, id]
    await expect(dial(blocked, blockedId, own)).rejects.toMatchObject({ code: 'followups.calledByOther' })
    expect((await blocked.call(followupsApi.task, { id: blockedId })).calledToday).toMatchObject({ byName: isChen ? '陈静' : '李秀英' })

    house.setNow(house.clock().at(house.clock().dayOf(new Date(house.now().getTime() + 86_400_000)), '09:00'))
    expect((await blocked.call(followupsApi.task, { id: blockedId })).calledToday).toBeNull()
    expect((await dial(blocked, blockedId, own)).number).toBeTruthy()
  })

  test('even written straight into the tables, a call of a second person is impossible', async () => {
    const { id, own, patientId, weekId } = await ofTwo()
    await dial(chen, id, own)
    const [day] = await house.sql<{ day: string }>('select called_on::text as day from followups.call_days where patient_id = $1', [
      patientId,
    ])

    const second = house.sql(
      `insert into followups.attempts (id, task_id, patient_id, by_id, by_name, channel, started_at, called_on) values ($1, $2, $3, $1, 'x', 'phone', now(), $4)`,
      [newId(), weekId, patientId, day?.day],
    )

    await expect(second).rejects.toThrow('attempts_one_caller')
  })

  test('a call by one’s own telephone is written down as it was, and nobody else dials after it', async () => {
    const { id, own, weekId } = await ofTwo()
    await end(chen, id, newId(), 'noAnswer')

    await expect(dial(li, weekId, own)).rejects.toMatchObject({ code: 'followups.calledByOther' })
    expect((await end(li, weekId, newId(), 'noAnswer')).tries).toBe(1)
  })

  test('the next one that is handed out is not one whom somebody else called today', async () => {
    const { id, own, weekId } = await ofTwo()
    await dial(chen, id, own)
    const other = await dueCall()
    await li.call(followupsApi.claim, { ids: [other.id] })

    const { nextId } = await end(li, other.id, newId(), 'refused')

    expect(nextId).not.toBe(weekId)
    expect(nextId).not.toBe(id)
  })

  test('two files that turn out to be one person, both called today: all calls are kept, and a third person does not dial', async () => {
    const [one, other] = [await ofTwo(), await ofTwo()]
    const [a, b] = [newId(), newId()]
    await dial(chen, one.id, one.own, a)
    await end(chen, one.id, a, 'noAnswer')
    await dial(lin, other.id, other.own, b)
    await end(lin, other.id, b, 'noAnswer')

    await house.inside((ctx) => mergePatients(ctx, { survivorId: one.patientId, retiredId: other.patientId, reason: '同一人' }))
    await house.settle()

    expect(await house.sql('select 1 from followups.attempts where patient_id = $1', [one.patientId])).toHaveLength(2)
    await expect(dial(li, one.weekId, one.own)).rejects.toMatchObject({ code: 'followups.calledByOther', details: { byName: '陈静' } })
  })
})

type Item = { linkId: string; type: string; required?: boolean; item?: Item[]; answerOption?: { valueCoding?: { code: string } }[] }
/** The first answer to whatever must be answered. */
async function answersOf(id: string) {
  const { questionnaire } = await chen.call(followupsApi.task, { id })
  const answers: Record<string, (string | number)[]> = {}
  const fill = (items: Item[]) => {
    for (const item of items) {
      if (item.item) fill(item.item)
      if (item.required && item.type === 'choice') answers[item.linkId] = [item.answerOption?.[0]?.valueCoding?.code ?? '']
      if (item.required && item.type === 'integer') answers[item.linkId] = [9]
    }
  }
  fill(questionnaire ? (questionnaire.definition as unknown as { item: Item[] }).item : []) // here it is read as FHIR
  return { id: newId(), versionId: questionnaire?.versionId ?? '', answers }
}
