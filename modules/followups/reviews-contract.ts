import { contract, defineErrors, get, moment, post } from '@renxin/kernel'
import { AnswersShape } from '@renxin/surveys/contract'
import { z } from 'zod'
import { reviewStates } from './tasks-contract.ts'

export const reviewStepKinds = ['accepted', 'returned', 'resubmitted', 'corrected'] as const

export const ReviewStep = z.object({
  id: z.uuid(),
  at: moment,
  kind: z.enum(reviewStepKinds),
  byName: z.string(),
  note: z.string(), // why it was returned or corrected, what was said to it
  formerId: z.uuid().nullable(), // of a correction: the answers that it replaced
  responseId: z.uuid().nullable(),
})
export type ReviewStep = z.infer<typeof ReviewStep>

/** How the work of a task was found, what happened with it, and the answers that stand. */
export const Review = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  review: z.enum(reviewStates).nullable(),
  ownerId: z.uuid().nullable(), // who did it
  ownerName: z.string().nullable(),
  answers: z.array(z.object({ responseId: z.uuid(), title: z.string() })), // of what its step asks first, then of what was asked beside
  steps: z.array(ReviewStep), // the latest first
  mayReview: z.boolean(), // by whoever asks: it is done, and another's
})
export type Review = z.infer<typeof Review>

const one = z.object({ id: z.uuid() })
const corrected = z.object({ formerId: z.uuid(), responseId: z.uuid(), answers: AnswersShape })

export const reviewsApi = contract('followups', {
  review: get('/tasks/:id/review', { may: 'followups.read', about: 'patientId', input: one, reply: Review }),
  acceptTask: post('/tasks/:id/accept', {
    may: 'followups.supervise',
    about: 'patientId',
    input: one.extend({ note: z.string().trim().max(1000).default('') }),
    reply: Review,
  }),
  /** Back to whoever did it. What was closed without a conversation is to be done again. */
  returnTask: post('/tasks/:id/return', {
    may: 'followups.supervise',
    about: 'patientId',
    input: one.extend({ reason: z.string().trim().min(1).max(1000) }),
    reply: Review,
  }),
  correctTask: post('/tasks/:id/correct', {
    may: 'followups.supervise',
    about: 'patientId',
    bodyLimit: 512 * 1024,
    input: one.extend({ ...corrected.shape, reason: z.string().trim().min(1).max(1000) }),
    reply: Review,
  }),
  /** What was returned is handed in again by whoever did it: with corrected answers, or with a word why they stand. */
  mendTask: post('/tasks/:id/mend', {
    may: 'followups.work',
    about: 'patientId',
    bodyLimit: 512 * 1024,
    input: one.extend({ response: corrected.nullable(), note: z.string().trim().min(1).max(1000) }),
    reply: z.object({ patientId: z.uuid(), nextId: z.uuid().nullable() }),
  }),
})

export const reviewErrors = defineErrors('followups', {
  notDone: 'conflict', // there is nothing to look at yet
  ownWork: 'forbidden', // nobody reviews what he did himself
  ownerGone: 'conflict', // name: whoever did it works here no more
  notReturned: 'conflict',
  answersNotOfTask: 'invalid',
})
