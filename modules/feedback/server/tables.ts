import type { EncounterViews } from '@renxin/encounters'
import type { PatientViews } from '@renxin/patients'
import type { Context, Generated } from '@renxin/server'
import type { StaffViews } from '@renxin/staff'
import type { ComplaintStatus, Grade, HistoryKind, OpinionKind, Outcome, Source, ToldBy } from '../contract.ts'

type Tables = {
  'feedback.categories': { id: string; key: string; name: string; position: number; isActive: Generated<boolean> }
  'feedback.opinions': {
    id: string
    kind: OpinionKind
    categoryId: string | null
    grade: Grade | null
    isImportant: boolean
    text: string
    patientId: string | null
    saidPatientId: string | null
    encounterId: string | null
    departmentId: string | null
    wardId: string | null
    source: Source
    speakerName: string | null
    speakerPhone: Buffer | null
    origin: string | null
    originId: string | null
    receivedAt: Date
    receivedOn: string
    recordedAt: Date
    recordedBy: string | null
    recordedByName: string
    withdrawnAt: Generated<Date | null>
  }
  'feedback.opinionUnits': { opinionId: string; unitId: string }
  'feedback.opinionPeople': { opinionId: string; personId: string }
  'feedback.numbers': { year: number; last: number }
  'feedback.complaints': {
    id: string
    number: string
    status: Generated<ComplaintStatus>
    clockOn: string
    days: number
    halfwayOn: string
    eveOn: string
    answerBy: string
    reminded: Generated<'none' | 'halfway' | 'eve' | 'overdue'>
    outcome: Generated<Outcome | null>
    result: Generated<string | null>
    toldBy: Generated<ToldBy | null>
    toldAt: Generated<Date | null>
    closedAt: Generated<Date | null>
  }
  'feedback.complaintUnits': {
    complaintId: string
    unitId: string
    assignedAt: Date
    cause: Generated<string | null>
    measure: Generated<string | null>
    answeredAt: Generated<Date | null>
    answeredByName: Generated<string | null>
    returnedAt: Generated<Date | null>
    returnReason: Generated<string | null>
  }
  'feedback.rectifications': {
    id: string
    complaintId: string
    unitId: string
    measure: string
    responsibleId: string
    dueOn: string
    finishedAt: Generated<Date | null>
    finishedByName: Generated<string | null>
    finishNote: Generated<string | null>
    verifiedAt: Generated<Date | null>
    verifiedByName: Generated<string | null>
  }
  'feedback.history': {
    id: string
    complaintId: string
    seq: Generated<number>
    at: Date
    actorId: string | null
    actorName: string
    kind: HistoryKind
    unitId: string | null
    note: string | null
  }
}

/** What other rooms may join: every opinion that was not withdrawn, and the units it concerns. */
export type FeedbackViews = {
  'feedback.opinionRows': {
    id: string
    patientId: string | null
    encounterId: string | null
    kind: OpinionKind
    categoryId: string | null
    category: string | null
    grade: Grade | null
    isImportant: boolean
    source: Source
    text: string
    departmentId: string | null
    wardId: string | null
    receivedAt: Date
    recordedOn: string
    month: string
    status: ComplaintStatus | 'noted'
    complaintNumber: string | null
    answerBy: string | null
    closedAt: Date | null
    /** What the person who complained was told. */
    result: string | null
  }
  'feedback.opinionUnitRows': { opinionId: string; unitId: string }
}

export const db = (ctx: Context) => ctx.db.withTables<Tables & FeedbackViews & EncounterViews & PatientViews & StaffViews>()
