import { isElement, type Resource } from '@renxin/fhir'
import { sql } from '@renxin/server'
import { cardRoom } from './card-room.ts'
import { at, numbered, type Of } from './card-shapes.ts'
import type { Room } from './rooms.ts'
import { PRACTITIONER_ROLE } from './tell-roles.ts'

type Person = { id: string; number: string | null; name: string; isActive: boolean; title: string | null }
const practitioners = cardRoom<Person>({
  view: 'staff.person_cards',
  columns: 'c.id, c.number, c.name, c.is_active, c.title',
  tokens: { identifier: 'number' },
  strings: { name: "lower(c.name || ' ' || c.name_pinyin)" },
  show: (p): Resource => ({
    resourceType: 'Practitioner',
    id: p.id,
    active: p.isActive,
    ...numbered(p.number, 'EI'),
    name: [{ text: p.name }],
    ...(p.title ? { qualification: [{ code: { text: p.title } }] } : {}),
  }),
})

type Unit = { id: string; code: string | null; name: string; departmentId: string | null; isActive: boolean }
const unit = {
  view: 'staff.unit_cards',
  columns: 'c.id, c.code, c.name, c.department_id, c.is_active',
  tokens: { identifier: 'code' },
  strings: { name: 'lower(c.name)' },
}
const organizations = cardRoom<Unit>({
  ...unit,
  only: "c.kind <> 'ward'",
  show: (u): Resource => ({
    resourceType: 'Organization',
    id: u.id,
    active: u.isActive,
    ...numbered(u.code),
    type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'dept' }] }],
    name: u.name,
  }),
})
const locations = cardRoom<Unit>({
  ...unit,
  only: "c.kind = 'ward'",
  show: (u): Resource => ({
    resourceType: 'Location',
    id: u.id,
    status: u.isActive ? 'active' : 'inactive',
    ...numbered(u.code),
    name: u.name,
    mode: 'instance',
    physicalType: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/location-physical-type', code: 'wa' }] },
    ...(u.departmentId ? { managingOrganization: { reference: `Organization/${u.departmentId}` } } : {}),
  }),
})

type Task = Of & {
  status: string
  programmeName: string
  step: number
  dueFrom: Date
  dueBy: Date
  closedAt: Date | null
  closeReason: string | null
  outcome: string | null
  responseId: string | null
  ownerId: string | null
  ownerName: string | null
}
const taskCodes = { todo: 'requested', inProgress: 'in-progress', done: 'completed', cancelled: 'cancelled' }
const tasks = cardRoom<Task>({
  view: 'followups.task_rows',
  columns:
    'c.id, c.patient_id, c.encounter_id, c.status, c.programme_name, c.step, c.due_from, c.due_by, c.closed_at, c.close_reason, c.outcome, c.response_id, ' +
    '(select u.person_id from access.user_cards u where u.id = c.assignee_id) as owner_id, ' +
    '(select u.display_name from access.user_cards u where u.id = c.assignee_id) as owner_name',
  patient: 'patient_id',
  encounter: 'encounter_id',
  dates: { period: 'due_from', modified: 'closed_at' },
  codes: { status: { column: 'status', of: taskCodes } },
  show: (t): Resource => ({
    resourceType: 'Task',
    id: t.id,
    status: taskCodes[t.status as keyof typeof taskCodes] ?? 'requested', // as above
    ...(t.closeReason ? { statusReason: { text: t.closeReason } } : {}),
    ...(t.outcome ? { businessStatus: { text: t.outcome } } : {}),
    intent: 'order',
    code: { text: t.programmeName },
    for: { reference: `Patient/${t.patientId}` },
    ...(t.encounterId ? { encounter: { reference: `Encounter/${t.encounterId}` } } : {}),
    ...(t.ownerId || t.ownerName
      ? { owner: { ...(t.ownerId ? { reference: `Practitioner/${t.ownerId}` } : {}), ...(t.ownerName ? { display: t.ownerName } : {}) } }
      : {}),
    executionPeriod: { start: t.dueFrom.toISOString(), end: t.dueBy.toISOString() },
    ...at('lastModified', t.closedAt),
    ...(t.responseId
      ? { output: [{ type: { text: 'response' }, valueReference: { reference: `QuestionnaireResponse/${t.responseId}` } }] }
      : {}),
  }),
})

type Attempt = {
  id: string
  patientId: string
  taskId: string
  channel: string
  startedAt: Date
  endedAt: Date | null
  outcome: string | null
}
const communications = cardRoom<Attempt>({
  view: 'followups.attempt_rows',
  columns: 'c.id, c.patient_id, c.task_id, c.channel, c.started_at, c.ended_at, c.outcome',
  patient: 'patient_id',
  dates: { sent: 'started_at' },
  show: (a): Resource => ({
    resourceType: 'Communication',
    id: a.id,
    basedOn: [{ reference: `Task/${a.taskId}` }],
    status: a.outcome === null ? 'in-progress' : a.outcome === 'reached' || a.outcome === 'relativeAnswered' ? 'completed' : 'not-done',
    ...(a.outcome ? { statusReason: { text: a.outcome } } : {}),
    medium: [{ text: a.channel }],
    subject: { reference: `Patient/${a.patientId}` },
    sent: a.startedAt.toISOString(),
    ...at('received', a.endedAt),
  }),
})

type Caution = { id: string; patientId: string; kind: string; text: string; notedAt: Date; endedAt: Date | null }
const flagCards = cardRoom<Caution>({
  view: 'patients.caution_cards',
  columns: 'c.id, c.patient_id, c.kind, c.text, c.noted_at, c.ended_at',
  patient: 'patient_id',
  dates: { date: 'noted_at' },
  show: (c): Resource => ({
    resourceType: 'Flag',
    id: c.id,
    status: c.endedAt ? 'inactive' : 'active',
    category: [{ text: c.kind }],
    code: { text: c.text },
    subject: { reference: `Patient/${c.patientId}` },
    period: { start: c.notedAt.toISOString(), ...at('end', c.endedAt) },
  }),
})

/** A Flag that was sent, as it stands today: what one of us has dealt with is not active any more, whatever its sender last said. */
const flags: Room = {
  ...flagCards,
  judged: ['status'],
  overlay: async (ctx, kept) => {
    const { rows } = await sql<{ id: string; endedAt: Date | null }>`
      select id, ended_at from patients.caution_cards where id = any(${kept.flatMap((k) => k.objectId ?? [])}::uuid[])`.execute(ctx.db)
    const ended = new Map(rows.map((r) => [r.id, r.endedAt]))
    return kept.map(({ objectId, resource }) => {
      const at = ended.get(objectId ?? '')
      if (!at || resource.status !== 'active') return resource
      const period = isElement(resource.period) ? resource.period : {}
      return { ...resource, status: 'inactive', period: { ...period, end: at.toISOString() } }
    })
  },
}

type Role = Person & { job: string; departments: string[]; wards: string[] }
const jobs = { doctor: 'doctor', nurse: 'nurse' }
const unitsOf = (kind: string) =>
  `array(select m.unit_id::text from staff.members m where m.person_id = c.id and m.kind ${kind} order by 1)`
/** Where somebody works, of whom no PractitionerRole was sent: by the id of the person. */
const roles = cardRoom<Role>({
  view: 'staff.person_cards',
  only: 'exists (select from staff.members m where m.person_id = c.id)',
  columns: `c.id, c.number, c.name, c.is_active, c.title, c.job, ${unitsOf("<> 'ward'")} as departments, ${unitsOf("= 'ward'")} as wards`,
  codes: { role: { column: 'job', of: jobs } },
  references: { practitioner: { type: 'Practitioner', column: 'id' } },
  show: (p): Resource => ({
    resourceType: 'PractitionerRole',
    id: p.id,
    active: p.isActive,
    practitioner: { reference: `Practitioner/${p.id}`, display: p.name },
    ...(p.departments[0] ? { organization: { reference: `Organization/${p.departments[0]}` } } : {}),
    ...(p.job in jobs ? { code: [{ coding: [{ system: PRACTITIONER_ROLE, code: p.job }] }] } : {}),
    ...(p.wards.length > 0 ? { location: p.wards.map((id) => ({ reference: `Location/${id}` })) } : {}),
  }),
})

export const houseRooms = {
  PractitionerRole: roles,
  Flag: flags,
  Practitioner: practitioners,
  Organization: organizations,
  Location: locations,
  Task: tasks,
  Communication: communications,
}
