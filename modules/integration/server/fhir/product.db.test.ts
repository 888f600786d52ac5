import { applyEncounterFacts, applyRecords } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, noteCriticalValues, refuse } from '@renxin/patients'
import { correctResponse, findQuestionnaireByKey, recordResponse } from '@renxin/surveys'
import { beforeAll, expect, test } from 'vitest'
import { openFhir, type Resource } from './testing.fixture.ts'

const { house, get, put, send, found } = await openFhir()
let wang = ''

/** The patient has his id only when he was told of. */
const withId = (shape: object) =>
  JSON.stringify(shape).includes('Patient/WANG') ? { ...shape, patient: { reference: `Patient/${wang}` } } : shape

beforeAll(async () => {
  const at = house.now()
  const said = { source: 'LIS', sourceAt: at, visitNumber: 'I1' }
  await house.inside(async (ctx) => {
    ;[wang = ''] = await applyPatientFacts(ctx, [
      {
        identifiers: [{ system: 'HIS', type: 'MR', value: 'H1' }],
        sourceAt: at,
        name: '王芳',
        phones: [{ number: '13800138000' }],
        kin: [{ name: '王军', relation: '儿子', phones: [{ number: '13900139000' }] }],
        payer: '城镇职工基本医疗保险',
        allergies: [{ code: 'CEF', name: '头孢曲松', kind: 'drug', severity: 'severe', reaction: '皮疹' }],
      },
    ])
    await refuse(ctx, { patientId: wang, kind: 'purpose', value: 'marketing', refused: true })
    await noteCriticalValues(ctx, [{ id: '0198f000-0000-7000-8000-00000000000c', patientId: wang, text: '血钾 6.8 mmol/L' }])
    await applyEncounterFacts(ctx, [
      {
        number: 'I1',
        patientId: wang,
        event: 'admit',
        sourceAt: at,
        admittedAt: at,
        class: 'inpatient',
        departmentCode: '0301',
        departmentName: '心血管内科',
        wardCode: 'W1',
        wardName: '一病区',
        attending: { number: 'D1', name: '李主任' },
        diagnoses: [{ type: 'admission', code: 'I21.9', name: '急性心肌梗死', system: null, rank: 1 }],
      },
    ])
    await applyRecords(ctx, [
      {
        ...said,
        is: 'report',
        number: 'R1',
        patientId: wang,
        kind: 'laboratory',
        status: 'final',
        title: '血常规',
        observedAt: at,
        items: [{ code: 'WBC', name: '白细胞', value: '12.3', amount: 12.3, unit: '10^9/L', range: '4-10', flag: 'H', observedAt: at }],
      },
      { ...said, is: 'document', number: 'D1', patientId: wang, status: 'current', title: '出院小结', text: '好转出院', writtenAt: at },
      {
        ...said,
        is: 'order',
        number: 'O1',
        patientId: wang,
        kind: 'medication',
        status: 'active',
        name: '阿司匹林',
        orderedAt: at,
        instruction: '100mg qd',
      },
      { ...said, is: 'order', number: 'O2', patientId: wang, kind: 'laboratory', status: 'completed', name: '血常规', orderedAt: at },
      { ...said, is: 'booking', number: 'B1', patientId: wang, status: 'booked', name: '复诊', startsAt: at, endsAt: at },
      { ...said, is: 'procedure', number: 'P1', patientId: wang, status: 'current', name: '冠脉造影', code: '88.57', performedAt: at },
    ])
  })
})

test.each([
  [
    'DiagnosticReport?patient=WANG',
    {
      identifier: [{ value: 'R1' }],
      status: 'final',
      code: { text: '血常规' },
      result: [{ reference: '#i1' }],
      contained: [{ resourceType: 'Observation', valueQuantity: { value: 12.3, unit: '10^9/L' } }],
    },
  ],
  ['DiagnosticReport?identifier=R1&status=final&date=2026-09-04', { encounter: { reference: expect.stringMatching(/^Encounter\//) } }],
  ['DocumentReference?patient=WANG&date=ge2026', { content: [{ attachment: { data: Buffer.from('好转出院').toString('base64') } }] }],
  [
    'MedicationRequest?patient=WANG&status=active',
    { medicationCodeableConcept: { text: '阿司匹林' }, dosageInstruction: [{ text: '100mg qd' }] },
  ],
  ['ServiceRequest?patient=WANG', { status: 'completed', code: { text: '血常规' } }],
  ['Appointment?patient=WANG&status=booked', { serviceType: [{ text: '复诊' }] }],
  ['Procedure?subject=Patient/WANG', { code: { coding: [{ code: '88.57' }] }, status: 'completed' }],
  ['Practitioner?name=李', { identifier: [{ value: 'D1' }], name: [{ text: '李主任' }] }],
  ['Practitioner?identifier=D1', { active: true }],
  ['Organization?identifier=0301', { name: '心血管内科' }],
  [
    'AllergyIntolerance?patient=WANG&code=CEF',
    { code: { text: '头孢曲松' }, category: ['medication'], criticality: 'high', reaction: [{ severity: 'severe' }] },
  ],
  [
    'RelatedPerson?patient=WANG&name=王',
    { name: [{ text: '王军' }], telecom: [{ value: '13900139000' }], patient: { reference: 'Patient/WANG' } },
  ],
  ['Condition?patient=WANG&code=I21.9&category=encounter-diagnosis', { encounter: { reference: expect.stringMatching(/^Encounter\//) } }],
  ['Observation?patient=WANG&code=WBC&value-quantity=gt12', { valueQuantity: { value: 12.3, unit: '10^9/L' }, status: 'final' }],
  ['Coverage?beneficiary=Patient/WANG&status=active', { type: { text: '城镇职工基本医疗保险' } }],
  ['Consent?patient=WANG&purpose=HMARKT', { provision: { type: 'deny' } }],
  ['Flag?patient=WANG', { status: 'active', code: { text: '血钾 6.8 mmol/L' } }],
  ['Location?name=一病区', { identifier: [{ value: 'W1' }] }],
] as const)('%s: what came by another way reads as a resource of the standard', async (search, shape) => {
  const wanted = withId(shape)
  const { status, body } = await get(encodeURI(search.replace('WANG', wang)))

  expect([status, body.issue]).toEqual([200, undefined])
  expect(body.entry).toHaveLength(1)
  expect(body.entry?.[0]?.resource).toMatchObject(wanted)
  const { resourceType, id } = body.entry?.[0]?.resource ?? { resourceType: '', id: '' }
  expect((await get(`${resourceType}/${id}`)).body).toMatchObject(wanted)
})

test('all that is known of a visit is found by the visit, and nothing of another', async () => {
  const [visit] = await found(`Encounter?patient=${wang}`)

  expect(await found(`Condition?encounter=${visit}`)).toHaveLength(1)
  expect(await found(`Observation?encounter=Encounter/${visit}`)).toHaveLength(1)
  expect(await found('Observation?encounter=0198f000-0000-7000-8000-0000000000ff')).toEqual([])
})

test('all of it is in everything of the patient', async () => {
  const { body } = await get(`Patient/${wang}/$everything`)

  expect(body.entry?.map((e) => e.resource.resourceType).toSorted()).toEqual([
    'AllergyIntolerance',
    'Appointment',
    'Condition',
    'Consent',
    'Coverage',
    'DiagnosticReport',
    'DocumentReference',
    'Encounter',
    'Flag',
    'MedicationRequest',
    'Observation',
    'Patient',
    'Procedure',
    'RelatedPerson',
    'ServiceRequest',
  ])
})

test('tasks of follow-up are read, and one of another system is kept beside them', async () => {
  house.advance({ minutes: 1 })
  await house.inside((ctx) =>
    applyEncounterFacts(ctx, [
      { number: 'I1', patientId: wang, event: 'discharge', sourceAt: house.now(), dischargedAt: house.now(), disposition: '1' },
    ]),
  )
  await house.settle()
  const own = await found(`Task?patient=${wang}`)
  const outside: Resource = {
    resourceType: 'Task',
    id: 'outside',
    status: 'requested',
    intent: 'order',
    for: { reference: `Patient/${wang}` },
    description: '社区随访',
  }

  await put(outside)

  expect(own.length).toBeGreaterThan(0)
  expect((await get(`Task/${own[0]}`)).body).toMatchObject({
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    for: { reference: `Patient/${wang}` },
  })
  expect((await found(`Task?patient=${wang}&status=requested`)).toSorted()).toEqual([...own, 'outside'].toSorted())
})

test('answers to a questionnaire of the house count in its figures', async () => {
  const card = await house.inside((ctx) => findQuestionnaireByKey(ctx, 'nps'))
  const { body: questionnaire } = await get(`Questionnaire/${card?.id}`)
  const [item] = questionnaire.item as { linkId: string }[]
  const response: Resource = {
    resourceType: 'QuestionnaireResponse',
    id: '0198f000-0000-7000-8000-000000000001',
    status: 'completed',
    questionnaire: `Questionnaire/${card?.id}`,
    subject: { reference: `Patient/${wang}` },
    authored: '2026-09-04T09:00:00+08:00',
    item: [{ linkId: item?.linkId, answer: [{ valueInteger: 9 }] }],
  }

  const made = await put(response)
  const again = await put(response)

  expect([made.status, again.status]).toEqual([201, 200])
  expect(await house.sql('select channel, respondent from surveys.responses where id = $1', [response.id])).toEqual([
    { channel: 'console', respondent: 'patient' },
  ])
  expect(await found(`QuestionnaireResponse?patient=${wang}`)).toEqual([response.id])
})

test('answers that were put right are read as they stand, amended, and the former ones are found no more and say what they are', async () => {
  const [formerId, id] = [newId(), newId()]
  await house.inside(async (ctx) => {
    const card = await findQuestionnaireByKey(ctx, 'nps')
    const said = { patientId: wang, encounterId: null, channel: 'phone', respondent: 'patient' } as const
    await recordResponse(ctx, { id: formerId, versionId: card?.currentVersionId ?? '', answers: { nps: [3] }, ...said })
  })
  expect(await found(`QuestionnaireResponse?patient=${wang}`)).toContain(formerId)

  await house.inside((ctx) => correctResponse(ctx, { formerId, id, answers: { nps: [6] }, reason: '听录音核对' }))

  const ids = await found(`QuestionnaireResponse?patient=${wang}`)
  expect([ids.includes(id), ids.includes(formerId)]).toEqual([true, false])
  expect((await get(`QuestionnaireResponse/${id}`)).body).toMatchObject({ status: 'amended', item: [{ answer: [{ valueInteger: 6 }] }] })
  expect((await get(`QuestionnaireResponse/${formerId}`)).body).toMatchObject({ status: 'entered-in-error' })
})

test('a questionnaire that is sent becomes one of the house, its next version too, and its answers are taken by its address', async () => {
  const form = (text: string): Resource => ({
    resourceType: 'Questionnaire',
    id: 'pain',
    url: 'https://example.org/Questionnaire/pain',
    status: 'active',
    title: '疼痛评分',
    item: [{ linkId: '1', type: 'integer', text }],
  })
  await put(form('现在有多痛？'))
  await put(form('现在疼痛几分？'))
  await put({
    resourceType: 'QuestionnaireResponse',
    id: 'pain-1',
    status: 'completed',
    questionnaire: 'https://example.org/Questionnaire/pain',
    subject: { reference: `Patient/${wang}` },
    item: [{ linkId: '1', answer: [{ valueInteger: 3 }] }],
  })

  const versions = await house.sql<{ number: number; status: string }>(
    "select v.number, q.status from surveys.versions v join surveys.questionnaires q on q.id = v.questionnaire_id where q.title = '疼痛评分' order by 1",
  )
  expect(versions).toEqual([
    { number: 1, status: 'active' },
    { number: 2, status: 'active' },
  ])
  expect(await house.sql("select from surveys.answers where link_id = '1' and value_number = 3")).toHaveLength(1)
})

test('allergies reach the file, one that is refuted or deleted is gone', async () => {
  const allergy = (id: string, name: string, more: object = {}): Resource => ({
    resourceType: 'AllergyIntolerance',
    id,
    patient: { reference: `Patient/${wang}` },
    category: ['medication'],
    criticality: 'high',
    code: { text: name },
    ...more,
  })
  const names = async () =>
    (
      await house.sql<{ name: string }>('select name from patients.allergy_cards where patient_id = $1 and code is null order by name', [
        wang,
      ])
    ).map((r) => r.name)

  await put(allergy('a1', '青霉素'))
  await put(allergy('a2', '磺胺'))
  const known = await names()
  house.advance({ minutes: 1 })
  await put(allergy('a1', '青霉素', { verificationStatus: { coding: [{ code: 'refuted' }] } }))
  await send('DELETE', 'AllergyIntolerance/a2')

  expect(known.toSorted()).toEqual(['磺胺', '青霉素'].toSorted())
  expect(await names()).toEqual([])
})
