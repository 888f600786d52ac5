import { applyEncounterFacts, encounters } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { mergePatients, patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { resolveUnits, staff, unitKey } from '@renxin/staff'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Answers, surveysApi } from '../contract.ts'
import { responseRecorded } from './events.ts'
import { currentVersion, findQuestionnaireByKey, prepareSurveys, recordManyResponses, recordResponse, surveys } from './index.ts'

const house = await openHouse([staff, patients, encounters, surveys], { now: '2026-09-04T09:00+08:00', prepare: true })
const editor = house.who('surveys.read', 'surveys.edit', 'surveys.results', 'encounters.read', 'patients.names')

type Stay = { patientId: string; encounterId: string; wardId: string; departmentId: string }
let stays = 0

async function newStay(ward: string): Promise<Stay> {
  const patientId = newId()
  await house.inside((ctx) => registerPatient(ctx, { id: patientId, name: '王小明' }))
  stays += 1
  const said = {
    departmentName: `${ward}科`,
    wardName: `${ward}病区`,
    attending: { number: 'D1', name: '张伟' },
    nurse: { number: 'N1', name: '李静' },
  }
  const [encounterId = ''] = await house.inside((ctx) =>
    applyEncounterFacts(ctx, [
      {
        number: `I${stays}`,
        patientId,
        event: 'discharge',
        class: 'inpatient',
        sourceAt: new Date('2026-09-01T10:00:00+08:00'),
        admittedAt: new Date('2026-08-25T10:00:00+08:00'),
        dischargedAt: new Date('2026-09-01T10:00:00+08:00'),
        ...said,
      },
    ]),
  )
  const units = [
    { kind: 'ward' as const, name: said.wardName },
    { kind: 'department' as const, name: said.departmentName },
  ]
  const ids = await house.inside((ctx) => resolveUnits(ctx, units))
  const [wardId = '', departmentId = ''] = units.map((u) => ids.get(unitKey(u) ?? '') ?? '')
  return { patientId, encounterId, wardId, departmentId }
}

async function versionOf(key: string) {
  const card = await house.inside((ctx) => findQuestionnaireByKey(ctx, key))
  if (!card) throw new Error(`${key} is not there`)
  return house.inside((ctx) => currentVersion(ctx, card.id))
}

const satisfied = (overall: string): Answers =>
  Object.fromEntries(
    [
      'doctor-talk',
      'nurse-talk',
      'response',
      'pain',
      'medicines',
      'admission',
      'discharge',
      'surroundings',
      'food',
      'relatives',
      'overall',
    ].map((linkId) => [linkId, [linkId === 'overall' ? overall : linkId === 'food' ? 'na' : '5']]),
  )

async function record(stay: Stay, key: string, answers: Answers, id = newId()) {
  const version = await versionOf(key)
  return house.inside((ctx) =>
    recordResponse(ctx, {
      id,
      versionId: version.id,
      patientId: stay.patientId,
      encounterId: stay.encounterId,
      answers,
      channel: 'phone',
      respondent: 'patient',
    }),
  )
}

let heart: Stay
let bones: Stay
beforeAll(async () => {
  heart = await newStay('心内')
  bones = await newStay('骨')
})

const plain = (title: string, ...item: object[]) => ({ resourceType: 'Questionnaire' as const, title, status: 'draft', item })
const oneQuestion = (title: string) => plain(title, { linkId: 'q', type: 'string', text: '怎么样?' })

describe('the questionnaires that came with the product', () => {
  test('are there, published, once, and stay as the hospital made them', async () => {
    await house.inside(prepareSurveys)

    const { rows } = await editor.call(surveysApi.questionnaires, { status: 'active' })

    expect(
      rows
        .filter((q) => q.key !== null)
        .map((q) => q.key)
        .sort(),
    ).toEqual(['call-quality', 'inpatient-satisfaction', 'level-three', 'nps', 'recovery', 'revisit-reasons'])
    for (const q of rows) {
      const { findings } = await editor.call(surveysApi.questionnaire, { id: q.id })
      // What the nurse must hear at once comes with the product; how long a doctor has for it no rule says, so each hospital writes it.
      expect(findings.map((f) => f.code)).toEqual(q.key === 'recovery' ? ['flagWithoutDeadline'] : [])
    }
  })
})

describe('writing a questionnaire', () => {
  test('a draft is saved, published as version 1, written on, published as version 2', async () => {
    const id = newId()
    await editor.call(surveysApi.create, { id, definition: oneQuestion('初稿') })
    const saved = await editor.call(surveysApi.saveDraft, { id, definition: oneQuestion('定稿'), revision: 0 })
    const first = await editor.call(surveysApi.publish, { id, versionId: newId(), revision: saved.revision })
    const again = await editor.call(surveysApi.saveDraft, { id, definition: oneQuestion('第二版'), revision: 1 })
    const second = await editor.call(surveysApi.publish, { id, versionId: newId(), revision: again.revision })

    expect(first).toMatchObject({ status: 'active', title: '定稿', currentNumber: 1, draft: null })
    expect(again).toMatchObject({ title: '定稿', hasDraft: true })
    expect(second).toMatchObject({ title: '第二版', currentNumber: 2 })
    expect(second.versions.map((v) => v.number)).toEqual([2, 1])
  })

  test('of two people who save, the second is told that the first did', async () => {
    const id = newId()
    await editor.call(surveysApi.create, { id, definition: oneQuestion('a') })
    await editor.call(surveysApi.saveDraft, { id, definition: oneQuestion('b'), revision: 0 })

    await expect(editor.call(surveysApi.saveDraft, { id, definition: oneQuestion('c'), revision: 0 })).rejects.toMatchObject({
      code: 'surveys.editedByOthers',
      revision: 1,
    })
  })

  test('what cannot be asked cannot be published, and it is said why', async () => {
    const id = newId()
    await editor.call(surveysApi.create, { id, definition: plain('x', { linkId: 'q', type: 'choice', text: '?' }) })

    await expect(editor.call(surveysApi.publish, { id, versionId: newId(), revision: 0 })).rejects.toMatchObject({
      code: 'surveys.notPublishable',
      findings: expect.arrayContaining([expect.objectContaining({ linkId: 'q', code: 'noOptions' })]),
    })
  })

  test('what is unknown in an imported file is kept and comes out as it went in', async () => {
    const id = newId()
    const definition = {
      ...oneQuestion('进口'),
      contact: [{ name: 'x' }],
      item: [
        { linkId: 'q', type: 'string', text: '?', extension: [{ url: 'http://else.where/thing', valueInteger: 1 }], _text: { id: 'a' } },
      ],
    }
    await editor.call(surveysApi.create, { id, definition })

    const { draft } = await editor.call(surveysApi.questionnaire, { id })

    expect(draft).toEqual(definition)
  })

  test('pressing twice makes one questionnaire and one version', async () => {
    const [id, versionId] = [newId(), newId()]
    await editor.call(surveysApi.create, { id, definition: oneQuestion('一次') })
    await editor.call(surveysApi.create, { id, definition: oneQuestion('一次') })
    await editor.call(surveysApi.publish, { id, versionId, revision: 0 })

    const { versions } = await editor.call(surveysApi.publish, { id, versionId, revision: 0 })

    expect(versions).toHaveLength(1)
  })

  test('a copy is a draft of its own', async () => {
    const card = await house.inside((ctx) => findQuestionnaireByKey(ctx, 'nps'))
    const copy = await editor.call(surveysApi.copy, { id: card?.id ?? '', newId: newId(), title: '门诊推荐意愿' })

    expect(copy).toMatchObject({ status: 'draft', title: '门诊推荐意愿', key: null })
    expect(copy.draft).not.toHaveProperty('url')
  })

  test('one that is disabled can be enabled again; one never published cannot', async () => {
    const id = newId()
    await editor.call(surveysApi.create, { id, definition: oneQuestion('停用') })

    await expect(editor.call(surveysApi.disable, { id })).rejects.toMatchObject({ code: 'surveys.neverPublished' })
    await editor.call(surveysApi.publish, { id, versionId: newId(), revision: 0 })
    expect(await editor.call(surveysApi.disable, { id })).toMatchObject({ status: 'disabled' })
    expect(await editor.call(surveysApi.enable, { id })).toMatchObject({ status: 'active' })
  })
})

describe('a response', () => {
  test('is kept with its score and, answer by answer, with the dimensions of the encounter', async () => {
    const { id, scoreMean } = await record(heart, 'inpatient-satisfaction', satisfied('2'))

    const rows = await house.sql('select * from surveys.answer_rows where response_id = $1', [id])

    expect(scoreMean).toBeCloseTo((9 * 5 + 2) / 10) // eleven questions, the food did not apply
    expect(rows).toHaveLength(11)
    for (const row of rows)
      expect(row).toMatchObject({ ward_id: heart.wardId, department_id: heart.departmentId, month: '2026-09-01', day: '2026-09-04' })
    expect(rows.find((r) => r.link_id === 'overall')).toMatchObject({ measure: 'satisfaction', verdict: 'dissatisfied', score: 2 })
    expect(rows.find((r) => r.link_id === 'food')).toMatchObject({ measure: 'aspect', verdict: 'notApplicable', score: null })
    expect(rows.every((r) => r.attending_id !== null && r.nurse_id !== null)).toBe(true)
  })

  test('comes back as it was given', async () => {
    const answers = { ...satisfied('4'), remarks: ['护士很耐心'] }
    const { id } = await record(heart, 'inpatient-satisfaction', answers)

    expect(await editor.call(surveysApi.response, { id })).toMatchObject({ patientName: '王小明', wardName: '心内病区', answers })
  })

  test('whose answers are not all right is refused, with the question and the reason', async () => {
    await expect(record(heart, 'nps', { nps: [11] })).rejects.toMatchObject({
      code: 'surveys.answersRefused',
      problems: [{ linkId: 'nps', code: 'tooLarge', limit: 10 }],
    })
  })

  test('sent many times at once is recorded once and announced once', async () => {
    const id = newId()

    const outcomes = await Promise.all(Array.from({ length: 8 }, () => record(heart, 'nps', { nps: [9] }, id)))

    expect(outcomes.filter((o) => o.isNew)).toHaveLength(1)
    expect(await house.sql('select from surveys.answer_rows where response_id = $1', [id])).toHaveLength(1)
    expect((await house.events(responseRecorded)).filter((e) => e.responseId === id)).toEqual([
      { responseId: id, patientId: heart.patientId, encounterId: heart.encounterId },
    ])
  })

  test('under an id that is taken, saying something else, is refused', async () => {
    const { id } = await record(heart, 'nps', { nps: [9] })

    await expect(record(heart, 'nps', { nps: [1] }, id)).rejects.toMatchObject({ code: 'surveys.idTaken', id })
  })

  test('many go in together', async () => {
    const version = await versionOf('nps')
    const before = (await house.sql('select from surveys.responses')).length
    const many = Array.from({ length: 50 }, (_, n) => ({
      id: newId(),
      versionId: version.id,
      patientId: bones.patientId,
      encounterId: bones.encounterId,
      answers: { nps: [n % 11] },
      channel: 'phone' as const,
      respondent: 'relative' as const,
      completedAt: new Date('2026-07-31T23:30:00+08:00'),
    }))

    await house.inside((ctx) => recordManyResponses(ctx, many))

    expect((await house.sql('select from surveys.responses')).length - before).toBe(50)
    const [first] = await house.sql(
      'select month, day, frozen from (select month, day, 1 as frozen from surveys.responses where id = $1) r',
      [many[0]?.id],
    )
    expect(first).toMatchObject({ month: '2026-07-01', day: '2026-07-31' })
  })

  test('follows the patient when two files become one', async () => {
    const [kept, retired] = [await newStay('内'), await newStay('内')]
    const { id } = await record(retired, 'nps', { nps: [8] })
    await house.inside((ctx) => mergePatients(ctx, { survivorId: kept.patientId, retiredId: retired.patientId, reason: '同一人' }))
    await house.settle()

    const { rows } = await editor.call(surveysApi.timeline, { patientId: kept.patientId })

    expect(rows.map((r) => r.id)).toEqual([id])
  })
})

describe('a version that was answered', () => {
  test('cannot change, whoever tries', async () => {
    await record(heart, 'nps', { nps: [10] })
    const { id, frozenAt } = await versionOf('nps')

    expect(frozenAt).not.toBeNull()
    for (const change of [`definition = '{"resourceType":"Questionnaire"}'`, 'frozen_at = null', 'number = 9']) {
      await expect(house.sql(`update surveys.versions set ${change} where id = $1`, [id])).rejects.toMatchObject({
        constraint: 'versions_frozen',
      })
    }
    await expect(house.sql('delete from surveys.versions where id = $1', [id])).rejects.toMatchObject({ code: '23503' })
  })
})

describe('who sees what', () => {
  test('a head of department sees the responses and figures of the department only', async () => {
    const [cardiology, orthopaedics] = [await newStay('甲'), await newStay('乙')]
    const questionnaire = await house.inside((ctx) => findQuestionnaireByKey(ctx, 'inpatient-satisfaction'))
    const range = { questionnaireId: questionnaire?.id ?? '', from: '2026-09-01', to: '2026-09-30' }
    for (const overall of ['5', '4', '3', '2', '1']) await record(cardiology, 'inpatient-satisfaction', satisfied(overall))
    const other = await record(orthopaedics, 'inpatient-satisfaction', satisfied('1'))
    const head = house.who({ 'surveys.results': 'department', 'encounters.read': 'department' }, { departments: [cardiology.departmentId] })
    const matron = house.who({ 'surveys.results': 'ward' }, { wards: [orthopaedics.wardId] })

    const results = await head.call(surveysApi.results, range)

    expect(results.n).toBe(5)
    expect(results.questions.find((q) => q.linkId === 'overall')).toMatchObject({
      isHidden: false,
      n: 5,
      mean: 3,
      verdicts: { satisfied: 2, noOpinion: 1, dissatisfied: 2 },
      options: expect.arrayContaining([{ key: '5', label: '很满意', count: 1, share: 0.2 }]),
    })
    expect((await head.call(surveysApi.responses, range)).rows).toHaveLength(5)
    await expect(head.call(surveysApi.response, { id: other.id })).rejects.toMatchObject({ code: 'surveys.responseNotFound' })
    expect((await matron.call(surveysApi.responses, range)).rows.map((r) => r.id)).toEqual([other.id])
    expect((await matron.call(surveysApi.results, range)).questions.every((q) => q.isHidden)).toBe(true) // one answer would tell who gave it
    const leader = house.who('surveys.results')
    const ofOne = async (departmentId: string) => (await leader.call(surveysApi.results, { ...range, departmentId })).questions
    expect((await ofOne(orthopaedics.departmentId)).every((q) => q.isHidden)).toBe(true)
    expect((await ofOne(cardiology.departmentId)).every((q) => q.isHidden)).toBe(true) // with the hospital's own it would give the other away
    expect((await leader.call(surveysApi.results, range)).questions.find((q) => q.linkId === 'overall')).toMatchObject({
      isHidden: false,
    })
  })

  test('of the words to a question the newest twenty are shown, of one’s own department', async () => {
    const [surgery, other] = [await newStay('丙'), await newStay('丁')]
    const questionnaire = await house.inside((ctx) => findQuestionnaireByKey(ctx, 'inpatient-satisfaction'))
    const range = { questionnaireId: questionnaire?.id ?? '', from: '2026-09-01', to: '2026-09-30' }
    const say = (stay: Stay, words: string) => record(stay, 'inpatient-satisfaction', { ...satisfied('5'), remarks: [words] })
    for (let n = 1; n <= 22; n += 1) await say(surgery, `第${n}句`)
    await say(other, '别处的话')
    const head = house.who({ 'surveys.results': 'department' }, { departments: [surgery.departmentId] })

    const { questions } = await head.call(surveysApi.results, range)

    const newestFirst = Array.from({ length: 20 }, (_, i) => `第${22 - i}句`)
    expect(questions.find((q) => q.linkId === 'remarks')).toMatchObject({ isHidden: false, texts: newestFirst })
  })

  test('names are whole only for those who may see them', async () => {
    const { id } = await record(heart, 'nps', { nps: [7] })

    expect(await house.who('encounters.read').call(surveysApi.response, { id })).toMatchObject({ patientName: '王*明' })
  })

  test('another hospital sees none of it', async () => {
    const { id } = await record(heart, 'nps', { nps: [7] })
    const version = await versionOf('nps')
    const stranger = await house.stranger('surveys.read', 'surveys.results', 'encounters.read')

    await expect(stranger.call(surveysApi.response, { id })).rejects.toMatchObject({ code: 'surveys.responseNotFound' })
    await expect(stranger.call(surveysApi.version, { id: version.id })).rejects.toMatchObject({ code: 'surveys.versionNotFound' })
    expect((await stranger.call(surveysApi.questionnaires, {})).rows).toEqual([])
  })

  test('an unhappy answer is marked on the patient’s timeline', async () => {
    const stay = await newStay('丙')
    await record(stay, 'nps', { nps: [3] })
    house.advance({ minutes: 1 })
    await record(stay, 'nps', { nps: [10] })

    const { rows } = await editor.call(surveysApi.timeline, { patientId: stay.patientId })

    expect(rows.map((r) => r.tone)).toEqual(['plain', 'bad'])
  })
})
