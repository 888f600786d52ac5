import { access, createUser } from '@renxin/access'
import { applyEncounterFacts, type EncounterFacts, encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { personKey, resolvePeople, resolveUnits, staff, unitKey } from '@renxin/staff'
import { surveys } from '@renxin/surveys'
import { followupsApi } from '../contract.ts'
import { followups } from './index.ts'

const department = { kind: 'department' as const, code: '0301', name: '心血管内科' }
const ward = { kind: 'ward' as const, code: '0301W1', name: '心血管内科一病区', departmentCode: '0301' }
const li = { number: 'N0102', name: '李秀英', job: 'nurse' as const }

/** One ward with a nurse who has an account, the presets, and patients who come and go: what the tests of this module begin with. */
export async function openWard(now = '2026-09-04T09:00+08:00', more: { poolSize?: number } = {}) {
  const house = await openHouse([staff, access, patients, encounters, surveys, feedback, followups], { now, prepare: true, ...more })
  const units = await house.inside((ctx) => resolveUnits(ctx, [department, ward]))
  const people = await house.inside((ctx) => resolvePeople(ctx, [li]))
  const departmentId = units.get(unitKey(department) ?? '') ?? ''
  const wardId = units.get(unitKey(ward) ?? '') ?? ''
  const nursePersonId = people.get(personKey(li) ?? '') ?? ''
  const account = await house.inside((ctx) =>
    createUser(ctx, { name: 'lixiuying', displayName: '李秀英', password: 'Ward12345', personId: nursePersonId, roleKeys: [] }),
  )

  let count = 0
  const tell = (facts: EncounterFacts[]) => house.inside((ctx) => applyEncounterFacts(ctx, facts))

  /** A person with a telephone. */
  async function newPatient(name = '赵建国', more: { birthOn?: string; phones?: string[] } = {}) {
    count += 1
    const [id = ''] = await house.inside((ctx) =>
      applyPatientFacts(ctx, [
        {
          id: newId(),
          identifiers: [{ system: 'HIS', type: 'MR', value: `H${String(count).padStart(7, '0')}` }],
          sourceAt: house.now(),
          name,
          sex: 'male',
          birthOn: more.birthOn ?? '1960-05-01',
          phones: (more.phones ?? ['13800138000']).map((number) => ({ number })),
        },
      ]),
    )
    return id
  }

  /** A stay of this patient that can be told step by step; each step is said and happens now. */
  function stayOf(patientId: string, about: Partial<EncounterFacts> = {}) {
    count += 1
    const said = {
      number: `I2026${String(count).padStart(6, '0')}`,
      patientId,
      class: 'inpatient' as const,
      departmentCode: department.code,
      departmentName: department.name,
      wardCode: ward.code,
      wardName: ward.name,
      bed: '12床',
      nurse: { number: li.number, name: li.name },
      ...about,
    }
    const at = () => house.now()
    return {
      number: said.number,
      admit: (more: Partial<EncounterFacts> = {}) => tell([{ ...said, event: 'admit', sourceAt: at(), admittedAt: at(), ...more }]),
      home: (more: Partial<EncounterFacts> = {}) =>
        tell([{ ...said, event: 'discharge', sourceAt: at(), dischargedAt: at(), disposition: '1', ...more }]),
      recall: () => tell([{ ...said, event: 'cancelDischarge', sourceAt: at() }]),
      cancel: () => tell([{ ...said, event: 'cancelAdmit', sourceAt: at() }]),
    }
  }

  /** Came in, stayed four days, went home, and what follows was planned. The house's clock stands at the discharge afterwards. */
  async function goHome(patientId: string, about: Partial<EncounterFacts> = {}) {
    const stay = stayOf(patientId, about)
    await stay.admit()
    await house.settle()
    house.advance({ days: 4 })
    const [encounterId = ''] = await stay.home()
    await house.settle()
    return { ...stay, encounterId }
  }

  type TaskRow = {
    id: string
    key: string
    status: string
    close_reason: string | null
    due_from: Date
    due_by: Date
    assignee_id: string | null
    pool_id: string
    priority: number
    next_at: Date
    outcome: string | null
  }
  const tasksOf = (patientId: string) =>
    house.sql<TaskRow>(
      `select t.*, g.key from followups.tasks t join followups.programmes g on g.id = t.programme_id where t.patient_id = $1 order by t.due_by, g.key`,
      [patientId],
    )
  /** `key:status` or `key:reason` of each task. */
  const stateOf = async (patientId: string) => (await tasksOf(patientId)).map((t) => `${t.key}:${t.close_reason ?? t.status}`).sort()
  const taskOf = async (patientId: string, key: string) => {
    const found = (await tasksOf(patientId)).find((t) => t.key === key)
    if (!found) throw new Error(`there is no task of ${key}`)
    return found
  }

  const reader = house.who('followups.read')
  /** A patient whose call at 72 hours is due now, on a Monday morning at ten. */
  async function dueCall(phones?: string[]) {
    house.setNow('2026-09-07T10:00+08:00')
    const patientId = await newPatient('赵建国', phones ? { phones } : {})
    await goHome(patientId)
    house.advance({ days: 3 })
    const task = await taskOf(patientId, 'centre72h')
    const { contacts } = await reader.call(followupsApi.task, { id: task.id })
    return { patientId, id: task.id, contactIds: contacts.map((c) => c.id), contactId: contacts[0]?.id ?? '' }
  }

  return {
    house,
    dueCall,
    departmentId,
    wardId,
    nurse: { id: account.id, personId: nursePersonId },
    newPatient,
    stayOf,
    goHome,
    tasksOf,
    stateOf,
    taskOf,
    tell,
  }
}
