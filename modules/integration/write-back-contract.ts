import { contract, cursor, defineErrors, get, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'
import { ExplainedSegment } from './contract.ts'

export const Destination = z.object({
  id: z.uuid(),
  name: z.string(),
  host: z.string(),
  port: z.int(),
  application: z.string(),
  facility: z.string(),
  charset: z.enum(['utf-8', 'gb18030']),
  takesFollowups: z.boolean(),
  takesComplaints: z.boolean(),
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
  kind: z.enum(['followup', 'complaint']),
  /** The task or the complaint. */
  objectId: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(),
  status: z.enum(['waiting', 'sent', 'refused']),
  createdAt: moment,
  /** When it goes, or is tried again, where it waits at the head of its line. */
  nextAt: moment,
  sentAt: moment.nullable(),
  attempts: z.int(),
  answer: z.string().nullable(),
  error: z.string().nullable(),
})
export type Outgoing = z.infer<typeof Outgoing>

/** A line with what is sent, and its fields by name. */
export const OutgoingText = z.object({ patientId: z.uuid(), message: z.string(), segments: z.array(ExplainedSegment) })
export type OutgoingText = z.infer<typeof OutgoingText>

/** What became of knocking at an address. `dropped`: the other side took the connection and closed it at once. */
export const Knock = z.object({
  outcome: z.enum(['connected', 'dropped', 'refused', 'unknownHost', 'unreachable', 'timeout']),
  milliseconds: z.int(),
})
export type Knock = z.infer<typeof Knock>

const place = { host: z.string().trim().min(1).max(200), port: z.int().min(1).max(65535) }
const fields = {
  name: z.string().trim().min(1).max(100),
  ...place,
  application: z.string().trim().max(100),
  facility: z.string().trim().max(100),
  charset: z.enum(['utf-8', 'gb18030']),
  takesFollowups: z.boolean(),
  takesComplaints: z.boolean(),
  isActive: z.boolean(),
}

export const writeBackApi = contract('integration', {
  destinations: get('/destinations', { may: 'integration.read', reply: z.object({ rows: z.array(Destination) }) }),
  saveDestination: put('/destinations/:id', {
    may: 'integration.manage',
    input: z.object({ id: z.uuid(), ...fields }),
    reply: Destination,
  }),
  /** Opens a connection to the address and closes it again; nothing is sent. */
  testDestination: post('/destinations/test', { may: 'integration.manage', input: z.object(place), reply: Knock }),
  outgoing: get('/outgoing', {
    may: 'integration.read',
    about: 'patientId',
    input: z.object({ status: Outgoing.shape.status.optional(), destinationId: z.uuid().optional(), ...cursor }),
    reply: page(Outgoing),
  }),
  outgoingLine: get('/outgoing/:destinationId/:eventId', {
    may: 'integration.read',
    about: 'patientId',
    input: z.object({ destinationId: z.uuid(), eventId: z.uuid() }),
    reply: Outgoing,
  }),
  outgoingText: get('/outgoing/:destinationId/:eventId/text', {
    may: 'integration.mend',
    about: 'patientId',
    input: z.object({ destinationId: z.uuid(), eventId: z.uuid() }),
    reply: OutgoingText,
  }),
  sendAgain: post('/outgoing/:destinationId/:eventId/send-again', {
    may: 'integration.mend',
    about: 'patientId',
    input: z.object({ destinationId: z.uuid(), eventId: z.uuid() }),
    reply: Outgoing,
  }),
})

export const writeBackErrors = defineErrors('integration', {
  outgoingNotFound: 'not_found',
  notRefused: 'conflict',
  destinationNameTaken: 'conflict',
})
