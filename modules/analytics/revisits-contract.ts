import { contract, cursor, defineErrors, exportAsk, get, guarded, localDate, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'

export const revisitKinds = ['discharged', 'outpatient'] as const
export type RevisitKind = (typeof revisitKinds)[number]
export const revisitDimensions = ['department', 'doctor', 'chapter'] as const
export type RevisitDimension = (typeof revisitDimensions)[number]
/** What became of a visit after which somebody may come back; `notYet`: its 30 days have not passed. */
export const revisitStates = ['came', 'vanished', 'died', 'transferred', 'readmitted', 'notYet'] as const
export type RevisitState = (typeof revisitStates)[number]

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
const count = z.int()
const real = z.number().nullable()

/** A rate beside the one to be expected from the same patients, had they come back as such patients of this hospital did in the twelve months before. */
export const RevisitFigure = z.object({
  base: count, // who could have come back
  came: count,
  share: real, // 0 to 1; null where there is nobody
  low: real, // Wilson, 95 %
  high: real,
  standing: z.enum(['small', 'sound']), // fewer than 30 are marked, and neither ranked nor an alarm
  expected: real, // how many were to be expected; null where nothing is known of the months before
  expectedShare: real,
  ratio: real, // came / expected
  ratioLow: real,
  ratioHigh: real,
  alarm: z.enum(['no', 'below', 'surelyBelow']), // against the hospital's threshold; surely: with the whole interval
})
export type RevisitFigure = z.infer<typeof RevisitFigure>

/** The nil UUID, or chapter 0: not known. */
const of = { departmentId: z.uuid().optional(), doctorId: z.uuid().optional(), chapter: z.coerce.number().int().min(0).max(22).optional() }
const asked = { kind: z.enum(revisitKinds).default('discharged'), from: month.optional(), to: month.optional() }

export const RevisitRow = z.object({
  departmentId: z.uuid().nullable(),
  doctorId: z.uuid().nullable(),
  chapter: count.nullable(), // of ICD-10, 1 to 22; 0 not known
  name: z.string().nullable(), // of the department or doctor; null: not known
  doctorNumber: z.string().nullable(),
  leftOut: count,
  figure: RevisitFigure,
})
export type RevisitRow = z.infer<typeof RevisitRow>

export const Revisits = z.object({
  period: z.object({
    fromMonth: month,
    toMonth: month,
    days: z.object({ from: localDate, to: localDate }),
    dueUntil: localDate, // the last day whose 30 days have passed
    isPartial: z.boolean(), // some days of the period come later than that
    reference: z.object({ fromMonth: month, toMonth: month, base: count }), // by which expected rates are reckoned
  }),
  countedAt: moment,
  threshold: real, // 0 to 1; null: none is set
  total: RevisitFigure,
  leftOut: z.object({ died: count, transferred: count, readmitted: count, notYet: count }),
  rows: z.array(RevisitRow), // the lowest rate first, those of few at the end
  trend: z.array(z.object({ month, base: count, came: count, share: real })), // null where the base is smaller than what the hospital shows
})
export type Revisits = z.infer<typeof Revisits>

export const vanishedStates = ['open', 'asked', 'unreached', 'stopped'] as const
export type VanishedState = (typeof vanishedStates)[number]

/** Of those who did not come back: what came of the follow-ups that ask why. */
export const RevisitReasons = z.object({
  vanished: count,
  asked: count,
  unreached: count,
  open: count,
  stopped: count,
  withoutTask: count,
  reasons: z.array(z.object({ reason: z.string(), text: z.string().nullable(), visits: count })), // the most frequent first
})
export type RevisitReasons = z.infer<typeof RevisitReasons>

export const RevisitCase = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(),
  number: z.string(),
  departmentName: z.string().nullable(),
  wardName: z.string().nullable(),
  doctorName: z.string().nullable(),
  day: localDate,
  mainDiagnosisName: guarded('diagnosis', z.string().nullable()),
  state: z.enum(revisitStates),
  cameOn: localDate.nullable(),
  task: z.object({ id: z.uuid(), state: z.enum(vanishedStates), reason: z.string().nullable() }).nullable(), // by which somebody who did not come is asked why
})
export type RevisitCase = z.infer<typeof RevisitCase>

/** What can be said of a doctor: more or fewer came back than such patients do, or neither can be told. `few`: fewer than 30, not ranked. */
export const rankGroups = ['above', 'asExpected', 'below', 'few'] as const
export type RankGroup = (typeof rankGroups)[number]

export const RankedDoctor = z.object({
  doctorId: z.uuid(),
  number: z.string().nullable(), // the staff number, by which other systems know the doctor
  name: z.string(),
  title: z.string().nullable(),
  departmentId: z.uuid().nullable(), // where most of these visits were
  departmentName: z.string().nullable(),
  place: count.nullable(), // in this order; null: not ranked
  rankFrom: count.nullable(), // 1 + how many are surely better
  rankTo: count.nullable(), // as many as are ranked − how many are surely worse
  group: z.enum(rankGroups),
  figure: RevisitFigure,
})
export type RankedDoctor = z.infer<typeof RankedDoctor>

export const RevisitRanking = z.object({
  kind: z.enum(revisitKinds),
  period: Revisits.shape.period,
  countedAt: moment,
  by: z.enum(['ratio', 'share']), // by the rate itself where nothing is known of the months before
  ranked: count, // of how many the ranks are
  rows: guarded('staffRating', z.array(RankedDoctor)), // those of whom most is sure first, those of few visits at the end
})
export type RevisitRanking = z.infer<typeof RevisitRanking>

export const RevisitThresholds = z.object({ discharged: real, outpatient: real }) // 0 to 1; null: no alarm
export type RevisitThresholds = z.infer<typeof RevisitThresholds>
const percent = z.number().min(1).max(100).nullable()

export const revisitsApi = contract('analytics', {
  revisits: get('/revisits', {
    may: 'analytics.read',
    input: z.object({ ...asked, ...of, by: z.enum(revisitDimensions).default('department') }),
    reply: Revisits,
  }),
  /** Doctors in an order that a clinic schedule can use; a system asks with a key that may read figures. */
  revisitRanking: get('/revisits/ranking', {
    may: 'analytics.read',
    input: z.object({ ...asked, departmentId: of.departmentId }),
    reply: RevisitRanking,
  }),
  exportRevisitRanking: post('/revisits/ranking/export', {
    may: 'analytics.export',
    input: z.object({ ...asked, departmentId: of.departmentId, ...exportAsk }),
    reply: z.unknown(),
    file: 'application/octet-stream',
    isQuiet: true,
  }),
  /** The visits behind a figure: `base` are those who came and those who did not. */
  revisitCases: get('/rows/revisits', {
    may: 'analytics.read',
    about: 'patientId',
    input: z.object({
      ...asked,
      ...of,
      part: z.enum(['base', 'leftOut', ...revisitStates]).default('base'),
      reason: z.string().max(60).optional(),
      ...cursor,
    }),
    reply: page(RevisitCase),
  }),
  revisitReasons: get('/revisits/reasons', { may: 'analytics.read', input: z.object({ ...asked, ...of }), reply: RevisitReasons }),
  revisitThresholds: get('/revisits/thresholds', { may: 'analytics.read', reply: RevisitThresholds }),
  setRevisitThresholds: put('/revisits/thresholds', {
    may: 'analytics.setTargets',
    input: z.object({ discharged: percent, outpatient: percent }), // in per cent
    reply: RevisitThresholds,
  }),
  exportRevisits: post('/revisits/export', {
    may: 'analytics.export',
    input: z.object({ ...asked, ...of, ...exportAsk }),
    reply: z.unknown(),
    file: 'application/octet-stream',
    isQuiet: true,
  }),
})

export const revisitErrors = defineErrors('analytics', { monthsTooMany: 'invalid' }) // more than 12 months
