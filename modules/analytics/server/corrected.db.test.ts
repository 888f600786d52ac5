import { newId } from '@renxin/kernel'
import { correctResponse, createQuestionnaire, publishQuestionnaire, recordManyResponses } from '@renxin/surveys'
import { fhirUrls, surveysApi } from '@renxin/surveys/contract'
import { expect, test } from 'vitest'
import { analyticsApi } from '../contract.ts'
import { openHospital } from './hospital.fixture.ts'
import { makeCells } from './index.ts'

const { house, goHome, recommend } = await openHospital()
const leader = house.who('analytics.read', 'surveys.results', 'surveys.read')
const nps = async () => (await leader.call(analyticsApi.dashboard, { from: '2026-09' })).nps
const cells = () =>
  house.sql('select month, department_id, ward_id, promoters, passives, detractors from analytics.answer_months order by 1, 2, 3')
const correct = (formerId: string, answers: Record<string, number[]>) => {
  const id = newId()
  return house.inside((ctx) => correctResponse(ctx, { formerId, id, answers, reason: '听录音核对' })).then(() => id)
}

test('the figures follow corrected answers, and nobody counts twice', async () => {
  const stay = await goHome('01')
  const given: string[] = []
  for (const points of [10, 9, 9, 8, 3]) given.push((await recommend(stay, points))[0]?.id ?? '')
  await house.settle()
  expect(await nps()).toMatchObject({ n: 5, promoters: 3, passives: 1, detractors: 1 })

  house.advance({ days: 20 }) // another month: the corrected answers count where the former did
  const once = await correct(given[4] ?? '', { nps: [9] })
  await correct(once, { nps: [8] })
  await house.settle()

  const { nps: now } = await leader.call(analyticsApi.dashboard, { from: '2026-09', to: '2026-09' })
  expect(now).toMatchObject({ n: 5, promoters: 3, passives: 2, detractors: 0 })
  const kept = await cells()
  await house.inside((ctx) => makeCells(ctx))
  expect(await cells()).toEqual(kept)
  const [card] = await house.sql<{ id: string }>(`select id from surveys.questionnaires where key = 'nps'`)
  const asked = { questionnaireId: card?.id ?? '', from: '2026-09-01', to: '2026-10-31' }
  expect((await leader.call(surveysApi.results, asked)).n).toBe(5)
  expect((await leader.call(surveysApi.responses, asked)).rows).toHaveLength(5)
})

test('where the only answer of a ward is taken back, nothing of it is left in the cells', async () => {
  const item = [
    { linkId: 'nps', type: 'integer', text: '推荐吗？', code: [{ code: 'nps' }], extension: [{ url: fhirUrls.measure, valueCode: 'nps' }] },
    { linkId: 'words', type: 'string', text: '为什么？' },
  ]
  const [questionnaireId, versionId] = [newId(), newId()]
  const stay = await goHome('02', 'bones')
  const [given] = await house.inside(async (ctx) => {
    await createQuestionnaire(ctx, { id: questionnaireId, definition: { resourceType: 'Questionnaire', title: '推荐', item } })
    await publishQuestionnaire(ctx, { id: questionnaireId, versionId, revision: 0 })
    const { patientId, encounterId } = stay
    const said = { answers: { nps: [9], words: ['好'] }, channel: 'phone' as const, respondent: 'patient' as const }
    return recordManyResponses(ctx, [{ id: newId(), versionId, patientId, encounterId, ...said }])
  })
  await house.settle()
  const before = await cells()

  const id = newId()
  await house.inside((ctx) => correctResponse(ctx, { formerId: given?.id ?? '', id, answers: { words: ['没有说'] }, reason: '没有问' }))
  await house.settle()

  expect(await cells()).toHaveLength(before.length - 1)
})
