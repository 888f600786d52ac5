import { contract, cursor, defineErrors, get, localDate, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'
import { Profile } from './mapping-contract.ts'

export { fhirApi, hookHostsApi } from './fhir-contract.ts'
export { importsApi } from './imports-contract.ts'
export * from './mapping-contract.ts'
export { screenLinkApi } from './screen-link-contract.ts'

export const MessageStatus = z.enum(['applied', 'ignored', 'waiting', 'failed'])
export type MessageStatus = z.infer<typeof MessageStatus>

/** Why a message waits or failed. `words.reasons` says each, why, and what to do. */
export const reasons = [
  'noHeader', // no MSH: not a message at all
  'noType', // MSH-9 is empty
  'noPatientId',
  'noVisitNumber', // the person's facts were taken
  'noMergedId', // a merge that does not say who or which visit is retired
  'deletesPerson', // A29: nobody is erased because another system says so
  'tooLong', // a number that is no number
  'senderInactive',
  'unexpected',
  'setAside', // by a person, with a reason
  'erased', // its words went when its patient asked to be forgotten
] as const
export const Reason = z.enum(reasons)
export type Reason = z.infer<typeof Reason>

/** Something in a message that was applied all the same: a code without a meaning, a time that is none. */
export const Note = z.object({
  code: z.enum(['unknownCode', 'badTime', 'badBirth', 'accountNotMoved', 'badOwnField']), // `accountNotMoved` stands with messages of before accounts were moved
  field: z.string(),
  value: z.string(),
})
export type Note = z.infer<typeof Note>

/** What several messages can be read again for: one and the same reason, or that something in them was not understood. */
export const Cause = z.enum([...reasons, 'notes'])
export type Cause = z.infer<typeof Cause>

export const MessageRow = z.object({
  id: z.uuid(),
  receivedAt: moment,
  sentAt: moment.nullable(),
  senderId: z.uuid(),
  senderName: z.string(),
  type: z.string(),
  event: z.string(),
  controlId: z.string(),
  visitNumber: z.string().nullable(),
  status: MessageStatus,
  reason: z.string().nullable(),
  hasNotes: z.boolean(),
  reusesControlId: z.boolean(),
  patientId: z.uuid().nullable(),
  encounterId: z.uuid().nullable(),
})
export type MessageRow = z.infer<typeof MessageRow>

export const MessageFile = MessageRow.extend({
  charset: z.string(),
  detail: z.string().nullable(),
  notes: z.array(Note),
  attempts: z.int(),
  appliedAt: moment.nullable(),
  isMended: z.boolean(),
  /** Who applied, changed or set it aside by hand, where somebody did. */
  mendedBy: z.string().nullable(),
  mendedAt: moment.nullable(),
  mendReason: z.string().nullable(),
})
export type MessageFile = z.infer<typeof MessageFile>

const Label = z.object({ zh: z.string(), en: z.string() }).optional()
const Part = z.object({ path: z.string(), label: Label, value: z.string() })
export const ExplainedSegment = z.object({
  name: z.string(),
  label: Label,
  text: z.string(),
  /** `isUnread`: kept with the message and used for nothing. */
  fields: z.array(Part.extend({ parts: z.array(Part), isUnread: z.literal(true).optional() })),
})
export type ExplainedSegment = z.infer<typeof ExplainedSegment>

export const factKinds = [
  'patient',
  'encounter',
  'report',
  'order',
  'document',
  'booking',
  'charge',
  'procedure',
  'staff',
  'place',
] as const

/**
 * What a message says once it is translated, as name and value; a moment in ISO 8601, and nothing where the sender deletes it.
 * `of`: the number of the record, where a message tells of several of a kind.
 */
export const Fact = z.object({ about: z.enum(factKinds), of: z.string().optional(), field: z.string(), value: z.string() })
export type Fact = z.infer<typeof Fact>

/**
 * What a message did, field by field, beside what the messages before it had said. `overtaken`: it told of an earlier time than
 * a message that had already come, so it was kept and did not win.
 */
export const Change = Fact.extend({ before: z.string().nullable(), outcome: z.enum(['new', 'changed', 'overtaken']) })
export type Change = z.infer<typeof Change>

export const RawMessage = z.object({
  id: z.uuid(),
  patientId: z.uuid().nullable(),
  text: z.string(),
  mended: z.string().nullable(),
  segments: z.array(ExplainedSegment),
  facts: z.array(Fact),
  changes: z.array(Change),
  /** Fields that it said as they were. */
  unchanged: z.int(),
})
export type RawMessage = z.infer<typeof RawMessage>

export const MappingProblem = z.object({
  entry: z.string(),
  text: z.string(),
  code: z.enum(['notAnObject', 'unknownField', 'notText', 'noPath', 'unknownCodes', 'badMeaning']),
  allowed: z.string().optional(),
})
export type MappingProblem = z.infer<typeof MappingProblem>

export const Charset = z.enum(['auto', 'utf-8', 'gb18030', 'big5', 'windows-1252', 'utf-16le', 'utf-16be'])
export type Charset = z.infer<typeof Charset>
export const ReplyMode = z.enum(['auto', 'original', 'enhanced'])

const settings = {
  name: z.string().trim().min(1).max(80),
  mapping: Profile,
  charset: Charset,
  zone: z.string().max(60).nullable(), // null: as the hospital's
  replyMode: ReplyMode,
  isActive: z.boolean(),
}
export const Sender = z.object({
  id: z.uuid(),
  application: z.string(),
  facility: z.string(),
  ...settings,
  isNew: z.boolean(),
  lastMessageAt: moment.nullable(),
  /** In the last 24 hours, by what became of them. */
  lastDay: z.object({ applied: z.int(), ignored: z.int(), waiting: z.int(), failed: z.int() }),
  /** Of all times, still to be settled. */
  unsettled: z.int(),
  /** In the last 24 hours, messages under a control id that had been used for another. */
  reusedControlIds: z.int(),
})
export type Sender = z.infer<typeof Sender>

export const UnclaimedSender = z.object({
  application: z.string(),
  facility: z.string(),
  messages: z.int(),
  firstAt: moment,
  lastAt: moment,
})
export type UnclaimedSender = z.infer<typeof UnclaimedSender>

const Read = z.object({ field: z.string(), path: z.string(), value: z.string() })

/** For how many days a message that needs nothing any more is kept. */
export const Retention = z.object({ keepDays: z.int().min(7).max(3650) })

const messageText = z.string().min(1).max(2_000_000)
const reason = z.string().trim().min(2).max(200)
const byId = z.object({ id: z.uuid() })

export const integrationApi = contract('integration', {
  messages: get('/messages', {
    may: 'integration.read',
    about: 'patientId',
    input: z.object({
      senderId: z.uuid().optional(),
      patientId: z.uuid().optional(),
      /** `unsettled`: waiting or failed. */
      status: z.enum([...MessageStatus.options, 'unsettled']).optional(),
      cause: Cause.optional(),
      event: z.string().trim().max(20).optional(), // A03, ADT^A03, or ADT
      /** Of the visit (PV1-19), of the message (MSH-10), or a patient's medical record number. */
      number: z.string().trim().max(200).optional(),
      /** Something in it was not understood. */
      noted: z.enum(['yes']).optional(),
      byHand: z.enum(['yes']).optional(),
      reused: z.enum(['yes']).optional(),
      from: localDate.optional(), // days of arrival, both inclusive
      to: localDate.optional(),
      ...cursor,
    }),
    reply: page(MessageRow),
  }),
  /** What is to be settled, by its cause; counted up to ten thousand each. */
  causes: get('/causes', {
    may: 'integration.read',
    input: z.object({ senderId: z.uuid().optional() }),
    reply: z.object({ rows: z.array(z.object({ cause: Cause, messages: z.int() })) }),
  }),
  message: get('/messages/:id', { may: 'integration.read', about: 'patientId', input: byId, reply: MessageFile }),
  raw: get('/messages/:id/raw', { may: 'integration.mend', about: 'patientId', input: byId, reply: RawMessage }),
  mend: post('/messages/:id/mend', {
    may: 'integration.mend',
    about: 'patientId',
    input: byId.extend({ text: messageText, reason }),
    reply: MessageFile,
    bodyLimit: 8 * 1024 * 1024,
  }),
  replay: post('/messages/:id/replay', { may: 'integration.mend', about: 'patientId', input: byId, reply: MessageFile }),
  replayAll: post('/messages/replay', {
    may: 'integration.mend',
    input: z.object({ cause: Cause, senderId: z.uuid().optional(), after: z.uuid().optional() }),
    /** `next`: there are more than one call takes; ask again after this one. */
    reply: z.object({ settled: z.int(), unsettled: z.int(), next: z.uuid().nullable() }),
  }),
  setAside: post('/messages/:id/set-aside', {
    may: 'integration.mend',
    about: 'patientId',
    input: byId.extend({ reason }),
    reply: MessageFile,
  }),
  retention: get('/retention', { may: 'integration.read', reply: Retention }),
  saveRetention: put('/retention', { may: 'integration.manage', input: Retention, reply: Retention }),
  senders: get('/senders', { may: 'integration.read', reply: z.object({ rows: z.array(Sender) }) }),
  saveSender: put('/senders/:id', { may: 'integration.manage', input: byId.extend(settings), reply: byId }),
  /** What a message would say under a mapping; nothing is kept. */
  testMapping: post('/senders/test', {
    may: 'integration.manage',
    input: z.object({ mapping: Profile, text: messageText }),
    reply: z.object({
      problems: z.array(MappingProblem),
      segments: z.array(ExplainedSegment),
      facts: z.array(Fact),
      /** Where each thing was found, by its path among the segments, and what stands there. */
      reads: z.array(Read),
      notes: z.array(Note),
      outcome: z.enum(['applied', 'ignored', 'waiting', 'failed']),
      reason: Reason.nullable(),
    }),
    bodyLimit: 8 * 1024 * 1024,
  }),
  unclaimed: get('/unclaimed', { may: 'integration.manage', reply: z.object({ rows: z.array(UnclaimedSender) }) }),
  /** Takes an unknown sender for this hospital; what was kept of it is read within seconds. */
  assign: post('/unclaimed/assign', {
    may: 'integration.manage',
    input: z.object({ application: z.string().max(200), facility: z.string().max(200) }),
    reply: z.object({ senderId: z.uuid(), messages: z.int() }),
  }),
})

export const integrationErrors = defineErrors('integration', {
  messageNotFound: 'not_found',
  senderNotFound: 'not_found',
  badMapping: 'invalid',
  badZone: 'invalid',
  notAMessage: 'invalid',
  alreadySettled: 'conflict',
  ofAnotherHospital: 'conflict',
})
