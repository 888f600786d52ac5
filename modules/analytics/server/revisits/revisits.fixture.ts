import { applyEncounterFacts, type EncounterFacts } from '@renxin/encounters'
import { taskCompleted, taskUnreached } from '@renxin/followups'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, registerPatient } from '@renxin/patients'
import { emit } from '@renxin/server'
import { currentVersion, findQuestionnaireByKey, recordManyResponses } from '@renxin/surveys'
import { openHospital } from '../hospital.fixture.ts'

/** The hospital of the other tests on 29 November 2026, in which people are seen as out-patients, too. */
export async function openClinic(now = '2026-11-29T09:00+08:00') {
  const hospital = await openHospital(now)
  const { house } = hospital
  let count = 0
  const places = {
    heart: { departmentCode: '0301', departmentName: '心血管内科', wardName: '心内一病区' },
    bones: { departmentCode: '0402', departmentName: '骨科', wardName: '骨科病区' },
  }
  type Place = keyof typeof places
  const moment = (day: string, time = '10:00') => new Date(`2026-${day}T${time}:00+08:00`)
  const tell = (facts: EncounterFacts) => house.inside((ctx) => applyEncounterFacts(ctx, [facts]))

  async function person(more: { sex?: 'male' | 'female'; birthOn?: string } = {}): Promise<string> {
    const id = newId()
    await house.inside((ctx) => registerPatient(ctx, { id, name: '王小明', ...more }))
    return id
  }

  /** Somebody is seen in a clinic on a day, `10-05`. */
  async function see(patientId: string, day: string, place: Place = 'heart', more: Partial<EncounterFacts> & { time?: string } = {}) {
    count += 1
    const { time, ...said } = more
    const { wardName: _, ...department } = places[place]
    const at = moment(day, time)
    const facts: EncounterFacts = {
      number: `C${count}`,
      patientId,
      class: 'outpatient',
      event: 'register',
      sourceAt: at,
      admittedAt: at,
      attending: { number: '9001', name: '李医生' },
      diagnoses: [{ code: 'I10', name: '高血压', system: 'ICD10CN', type: 'admission', rank: 1 }],
      ...department,
      ...said,
    }
    const [id = ''] = await tell(facts)
    return { id, facts, at }
  }

  /** Somebody lay in a ward and went home on a day. */
  async function goHome(patientId: string, day: string, place: Place = 'heart', more: Partial<EncounterFacts> = {}) {
    count += 1
    const at = moment(day)
    const facts: EncounterFacts = {
      number: `S${count}`,
      patientId,
      class: 'inpatient',
      event: 'discharge',
      sourceAt: at,
      dischargedAt: at,
      admittedAt: new Date(at.getTime() - 5 * 86_400_000),
      disposition: '1',
      attending: { number: '9001', name: '李医生' },
      diagnoses: [{ code: 'I21.0', name: '心肌梗死', system: 'ICD10CN', type: 'final', rank: 1 }],
      ...places[place],
      ...more,
    }
    const [id = ''] = await tell(facts)
    return { id, facts, at }
  }

  const tellOf = (patientId: string, facts: object) =>
    house.inside((ctx) => applyPatientFacts(ctx, [{ id: patientId, identifiers: [], sourceAt: house.now(), ...facts }]))

  const versionId = await house.inside(
    async (ctx) => (await currentVersion(ctx, (await findQuestionnaireByKey(ctx, 'revisit-reasons'))?.id ?? '')).id,
  )

  /** The follow-ups of those who did not come, as they stand. */
  const vanishedTasks = (patientId: string) =>
    house.sql<{ id: string; status: string; closeReason: string | null; encounterId: string }>(
      `select id, status, close_reason as "closeReason", encounter_id as "encounterId"
         from followups.task_rows where patient_id = $1 and trigger = 'vanished' order by encounter_id`,
      [patientId],
    )

  /** He was asked why he had not come, and said so. The nurse's clicks are not the matter here. */
  async function askWhy(patientId: string, reason: string | null) {
    const [task] = await vanishedTasks(patientId)
    if (!task) throw new Error('no follow-up was planned for him')
    const { id, encounterId } = task
    const responseId = newId()
    if (reason)
      await house.inside((ctx) =>
        recordManyResponses(ctx, [
          {
            id: responseId,
            versionId,
            patientId,
            encounterId,
            answers: { reason: [reason], 'wants-booking': ['no'] },
            channel: 'phone',
            respondent: 'patient',
          },
        ]),
      )
    await house.sql(
      `update followups.tasks
          set status = 'done', outcome = $2, response_id = $3, closed_at = $4, closed_on = $5, closed_by = '00000000-0000-0000-0000-000000000000',
              assignee_id = null, assignee_name = null, claimed_at = null where id = $1`,
      [id, reason ? 'reached' : 'noAnswer', reason ? responseId : null, house.now(), house.clock().today()],
    )
    const about = { taskId: id, patientId, encounterId }
    await house.inside((ctx) => (reason ? emit(ctx, taskCompleted, { ...about, responseId }) : emit(ctx, taskUnreached, about)))
    await house.settle()
  }

  return { vanishedTasks, askWhy, ...hospital, tell, tellOf, person, see, goHome, moment }
}
