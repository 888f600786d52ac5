import { contract, cursor, defineErrors, get, moment, page, post, put } from '@renxin/kernel'
import { Relation } from '@renxin/patients/contract'
import { z } from 'zod'
import { ExplainedSegment } from './contract.ts'

export const ways = ['hl7', 'fhir', 'table'] as const
export type Way = (typeof ways)[number]
/** What a finished follow-up becomes: a message of HL7, or a resource of FHIR. */
export const followupsAs = { hl7: ['oru', 'mdm'], fhir: ['response', 'observation', 'communication'] } as const
export const FollowupsAs = z.enum([...followupsAs.hl7, ...followupsAs.fhir])
export type FollowupsAs = z.infer<typeof FollowupsAs>
export const auths = ['none', 'bearer', 'basic'] as const

/** What is written back: a result, or a state that is told anew each time it changes. */
export const WrittenKind = z.enum(['followup', 'complaint', 'phone', 'flag'])
export type WrittenKind = z.infer<typeof WrittenKind>
export const LineStatus = z.enum(['waiting', 'sent', 'refused'])
export type LineStatus = z.infer<typeof LineStatus>

/** How it is reached: `hl7` over MLLP, `fhir` over HTTP, `table`: its own database role reads a table of ours. */
const reached = {
  way: z.enum(ways),
  host: z.string().nullable(),
  port: z.int().nullable(),
  baseUrl: z.string().nullable(),
  identifierSystem: z.string(),
  auth: z.enum(auths),
  authUser: z.string(),
  readerRole: z.string().nullable(),
}

export const Destination = z.object({
  id: z.uuid(),
  name: z.string(),
  ...reached,
  hasSecret: z.boolean(),
  application: z.string(),
  facility: z.string(),
  charset: z.enum(['utf-8', 'gb18030']),
  followupsAs: FollowupsAs,
  takesFollowups: z.boolean(),
  takesComplaints: z.boolean(),
  takesPhones: z.boolean(),
  takesComplaintFlag: z.boolean(),
  flagTags: z.array(z.uuid()),
  isActive: z.boolean(),
  waiting: z.int(),
  /** Since when the oldest that waits has been waiting. */
  waitingSince: moment.nullable(),
  refused: z.int(),
  lastSentAt: moment.nullable(),
  lastError: z.string().nullable(),
})
export type Destination = z.infer<typeof Destination>

export const Outgoing = z.object({
  eventId: z.uuid(),
  destinationId: z.uuid(),
  destinationName: z.string(),
  kind: WrittenKind,
  /** The task, the complaint, the contact or the tag. */
  objectId: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(),
  status: LineStatus,
  createdAt: moment,
  /** When it goes, or is tried again, where it waits at the head of its line. */
  nextAt: moment,
  sentAt: moment.nullable(),
  attempts: z.int(),
  answer: z.string().nullable(),
  error: z.string().nullable(),
  /** Its text was cleared away; that it went, and when, stays. */
  isCleared: z.boolean(),
})
export type Outgoing = z.infer<typeof Outgoing>

/** A line with what is sent, and its fields by name where it is HL7. */
export const OutgoingText = z.object({ patientId: z.uuid(), message: z.string(), segments: z.array(ExplainedSegment) })
export type OutgoingText = z.infer<typeof OutgoingText>

/**
 * What became of knocking. `dropped`: the other side took the connection and closed it at once. `notFhir`: somebody answers, and not as a FHIR
 * server does. `noGrant`: the role is there and may not read the table yet.
 */
export const Knock = z.object({
  outcome: z.enum([
    'connected',
    'dropped',
    'refused',
    'unknownHost',
    'unreachable',
    'closedAddress',
    'timeout',
    'fhir',
    'unauthorized',
    'notFhir',
    'ready',
    'noRole',
    'noGrant',
  ]),
  milliseconds: z.int(),
  /** What a FHIR server says of itself. */
  says: z.string().nullable(),
})
export type Knock = z.infer<typeof Knock>

export const CorrectionStatus = z.enum(['open', 'confirmed', 'declined', 'overtaken'])
export type CorrectionStatus = z.infer<typeof CorrectionStatus>

/** A phone that was put right here and goes to the hospital's systems once a person says so. */
export const Correction = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(),
  medicalRecordNumber: z.string().nullable(),
  change: z.enum(['added', 'voided']),
  relation: Relation,
  contactName: z.string().nullable(),
  /** Masked: the number in question, and the one that the hospital's system knows for the same person. */
  number: z.string(),
  known: z.string().nullable(),
  heardBy: z.string(),
  heardAt: moment,
  status: CorrectionStatus,
  decidedBy: z.string().nullable(),
  decidedAt: moment.nullable(),
  reason: z.string().nullable(),
})
export type Correction = z.infer<typeof Correction>

/** A role of the database, as `create role` takes it without quotes. */
const roleName = z
  .string()
  .trim()
  .regex(/^[a-z_][a-z0-9_]{0,62}$/)

/** The address of a FHIR server, without what belongs to a single request. */
const baseUrl = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((text) => URL.canParse(text) && !/[?#]|\/\/[^/]*@/.test(text))
  .transform((text) => text.replace(/\/+$/, ''))

const place = {
  way: z.enum(ways).default('hl7'),
  host: z.string().trim().min(1).max(200).nullable().default(null),
  port: z.int().min(1).max(65535).nullable().default(null),
  baseUrl: baseUrl.nullable().default(null),
  identifierSystem: z.string().trim().max(200).default(''),
  auth: z.enum(auths).default('none'),
  authUser: z.string().trim().max(200).default(''),
  /** Left out, the one that is kept stays. */
  authSecret: z.string().min(1).max(4000).optional(),
  readerRole: roleName.nullable().default(null),
}
type Place = { way: Way; host: string | null; port: number | null; baseUrl: string | null; readerRole: string | null }

/** Each way needs its own address. */
const isReachable = ({ way, host, port, baseUrl, readerRole }: Place): boolean => {
  if (way === 'hl7') return host !== null && port !== null
  return way === 'fhir' ? baseUrl !== null : readerRole !== null
}

const fields = {
  name: z.string().trim().min(1).max(100),
  ...place,
  application: z.string().trim().max(100).default(''),
  facility: z.string().trim().max(100).default(''),
  charset: z.enum(['utf-8', 'gb18030']).default('utf-8'),
  followupsAs: FollowupsAs.default('oru'),
  takesFollowups: z.boolean(),
  takesComplaints: z.boolean(),
  takesPhones: z.boolean().default(false),
  takesComplaintFlag: z.boolean().default(false),
  flagTags: z.array(z.uuid()).max(50).default([]),
  isActive: z.boolean(),
}
const key = z.object({ destinationId: z.uuid(), eventId: z.uuid() })
const reason = z.string().trim().min(2).max(200)

export const writeBackApi = contract('integration', {
  destinations: get('/destinations', { may: 'integration.read', reply: z.object({ rows: z.array(Destination) }) }),
  /** The tags of patients, from which a destination chooses. */
  flagTags: get('/flag-tags', {
    may: 'integration.read',
    reply: z.object({ rows: z.array(z.object({ id: z.uuid(), name: z.string() })) }),
  }),
  saveDestination: put('/destinations/:id', {
    may: 'integration.manage',
    input: z.object({ id: z.uuid(), ...fields }).refine(isReachable),
    reply: Destination,
  }),
  /** Knocks at the address; no result is sent. With the `id` of a destination its secret serves, where the address is still the same. */
  testDestination: post('/destinations/test', {
    may: 'integration.manage',
    input: z.object({ id: z.uuid().optional(), ...place }).refine(isReachable),
    reply: Knock,
  }),
  outgoing: get('/outgoing', {
    may: 'integration.read',
    about: 'patientId',
    input: z.object({
      status: LineStatus.optional(),
      destinationId: z.uuid().optional(),
      kind: WrittenKind.optional(),
      ...cursor,
    }),
    reply: page(Outgoing),
  }),
  outgoingLine: get('/outgoing/:destinationId/:eventId', {
    may: 'integration.read',
    about: 'patientId',
    input: key,
    reply: Outgoing,
  }),
  outgoingText: get('/outgoing/:destinationId/:eventId/text', {
    may: 'integration.mend',
    about: 'patientId',
    input: key,
    reply: OutgoingText,
  }),
  sendAgain: post('/outgoing/:destinationId/:eventId/send-again', {
    may: 'integration.mend',
    about: 'patientId',
    input: key,
    reply: Outgoing,
  }),
  /** All that one destination refused, after the other side was mended; what a later word has overtaken stays. */
  sendAllAgain: post('/destinations/:destinationId/send-again', {
    may: 'integration.mend',
    input: z.object({ destinationId: z.uuid() }),
    reply: z.object({ lines: z.int() }),
  }),
  /** Takes a line out of the way that can never be delivered and holds up the others. */
  setLineAside: post('/outgoing/:destinationId/:eventId/set-aside', {
    may: 'integration.mend',
    about: 'patientId',
    input: key.extend({ reason }),
    reply: Outgoing,
  }),
  corrections: get('/corrections', {
    may: 'integration.confirm',
    about: 'patientId',
    input: z.object({ status: CorrectionStatus.default('open'), ...cursor }),
    reply: page(Correction),
  }),
  confirmCorrection: post('/corrections/:id/confirm', {
    may: 'integration.confirm',
    about: 'patientId',
    input: z.object({ id: z.uuid() }),
    reply: Correction,
  }),
  declineCorrection: post('/corrections/:id/decline', {
    may: 'integration.confirm',
    about: 'patientId',
    input: z.object({ id: z.uuid(), reason }),
    reply: Correction,
  }),
})

export const writeBackErrors = defineErrors('integration', {
  outgoingNotFound: 'not_found',
  notRefused: 'conflict',
  notWaiting: 'conflict',
  lineOvertaken: 'conflict',
  textCleared: 'not_found',
  destinationNameTaken: 'conflict',
  destinationNotFound: 'not_found',
  wayFixed: 'conflict',
  secretNeeded: 'invalid',
  roleTaken: 'conflict',
  correctionNotFound: 'not_found',
  correctionDecided: 'conflict',
  noPhoneDestination: 'conflict',
})
