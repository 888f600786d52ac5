import { applyRecords } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { currentVersion, findQuestionnaireByKey } from '@renxin/surveys'
import { type Definition, type FilledShown, fhirUrls, surveysApi } from '@renxin/surveys/contract'
import { beforeAll, describe, expect, test } from 'vitest'
import { followupsApi } from '../contract.ts'
import { openWard } from './ward.fixture.ts'

const { house, dueCall, tell } = await openWard()
const all = {
  'followups.work': 'hospital',
  'followups.read': 'hospital',
  'encounters.read': 'hospital',
  'patients.names': 'hospital',
} as const
const chen = house.who({ ...all, 'encounters.results': 'hospital', 'patients.read': 'hospital' }, { name: '陈静' })
const withoutResults = house.who(all, { name: '林芳' })
const editor = house.who('surveys.read', 'surveys.edit', 'surveys.results', 'encounters.read', 'encounters.results', 'patients.names')

const from = (path: string) => ({ extension: [{ url: fhirUrls.source, valueString: path }] })
const definition: Definition = {
  resourceType: 'Questionnaire',
  title: '心梗出院随访',
  item: [
    { linkId: 'discharged', type: 'dateTime', text: '出院时间', ...from('encounter.dischargedAt') },
    { linkId: 'diagnosis', type: 'string', text: '主要诊断', ...from('diagnosis.main') },
    { linkId: 'potassium', type: 'decimal', text: '最近血钾', ...from('laboratory.latestAmount:K') },
    { linkId: 'recheck', type: 'boolean', text: '知道要复查血钾吗？', required: true, enableWhen: [{ question: 'potassium', operator: '>', answerDecimal: 5 }] },
    { linkId: 'well', type: 'boolean', text: '恢复得好吗？', required: true },
  ],
} // biome-ignore format: an item a line

beforeAll(async () => {
  const card = await house.inside((ctx) => findQuestionnaireByKey(ctx, 'inpatient-satisfaction'))
  const id = card?.id ?? ''
  const saved = await editor.call(surveysApi.saveDraft, { id, definition, revision: 0 })
  expect(saved.findings).toEqual([])
  await editor.call(surveysApi.publish, { id, versionId: newId(), revision: saved.revision })
})

const versionId = async () => {
  const card = await house.inside((ctx) => findQuestionnaireByKey(ctx, 'inpatient-satisfaction'))
  return (await house.inside((ctx) => currentVersion(ctx, card?.id ?? ''))).id
}
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
const open = async (id: string, who = chen) => (await who.call(followupsApi.task, { id })).questionnaire?.filled ?? null
const valuesOf = (filled: FilledShown | null) =>
  Object.fromEntries([...(filled?.open ?? []), ...(filled?.diagnosis ?? [])].map((f) => [f.linkId, f.value]))

async function complete(id: string, answers: Record<string, (string | boolean)[]>, responseId = newId(), who = chen) {
  const response = { id: responseId, versionId: await versionId(), answers }
  return who.call(followupsApi.complete, { id, attemptId: newId(), outcome: 'reached' as const, response })
}

describe('a form that the hospital’s records fill in', () => {
  test('says in the task what they say, where that came from and from when it is', async () => {
    const { id, patientId } = await dueCall()
    await potassium(patientId, 4.1)

    const filled = await open(id)

    expect(filled?.open.find((f) => f.linkId === 'potassium')).toEqual({
      linkId: 'potassium',
      path: 'laboratory.latestAmount:K',
      title: ['检验结果 · 最近一次数值（不限这次就诊）', 'Laboratory results · Latest number (of any visit)'],
      value: 4.1,
      at: house.now().toISOString(),
      of: '电解质（mmol/L）',
      system: 'LIS',
      isKept: false,
    })
    expect(filled?.open.find((f) => f.linkId === 'discharged')).toMatchObject({ of: expect.stringMatching(/^住院号 I2026/) })
  })

  test('follows the records until the task is completed, and then stands whatever the hospital’s systems say', async () => {
    const { id, patientId } = await dueCall()
    await potassium(patientId, 4.1)
    expect(valuesOf(await open(id)).potassium).toBe(4.1)
    house.advance({ minutes: 5 })
    await potassium(patientId, 4.9)
    expect(valuesOf(await open(id)).potassium).toBe(4.9)
    const responseId = newId()
    await complete(id, { well: [true] }, responseId)

    house.advance({ hours: 1 })
    await potassium(patientId, 6.2)
    const [stay] = await house.sql<{ number: string }>(
      'select c.number from encounters.cards c join followups.tasks t on t.encounter_id = c.id where t.id = $1',
      [id],
    )
    await tell([{ number: stay?.number ?? '', patientId, class: 'inpatient', event: 'update', sourceAt: house.now(), dischargedAt: new Date('2026-09-01T08:00+08:00') }]) // biome-ignore format: a correction

    const response = await editor.call(surveysApi.response, { id: responseId })
    expect(valuesOf(response.filled)).toMatchObject({ potassium: 4.9, discharged: expect.stringMatching(/^2026-09-/) })
    expect(valuesOf(response.filled).discharged).not.toBe('2026-09-01T00:00:00.000Z')
    expect(response.answers).toEqual({ well: [true] })
    expect(await open(id)).toBeNull()
  })

  test('is an answer like others to statistics, and to what is handed on as FHIR', async () => {
    const { id, patientId } = await dueCall()
    await potassium(patientId, 4.4)
    const responseId = newId()
    await complete(id, { well: [true] }, responseId)

    const rows = await house.sql('select link_id, value_number from surveys.answer_rows where response_id = $1 order by position', [
      responseId,
    ])
    expect(rows).toContainEqual({ link_id: 'potassium', value_number: 4.4 })
    const [{ item } = { item: null }] = await house.sql<{ item: unknown }>(
      `select resource -> 'item' as item from surveys.responses where id = $1`,
      [responseId],
    )
    expect(item).toContainEqual(
      expect.objectContaining({
        linkId: 'potassium',
        answer: [{ valueDecimal: 4.4 }],
        extension: [{ url: fhirUrls.source, extension: expect.arrayContaining([{ url: 'path', valueString: 'laboratory.latestAmount:K' }, { url: 'system', valueString: 'LIS' }]) }],
      }), // biome-ignore format: an item
    )
  })

  test('takes nobody’s word for what the records say', async () => {
    const { id, patientId } = await dueCall()
    await potassium(patientId, 4.2)
    const responseId = newId()
    await complete(id, { well: [true], potassium: ['9.9'] }, responseId)

    expect(valuesOf((await editor.call(surveysApi.response, { id: responseId })).filled).potassium).toBe(4.2)
  })

  test('brings forth the questions that follow from it, and they must be answered', async () => {
    const { id, patientId } = await dueCall()
    await potassium(patientId, 5.6)

    await expect(complete(id, { well: [true] })).rejects.toMatchObject({
      code: 'surveys.answersRefused',
      problems: [{ linkId: 'recheck', code: 'required' }],
    })
    await complete(id, { well: [true], recheck: [false] })
  })

  test('keeps results from whoever may not see results, asks him nothing that follows from them, and fills them in all the same', async () => {
    const { id, patientId } = await dueCall()
    await potassium(patientId, 5.6)
    const filled = await open(id, withoutResults)
    expect(filled?.open.find((f) => f.linkId === 'potassium')).toMatchObject({ value: null, at: null, of: null, isKept: true })

    const responseId = newId()
    await complete(id, { well: [true] }, responseId, withoutResults)

    expect(valuesOf((await editor.call(surveysApi.response, { id: responseId })).filled).potassium).toBe(5.6)
  })

  test('sent twice it is recorded once, though the records have changed in between', async () => {
    const { id, patientId } = await dueCall()
    await potassium(patientId, 4.1)
    const responseId = newId()
    const attemptId = newId()
    const send = async () =>
      chen.call(followupsApi.complete, { id, attemptId, outcome: 'reached' as const, response: { id: responseId, versionId: await versionId(), answers: { well: [true] } } }) // biome-ignore format: one thought
    await send()
    house.advance({ minutes: 1 })
    await potassium(patientId, 7.7)
    await send()

    expect(await house.sql('select 1 from surveys.responses where id = $1', [responseId])).toHaveLength(1)
  })
})
