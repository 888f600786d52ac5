import { contract, cursor, defineErrors, exportAsk, get, guarded, localDate, moment, page, post } from '@renxin/kernel'
import { AnswersShape, Definition } from '@renxin/surveys/contract'
import { z } from 'zod'

/** The questionnaire that a quality check is filled in by; the hospital edits it as it edits others. */
export const qualityKey = 'call-quality'

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)

/** How a call was found by whoever heard it, or read what was recorded. */
export const QualityCheck = z.object({
  id: z.uuid(),
  taskId: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(), // masked for those who may not see whole names
  departmentId: z.uuid().nullable(),
  departmentName: z.string().nullable(),
  ownerId: z.uuid(), // whose call it was
  ownerName: z.string(),
  checkedAt: moment,
  checkedOn: localDate,
  checkedByName: z.string(),
  points: z.number(),
  most: z.number(), // of what applied
  remarks: z.string(),
})
export type QualityCheck = z.infer<typeof QualityCheck>

/** A person's calls of a month: `share` is of all points that could be had. */
export const QualityOf = z.object({
  ownerId: z.uuid(),
  ownerName: z.string(),
  checks: z.int(),
  points: z.number(),
  most: z.number(),
})
export type QualityOf = z.infer<typeof QualityOf>

const filter = { month, departmentId: z.uuid().optional(), ownerId: z.uuid().optional() }

export const qualityApi = contract('followups', {
  qualityForm: get('/quality-form', {
    may: 'followups.supervise',
    reply: z.object({ versionId: z.uuid(), title: z.string(), definition: Definition }),
  }),
  checkQuality: post('/tasks/:id/quality', {
    may: 'followups.supervise',
    about: 'patientId',
    bodyLimit: 512 * 1024,
    input: z.object({ id: z.uuid(), checkId: z.uuid(), versionId: z.uuid(), answers: AnswersShape }),
    reply: QualityCheck,
  }),
  qualityOfTask: get('/tasks/:id/quality', {
    may: 'followups.supervise',
    about: 'patientId',
    input: z.object({ id: z.uuid() }),
    reply: z.object({ patientId: z.uuid(), rows: z.array(QualityCheck) }),
  }),
  qualityChecks: get('/quality-checks', {
    may: 'followups.supervise',
    about: 'patientId',
    input: z.object({ ...filter, ...cursor }),
    reply: page(QualityCheck),
  }),
  qualityByPerson: get('/quality-by-person', {
    may: 'followups.supervise',
    input: z.object({ month, departmentId: filter.departmentId }),
    reply: z.object({ rows: guarded('staffRating', z.array(QualityOf)) }),
  }),
  exportQuality: post('/quality-checks/export', {
    may: 'followups.supervise',
    input: z.object({ ...filter, ...exportAsk }),
    reply: z.unknown(),
    file: 'application/octet-stream',
    isQuiet: true,
  }),
})

export const qualityErrors = defineErrors('followups', {
  noQualityForm: 'conflict', // the hospital has disabled its questionnaire
  notQualityForm: 'invalid', // versionId: of another questionnaire
  qualityRefused: 'invalid', // problems
  qualityTaken: 'conflict', // the id is another check's
})
