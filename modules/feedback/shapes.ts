import { guarded, localDate, moment } from '@renxin/kernel'
import { z } from 'zod'

export const OpinionKind = z.enum(['praise', 'complaint', 'suggestion', 'remark'])
export type OpinionKind = z.infer<typeof OpinionKind>

export const Grade = z.enum(['minor', 'moderate', 'serious'])
export type Grade = z.infer<typeof Grade>

export const Source = z.enum(['call', 'visit', 'letter', 'walkIn', 'hotline', 'survey'])
export type Source = z.infer<typeof Source>

export const ComplaintStatus = z.enum(['accepted', 'assigned', 'answered', 'verified', 'closed', 'reopened', 'withdrawn'])
export type ComplaintStatus = z.infer<typeof ComplaintStatus>

export const Outcome = z.enum(['resolved', 'onTheSpot', 'notTaken'])
export type Outcome = z.infer<typeof Outcome>

export const ToldBy = z.enum(['phone', 'meeting', 'letter', 'message', 'notReachable'])
export type ToldBy = z.infer<typeof ToldBy>

const Named = z.object({ id: z.uuid(), name: z.string() })
const UnitNamed = Named.extend({ kind: z.enum(['department', 'ward', 'office']) })

const opinion = {
  id: z.uuid(),
  kind: OpinionKind,
  categoryId: z.uuid().nullable(),
  category: z.string().nullable(),
  grade: Grade.nullable(),
  isImportant: z.boolean(),
  text: z.string(),
  patientId: z.uuid().nullable(),
  patientName: z.string().nullable(), // masked unless the reader may see names
  encounterId: z.uuid().nullable(),
  source: Source,
  units: z.array(UnitNamed),
  people: z.array(Named),
  receivedAt: moment,
  recordedByName: z.string(),
  speakerName: z.string().nullable(),
}

export const Opinion = z.object({
  ...opinion,
  isOwn: z.boolean(), // recorded by whoever reads it
  withdrawnAt: moment.nullable(),
  complaint: z.object({ number: z.string(), status: ComplaintStatus }).nullable(),
})
export type Opinion = z.infer<typeof Opinion>

/** How near the last day is: half of the time gone, the last day or the one before, past. */
export const Urgency = z.enum(['calm', 'halfway', 'dueSoon', 'overdue'])
export type Urgency = z.infer<typeof Urgency>

const deadline = {
  answerBy: localDate,
  daysLeft: z.int(), // working days: 0 on the last day, negative after it
  urgency: Urgency,
  isAnnounced: z.boolean(), // whether the holidays of that year are in the calendar
}

export const ComplaintRow = z.object({
  ...opinion,
  ...deadline,
  number: z.string(),
  status: ComplaintStatus,
  closedAt: moment.nullable(),
  asked: z.array(UnitNamed.extend({ hasAnswered: z.boolean() })),
})
export type ComplaintRow = z.infer<typeof ComplaintRow>

export const HistoryKind = z.enum([
  'accepted',
  'assigned',
  'answered',
  'sentBack',
  'verified',
  'closed',
  'reopened',
  'withdrawn',
  'amended',
  'remindedHalfway',
  'remindedEve',
  'overdue',
  'extended',
  'rectificationAdded',
  'rectificationFinished',
  'rectificationVerified',
])
export type HistoryKind = z.infer<typeof HistoryKind>

const Rectification = z.object({
  id: z.uuid(),
  unit: Named,
  measure: z.string(),
  responsible: Named,
  dueOn: localDate,
  isLate: z.boolean(),
  finishedAt: moment.nullable(),
  finishedByName: z.string().nullable(),
  finishNote: z.string().nullable(),
  verifiedAt: moment.nullable(),
  verifiedByName: z.string().nullable(),
  mayFinish: z.boolean(),
})
export type Rectification = z.infer<typeof Rectification>

export const Complaint = ComplaintRow.extend({
  speakerPhone: guarded('phone', z.string().nullable()), // only to who may handle complaints
  days: z.int(),
  outcome: Outcome.nullable(),
  result: z.string().nullable(),
  toldBy: ToldBy.nullable(),
  toldAt: moment.nullable(),
  answers: z.array(
    z.object({
      unit: UnitNamed,
      assignedAt: moment,
      cause: z.string().nullable(),
      measure: z.string().nullable(),
      answeredAt: moment.nullable(),
      answeredByName: z.string().nullable(),
      returnReason: z.string().nullable(),
      mayAnswer: z.boolean(), // by whoever reads this
    }),
  ),
  rectifications: z.array(Rectification),
  history: z.array(
    z.object({
      id: z.uuid(),
      at: moment,
      actorName: z.string(),
      kind: HistoryKind,
      unitName: z.string().nullable(),
      note: z.string().nullable(),
    }),
  ),
})
export type Complaint = z.infer<typeof Complaint>
