import { applyEncounterFacts, encounters } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { beforeAll, describe, expect, test } from 'vitest'
import { fhirUrls, surveysApi } from '../contract.ts'
import { recordManyResponses, surveys } from './index.ts'

const house = await openHouse([staff, patients, encounters, surveys], { now: '2026-09-04T09:00+08:00' })
const editor = house.who('surveys.read', 'surveys.edit', 'surveys.results', 'encounters.read')
const from = (path: string) => ({ extension: [{ url: fhirUrls.source, valueString: path }] })
const form = (path: string, title = '随访') => ({
  resourceType: 'Questionnaire' as const,
  title,
  item: [
    { linkId: 'source', type: 'string', text: '科室', ...from(path) },
    { linkId: 'days', type: 'decimal', text: '住院天数', ...from('encounter.lengthOfStayDays') },
    { linkId: 'well', type: 'boolean', text: '好吗？', required: true },
  ],
})

const stays: { patientId: string; encounterId: string }[] = []
let versionId = ''
let questionnaireId = ''
beforeAll(async () => {
  for (let n = 1; n <= 12; n += 1) {
    const patientId = newId()
    await house.inside((ctx) => registerPatient(ctx, { id: patientId, name: '王小明' }))
    const [encounterId = ''] = await house.inside(
      (ctx) =>
      applyEncounterFacts(ctx, [
        {
          number: `I${n}`, patientId, event: 'discharge', class: 'inpatient', sourceAt: new Date('2026-09-01T10:00+08:00'), departmentName: '骨科',
          admittedAt: new Date(`2026-08-${10 + n}T10:00+08:00`), dischargedAt: new Date('2026-09-01T10:00+08:00'),
        },
      ]), // biome-ignore format: a stay
    )
    stays.push({ patientId, encounterId })
  }
  questionnaireId = newId()
  versionId = newId()
  await editor.call(surveysApi.create, { id: questionnaireId, definition: form('encounter.department') })
  await editor.call(surveysApi.publish, { id: questionnaireId, versionId, revision: 0 })
})

const responses = () => stays.map((stay) => ({ id: newId(), versionId, ...stay, answers: { well: [true] }, channel: 'sms' as const, respondent: 'patient' as const })) // biome-ignore format: one thought

describe('what a form may be filled with', () => {
  test('is offered by the rooms that keep it, each under its heading in both languages', async () => {
    const { rows } = await editor.call(surveysApi.sources, {})

    expect([...new Set(rows.map((s) => s.group[0]))]).toEqual(['患者', '就诊', '诊断', '手术', '医嘱', '预约', '检验结果', '检查报告'])
    expect(rows.find((s) => s.path === 'encounter.dischargedAt')).toEqual({
      path: 'encounter.dischargedAt',
      group: ['就诊', 'Visit'],
      title: ['出院时间', 'Discharged at'],
      kind: 'dateTime',
      takesChoice: false,
    })
    expect(new Set(rows.map((s) => s.path)).size).toBe(rows.length)
  })

  test('names by what a result or a report is told apart', async () => {
    const { rows } = await editor.call(surveysApi.sourceChoices, { path: 'report.conclusion', search: '影像' })

    expect(rows).toEqual([{ value: 'imaging', title: ['影像检查', 'Imaging'] }])
  })

  test('a form that names what is not there is not published, and it is said which item', async () => {
    const id = newId()
    await editor.call(surveysApi.create, { id, definition: form('genome.all') })

    await expect(editor.call(surveysApi.publish, { id, versionId: newId(), revision: 0 })).rejects.toMatchObject({
      code: 'surveys.notPublishable',
      findings: [expect.objectContaining({ linkId: 'source', code: 'sourceUnknown', detail: 'genome.all' })],
    })
  })
})

describe('responses that records fill in', () => {
  test('each has what its own visit says, by whatever channel it came', async () => {
    const asked = responses()
    await house.inside((ctx) => recordManyResponses(ctx, asked))

    for (const [at, { id }] of asked.entries()) {
      const { filled } = await editor.call(surveysApi.response, { id })
      expect(filled?.open.map((f) => f.value)).toEqual(['骨科', 21 - at])
    }
  })

  test('take as many statements for twelve as for one', async () => {
    const count = async (asked: ReturnType<typeof responses>) =>
      house.inside(async (ctx) => {
        let statements = 0
        const counted = ctx.db.withPlugin({
          transformQuery: ({ node }) => {
            statements += 1
            return node
          },
          transformResult: async ({ result }) => result,
        })
        await recordManyResponses({ ...ctx, db: counted }, asked)
        return statements
      })

    const [one, twelve] = [await count(responses().slice(0, 1)), await count(responses())]

    expect(twelve).toBe(one)
  })

  test('show in the results as figures, and none of it among the words that people wrote', async () => {
    const { questions } = await editor.call(surveysApi.results, { questionnaireId, from: '2026-09-01', to: '2026-09-30' })

    expect(questions.find((q) => q.linkId === 'days')).toMatchObject({ isHidden: false, isFilled: true, smallest: 10, largest: 21 })
    expect(questions.find((q) => q.linkId === 'source')).toMatchObject({ isFilled: true, texts: [] })
  })
})
