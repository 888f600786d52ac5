import type { AccessViews } from '@renxin/access'
import type { EncounterViews } from '@renxin/encounters'
import type { PatientViews } from '@renxin/patients'
import type { Context, Generated } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { SurveyViews } from '@renxin/surveys'
import type {
  Attempt,
  Check,
  CheckedLevel,
  closeReasons,
  counted,
  Draft,
  DrawLevel,
  LeftOutReason,
  Outcome,
  ProgrammeBody,
  ProgrammeCard,
  priorityReasons,
  ReviewState,
  Rule,
  Step,
  StrataBy,
  statuses,
} from '../contract.ts'
import type { LeaveTables } from './leaves/tables.ts'

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
  /** So many hours before its deadline it stands in the queue. */
  risk: Generated<number>
  riskReasons: Generated<(typeof priorityReasons)[number][]>
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
  review: ReviewState | null
  heldUntil: string | null
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
    activatedAt: Date | null
    updatedAt: Date
    isDrawn: Generated<boolean>
    cohortId: Generated<string | null>
  }
  'followups.versions': {
    id: string
    programmeId: string
    number: number
    trigger: ProgrammeCard['trigger']
    rule: Rule
    samplePercent: number
    onReturn: ProgrammeBody['onReturn']
    onTransfer: ProgrammeBody['onTransfer']
    onDeath: ProgrammeBody['onDeath']
    onRefusal: ProgrammeBody['onRefusal']
    callFrom: string
    callUntil: string
    savedAt: Date
    savedBy: string
  }
  'followups.steps': Omit<Step, 'repeat'> & {
    versionId: string
    position: number
    variant: number
    written: number
    nth: number
    months: number
    everyMonths: number | null
    forMonths: number | null
  }
  'followups.variants': { versionId: string; departmentId: string; variant: number }
  'followups.plannings': {
    id: string
    programmeId: string
    status: Generated<'running' | 'done' | 'stopped'>
    fromAt: Date
    lanes: string[]
    lane: Generated<number>
    afterAt: Date
    afterId: Generated<string>
    total: number
    seen: Generated<number>
    made: Generated<number>
    startedBy: string
    startedByName: string
    startedAt: Date
    finishedAt: Date | null
  }
  'followups.blackouts': { id: string; name: string; fromOn: string; untilOn: string }
  'followups.enrolments': {
    encounterId: string
    programmeId: string
    versionId: string
    variant: Generated<number>
    continues: string | null
    anchorAt: Date
    anchorOn: string
    enrolledAt: Date
    leftAs: Generated<'withdrawn' | 'lost' | null>
  }
  'followups.tasks': TaskColumns
  'followups.riskSettings': { aloneGroupId: string | null; setAt: Date; setBy: string }
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
    answeredBy: Generated<string | null>
    calledOn: string | null
  }
  'followups.callDays': { patientId: string; calledOn: string; byId: string; byName: string; calledAt: Date }
  'followups.drafts': {
    taskId: string
    versionId: string | null
    answers: Draft['answers']
    extras: Generated<Draft['extras']>
    note: string
    revision: number
    savedAt: Date
    savedBy: string
    savedByName: string
  }
}

type Finding = Pick<Check, 'call' | 'answers' | 'note' | 'revision'> & {
  encounterId: string
  level: CheckedLevel
  checkedAt: Date
  checkedBy: string
  checkedByName: string
}

/** What the three levels keep: `server/levels/`. */
export type LevelTables = {
  'followups.levelSettings': { settings: unknown }
  'followups.levelRules': {
    departmentId: string
    samplePercent: number | null
    coverageLow: number | null
    coverageHigh: number | null
    spotPercent: number | null
  }
  'followups.urges': {
    hospitalId: Generated<number>
    id: string
    taskId: string
    toId: string | null
    toName: string | null
    note: string
    urgedAt: Date
    urgedBy: string
    urgedByName: string
    escalatesAt: Date
    escalatedAt: Generated<Date | null>
    seenAt: Generated<Date | null>
    seenBy: Generated<string | null>
    seenByName: Generated<string | null>
    answeredAt: Generated<Date | null>
    answer: Generated<'tried' | 'closed' | null>
  }
  'followups.draws': {
    id: string
    level: DrawLevel
    departmentId: string
    programmeId: string | null
    month: string
    untilOn: string
    sharePercent: number
    strataBy: StrataBy[]
    stayBounds: number[]
    seed: string
    discharged: number
    leftOut: Partial<Record<LeftOutReason, number>>
    frameBefore: number
    drawnBefore: number
    frame: number
    drawn: number
    drawnAt: Date
    drawnBy: string
    drawnByName: string
  }
  'followups.checks': Finding & {
    tries: number
    calledAt: Date | null
    callerName: string | null
    seconds: number | null
    leastSeconds: number
    isShort: Generated<boolean>
    responseId: string | null
  }
  'followups.checkChanges': Finding
  'followups.publications': {
    id: string
    month: string
    version: number
    note: string
    publishedAt: Date
    publishedBy: string
    publishedByName: string
  }
  'followups.publishedRows': Record<(typeof counted)[number], number> & {
    publicationId: string
    departmentId: string
    departmentName: string
    level: CheckedLevel
  }
  'followups.publicationSeen': { publicationId: string; accountId: string; seenAt: Date }
  'followups.drawFrame': { drawId: string; level: DrawLevel; encounterId: string; stratum: string; isDrawn: boolean }
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
  ctx.db.withTables<
    Tables & LevelTables & LeaveTables & FollowupViews & AccessViews & StaffViews & PatientViews & EncounterViews & SurveyViews
  >()
