import { bands, LevelTwo, levelTwoAsks, Spot, Urge } from '@renxin/followups/contract'
import { contract, cursor, exportAsk, get, localDate, moment, page, post } from '@renxin/kernel'
import { z } from 'zod'

/** Of which kind a follow-up is, by its programme: levels 1 to 3, the bedside, studies, and those that ask who did not come back. */
export const appraisalLevels = ['department', 'supervisor', 'centre', 'bedside', 'study', 'vanished'] as const
export type AppraisalLevel = (typeof appraisalLevels)[number]
export const appraisalDimensions = ['level', 'department', 'ward', 'nurse', 'class'] as const
export type AppraisalDimension = (typeof appraisalDimensions)[number]
export const appraisalSpans = ['month', 'quarter', 'year'] as const
export type AppraisalSpan = (typeof appraisalSpans)[number]

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
const count = z.int()

/** Each is a part of `due`, but `stopped`, which was not due; what was done for it is counted on the day it was done. */
export const AppraisalCounts = z.object({
  due: count, // whose window is over, and that nothing stopped
  done: count, // closed with an outcome, whenever
  doneInTime: count,
  reached: count, // spoken with, or with a relative, whenever
  reachedInTime: count,
  stopped: count, // died, was transferred, came back, refused, or was taken off by hand
  tries: count,
  talks: count,
  measured: count, // tries of which the length is known
  seconds: count, // theirs
})
export type AppraisalCounts = z.infer<typeof AppraisalCounts>

/** The share that level 1 is asked for, in per cent: of the hospital, or of a department that has its own. */
export const CoverageBand = z.object({ low: z.int(), high: z.int() })
export type CoverageBand = z.infer<typeof CoverageBand>

export const AppraisalRow = z.object({
  key: z.string(), // of the level, department, ward, account or class; the nil UUID or '': not known
  name: z.string().nullable(), // null: not known, or it is a level
  departmentName: z.string().nullable(), // of a ward
  counts: AppraisalCounts,
  before: AppraisalCounts, // in the period before
  yearAgo: AppraisalCounts, // in the same period of the year before
  band: CoverageBand.nullable(), // other levels have none
  standing: z.enum(bands).nullable(), // reached in time against it; null where nothing was due
})
export type AppraisalRow = z.infer<typeof AppraisalRow>

const Days = z.object({ from: localDate, to: localDate })
export const Appraisal = z.object({
  period: z.object({
    span: z.enum(appraisalSpans),
    fromMonth: month,
    toMonth: month,
    days: Days,
    before: Days, // cut to the same day where the period is not over
    yearAgo: Days,
    isPartial: z.boolean(),
    dueUntil: localDate, // the last day that is counted
  }),
  countedAt: moment,
  total: AppraisalRow,
  rows: z.array(AppraisalRow), // who lacks most first
  levelTwo: z.array(LevelTwo), // none where another level is asked for
  notReached: z.array(z.object({ outcome: z.string(), n: count })), // of those due: how they ended, or `open`
})
export type Appraisal = z.infer<typeof Appraisal>

const asked = {
  span: z.enum(appraisalSpans).default('month'),
  month: month.optional(), // one of its months; without it the last that is over
  level: z.enum(appraisalLevels).optional(),
  departmentId: z.uuid().optional(),
}
/** Of which period rows are asked for: a change opens those that it is a change from. */
export const appraisalTimes = ['now', 'before', 'yearAgo'] as const
export type AppraisalTime = (typeof appraisalTimes)[number]
const rowsAsked = {
  ...asked,
  time: z.enum(appraisalTimes).default('now'),
  wardId: z.uuid().optional(),
  nurseId: z.uuid().optional(),
  identityClass: z.string().max(100).optional(),
}

export const appraisalParts = ['due', 'done', 'doneInTime', 'reached', 'reachedInTime', 'notReached', 'stopped'] as const
export type AppraisalPart = (typeof appraisalParts)[number]

const patient = { patientId: z.uuid(), patientName: z.string(), departmentName: z.string().nullable(), wardName: z.string().nullable() }

export const AppraisedRow = z.object({
  id: z.uuid(), // of the task
  ...patient,
  programmeName: z.string(),
  nurseName: z.string().nullable(),
  dueOn: localDate,
  closedOn: localDate.nullable(),
  state: z.enum(['open', 'done', 'stopped']),
  outcome: z.string().nullable(), // how it ended; of what was stopped, why
  isInTime: z.boolean(),
  tries: count,
})
export type AppraisedRow = z.infer<typeof AppraisedRow>

export const EffortRow = z.object({
  id: z.uuid(),
  ...patient,
  taskId: z.uuid(),
  nurseName: z.string().nullable(),
  at: moment,
  outcome: z.string(),
  seconds: count.nullable(),
})
export type EffortRow = z.infer<typeof EffortRow>

export const appraisalApi = contract('analytics', {
  appraisal: get('/appraisal', {
    may: 'analytics.read',
    input: z.object({ ...asked, by: z.enum(appraisalDimensions).default('department') }),
    reply: Appraisal,
  }),
  /** The follow-ups behind a figure. */
  appraised: get('/rows/appraised', {
    may: 'analytics.read',
    about: 'patientId',
    input: z.object({
      ...rowsAsked,
      part: z.enum(appraisalParts).default('due'),
      outcome: z.string().max(40).optional(), // of those not reached; `open`
      ...cursor,
    }),
    reply: page(AppraisedRow),
  }),
  /** The tries behind the figures of work. */
  efforts: get('/rows/efforts', {
    may: 'analytics.read',
    about: 'patientId',
    input: z.object({ ...rowsAsked, part: z.enum(['tries', 'talks', 'measured']).default('tries'), ...cursor }),
    reply: page(EffortRow),
  }),
  /** The urges and the spot checks behind the figures of level 2. */
  appraisedUrges: get('/rows/urges', { may: 'analytics.read', about: 'patientId', input: levelTwoAsks.urges, reply: page(Urge) }),
  appraisedSpots: get('/rows/spots', { may: 'analytics.read', about: 'patientId', input: levelTwoAsks.spots, reply: page(Spot) }),
  exportAppraisal: post('/appraisal/export', {
    may: 'analytics.export',
    input: z.object({ ...asked, ...exportAsk }),
    reply: z.unknown(),
    file: 'application/octet-stream',
    isQuiet: true,
  }),
})
