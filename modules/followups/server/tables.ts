import type { AccessViews } from '@renxin/access'
import type { EncounterViews } from '@renxin/encounters'
import type { PatientViews } from '@renxin/patients'
import type { Context, Generated } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { SurveyViews } from '@renxin/surveys'
import type { Attempt, closeReasons, Draft, Outcome, ProgrammeCard, priorityReasons, Rule, Step, statuses } from '../contract.ts'

type Channel = Step['channel']
type Status = (typeof statuses)[number]

type TaskColumns = {
  id: string
  programmeId: string
  versionId: string
  step: number
  patientId: string
  encounterId: string
  departmentId: string | null
  wardId: string | null
  channel: Channel
  status: Generated<Status>
  priority: Generated<number>
  priorityReason: (typeof priorityReasons)[number] | null
  dueFrom: Date
  dueBy: Date
  nextAt: Date
  callBackAt: Date | null
  rungAt: Date | null
  queueAt: Date
  poolId: string
  assigneeId: string | null
  assigneeName: string | null
  claimedAt: Date | null
  holderId: Generated<string>
  tries: Generated<number>
  lastOutcome: string | null
  lastTriedAt: Date | null
  outcome: Outcome | null
  responseId: string | null
  closeReason: (typeof closeReasons)[number] | null
  closeNote: string | null
  closedAt: Date | null
  closedOn: string | null
  closedBy: string | null
  isOpen: Generated<boolean>
}

export type Tables = {
  'followups.programmes': {
    id: string
    key: string | null
    name: string
    level: ProgrammeCard['level']
    status: Generated<ProgrammeCard['status']>
    currentVersion: number
    activeFrom: Date | null
    updatedAt: Date
  }
  'followups.versions': {
    id: string
    programmeId: string
    number: number
    trigger: ProgrammeCard['trigger']
    rule: Rule
    samplePercent: number
    stopsOnReadmission: boolean
    callFrom: string
    callUntil: string
    savedAt: Date
    savedBy: string
  }
  'followups.steps': Omit<Step, 'days'> & { versionId: string; position: number; days: Step['days'] }
  'followups.enrolments': {
    encounterId: string
    programmeId: string
    versionId: string
    anchorAt: Date
    anchorOn: string
    enrolledAt: Date
  }
  'followups.tasks': TaskColumns
  'followups.attempts': {
    id: string
    taskId: string
    patientId: string
    byId: string
    byName: string
    channel: Channel
    contactId: string | null
    startedAt: Date
    endedAt: Date | null
    outcome: Attempt['outcome']
    note: Generated<string>
    nextAt: Date | null
  }
  'followups.drafts': {
    taskId: string
    versionId: string | null
    answers: Draft['answers']
    note: string
    revision: number
    savedAt: Date
    savedBy: string
    savedByName: string
  }
}

/** What other rooms may join: one row a task, one row a try. SQL also has `within_7_days`, a name that the plugin cannot turn into ours and back. */
export type FollowupViews = {
  'followups.taskRows': {
    id: string
    programmeId: string
    programmeKey: string | null
    programmeName: string
    level: ProgrammeCard['level']
    trigger: ProgrammeCard['trigger']
    step: number
    channel: Channel
    patientId: string
    encounterId: string
    departmentId: string | null
    wardId: string | null
    assigneeId: string | null
    status: Status
    outcome: Outcome | null
    closeReason: string | null
    responseId: string | null
    reached: boolean
    priority: number
    tries: number
    lastOutcome: string | null
    dueFrom: Date
    dueBy: Date
    completedAt: Date | null
    completedOn: string | null
    closedAt: Date | null
    closedOn: string | null
    closedBy: string | null
    anchorOn: string
    dischargedOn: string | null
    closedLate: boolean | null
  }
  'followups.attemptRows': {
    id: string
    taskId: string
    patientId: string
    byId: string
    channel: Channel
    startedAt: Date
    endedAt: Date | null
    outcome: string | null
  }
}

/** The pool of the hospital's own follow-up centre; the pools of departments and wards are their units' ids. */
export const centrePool = '00000000-0000-0000-0000-000000000000'

export const db = (ctx: Context) =>
  ctx.db.withTables<Tables & FollowupViews & AccessViews & StaffViews & PatientViews & EncounterViews & SurveyViews>()
