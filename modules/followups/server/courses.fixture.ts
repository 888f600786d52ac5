import type { EncounterFacts } from '@renxin/encounters'
import { type Ask, newId } from '@renxin/kernel'
import { resolveUnits, unitKey } from '@renxin/staff'
import { programmesApi } from '../contract.ts'
import { openWard } from './ward.fixture.ts'

export type Said = Ask<typeof programmesApi.saveProgramme>['body']
export const call = {
  name: '电话',
  unit: 'days',
  fromOffset: 10,
  byOffset: 17,
  channel: 'phone',
  assignee: 'centre',
  questionnaireId: null,
} as const

type Row = { id: string; step: number; state: string; opens: string; closes: string; encounter_id: string }

/** A ward whose presets are off, and programmes of which each takes the patients of a department of its own. */
export async function openCourses() {
  const ward = await openWard('2026-09-07T10:00+08:00')
  const { house } = ward
  await house.sql(`update followups.programmes set status = 'disabled'`)
  const administrator = house.who('followups.programmes', 'followups.read')

  async function programme(more: Partial<Said> = {}) {
    const code = `D${newId().slice(-8)}`
    const unit = { kind: 'department' as const, code, name: `科室${code}` }
    const units = await house.inside((ctx) => resolveUnits(ctx, [unit]))
    const own = units.get(unitKey(unit) ?? '') ?? ''
    const id = newId()
    const body: Said = {
      name: `方案${code}`,
      level: 'centre',
      trigger: 'discharged',
      rule: { classes: ['inpatient'], departmentIds: [own] },
      steps: [call],
      ...more,
    }
    await administrator.call(programmesApi.saveProgramme, { id, version: 0, body })
    await administrator.call(programmesApi.activate, { id })
    const about: Partial<EncounterFacts> = { departmentCode: code, departmentName: unit.name, wardCode: null, wardName: null }
    return { id, about, body, own }
  }

  const tasks = (programmeId: string, patientId: string) =>
    house.sql<Row>(
      `select t.id, t.step, coalesce(t.close_reason, t.status) as state, t.encounter_id, to_char(t.due_from at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as opens,
              to_char(t.due_by at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as closes
         from followups.tasks t join followups.enrolments e on e.encounter_id = t.encounter_id and e.programme_id = t.programme_id
        where t.programme_id = $1 and t.patient_id = $2 order by e.anchor_at, t.step`,
      [programmeId, patientId],
    )
  const states = async (programmeId: string, patientId: string) => (await tasks(programmeId, patientId)).map((t) => t.state)
  const recordedAs = (taskId: string, more: string) => house.sql(`update followups.tasks set ${more} where id = $1`, [taskId])
  return { ...ward, administrator, programme, tasks, states, recordedAs }
}
