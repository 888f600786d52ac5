import { contract, cursor, defineErrors, get, localDate, moment, page, post, put, stayReasons } from '@renxin/kernel'
import { z } from 'zod'

/** 个人信息保护法 44–50: to have a copy, to have it corrected, to have it erased. */
export const requestKinds = ['copy', 'correction', 'erasure'] as const
export const RequestKind = z.enum(requestKinds)
export type RequestKind = z.infer<typeof RequestKind>

export const askers = ['patient', 'guardian', 'agent', 'relative'] as const
export const proofs = ['identityCard', 'guardianship', 'authorisation', 'kinship', 'known'] as const

export const requestStates = ['open', 'done', 'refused', 'withdrawn'] as const
export const RequestState = z.enum(requestStates)
export type RequestState = z.infer<typeof RequestState>

/** What may be corrected here. What the hospital's own systems write of visits is corrected there. */
export const correctable = ['name', 'sex', 'birthOn', 'identityCard', 'address', 'payer', 'identityClass', 'phone'] as const
export const Correctable = z.enum(correctable)
export type Correctable = z.infer<typeof Correctable>

export const CorrectionItem = z.object({
  field: Correctable,
  /** As it shall be. */
  value: z.string(),
  isAccepted: z.boolean().nullable(),
  reason: z.string().nullable(),
})
export type CorrectionItem = z.infer<typeof CorrectionItem>

export const RightsRequest = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(),
  kind: RequestKind,
  asker: z.enum(askers),
  askerName: z.string().nullable(),
  proof: z.enum(proofs),
  details: z.string().nullable(),
  items: z.array(CorrectionItem),
  receivedAt: moment,
  /** Null: the hospital has set no term. */
  dueOn: localDate.nullable(),
  isOverdue: z.boolean(),
  state: RequestState,
  recordedByName: z.string(),
  /** An erasure is carried out by somebody else than the one who took it in. */
  isOwn: z.boolean(),
  decidedByName: z.string().nullable(),
  refusal: z.string().nullable(),
  doneAt: moment.nullable(),
  /** What an erasure did: rows by table. */
  counts: z.record(z.string(), z.int()).nullable(),
})
export type RightsRequest = z.infer<typeof RightsRequest>

export const StayReason = z.enum(stayReasons)
export const Stay = z.object({ reason: StayReason, what: z.string(), count: z.int(), until: localDate.nullable() })
export type Stay = z.infer<typeof Stay>

export const CopySection = z.object({
  module: z.string(),
  section: z.string(),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
})
export type CopySection = z.infer<typeof CopySection>

const one = z.object({ id: z.uuid() })
const sentence = z.string().trim().min(2).max(500)

export const rightsApi = contract('patients', {
  rightsRequests: get('/rights', {
    may: 'patients.rights',
    about: 'patientId',
    input: z.object({
      kind: RequestKind.optional(),
      state: RequestState.optional(),
      isOverdue: z.stringbool().optional(),
      patientId: z.uuid().optional(),
      ...cursor,
    }),
    reply: page(RightsRequest),
  }),
  rightsRequest: get('/rights/:id', { may: 'patients.rights', about: 'patientId', input: one, reply: RightsRequest }),
  recordRight: post('/rights', {
    may: 'patients.rights',
    about: 'patientId',
    input: z.object({
      id: z.uuid(),
      patientId: z.uuid(),
      kind: RequestKind,
      asker: z.enum(askers),
      askerName: z.string().trim().max(60).nullish(),
      proof: z.enum(proofs),
      details: z.string().trim().max(2000).nullish(),
      items: z
        .array(z.object({ field: Correctable, value: z.string().trim().min(1).max(200) }))
        .max(correctable.length)
        .default([]),
      receivedAt: z.iso.datetime({ offset: true }).optional(),
    }),
    reply: RightsRequest,
  }),
  /** Everything that is held of the person; each time it is taken stands in the audit trail and, with its number, in the list of exports. */
  takeCopy: post('/rights/:id/copy', {
    may: 'patients.rights',
    about: 'patientId',
    input: one,
    reply: z.object({
      patientId: z.uuid(),
      serial: z.string(),
      takenAt: moment,
      hospital: z.string(),
      byName: z.string(),
      sections: z.array(CopySection),
    }),
  }),
  decideCorrection: post('/rights/:id/correct', {
    may: 'patients.rights',
    about: 'patientId',
    input: one.extend({
      decisions: z.array(z.object({ field: Correctable, isAccepted: z.boolean(), reason: z.string().trim().max(500).nullish() })).min(1),
    }),
    reply: RightsRequest,
  }),
  /** What an erasure would leave, and why. */
  weighErasure: get('/rights/:id/stays', {
    may: 'patients.rights',
    about: 'patientId',
    input: one,
    reply: z.object({ patientId: z.uuid(), isKnown: z.boolean(), rows: z.array(Stay) }),
  }),
  erase: post('/rights/:id/erase', {
    may: 'patients.erase',
    about: 'patientId',
    input: one.extend({ hasRead: z.literal(true) }),
    reply: RightsRequest,
  }),
  refuseRight: post('/rights/:id/refuse', {
    may: 'patients.rights',
    about: 'patientId',
    input: one.extend({ refusal: sentence }),
    reply: RightsRequest,
  }),
  withdrawRight: post('/rights/:id/withdraw', { may: 'patients.rights', about: 'patientId', input: one, reply: RightsRequest }),
  rightsTerm: get('/rights-term', { may: 'patients.rights', input: z.object({}), reply: z.object({ answerDays: z.int().nullable() }) }),
  saveRightsTerm: put('/rights-term', {
    may: 'patients.manage',
    input: z.object({ answerDays: z.int().min(1).max(365).nullable() }),
    reply: z.object({ answerDays: z.int().nullable() }),
  }),
})

export const rightsErrors = defineErrors('patients', {
  rightNotFound: 'not_found',
  rightClosed: 'conflict',
  rightOfOtherKind: 'invalid',
  nothingToCorrect: 'invalid',
  whoAsks: 'invalid', // somebody asks for the patient and is not named
  notAllDecided: 'invalid',
  rightReasonNeeded: 'invalid', // a correction that is not made needs its reason
  rightValueBad: 'invalid',
  secondPerson: 'forbidden', // an erasure needs a second person
  rightInFuture: 'invalid',
})
