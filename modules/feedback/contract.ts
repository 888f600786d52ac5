import { contract, cursor, defineErrors, get, localDate, moment, page, post, put } from '@renxin/kernel'
import { TimelineEntry, timelineInput } from '@renxin/patients/contract'
import { z } from 'zod'
import { Complaint, ComplaintRow, ComplaintStatus, Grade, Opinion, OpinionKind, Source, ToldBy } from './shapes.ts'

export * from './shapes.ts'

const sentence = z.string().trim().min(1).max(4000)
const ids = z.array(z.uuid()).max(20)
const yes = z.union([z.boolean(), z.stringbool()])

const opinionFields = {
  kind: OpinionKind,
  categoryId: z.uuid().nullable().default(null),
  grade: Grade.nullable().default(null),
  isImportant: z.boolean().default(false),
  text: z.string().trim().max(4000).default(''),
  personIds: ids.default([]),
}

const Category = z.object({ id: z.uuid(), key: z.string(), name: z.string(), position: z.int(), isActive: z.boolean() })
export type Category = z.infer<typeof Category>

export const feedbackApi = contract('feedback', {
  categories: get('/categories', {
    may: 'feedback.read',
    input: z.object({ withInactive: yes.default(false) }),
    reply: z.object({ rows: z.array(Category) }),
  }),
  saveCategory: put('/categories/:id', {
    may: 'feedback.handle',
    input: Category.omit({ key: true }).extend({ name: z.string().trim().min(1).max(40) }),
    reply: Category,
  }),

  list: get('/opinions', {
    may: 'feedback.read',
    about: 'patientId',
    input: z.object({
      kind: OpinionKind.optional(),
      categoryId: z.uuid().optional(),
      unitId: z.uuid().optional(), // concerned; a department takes its wards with it
      personId: z.uuid().optional(),
      patientId: z.uuid().optional(),
      source: Source.optional(),
      important: yes.optional(),
      from: localDate.optional(),
      to: localDate.optional(), // inclusive
      ...cursor,
    }),
    reply: page(Opinion),
  }),
  opinion: get('/opinions/:id', { may: 'feedback.read', about: 'patientId', input: z.object({ id: z.uuid() }), reply: Opinion }),
  record: post('/opinions', {
    may: 'feedback.record',
    about: 'patientId',
    input: z.object({
      id: z.uuid(), // chosen by the caller, so that a key pressed twice does no harm
      ...opinionFields,
      unitIds: ids.optional(), // left out: where the encounter took place
      patientId: z.uuid().nullable().default(null),
      encounterId: z.uuid().nullable().default(null),
      source: Source,
      receivedAt: moment.optional(), // a letter came yesterday
      speakerName: z.string().trim().max(50).nullable().default(null),
      speakerPhone: z.string().trim().max(30).nullable().default(null),
      origin: z
        .object({ kind: z.string().regex(/^[a-z]+\.[a-zA-Z]+$/), id: z.uuid() })
        .nullable()
        .default(null),
    }),
    reply: Opinion,
  }),
  amend: put('/opinions/:id', {
    may: 'feedback.record',
    about: 'patientId',
    input: z.object({ id: z.uuid(), ...opinionFields, unitIds: ids }).omit({ kind: true }),
    reply: Opinion,
  }),
  withdraw: post('/opinions/:id/withdraw', {
    may: 'feedback.record',
    about: 'patientId',
    input: z.object({ id: z.uuid() }),
    reply: Opinion,
  }),

  complaints: get('/complaints', {
    may: 'feedback.read',
    about: 'patientId',
    input: z.object({
      which: z.enum(['open', 'overdue', 'toAnswer', 'closed']).default('open'),
      status: ComplaintStatus.optional(),
      unitId: z.uuid().optional(),
      search: z.string().trim().max(50).default(''), // the beginning of the number
      ...cursor,
    }),
    reply: page(ComplaintRow),
  }),
  complaint: get('/complaints/:id', { may: 'feedback.read', about: 'patientId', input: z.object({ id: z.uuid() }), reply: Complaint }),
  counts: get('/complaints-counts', {
    may: 'feedback.read',
    reply: z.object({ open: z.int(), dueSoon: z.int(), overdue: z.int(), toAnswer: z.int() }),
  }),
  assign: post('/complaints/:id/assign', {
    may: 'feedback.handle',
    about: 'patientId',
    input: z.object({ id: z.uuid(), unitIds: ids.min(1), note: z.string().trim().max(1000).nullable().default(null) }),
    reply: Complaint,
  }),
  answer: post('/complaints/:id/answer', {
    may: 'feedback.answer',
    about: 'patientId',
    input: z.object({ id: z.uuid(), unitId: z.uuid(), cause: sentence, measure: sentence }),
    reply: Complaint,
  }),
  sendBack: post('/complaints/:id/send-back', {
    may: 'feedback.handle',
    about: 'patientId',
    input: z.object({ id: z.uuid(), unitId: z.uuid(), reason: sentence }),
    reply: Complaint,
  }),
  verify: post('/complaints/:id/verify', {
    may: 'feedback.handle',
    about: 'patientId',
    input: z.object({ id: z.uuid(), note: z.string().trim().max(1000).nullable().default(null) }),
    reply: Complaint,
  }),
  close: post('/complaints/:id/close', {
    may: 'feedback.handle',
    about: 'patientId',
    input: z.object({
      id: z.uuid(),
      outcome: z.enum(['resolved', 'onTheSpot', 'notTaken']).default('resolved'),
      result: sentence,
      toldBy: ToldBy,
      toldAt: moment.optional(), // now, where it is not said
    }),
    reply: Complaint,
  }),
  reopen: post('/complaints/:id/reopen', {
    may: 'feedback.handle',
    about: 'patientId',
    input: z.object({ id: z.uuid(), reason: sentence }),
    reply: Complaint,
  }),
  addRectification: post('/complaints/:id/rectifications', {
    may: 'feedback.handle',
    about: 'patientId',
    input: z.object({
      id: z.uuid(),
      rectificationId: z.uuid(),
      unitId: z.uuid(),
      measure: sentence,
      responsibleId: z.uuid(),
      dueOn: localDate,
    }),
    reply: Complaint,
  }),
  finishRectification: post('/complaints/:id/rectifications/:rectificationId/finish', {
    may: 'feedback.answer',
    about: 'patientId',
    input: z.object({ id: z.uuid(), rectificationId: z.uuid(), note: sentence }),
    reply: Complaint,
  }),
  verifyRectification: post('/complaints/:id/rectifications/:rectificationId/verify', {
    may: 'feedback.handle',
    about: 'patientId',
    input: z.object({ id: z.uuid(), rectificationId: z.uuid() }),
    reply: Complaint,
  }),

  timeline: get('/timeline/:patientId', { may: 'feedback.read', about: 'patientId', input: timelineInput, reply: page(TimelineEntry) }),
})

export const feedbackErrors = defineErrors('feedback', {
  notFound: 'not_found',
  categoryNotFound: 'not_found',
  unitNotFound: 'not_found',
  personNotFound: 'not_found',
  patientNotFound: 'not_found',
  encounterNotFound: 'not_found',
  patientMismatch: 'invalid', // the encounter is another patient's
  notInFuture: 'invalid',
  notYours: 'forbidden', // recorded by somebody else
  notYourUnit: 'forbidden', // another unit is asked
  alreadyClosed: 'conflict',
  notNow: 'conflict', // with `status`: the case is not where this step begins
  notAssigned: 'conflict', // this unit was not asked
  alreadyFinished: 'conflict',
  notFinished: 'conflict',
})
