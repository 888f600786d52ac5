import { contract, cursor, defineErrors, get, guarded, localDate, moment, page, post, put } from '@renxin/kernel'
import { Relation, TimelineEntry } from '@renxin/patients/contract'
import { AnswersShape, Definition, FilledShown } from '@renxin/surveys/contract'
import { z } from 'zod'
import { ExtraAnswers } from './content-contract.ts'
import { Worker } from './hands-contract.ts'
import { Handover } from './leaves-contract.ts'
import { taskChannels } from './programmes-contract.ts'
import { CalledToday, Reach } from './reach-contract.ts'
import {
  boardFilter,
  outcomes,
  queueLists,
  reviewStates,
  Seniority,
  silentOutcomes,
  statuses,
  TaskRow,
  talkOutcomes,
} from './tasks-contract.ts'

export * from './bulk-contract.ts'
export * from './checks-contract.ts'
export * from './cohorts-contract.ts'
export * from './content-contract.ts'
export * from './flags-contract.ts'
export * from './hands-contract.ts'
export * from './leaves-contract.ts'
export * from './levels-contract.ts'
export * from './preview-contract.ts'
export * from './programmes-contract.ts'
export * from './quality-contract.ts'
export * from './reach-contract.ts'
export * from './reviews-contract.ts'
export * from './risk-contract.ts'
export * from './short-contract.ts'
export * from './standing-contract.ts'
export * from './supervision-contract.ts'
export * from './tasks-contract.ts'

export const Attempt = z.object({
  id: z.uuid(),
  byName: z.string(),
  channel: z.enum(taskChannels),
  contactId: z.uuid().nullable(),
  startedAt: moment,
  endedAt: moment.nullable(),
  outcome: z.enum([...outcomes, 'notRecorded']).nullable(), // null while it runs
  note: z.string(),
  nextAt: moment.nullable(),
  answeredBy: z.string().nullable(), // who picked up, as kin are named; null: nobody, or it was not asked
})
export type Attempt = z.infer<typeof Attempt>

export const Draft = z.object({
  versionId: z.uuid().nullable(),
  answers: AnswersShape,
  extras: z.record(z.uuid(), AnswersShape), // of what is asked beside, by the extra
  note: z.string(),
  revision: z.int(),
  savedAt: moment,
  savedByName: z.string(),
})
export type Draft = z.infer<typeof Draft>

/** Whether the patient may be contacted at this moment, and if not, why and until when. */
export const Gate = z.object({ allowed: z.boolean(), reason: z.string().nullable(), until: moment.nullable() })

export const Task = TaskRow.extend({
  triesAllowed: z.int(),
  contacts: z.array(
    z.object({
      id: z.uuid(),
      relation: z.string(),
      name: z.string().nullable(),
      masked: guarded('phone', z.string()),
      kind: z.string(),
      isBad: z.boolean(),
      tries: z.int(), // how often it was rung, and how often somebody picked up
      answered: z.int(),
    }),
  ),
  reach: Reach.nullable(), // null: the task is closed, or is no call
  calledToday: CalledToday.nullable(), // by somebody else
  gate: Gate,
  stay: z
    .object({
      number: z.string(),
      class: z.string(),
      admittedAt: moment.nullable(),
      dischargedAt: moment.nullable(),
      lengthOfStayDays: z.int().nullable(),
      attendingName: z.string().nullable(),
      nurseName: z.string().nullable(),
      nursingLevel: z.string().nullable(),
      condition: z.string().nullable(),
      ever: z.array(z.string()),
      disposition: z.string().nullable(),
      diagnoses: guarded('diagnosis', z.array(z.object({ code: z.string().nullable(), name: z.string() }))),
      priorDischargeOn: localDate.nullable(),
    })
    .nullable(),
  /** `filled`: what the hospital's records say now for the items that are filled from them; null where the form has none, or the task is closed. */
  questionnaire: z.object({ versionId: z.uuid(), title: z.string(), definition: Definition, filled: FilledShown.nullable() }).nullable(),
  draft: Draft.nullable(),
  attempts: z.array(Attempt),
  handovers: z.array(Handover),
  previous: z.array(z.object({ id: z.uuid(), title: z.string(), completedAt: moment, scoreMean: z.number().nullable() })),
})
export type Task = z.infer<typeof Task>

const one = z.object({ id: z.uuid() })
const many = z.array(z.uuid()).min(1).max(500)
const touched = z.object({ id: z.uuid(), patientId: z.uuid() })
const note = z.string().trim().max(2000).default('')
/** `1,000` in a count says: a thousand or more. */
export const countCap = 1000

export const followupsApi = contract('followups', {
  queue: get('/queue', {
    may: 'followups.work',
    about: 'patientId',
    input: z.object({ list: z.enum(queueLists).default('today'), ...cursor }),
    reply: page(TaskRow),
  }),
  counts: get('/counts', {
    may: 'followups.work',
    reply: z.object({
      lists: z.record(z.enum(queueLists), z.int()),
      dueCallBacks: z.int(),
      hasProgrammes: z.boolean(),
      doneToday: z.int(), // by the one who asks
      triedToday: z.int(),
      reachedToday: z.int(),
    }),
  }),
  board: get('/tasks', {
    may: 'followups.read',
    about: 'patientId',
    input: z.object({
      show: z.enum(['open', 'today', 'tomorrow', 'overdue', 'unclaimed', 'done', 'cancelled']).default('open'),
      ...boardFilter,
      review: z.enum(['none', ...reviewStates]).optional(), // of what is done
      ...cursor,
    }),
    reply: page(TaskRow),
  }),
  task: get('/tasks/:id', { may: 'followups.read', about: 'patientId', input: one, reply: Task }),
  timeline: get('/timeline/:patientId', {
    may: 'followups.read',
    about: 'patientId',
    input: z.object({ patientId: z.uuid(), ...cursor }),
    reply: page(TimelineEntry),
  }),
  workers: get('/workers', {
    may: 'followups.assign',
    reply: z.object({ rows: z.array(Worker) }),
  }),

  claim: post('/claim', {
    may: 'followups.work',
    about: 'patientId',
    input: z.object({ ids: many }),
    reply: z.object({
      rows: z.array(touched),
      refused: z.array(z.object({ id: z.uuid(), takenByName: z.string().nullable(), takenAt: moment.nullable() })),
    }),
  }),
  claimNext: post('/claim-next', {
    may: 'followups.work',
    about: 'patientId',
    input: z.object({ count: z.int().min(1).max(50) }),
    reply: z.object({ rows: z.array(touched) }),
  }),
  release: post('/release', {
    may: 'followups.work',
    about: 'patientId',
    input: z.object({ ids: many }),
    reply: z.object({ rows: z.array(touched) }),
  }),
  assign: post('/assign', {
    may: 'followups.assign',
    about: 'patientId',
    input: z.object({ ids: many, among: z.array(z.uuid()).min(1).max(100), seniority: Seniority.optional() }), // several: evenly by the load they have
    reply: z.object({ rows: z.array(touched.extend({ assigneeId: z.uuid() })) }),
  }),
  postpone: post('/postpone', {
    may: 'followups.work',
    about: 'patientId',
    input: z.object({ ids: many, until: moment }),
    reply: z.object({ rows: z.array(touched.extend({ wasNextAt: moment, wasCallBackAt: moment.nullable() })) }),
  }),
  undoPostpone: post('/postpone/undo', {
    may: 'followups.work',
    about: 'patientId',
    input: z.object({
      until: moment, // what was postponed to: a task that was moved again since then stays where it is
      tasks: z
        .array(z.object({ id: z.uuid(), wasNextAt: moment, wasCallBackAt: moment.nullable() }))
        .min(1)
        .max(500),
    }),
    reply: z.object({ rows: z.array(touched) }),
  }),
  cancel: post('/cancel', {
    may: 'followups.assign',
    about: 'patientId',
    input: z.object({ ids: many, note: z.string().trim().min(1).max(500) }),
    reply: z.object({ rows: z.array(touched) }),
  }),
  prioritise: post('/prioritise', {
    may: 'followups.assign',
    about: 'patientId',
    input: z.object({ ids: many, priority: z.int().min(1).max(3) }),
    reply: z.object({ rows: z.array(touched) }),
  }),

  ofPatient: get('/patients/:patientId/followups', {
    may: 'followups.read',
    about: 'patientId',
    input: z.object({ patientId: z.uuid() }),
    reply: z.object({
      patientId: z.uuid(),
      tasks: z.array(TaskRow), // those to be done, the next first; then those that are closed, the latest first
      tries: z.array(
        Attempt.pick({ id: true, byName: true, channel: true, startedAt: true, outcome: true, note: true }).extend({ taskId: z.uuid() }),
      ),
    }),
  }),
  dial: post('/tasks/:id/dial', {
    may: 'followups.work',
    about: 'patientId',
    input: one.extend({ attemptId: z.uuid(), contactId: z.uuid() }),
    reply: z.object({
      attemptId: z.uuid(),
      patientId: z.uuid(),
      contactId: z.uuid(),
      relation: z.string(),
      number: z.string(),
      startedAt: moment,
    }),
  }),
  saveDraft: put('/tasks/:id/draft', {
    may: 'followups.work',
    about: 'patientId',
    isQuiet: true, // it comes every two seconds, and nobody else looks at it
    bodyLimit: 512 * 1024,
    input: one.extend({
      revision: z.int().min(0),
      versionId: z.uuid().nullable(),
      answers: AnswersShape,
      extras: z.record(z.uuid(), AnswersShape).default({}),
      note,
    }),
    reply: z.object({ patientId: z.uuid(), revision: z.int(), savedAt: moment }),
  }),
  recordOutcome: post('/tasks/:id/outcome', {
    may: 'followups.work',
    about: 'patientId',
    input: one.extend({ attemptId: z.uuid(), outcome: z.enum(silentOutcomes), note, callBackAt: moment.nullable().default(null) }),
    reply: z.object({
      patientId: z.uuid(),
      status: z.enum(statuses),
      nextAt: moment.nullable(),
      tries: z.int(),
      nextId: z.uuid().nullable(),
    }),
  }),
  complete: post('/tasks/:id/complete', {
    may: 'followups.work',
    about: 'patientId',
    bodyLimit: 512 * 1024,
    input: one.extend({
      attemptId: z.uuid(),
      outcome: z.enum(talkOutcomes),
      answeredBy: Relation.optional(), // which relative; unsaid, whose telephone it was
      note,
      response: z.object({ id: z.uuid(), versionId: z.uuid(), answers: AnswersShape }).nullable(), // null where the step asks nothing
      told: z.array(z.string().max(200)).max(100).default([]), // the red flags of which the patient was told what to do, by their rules
      extras: z.array(ExtraAnswers).max(20).default([]),
      toldNews: z.array(z.uuid()).max(50).default([]),
    }),
    reply: z.object({ patientId: z.uuid(), responseId: z.uuid().nullable(), nextId: z.uuid().nullable() }),
  }),
})

export const followupErrors = defineErrors('followups', {
  taskNotFound: 'not_found',
  taken: 'conflict', // byName, at
  notYours: 'forbidden', // claim it first
  closed: 'conflict', // status
  mayNotContact: 'conflict', // reason, until
  numberUnknown: 'not_found',
  running: 'conflict', // a try of this task is running: byName, at
  draftChanged: 'conflict', // byName, at, revision
  callBackNeeded: 'invalid',
  callBackPast: 'invalid',
  answersNeeded: 'invalid',
  postponePast: 'invalid',
  workerUnknown: 'invalid',
  notSenior: 'invalid', // names
})
