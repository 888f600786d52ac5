import { newId } from '@renxin/kernel'
import { patientsApi } from '@renxin/patients/contract'
import { createQuestionnaire, publishQuestionnaire } from '@renxin/surveys'
import type { Definition } from '@renxin/surveys/contract'
import { describe, expect, test } from 'vitest'
import { contentApi, flagsApi, followupsApi } from '../../contract.ts'
import { openWard } from '../ward.fixture.ts'

const ward = await openWard()
const { house, departmentId } = ward
const chen = house.who({ 'followups.work': 'hospital', 'followups.read': 'hospital', 'patients.names': 'hospital' }, { name: '陈静' })
const chief = house.who('followups.programmes', 'followups.flags')
const head = house.who({ 'followups.programmes': 'department' }, { departments: [departmentId], name: '科主任' })
const clerk = house.who('patients.read', 'patients.names', 'patients.edit')

const definition: Definition = {
  resourceType: 'Questionnaire',
  title: '老干部附加问题',
  extension: [
    {
      url: 'urn:renxin:fhir:red-flag',
      extension: [
        { url: 'id', valueString: 'alone' },
        { url: 'title', valueString: '无人照料' },
        { url: 'say', valueString: '我来联系。' },
        { url: 'tell', valueString: '请等电话。' },
        {
          url: 'when',
          extension: [
            { url: 'question', valueString: 'care' },
            { url: 'operator', valueCode: '=' },
            { url: 'answer', valueBoolean: false },
          ],
        },
      ],
    },
  ],
  item: [{ linkId: 'care', type: 'boolean', text: '有人照料吗？', required: true }],
}
const [questionnaireId, versionId] = [newId(), newId()]
await house.inside(async (ctx) => {
  await createQuestionnaire(ctx, { id: questionnaireId, definition })
  await publishQuestionnaire(ctx, { id: questionnaireId, versionId, revision: 0 })
})
await house.sql(`update followups.steps set questionnaire_id = null`) // these calls ask nothing of their own
const tagId = newId()
await clerk.call(patientsApi.saveTag, { id: tagId, name: '老干部', tone: 'care', isActive: true })
const extraId = newId()
const extra = { name: '老干部附加', groupId: tagId, questionnaireId, fromOn: '2026-09-01', untilOn: null }
await chief.call(contentApi.saveExtra, { id: extraId, body: extra })

const contentOf = (id: string) => chen.call(contentApi.taskContent, { id })
async function keyCall() {
  const call = await ward.dueCall()
  await clerk.call(patientsApi.tag, { patientId: call.patientId, tagId, isOn: true })
  return call
}
const complete = (id: string, more: object) =>
  chen.call(followupsApi.complete, { id, attemptId: newId(), outcome: 'reached', response: null, ...more })

describe('extra questions for a group of patients', () => {
  test('are asked of those in it, in whichever call comes, and of nobody else', async () => {
    const [key, plain] = [await keyCall(), await ward.dueCall()]

    expect((await contentOf(key.id)).extras).toMatchObject([{ id: extraId, name: '老干部附加', versionId, responseId: null }])
    expect((await contentOf(plain.id)).extras).toEqual([])
  })

  test('are recorded with the call, each as a response of its own, with the red flag that they raise', async () => {
    const { id, patientId } = await keyCall()
    const responseId = newId()

    await complete(id, { extras: [{ extraId, id: responseId, versionId, answers: { care: [false] }, told: ['alone'] }] })

    expect((await contentOf(id)).extras).toMatchObject([{ id: extraId, responseId }])
    const { rows } = await chief.call(flagsApi.flags, { list: 'open', limit: 200 })
    const flag = rows.find((r) => r.patientId === patientId)
    expect(flag).toMatchObject({ title: '无人照料', isTold: true })
    expect(await chief.call(flagsApi.flag, { id: flag?.id ?? '' })).toMatchObject({ taskId: id, responseId })
  })

  test('with an answer that is wrong nothing of the call is recorded', async () => {
    const { id } = await keyCall()

    const wrong = complete(id, { extras: [{ extraId, id: newId(), versionId, answers: {} }] })

    await expect(wrong).rejects.toMatchObject({ code: 'surveys.answersRefused' })
    expect((await chen.call(followupsApi.task, { id })).status).not.toBe('done')
  })

  test('of somebody who is not in the group, or to another questionnaire, are refused', async () => {
    const [plain, key] = [await ward.dueCall(), await keyCall()]
    const said = { extraId, id: newId(), versionId, answers: { care: [true] } }
    const other = await house.sql<{ id: string }>('select id from surveys.versions where questionnaire_id <> $1 limit 1', [questionnaireId])

    await expect(complete(plain.id, { extras: [said] })).rejects.toMatchObject({ code: 'followups.extraNotAsked' })
    await expect(complete(key.id, { extras: [{ ...said, versionId: other[0]?.id }] })).rejects.toMatchObject({
      code: 'followups.extraNotAsked',
    })
  })

  test('after their last day are asked no more', async () => {
    const { id } = await keyCall()
    await chief.call(contentApi.saveExtra, { id: extraId, body: { ...extra, untilOn: '2026-09-02' } })

    expect((await contentOf(id)).extras).toEqual([])
    await chief.call(contentApi.saveExtra, { id: extraId, body: extra })
  })

  test('what was begun is kept with the draft', async () => {
    const { id } = await keyCall()

    await chen.call(followupsApi.saveDraft, { id, revision: 0, versionId: null, answers: {}, extras: { [extraId]: { care: [true] } } })

    expect((await chen.call(followupsApi.task, { id })).draft?.extras).toEqual({ [extraId]: { care: [true] } })
  })

  test('are set by whoever writes programmes for the hospital, not by a department', async () => {
    await expect(head.call(contentApi.saveExtra, { id: newId(), body: extra })).rejects.toMatchObject({ code: 'house.forbidden' })
    await expect(chief.call(contentApi.saveExtra, { id: newId(), body: { ...extra, groupId: newId() } })).rejects.toMatchObject({
      code: 'followups.extraGroupUnknown',
    })
  })
})

describe('news of a department', () => {
  const news = (more: object = {}) => ({
    departmentId,
    title: '新技术',
    text: '开展了微创手术。',
    fromOn: '2026-09-01',
    untilOn: '2026-12-31',
    ...more,
  })

  test('are shown in its calls between their days, and a tick says in how many they were told', async () => {
    const { id } = await ward.dueCall()
    const [now, later, elsewhere] = [newId(), newId(), newId()]
    await head.call(contentApi.saveNews, { id: now, body: news() })
    await head.call(contentApi.saveNews, { id: later, body: news({ fromOn: '2026-12-01' }) })
    await chief.call(contentApi.saveNews, { id: elsewhere, body: news({ departmentId: newId() }) })
    expect((await contentOf(id)).news).toEqual([{ id: now, title: '新技术', text: '开展了微创手术。', isTold: false }])

    await complete(id, { toldNews: [now, elsewhere] })

    expect((await contentOf(id)).news).toEqual([{ id: now, title: '新技术', text: '开展了微创手术。', isTold: true }])
    const { rows } = await chief.call(contentApi.news, {})
    expect(Object.fromEntries(rows.map((r) => [r.id, r.told]))).toEqual({ [now]: 1, [later]: 0, [elsewhere]: 0 })
  })

  test('a department writes its own and nobody else’s; the hospital’s are in every call', async () => {
    const { id } = await ward.dueCall()
    const whole = newId()
    await expect(head.call(contentApi.saveNews, { id: newId(), body: news({ departmentId: null }) })).rejects.toMatchObject({
      code: 'house.forbidden',
    })
    await chief.call(contentApi.saveNews, { id: whole, body: news({ departmentId: null, title: '全院义诊' }) })

    await expect(head.call(contentApi.saveNews, { id: whole, body: news() })).rejects.toMatchObject({ code: 'followups.newsNotFound' })
    expect((await contentOf(id)).news.map((n) => n.title)).toContain('全院义诊')
  })
})
