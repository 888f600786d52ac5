import { newId } from '@renxin/kernel'
import { createQuestionnaire, publishQuestionnaire } from '@renxin/surveys'
import type { Definition } from '@renxin/surveys/contract'
import type { z } from 'zod'
import { CohortBody, type CohortFilter, cohortsApi, followupsApi } from '../../contract.ts'
import { openWard } from '../ward.fixture.ts'

/** Pain is scored, weight a number, relief asked of those in pain; when and words would tell who it is. */
const definition: Definition = {
  resourceType: 'Questionnaire',
  title: '术后研究问卷',
  item: [
    {
      linkId: 'pain',
      type: 'choice',
      text: '疼痛程度？',
      answerOption: [
        ['none', '不痛', 0],
        ['some', '有些痛', 1],
        ['bad', '很痛', 4],
      ].map(([code, display, ordinal]) => ({
        valueCoding: { code, display, extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/ordinalValue', valueDecimal: ordinal }] },
      })),
    },
    {
      linkId: 'relief',
      type: 'boolean',
      text: '吃过止痛药吗？',
      enableWhen: [{ question: 'pain', operator: '=', answerCoding: { code: 'bad' } }],
    },
    { linkId: 'weight', type: 'decimal', text: '体重（kg）' },
    {
      linkId: 'signs',
      type: 'choice',
      repeats: true,
      text: '有哪些不适？',
      answerOption: ['fever', 'cough'].map((code) => ({ valueCoding: { code, display: code === 'fever' ? '=发热' : '咳嗽' } })),
    },
    { linkId: 'back', type: 'date', text: '哪天恢复工作？' },
    { linkId: 'words', type: 'text', text: '还有什么要说？' },
  ],
}

type Answers = Record<string, (string | number | boolean)[]>

/** A ward with a questionnaire, a researcher, and patients who went home on the fifth of January. */
export async function openStudy() {
  const ward = await openWard('2026-01-01T09:00+08:00')
  const { house, newPatient, goHome, nurse } = ward
  const [questionnaireId, versionId] = [newId(), newId()]
  await house.inside(async (ctx) => {
    await createQuestionnaire(ctx, { id: questionnaireId, definition })
    await publishQuestionnaire(ctx, { id: questionnaireId, versionId, revision: 0 })
  })
  await house.sql(`update followups.programmes set status = 'disabled'`)
  const researcher = house.who('followups.cohorts', { name: '钱研究' }) // as the preset role
  const caller = house.who('followups.work', 'followups.read', { name: '周敏' })
  const doctor = house.who('followups.work', 'followups.read', { name: '王医生' })

  let phone = 0
  async function discharged(name: string, code = 'I21.0', more: Parameters<typeof goHome>[1] = {}) {
    house.setNow('2026-01-01T09:00+08:00')
    phone += 1
    const patientId = await newPatient(name, { phones: [`1391234${String(phone).padStart(4, '0')}`] })
    const { encounterId } = await goHome(patientId, {
      diagnoses: [{ type: 'final', rank: 1, code, name: '急性心肌梗死', system: 'ICD-10' }],
      ...more,
    })
    return { patientId, encounterId }
  }

  const filter = (more: Partial<CohortFilter> = {}) => ({
    classes: ['inpatient' as const],
    from: '2026-01-01',
    to: '2026-01-31',
    diagnoses: ['I21'],
    ...more,
  })
  const visit = (name: string, after: number, who: 'centre' | 'doctor' | 'both' = 'centre') =>
    ({ name, unit: 'months', after, beforeDays: 14, afterDays: 14, who, questionnaireId }) as const
  const body = (name: string, more: Partial<z.input<typeof CohortBody>> = {}) =>
    CohortBody.parse({
      name,
      purpose: '看恢复',
      ethicsNumber: null,
      leadName: '钱研究',
      filter: filter(),
      visits: [visit('3 个月', 3, 'both'), visit('6 个月', 6)],
      ...more,
    })

  /** Written and frozen as it is previewed. */
  async function frozen(name: string, more: Partial<z.input<typeof CohortBody>> = {}) {
    const id = newId()
    const said = body(name, more)
    const { revision } = await researcher.call(cohortsApi.saveCohort, { id, revision: 0, body: said })
    const { members } = await researcher.call(cohortsApi.cohortPreview, { what: JSON.stringify(said.filter) })
    return researcher.call(cohortsApi.freezeCohort, { id, revision, members })
  }

  const taskAt = async (programmeId: string | null, encounterId: string, step: number) =>
    (
      await house.sql<{ id: string; status: string; close_reason: string | null; due_from: Date; due_by: Date; pool_id: string }>(
        'select * from followups.tasks where programme_id = $1 and encounter_id = $2 and step = $3',
        [programmeId, encounterId, step],
      )
    )[0]

  async function answer(who: typeof caller, taskId: string, answers: Answers) {
    const attemptId = newId()
    await who.call(followupsApi.claim, { ids: [taskId] })
    await who.call(followupsApi.complete, { id: taskId, attemptId, outcome: 'reached', response: { id: newId(), versionId, answers } })
  }

  return { ...ward, nurse, questionnaireId, versionId, researcher, caller, doctor, discharged, filter, visit, body, frozen, taskAt, answer }
}
