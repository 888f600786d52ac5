import { access } from '@renxin/access'
import { applyEncounterFacts, type EncounterFacts, encounters } from '@renxin/encounters'
import { feedback, type NewOpinion, recordOpinions } from '@renxin/feedback'
import { files } from '@renxin/files'
import { followups, taskCompleted, taskUnreached } from '@renxin/followups'
import { newId } from '@renxin/kernel'
import { patients, registerPatient } from '@renxin/patients'
import { emit } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { resolveUnits, staff, unitKey } from '@renxin/staff'
import { currentVersion, findQuestionnaireByKey, recordManyResponses, surveys } from '@renxin/surveys'
import { analytics } from './index.ts'

const rooms = [staff, access, patients, files, encounters, surveys, feedback, followups, analytics]

/** A hospital of two wards in September 2026, in which patients go home, are followed up, answer and speak: what these tests begin with. */
export async function openHospital(now = '2026-09-20T09:00+08:00') {
  const house = await openHouse(rooms, { now: '2026-07-01T09:00+08:00', prepare: true }) // follow-ups begin with those discharged from now on
  house.setNow(now)
  const names = [
    { kind: 'ward' as const, name: '心内一病区', departmentCode: '0301' },
    { kind: 'department' as const, code: '0301', name: '心血管内科' },
    { kind: 'ward' as const, name: '骨科病区', departmentCode: '0402' },
    { kind: 'department' as const, code: '0402', name: '骨科' },
  ]
  const ids = await house.inside((ctx) => resolveUnits(ctx, names))
  const [heart = '', cardiology = '', bones = '', orthopaedics = ''] = names.map((n) => ids.get(unitKey(n) ?? '') ?? '')
  const units = { heart, cardiology, bones, orthopaedics }
  let count = 0

  const tell = (facts: EncounterFacts[]) => house.inside((ctx) => applyEncounterFacts(ctx, facts))

  /** Somebody who went home on a day of September, `05`, from a ward. */
  async function goHome(day: string, ward: 'heart' | 'bones' = 'heart', more: Partial<EncounterFacts> = {}) {
    count += 1
    const patientId = newId()
    await house.inside((ctx) => registerPatient(ctx, { id: patientId, name: '王小明' }))
    const at = new Date(`2026-${day.length > 2 ? day : `09-${day}`}T10:00:00+08:00`)
    const [wardName, departmentCode, departmentName] =
      ward === 'heart' ? ['心内一病区', '0301', '心血管内科'] : ['骨科病区', '0402', '骨科']
    const said = { number: `I${count}`, patientId, class: 'inpatient' as const, wardName, departmentCode, departmentName }
    const facts: EncounterFacts = {
      ...said,
      event: 'discharge',
      sourceAt: at,
      dischargedAt: at,
      admittedAt: new Date(at.getTime() - 5 * 86_400_000),
      disposition: '1',
      ...more,
    }
    const [encounterId = ''] = await tell([facts])
    return { patientId, encounterId, facts, later: (hours: number) => new Date(at.getTime() + hours * 3_600_000) }
  }

  const version = await house.inside(async (ctx) => {
    const of = async (key: string) => (await currentVersion(ctx, (await findQuestionnaireByKey(ctx, key))?.id ?? '')).id
    return { nps: await of('nps'), satisfaction: await of('inpatient-satisfaction') }
  })
  const aspects = [
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
  ]
  type Stay = { patientId: string; encounterId: string }
  const respond = (stay: Stay, versionId: string, answers: Record<string, (string | number)[]>) =>
    house.inside((ctx) => recordManyResponses(ctx, [{ id: newId(), versionId, ...stay, answers, channel: 'phone', respondent: 'patient' }]))

  /** Would recommend the hospital with so many points of ten. */
  const recommend = ({ patientId, encounterId }: Stay, points: number) =>
    respond({ patientId, encounterId }, version.nps, { nps: [points] })
  /** All in all, `5` is very satisfied, `na` does not apply. */
  const judge = ({ patientId, encounterId }: Stay, overall: string) =>
    respond(
      { patientId, encounterId },
      version.satisfaction,
      Object.fromEntries([...aspects.map((a) => [a, ['4']]), ['overall', [overall]]]),
    )

  /** One of the follow-ups planned for a discharge was closed by telephone on that day. The nurse's clicks are not the matter here. */
  async function followUp({ patientId, encounterId }: Stay, day: string, outcome: string) {
    const on = day.length > 2 ? `2026-${day}` : `2026-09-${day}`
    await house.settle()
    const [closed] = await house.sql<{ id: string }>(
      `update followups.tasks
          set status = 'done', outcome = $2, closed_at = $3, closed_on = $4, closed_by = '00000000-0000-0000-0000-000000000000', assignee_id = null,
              assignee_name = null, claimed_at = null
        where id = (select id from followups.task_rows
                     where encounter_id = $1 and trigger = 'discharged' and channel = 'phone' and status <> 'done' order by due_by limit 1)
        returning id`,
      [encounterId, outcome, `${on}T15:00:00+08:00`, on],
    )
    if (!closed) throw new Error('no follow-up was planned for this discharge')
    const about = { taskId: closed.id, patientId, encounterId }
    await house.inside((ctx) =>
      outcome === 'reached' || outcome === 'relativeAnswered'
        ? emit(ctx, taskCompleted, { ...about, responseId: null })
        : emit(ctx, taskUnreached, about),
    )
  }

  const hear = (opinions: Omit<NewOpinion, 'id' | 'source'>[]) =>
    house.inside(async (ctx) => {
      const made = opinions.map((o) => ({ id: newId(), source: 'call' as const, text: '等了两个小时', ...o }))
      await recordOpinions(ctx, made)
      return made
    })

  return { house, units, tell, goHome, recommend, judge, followUp, hear }
}
