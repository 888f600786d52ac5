import { contract, cursor, defineErrors, get, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'

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
  patientId: z.uuid(),
  patientName: z.string(),
  status: z.enum(['waiting', 'sent', 'refused']),
  createdAt: moment,
  sentAt: moment.nullable(),
  attempts: z.int(),
  answer: z.string().nullable(),
  error: z.string().nullable(),
})
export type Outgoing = z.infer<typeof Outgoing>

const fields = {
  name: z.string().trim().min(1).max(100),
  host: z.string().trim().min(1).max(200),
  port: z.int().min(1).max(65535),
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
  outgoing: get('/outgoing', {
    may: 'integration.read',
    about: 'patientId',
    input: z.object({ status: Outgoing.shape.status.optional(), destinationId: z.uuid().optional(), ...cursor }),
    reply: page(Outgoing),
  }),
  outgoingText: get('/outgoing/:destinationId/:eventId', {
    may: 'integration.mend',
    about: 'patientId',
    input: z.object({ destinationId: z.uuid(), eventId: z.uuid() }),
    reply: z.object({ patientId: z.uuid(), message: z.string() }),
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
