import { localDate, moment } from '@renxin/kernel'
import { z } from 'zod'
import { taskChannels } from './programmes-contract.ts'
import { priorityReasons } from './risk-contract.ts'

/** With these the conversation takes place: the task closes by `complete`. */
export const talkOutcomes = ['reached', 'relativeAnswered'] as const
/** With these it does not: they are recorded by `recordOutcome`. */
export const silentOutcomes = [
  'noAnswer',
  'busy',
  'off',
  'wrongNumber',
  'voidNumber',
  'callLater',
  'refused',
  'patientDead',
  'readmitted',
  'transferred',
] as const
/** Results of a try, as the field records them. */
export const outcomes = [...talkOutcomes, ...silentOutcomes] as const
export type Outcome = (typeof outcomes)[number]
/** What a patient's time line shows of this module. */
export const timelineKinds = [...outcomes, 'planned', 'cancelled'] as const
export type TimelineKind = (typeof timelineKinds)[number]

export const statuses = ['todo', 'inProgress', 'done', 'cancelled'] as const
export const closeReasons = [
  'died',
  'readmitted',
  'paused', // he is in again, and the programme waits
  'continued', // the course of another visit goes on in its place
  'transferred',
  'refused', // another call of the same programme was refused
  'cameBack', // who was asked for because he had not come has come
  'departmentChanged', // it was a step of the department that he turned out not to have been in
  'leftStudy', // he withdrew from the study, or could not be found any more
  'studyOver',
  'dischargeCancelled',
  'encounterCancelled',
  'discharged',
  'classChanged',
  'merged',
  'optedOut',
  'erased',
  'manual',
] as const
/** How the work of a closed task was found by who supervises: sent back to whoever did it, handed in again, found good. */
export const reviewStates = ['returned', 'resubmitted', 'accepted'] as const
export type ReviewState = (typeof reviewStates)[number]
export const queueLists = ['today', 'overdue', 'callBacks', 'mine', 'unclaimed'] as const
export type QueueList = (typeof queueLists)[number]

export const TaskRow = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(), // masked for those who may not see whole names
  sex: z.enum(['male', 'female', 'unknown', 'other']),
  birthOn: localDate.nullable(),
  encounterId: z.uuid(),
  departmentId: z.uuid().nullable(),
  departmentName: z.string().nullable(),
  wardName: z.string().nullable(),
  bed: z.string().nullable(),
  programmeId: z.uuid(),
  programmeName: z.string(),
  stepName: z.string(),
  channel: z.enum(taskChannels),
  status: z.enum(statuses),
  isOverdue: z.boolean(),
  anchorAt: moment,
  dueFrom: moment,
  dueBy: moment,
  nextAt: moment,
  callBackAt: moment.nullable(),
  priority: z.int(),
  priorityReason: z.enum(priorityReasons).nullable(),
  riskReasons: z.array(z.enum(priorityReasons)), // all of them, the weightiest first
  assigneeId: z.uuid().nullable(),
  assigneeName: z.string().nullable(),
  claimedAt: moment.nullable(),
  tries: z.int(),
  lastOutcome: z.string().nullable(),
  lastTriedAt: moment.nullable(),
  outcome: z.string().nullable(),
  closeReason: z.enum(closeReasons).nullable(),
  closedAt: moment.nullable(),
  review: z.enum(reviewStates).nullable(), // null: nobody who supervises has looked at it
})
export type TaskRow = z.infer<typeof TaskRow>

/** What the administrators' list may be narrowed to. */
export const boardFilter = {
  departmentId: z.uuid().optional(),
  programmeId: z.uuid().optional(),
  assigneeId: z.uuid().optional(),
  from: localDate.optional(), // day of the deadline, or of the closing of what is closed; both ends inclusive
  to: localDate.optional(),
}

/** What is asked of whoever is to do it: so many years of service, and one of these titles. An empty list asks for none. */
export const Seniority = z.object({
  minYears: z.int().min(0).max(60).default(0),
  titles: z.array(z.string().trim().min(1).max(50)).max(50).default([]),
})
export type Seniority = z.infer<typeof Seniority>
