import { access } from '@renxin/access'
import { applyEncounterFacts, encounters } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, patients } from '@renxin/patients'
import { type Context, sql } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { resolveUnits, staff, unitKey } from '@renxin/staff'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Answers, analysesApi, type Definition, fhirUrls, readForm, surveysApi } from '../contract.ts'
import { answersTo, counting } from './count-analysis.ts'
import { type NewResponse, recordManyResponses, surveys } from './index.ts'

const house = await openHouse([staff, access, patients, encounters, surveys], { now: '2026-09-04T09:00+08:00' })
const all = ['surveys.read', 'surveys.edit', 'surveys.results', 'encounters.read', 'patients.names'] as const
const reader = house.who(...all)
const leader = house.who(...all, 'analytics.export')

const analysis = (name: string, kind: string, item: string, by?: string) => ({
  url: fhirUrls.analysis,
  extension: [{ url: 'name', valueString: name }, { url: 'kind', valueCode: kind }, { url: 'item', valueString: item }, ...(by ? [{ url: 'by', valueString: by }] : [])],
}) // biome-ignore format: an extension
const option = (code: string, display: string) => ({ valueCoding: { code, display } })
const definition: Definition = {
  resourceType: 'Questionnaire',
  title: '高血压随访',
  extension: [
    analysis('服药', 'distribution', 'medication'),
    analysis('各科服药', 'cross', 'medication', 'department'),
    analysis('高压', 'mean', 'systolic', 'sex'),
    analysis('不存在的题', 'mean', 'gone'),
  ],
  item: [
    { linkId: 'medication', type: 'choice', text: '服药吗？', answerOption: [option('told', '按时'), option('missed', '漏服')] },
    { linkId: 'signs', type: 'choice', repeats: true, text: '有哪些不舒服？', answerOption: [option('head', '头痛'), option('feet', '脚肿'), option('none', '没有')] },
    { linkId: 'systolic', type: 'integer', text: '高压是多少？', extension: [{ url: fhirUrls.unit, valueCoding: { display: 'mmHg' } }] },
    { linkId: 'diagnosis', type: 'string', text: '主要诊断', extension: [{ url: fhirUrls.source, valueString: 'diagnosis.main' }] },
    { linkId: 'words', type: 'text', text: '还想说什么？' },
  ],
} // biome-ignore format: an item a line

const questionnaireId = newId()
const versionId = newId()
const units = new Map<string, string>()
const range = { questionnaireId, from: '2026-09-01', to: '2026-09-30' }

type Person = { department: string; sex: 'male' | 'female'; born: string; diagnosis: string; answers: Answers }
let people = 0
async function answer(list: readonly Person[]) {
  const said: NewResponse[] = []
  for (const { department, sex, born, diagnosis, answers } of list) {
    people += 1
    const patientId = newId()
    await house.inside((ctx) =>
      applyPatientFacts(ctx, [{ id: patientId, identifiers: [], sourceAt: house.now(), name: '王小明', sex, birthOn: born }]),
    )
    const [encounterId = ''] = await house.inside(
      (ctx) =>
      applyEncounterFacts(ctx, [
        {
          number: `I${people}`, patientId, event: 'discharge', class: 'inpatient', sourceAt: house.now(), departmentName: department, wardName: `${department}病区`,
          admittedAt: new Date('2026-08-20T10:00+08:00'), dischargedAt: new Date('2026-09-01T10:00+08:00'),
          diagnoses: [{ code: 'I10', name: diagnosis, system: null, type: 'final', rank: 1 }],
        },
      ]), // biome-ignore format: a stay
    )
    said.push({ id: newId(), versionId, patientId, encounterId, answers, channel: 'phone' as const, respondent: 'patient' as const })
  }
  await house.inside((ctx) => recordManyResponses(ctx, said))
}

/** Of the heart 12: 8 men and 4 women, nine as told. Of the lungs 9: all men, three as told. Of the bones 2. */
beforeAll(async () => {
  await reader.call(surveysApi.create, { id: questionnaireId, definition })
  await reader.call(surveysApi.publish, { id: questionnaireId, versionId, revision: 0 })
  const heart = Array.from(
    { length: 12 },
    (_, n): Person => ({
      department: '心内科',
      sex: n < 8 ? 'male' : 'female',
      born: n % 2 === 0 ? '1960-01-01' : '1940-01-01', // 66 and 86
      diagnosis: '高血压',
      answers: { medication: [n < 9 ? 'told' : 'missed'], signs: n < 6 ? ['head', 'feet'] : ['none'], systolic: [130 + n] },
    }),
  )
  const lungs = Array.from(
    { length: 9 },
    (_, n): Person => ({
      department: '呼吸科',
      sex: 'male',
      born: '1960-01-01',
      diagnosis: n < 7 ? '高血压' : '罕见病',
      answers: { medication: [n < 3 ? 'told' : 'missed'], signs: ['feet'], systolic: [150] },
    }),
  )
  const bones = Array.from({ length: 2 }, (): Person => ({ department: '骨科', sex: 'female', born: '1960-01-01', diagnosis: '高血压', answers: { medication: ['told'], signs: ['none'] } })) // biome-ignore format: one thought
  await answer([...heart, ...lungs, ...bones])
  for (const name of ['心内科', '呼吸科', '骨科']) {
    const found = await house.inside((ctx) => resolveUnits(ctx, [{ kind: 'department', name }]))
    units.set(name, found.get(unitKey({ kind: 'department', name }) ?? '') ?? '')
  }
})

const run = (look: { kind: 'distribution' | 'mean' | 'cross'; item: string; by?: string }, who = reader, departmentId?: string) =>
  who.call(analysesApi.analysis, { ...range, ...look, ...(departmentId && { departmentId }) } as never) // the dimension is checked by the route

describe('the analyses of a questionnaire', () => {
  test('are those that it keeps, without the one whose question is not there', async () => {
    const { title, analyses, questions } = await reader.call(analysesApi.analyses, { questionnaireId })

    expect(title).toBe('高血压随访')
    expect(analyses).toEqual([
      { name: '服药', kind: 'distribution', item: 'medication' },
      { name: '各科服药', kind: 'cross', item: 'medication', by: 'department' },
      { name: '高压', kind: 'mean', item: 'systolic', by: 'sex' },
    ])
    expect(questions.map((q) => [q.linkId, q.kinds, q.isSpread])).toEqual([
      ['medication', ['distribution', 'cross'], true],
      ['signs', ['distribution', 'cross'], true],
      ['systolic', ['mean'], false],
      ['diagnosis', ['distribution', 'cross'], true],
    ])
    expect(
      (await reader.call(surveysApi.questionnaire, { id: questionnaireId })).findings.map((f) => [f.code, f.weight, f.detail]),
    ).toEqual([['analysisItem', 'limits', '不存在的题']])
  })

  test('a distribution counts people and options, and shares are of people', async () => {
    const result = await run({ kind: 'distribution', item: 'signs' })

    expect(result.options.map((o) => o.label)).toEqual(['头痛', '脚肿', '没有'])
    expect(result.total).toMatchObject({ n: 23, counts: [6, 15, 8] })
  })

  test('a mean has its number, its least and its most', async () => {
    const result = await run({ kind: 'mean', item: 'systolic' })

    expect(result).toMatchObject({ unit: 'mmHg', isHidden: false, total: { n: 21, smallest: 130, largest: 150 } })
    expect(result.total?.mean).toBeCloseTo((12 * 135.5 + 9 * 150) / 21, 10)
  })

  test('by department: a department of two is hidden, and so is the next, from which it could be reckoned', async () => {
    const result = await run({ kind: 'cross', item: 'medication', by: 'department' })

    expect(result.total).toMatchObject({ n: 23, counts: [14, 9] })
    expect(result.rows.map((r) => [r.label, r.shown?.counts ?? null])).toEqual([
      ['骨科', null],
      ['呼吸科', null],
      ['心内科', [9, 3]],
    ])
  })

  test('by sex, by age and by another question', async () => {
    expect((await run({ kind: 'cross', item: 'medication', by: 'sex' })).rows.map((r) => [r.key, r.shown?.counts])).toEqual([
      ['female', [3, 3]],
      ['male', [11, 6]],
    ])
    expect((await run({ kind: 'cross', item: 'medication', by: 'ageBand' })).rows.map((r) => [r.key, r.shown?.n])).toEqual([
      ['60', 17],
      ['75', 6],
    ])
    expect((await run({ kind: 'mean', item: 'systolic', by: 'question:medication' })).rows.map((r) => [r.label, r.shown?.n])).toEqual([
      ['按时', 12],
      ['漏服', 9],
    ])
  })

  test('by a question with several answers: one person stands in several rows and counts once in all', async () => {
    const result = await run({ kind: 'cross', item: 'medication', by: 'question:signs' })

    expect(result.total?.n).toBe(23)
    expect(result.rows.map((r) => [r.label, r.shown?.n ?? null])).toEqual([
      ['头痛', 6],
      ['脚肿', 15],
      ['没有', 8],
    ])
  })

  test('what the records filled in is spread too, and what few have is counted with the others', async () => {
    const result = await run({ kind: 'distribution', item: 'diagnosis' })

    expect(result.options.map((o) => o.key)).toEqual(['高血压', '#other'])
    expect(result.total?.counts).toEqual([21, 2])
  })

  test('in one department the table by sex is not shown where it would tell of four women', async () => {
    const result = await run({ kind: 'cross', item: 'medication', by: 'sex' }, reader, units.get('心内科'))

    expect(result.total?.n).toBe(12)
    expect(result.rows).toEqual([])
    expect(await run({ kind: 'distribution', item: 'medication' }, reader, units.get('骨科'))).toMatchObject({
      isHidden: true,
      total: null,
    })
  })

  test('words that people wrote are no figure, and an unknown dimension is refused', async () => {
    await expect(run({ kind: 'distribution', item: 'words' })).rejects.toMatchObject({ code: 'surveys.noSuchAnalysis' })
    await expect(run({ kind: 'cross', item: 'medication', by: 'question:words' })).rejects.toMatchObject({ code: 'surveys.noSuchAnalysis' })
    await expect(run({ kind: 'cross', item: 'medication', by: 'shoeSize' })).rejects.toMatchObject({ code: 'house.invalid' })
  })

  test('whoever is responsible for one department sees the answers of that one', async () => {
    const mine = house.who({ 'surveys.results': 'department' }, { departments: [units.get('呼吸科') ?? ''] })

    expect((await run({ kind: 'distribution', item: 'medication' }, mine)).total).toMatchObject({ n: 9, counts: [3, 6] })
  })
})

describe('behind a figure', () => {
  const rows = (look: object, who = reader) => who.call(analysesApi.analysisRows, { ...range, kind: 'cross', item: 'medication', by: 'sex', ...look } as never) // biome-ignore format: one thought

  test('stand the responses that it counts, page by page', async () => {
    const first = await rows({ row: 'male', option: 'missed', limit: 4 })
    const second = await rows({ row: 'male', option: 'missed', limit: 4, after: first.next })

    expect(first.rows).toHaveLength(4)
    expect(new Set([...first.rows, ...second.rows].map((r) => r.id)).size).toBe(6)
    expect(second.next).toBeNull()
    expect(first.rows[0]).toMatchObject({ patientName: '王小明', questionnaireTitle: '高血压随访' })
  })

  test('of a department, a question and a band of ages likewise', async () => {
    expect((await rows({ by: 'department', row: units.get('心内科') })).rows).toHaveLength(12)
    expect((await rows({ by: 'question:signs', row: 'feet', option: 'told' })).rows).toHaveLength(9)
    expect((await rows({ by: 'ageBand', row: '75' })).rows).toHaveLength(6)
    const rare = { kind: 'distribution', item: 'diagnosis', by: undefined, option: '#other' }
    expect((await rows(rare)).rows).toHaveLength(2) // what has no column of its own
  })

  test('nobody is listed behind what is hidden', async () => {
    await expect(rows({ by: 'department', row: units.get('骨科') })).rejects.toMatchObject({ code: 'surveys.tooFewAnswers' })
    await expect(rows({ by: 'department', row: units.get('呼吸科'), option: 'told' })).rejects.toMatchObject({
      code: 'surveys.tooFewAnswers',
    })
  })
})

describe('as a file', () => {
  test('each analysis is a table of the one export; what the page hides the file hides, and it is noted', async () => {
    const file = await leader.call(analysesApi.exportAnalyses, { ...range, format: 'csv', reason: '季度质控会' })
    const text = Buffer.from((file as unknown as { body: Buffer }).body).toString() // a file is answered as it is

    expect(text).toContain('按时,14,0.6086')
    expect(text).toMatch(/呼吸科,不足 5/)
    expect(text).toMatch(/心内科,12,9,0.75,3,0.25/)
    expect(text).toContain('季度质控会')
    expect(await house.sql('select title, rows from house.exports')).toEqual([{ title: '问卷分析 高血压随访', rows: expect.any(Number) }])
    await expect(reader.call(analysesApi.exportAnalyses, { ...range, reason: '好奇' })).rejects.toMatchObject({ code: 'house.forbidden' })
  })
})

describe('however many have answered', () => {
  /** As many responses again as a department of some years has, each with five answers, of which one is asked for. */
  beforeAll(async () => {
    await house.inside((ctx) => manyMore(ctx, 6000))
    await house.ownerSql('vacuum analyze surveys.answers, surveys.responses')
  })
  const item = () => {
    const found = readForm(definition).byLinkId.get('medication')
    if (!found) throw new Error('the question is not there')
    return found
  }
  const plan = (query: (ctx: Context) => ReturnType<typeof sql>) =>
    house.inside(async (ctx) => {
      const { rows } = await sql<Record<string, string>>`explain ${query(ctx)}`.execute(ctx.db)
      return rows.flatMap((r) => Object.values(r)).join('\n')
    })
  const month = { questionnaireId, from: '2025-03-01', to: '2025-03-31' }

  test('the answers to one question are read off their index alone, whatever else the questionnaire asks', async () => {
    const found = await plan((ctx) => counting(ctx, month, { item: item(), by: 'department', byItem: undefined }))

    expect(found).toMatch(/Index Only Scan using answers_of_question/)
    expect(found).toMatch(/Index Cond: .*hospital_id.*questionnaire_id.*link_id = 'medication'.*day >=/)
  })

  test('the newest of them, of which a page shows fifty, are read off its end', async () => {
    const newest = await plan(
      (ctx) =>
        sql`select a.response_id from surveys.answers a where ${answersTo(ctx, month, item())} and a.value_code = 'told' order by a.day desc, a.response_id desc limit 51`,
    )

    expect(newest).toMatch(/Limit[\s\S]*Index Only Scan Backward using answers_of_question/)
  })
})

async function manyMore(ctx: Context, count: number): Promise<void> {
  await sql`
    insert into surveys.responses (id, questionnaire_id, version_id, patient_id, said_patient_id, encounter_id, channel, respondent, recorded_by, completed_at, day, month,
      ward_id, department_id, resource, score_count)
    select gen_random_uuid(), r.questionnaire_id, r.version_id, r.patient_id, r.said_patient_id, r.encounter_id, r.channel, r.respondent, r.recorded_by,
           d.day, d.day, date_trunc('month', d.day)::date, r.ward_id, r.department_id, r.resource, 0
      from generate_series(1, ${count}) g
     cross join lateral (select date '2024-01-01' + g % 600 as day) d
     cross join (select * from surveys.responses order by id limit 1) r`.execute(ctx.db)
  await sql`
    insert into surveys.answers (response_id, position, nth, questionnaire_id, version_id, link_id, code, value_code, value_text, day, month, ward_id, department_id)
    select r.id, q.at, 0, r.questionnaire_id, r.version_id, q.link_id, q.link_id, q.code, q.code, r.day, r.month, r.ward_id, r.department_id
      from surveys.responses r
     cross join (values (0, 'medication', 'told'), (1, 'signs', 'none'), (2, 'more', 'a'), (3, 'further', 'b'), (4, 'last', 'c')) q (at, link_id, code)
     where r.day < date '2026-01-01'`.execute(ctx.db)
}
