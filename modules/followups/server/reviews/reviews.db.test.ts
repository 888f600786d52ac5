import { createUser } from '@renxin/access'
import { applyRecords } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { createQuestionnaire, publishQuestionnaire } from '@renxin/surveys'
import { type Definition, fhirUrls, surveysApi } from '@renxin/surveys/contract'
import { describe, expect, test } from 'vitest'
import { followupsApi, reviewsApi } from '../../contract.ts'
import { taskCorrected, taskReopened } from '../events.ts'
import { openWard } from '../ward.fixture.ts'
import { woundFlag, woundQuestion } from '../wound.fixture.ts'

const ward = await openWard()
const { house, departmentId, dueCall, tell } = ward
const account = (name: string, displayName: string) =>
  house.inside((ctx) => createUser(ctx, { name, displayName, password: 'Ward12345', roleKeys: [] }))
const [chenId, linId] = [(await account('chenjing', '陈静')).id, (await account('linfang', '林芳')).id]
const work = {
  'followups.work': 'hospital',
  'followups.read': 'hospital',
  'encounters.read': 'hospital',
  'patients.names': 'hospital',
} as const
const chen = house.who(work, { id: chenId, name: '陈静' })
const lin = house.who(work, { id: linId, name: '林芳' })
const watching = {
  'followups.supervise': 'department',
  'followups.read': 'department',
  'encounters.read': 'department',
  'encounters.results': 'department',
} as const
const director = house.who(watching, { name: '高建国', departments: [departmentId] })
const elsewhere = house.who(watching, { name: '外科主任', departments: [newId()] })
const centre = house.who('followups.supervise', 'followups.read', 'encounters.read', 'encounters.results')

const definition: Definition = {
  resourceType: 'Questionnaire',
  title: '换药随访',
  extension: [woundFlag('open', 'open'), woundFlag('inflamed', 'inflamed')],
  item: [
    {
      linkId: 'potassium',
      type: 'decimal',
      text: '最近血钾',
      extension: [{ url: fhirUrls.source, valueString: 'laboratory.latestAmount:K' }],
    },
    { ...woundQuestion, required: true },
  ],
}
const [questionnaireId, versionId] = [newId(), newId()]
await house.inside(async (ctx) => {
  await createQuestionnaire(ctx, { id: questionnaireId, definition })
  await publishQuestionnaire(ctx, { id: questionnaireId, versionId, revision: 0 })
})
await house.sql('update followups.steps set questionnaire_id = $1', [questionnaireId])

let reports = 0
const potassium = (patientId: string, amount: number) => {
  reports += 1
  return house.inside(
    (ctx) =>
      applyRecords(ctx, [
        {
          is: 'report', source: 'LIS', number: `L${reports}`, sourceAt: house.now(), patientId, kind: 'laboratory', status: 'final', title: '电解质', observedAt: house.now(),
          items: [{ code: 'K', name: '钾', value: String(amount), amount, unit: 'mmol/L', range: '3.5-5.3', flag: null, observedAt: null }],
        },
      ]), // biome-ignore format: a report
  )
}

/** A call that Chen completed with this answer. */
async function completed(wound = 'healing') {
  const call = await dueCall()
  await potassium(call.patientId, 4.1)
  const responseId = newId()
  await chen.call(followupsApi.complete, {
    id: call.id,
    attemptId: newId(),
    outcome: 'reached',
    response: { id: responseId, versionId, answers: { wound: [wound] } },
  })
  return { ...call, responseId }
}
const correct = (call: { id: string; responseId: string }, wound: string, who = director, responseId = newId()) =>
  who.call(reviewsApi.correctTask, {
    id: call.id,
    formerId: call.responseId,
    responseId,
    answers: { wound: [wound] },
    reason: '听录音核对',
  })
const flagsOf = (taskId: string) =>
  house.sql<{ rule_id: string; status: string }>(
    'select rule_id, status from followups.flags where task_id = $1 order by raised_at, rule_id',
    [taskId],
  )
const queueOf = async (who: typeof chen) => (await who.call(followupsApi.queue, { list: 'today' })).rows

describe('a completed call', () => {
  test('is found good by who supervises its department or the centre, once, and by nobody else', async () => {
    const call = await completed()

    const found = await director.call(reviewsApi.acceptTask, { id: call.id, note: '很细致' })
    await centre.call(reviewsApi.acceptTask, { id: call.id })

    expect(found).toMatchObject({ review: 'accepted', ownerName: '陈静', answers: [{ responseId: call.responseId, title: '换药随访' }] })
    const { steps } = await chen.call(reviewsApi.review, { id: call.id })
    expect(steps).toMatchObject([{ kind: 'accepted', byName: '高建国', note: '很细致' }])
    await expect(elsewhere.call(reviewsApi.acceptTask, { id: call.id })).rejects.toMatchObject({ code: 'followups.taskNotFound' })
    await expect(chen.call(reviewsApi.acceptTask, { id: call.id })).rejects.toMatchObject({ code: 'house.forbidden' })
  })

  test('is reviewed neither before it is done nor by whoever did it', async () => {
    const own = house.who({ ...work, 'followups.supervise': 'hospital' }, { id: chenId, name: '陈静' })
    const open = await dueCall()
    const call = await completed()

    await expect(director.call(reviewsApi.acceptTask, { id: open.id })).rejects.toMatchObject({ code: 'followups.notDone' })
    await expect(own.call(reviewsApi.returnTask, { id: call.id, reason: '漏问' })).rejects.toMatchObject({ code: 'followups.ownWork' })
  })

  test('that is returned stands on top of the list of whoever did it, and goes on counting as done meanwhile', async () => {
    const call = await completed()
    await dueCall()
    const counted = (await chen.call(followupsApi.counts, {})).lists.today

    await director.call(reviewsApi.returnTask, { id: call.id, reason: '伤口情况没有问清' })

    expect((await queueOf(chen))[0]).toMatchObject({ id: call.id, status: 'done', review: 'returned' })
    expect((await queueOf(lin)).map((r) => r.id)).not.toContain(call.id)
    expect((await chen.call(followupsApi.counts, {})).lists.today).toBe(counted + 1)
    expect((await chen.call(reviewsApi.review, { id: call.id })).steps[0]).toMatchObject({
      kind: 'returned',
      note: '伤口情况没有问清',
      byName: '高建国',
    })
    expect((await director.call(followupsApi.board, { show: 'done', review: 'returned' })).rows.map((r) => r.id)).toContain(call.id)
  })

  test('that was returned is handed in again with corrected answers, or with a word why they stand; by whoever did it', async () => {
    const [wrong, right] = [await completed(), await completed()]
    for (const { id } of [wrong, right]) await director.call(reviewsApi.returnTask, { id, reason: '请核对' })
    const responseId = newId()
    const mended = { formerId: wrong.responseId, responseId, answers: { wound: ['inflamed'] } }
    const hand = () => chen.call(reviewsApi.mendTask, { id: wrong.id, response: mended, note: '已再问患者' })

    await expect(lin.call(reviewsApi.mendTask, { id: wrong.id, response: null, note: '代交' })).rejects.toMatchObject({
      code: 'followups.notReturned',
    })
    await hand()
    await hand() // sent twice
    await chen.call(reviewsApi.mendTask, { id: right.id, response: null, note: '回答无误' })

    const review = await director.call(reviewsApi.review, { id: wrong.id })
    expect(review).toMatchObject({ review: 'resubmitted', answers: [{ responseId }] })
    expect(review.steps.map((s) => s.kind)).toEqual(['resubmitted', 'corrected', 'returned'])
    expect(await director.call(reviewsApi.review, { id: right.id })).toMatchObject({
      review: 'resubmitted',
      answers: [{ responseId: right.responseId }],
    })
    expect((await queueOf(chen)).map((r) => r.id)).not.toContain(wrong.id)
  })

  test('that reached nobody is done again when it is returned, and its closing hands it in', async () => {
    const call = await dueCall()
    await chen.call(followupsApi.recordOutcome, { id: call.id, attemptId: newId(), outcome: 'refused', note: '' })

    await director.call(reviewsApi.returnTask, { id: call.id, reason: '请再联系家属' })
    const first = (await queueOf(chen)).find((r) => r.id === call.id)
    await chen.call(followupsApi.complete, {
      id: call.id, attemptId: newId(), outcome: 'relativeAnswered', response: { id: newId(), versionId, answers: { wound: ['healing'] } },
    }) // biome-ignore format: one call

    expect(first).toMatchObject({ status: 'todo', review: 'returned' })
    expect(await director.call(reviewsApi.review, { id: call.id })).toMatchObject({ review: 'resubmitted' })
    expect((await house.events(taskReopened)).map((e) => e.taskId)).toEqual([call.id])
  })

  test('of somebody whose account is disabled is not returned', async () => {
    const call = await completed()
    await house.sql(`update access.users set is_disabled = true where id = $1`, [chenId])

    await expect(director.call(reviewsApi.returnTask, { id: call.id, reason: '请核对' })).rejects.toMatchObject({
      code: 'followups.ownerGone',
      details: { name: '陈静' },
    })
    await house.sql(`update access.users set is_disabled = false where id = $1`, [chenId])
  })
})

describe('answers that are corrected', () => {
  test('are kept beside the former ones with who, when and why', async () => {
    const call = await completed('healing')
    house.advance({ hours: 2 })

    const { answers, steps } = await correct(call, 'inflamed')

    const { versions } = await director.call(surveysApi.answerVersions, { id: call.responseId })
    expect(versions).toMatchObject([
      {
        id: answers[0]?.responseId,
        answers: { wound: ['inflamed'] },
        byName: '高建国',
        reason: '听录音核对',
        at: house.now().toISOString(),
      },
      { id: call.responseId, answers: { wound: ['healing'] }, byName: null, reason: null },
    ])
    expect(steps[0]).toMatchObject({ kind: 'corrected', formerId: call.responseId, responseId: answers[0]?.responseId })
    expect((await house.events(taskCorrected)).at(-1)).toMatchObject({ taskId: call.id, responseId: answers[0]?.responseId })
  })

  test('keep what the records had filled in when it was completed, whatever the hospital’s systems say since', async () => {
    const call = await completed('healing')
    house.advance({ hours: 1 })
    await potassium(call.patientId, 6.2)
    const [stay] = await house.sql<{ number: string }>(
      'select c.number from encounters.cards c join followups.tasks t on t.encounter_id = c.id where t.id = $1',
      [call.id],
    )
    await tell([{ number: stay?.number ?? '', patientId: call.patientId, class: 'inpatient', event: 'update', sourceAt: house.now(), wardCode: 'X9', wardName: '另一病区' }]) // biome-ignore format: a correction

    const first = await correct(call, 'inflamed')
    const second = await correct({ id: call.id, responseId: first.answers[0]?.responseId ?? '' }, 'open')

    const { versions } = await director.call(surveysApi.answerVersions, { id: second.answers[0]?.responseId ?? '' })
    expect(versions.map((v) => v.filled?.open.find((f) => f.linkId === 'potassium')?.value)).toEqual([4.1, 4.1, 4.1])
    const cards = await house.sql<{ id: string; ward_id: string }>('select id, ward_id from surveys.response_cards where patient_id = $1', [
      call.patientId,
    ])
    expect(cards).toEqual([{ id: second.answers[0]?.responseId, ward_id: ward.wardId }])
    const rows = await house.sql(
      `select a.link_id, a.value_number from surveys.answer_rows a join surveys.responses r on r.id = a.response_id where r.patient_id = $1 and a.link_id = 'potassium'`,
      [call.patientId],
    )
    expect(rows).toEqual([{ link_id: 'potassium', value_number: 4.1 }])
  })

  test('take the red flags with them, also when they are corrected again', async () => {
    const call = await completed('open')
    const first = await correct(call, 'healing')
    expect(await flagsOf(call.id)).toMatchObject([{ rule_id: 'open', status: 'withdrawn' }])

    house.advance({ minutes: 1 })
    const second = await correct({ id: call.id, responseId: first.answers[0]?.responseId ?? '' }, 'open')
    expect(await flagsOf(call.id)).toMatchObject([{ status: 'withdrawn' }, { rule_id: 'open', status: 'open' }])

    house.advance({ minutes: 1 })
    await correct({ id: call.id, responseId: second.answers[0]?.responseId ?? '' }, 'inflamed')
    expect(await flagsOf(call.id)).toMatchObject([
      { rule_id: 'open', status: 'withdrawn' },
      { rule_id: 'open', status: 'withdrawn' },
      { rule_id: 'inflamed', status: 'open' },
    ])
  })

  test('are of whoever was quicker: the other is told, and sent twice they are corrected once', async () => {
    const call = await completed('healing')
    const responseId = newId()

    await correct(call, 'open', director, responseId)
    await correct(call, 'open', director, responseId)

    await expect(correct(call, 'inflamed', centre)).rejects.toMatchObject({
      code: 'surveys.alreadyCorrected',
      details: { byName: '高建国' },
    })
    expect(await house.sql('select 1 from surveys.corrections where former_id = $1', [call.responseId])).toHaveLength(1)
  })

  test('at the same moment by two, one stands and no answer counts twice', async () => {
    const call = await completed('healing')

    const results = await Promise.allSettled([correct(call, 'open'), correct(call, 'inflamed', centre)])

    expect(results.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected'])
    const rows = await house.sql(
      `select 1 from surveys.answer_rows a join surveys.responses r on r.id = a.response_id where r.patient_id = $1 and a.link_id = 'wound'`,
      [call.patientId],
    )
    expect(rows).toHaveLength(1)
  })

  test('are other answers, to the same questions, of this call', async () => {
    const [call, other] = [await completed('healing'), await completed('open')]

    await expect(correct(call, 'healing')).rejects.toMatchObject({ code: 'surveys.nothingCorrected' })
    await expect(correct(call, 'cured')).rejects.toMatchObject({ code: 'surveys.answersRefused' })
    await expect(correct({ id: call.id, responseId: other.responseId }, 'open')).rejects.toMatchObject({
      code: 'followups.answersNotOfTask',
    })
    await expect(correct(call, 'open', elsewhere)).rejects.toMatchObject({ code: 'followups.taskNotFound' })
  })
})
