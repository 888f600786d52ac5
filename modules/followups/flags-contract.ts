import { contract, cursor, defineErrors, get, localDate, moment, page, post, put } from '@renxin/kernel'
import { severities } from '@renxin/surveys/contract'
import { z } from 'zod'

/** What a doctor did about a red flag. */
export const flagOutcomes = ['advised', 'clinic', 'emergency', 'admitted', 'treated', 'notNeeded', 'unreachable'] as const
export const flagStatuses = ['open', 'closed', 'withdrawn'] as const
export const flagStepKinds = ['raised', 'told', 'given', 'taken', 'passed', 'closed', 'kept', 'withdrawn'] as const
/** `mine`: one's own, those passed to one, and those of one's departments that nobody has. */
export const flagLists = ['mine', 'open', 'overdue', 'passed', 'closed'] as const
export type FlagList = (typeof flagLists)[number]

export const FlagRow = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(), // masked for those who may not see whole names
  sex: z.enum(['male', 'female', 'unknown', 'other']),
  birthOn: localDate.nullable(),
  encounterId: z.uuid().nullable(),
  departmentId: z.uuid().nullable(),
  departmentName: z.string().nullable(),
  title: z.string(),
  severity: z.enum(severities),
  status: z.enum(flagStatuses),
  raisedAt: moment,
  raisedByName: z.string(),
  dueAt: moment.nullable(), // null: at once
  isOverdue: z.boolean(),
  level: z.int(),
  doctorId: z.uuid().nullable(),
  doctorName: z.string().nullable(),
  isTold: z.boolean(), // the nurse noted that the patient was told what to do
  outcome: z.enum(flagOutcomes).nullable(),
  closedAt: moment.nullable(),
  closedByName: z.string().nullable(),
})
export type FlagRow = z.infer<typeof FlagRow>

export const FlagStep = z.object({
  id: z.uuid(),
  at: moment,
  kind: z.enum(flagStepKinds),
  byName: z.string(),
  toName: z.string().nullable(),
  note: z.string(),
  responseId: z.uuid().nullable(),
})

export const Flag = FlagRow.extend({
  say: z.string(),
  tell: z.string(),
  because: z.array(z.object({ question: z.string(), answers: z.array(z.union([z.string(), z.boolean()])) })),
  taskId: z.uuid().nullable(),
  responseId: z.uuid(),
  nowResponseId: z.uuid().nullable(), // the corrected answers
  note: z.string(),
  steps: z.array(FlagStep),
  mayClose: z.boolean(),
})
export type Flag = z.infer<typeof Flag>

const one = z.object({ id: z.uuid() })

export const flagsApi = contract('followups', {
  flags: get('/flags', {
    may: 'followups.flags',
    about: 'patientId',
    input: z.object({ list: z.enum(flagLists).default('mine'), departmentId: z.uuid().optional(), ...cursor }),
    reply: page(FlagRow),
  }),
  flagCounts: get('/flag-counts', {
    may: 'followups.flags',
    reply: z.object({
      mine: z.int(),
      open: z.int(),
      overdue: z.int(),
      passed: z.int(),
      /** Those with open ones, the most overdue first. */
      departments: z.array(z.object({ id: z.uuid().nullable(), name: z.string().nullable(), open: z.int(), overdue: z.int() })),
    }),
  }),
  flag: get('/flags/:id', { may: 'followups.flags', about: 'patientId', input: one, reply: Flag }),
  takeFlag: post('/flags/:id/take', { may: 'followups.closeFlags', about: 'patientId', input: one, reply: Flag }),
  closeFlag: post('/flags/:id/close', {
    may: 'followups.closeFlags',
    about: 'patientId',
    input: one.extend({ outcome: z.enum(flagOutcomes), note: z.string().trim().min(1).max(2000) }),
    reply: Flag,
  }),
  giveFlag: post('/flags/:id/give', {
    may: 'followups.giveFlags',
    about: 'patientId',
    input: one.extend({ doctorId: z.uuid(), note: z.string().trim().max(500).default('') }),
    reply: Flag,
  }),
  flagDoctors: get('/flag-doctors', {
    may: 'followups.giveFlags',
    reply: z.object({ rows: z.array(z.object({ id: z.uuid(), name: z.string(), title: z.string().nullable(), openFlags: z.int() })) }),
  }),
  flagDuties: get('/flag-duties', {
    may: 'followups.giveFlags',
    reply: z.object({
      rows: z.array(
        z.object({
          departmentId: z.uuid(),
          departmentName: z.string(),
          accountId: z.uuid().nullable(),
          accountName: z.string().nullable(),
        }),
      ),
    }),
  }),
  setFlagDuty: put('/flag-duties/:departmentId', {
    may: 'followups.giveFlags',
    input: z.object({ departmentId: z.uuid(), accountId: z.uuid().nullable() }), // null: nobody in particular
    reply: z.object({ departmentId: z.uuid(), accountId: z.uuid().nullable() }),
  }),
})

export const flagErrors = defineErrors('followups', {
  flagNotFound: 'not_found',
  flagClosed: 'conflict', // byName, at
  flagTaken: 'conflict', // byName
  flagNotYours: 'forbidden', // byName
  flagDepartmentNotFound: 'not_found',
  doctorUnknown: 'invalid',
})
