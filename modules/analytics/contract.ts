import { contract, cursor, defineErrors, exportAsk, get, guarded, localDate, moment, page, post } from '@renxin/kernel'
import { z } from 'zod'
import { CoverageBand } from './appraisal-contract.ts'

export * from './appraisal-contract.ts'
export * from './revisits-contract.ts'

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
export const opinionKinds = ['praise', 'complaint', 'suggestion', 'remark'] as const

/** Whole months, both included; without them the present month, or in its first week the last one. */
const period = { from: month.optional(), to: month.optional() }
const filter = { ...period, departmentId: z.uuid().optional() }
/** One ward; the nil UUID is what belongs to none that is known. */
const rowFilter = { ...filter, wardId: z.uuid().optional() }

export const Days = z.object({ from: localDate, to: localDate })
export type Days = z.infer<typeof Days>

/** How sure a figure is: below as many answers as the hospital asks for, or where such could be reckoned from it, nothing is shown; below 30 it is marked and not ranked. */
export const Standing = z.enum(['hidden', 'small', 'sound'])
export type Standing = z.infer<typeof Standing>

const count = z.int()
const share = z.number().nullable() // 0 to 1; null where there is nothing to share

export const Nps = z.object({
  n: count.nullable(), // null: some, and not told how many, since this is hidden
  standing: Standing,
  score: z.number().nullable(), // −100 to 100; null where it is hidden
  low: z.number().nullable(), // of the 95 % interval
  high: z.number().nullable(),
  promoters: count.nullable(),
  passives: count.nullable(),
  detractors: count.nullable(),
})
export type Nps = z.infer<typeof Nps>

export const Satisfaction = z.object({
  n: count.nullable(), // who took a side or had none; "not applicable" is not among them; null: hidden
  standing: Standing,
  share,
  low: share,
  high: share,
  satisfied: count.nullable(),
  noOpinion: count.nullable(),
  dissatisfied: count.nullable(),
})
export type Satisfaction = z.infer<typeof Satisfaction>

export const WardFigures = z.object({
  departmentId: z.uuid().nullable(),
  wardId: z.uuid().nullable(),
  departmentName: z.string().nullable(),
  wardName: z.string().nullable(), // null: of no known ward
  discharged: count,
  coverage: z.object({ base: count, covered: count, share }),
  satisfaction: Satisfaction,
  nps: Nps,
})
export type WardFigures = z.infer<typeof WardFigures>

export const Dashboard = z.object({
  period: z.object({
    fromMonth: month,
    toMonth: month,
    days: Days,
    prior: Days, // what the changes are against: as many months before, cut to the same day where the period is not over
    isPartial: z.boolean(),
    coveredUntil: localDate, // discharges after this day have had less than 7 days and do not count for the coverage
  }),
  least: z.int(), // below so many answers nothing is shown
  countedAt: moment,
  discharged: z.object({ n: count, before: count }),
  coverage: z.object({ base: count, covered: count, share, before: share, band: CoverageBand }),
  contacts: z.object({
    reached: count,
    notReached: count,
    share,
    before: share,
    outcomes: z.array(z.object({ outcome: z.string(), isReached: z.boolean(), tasks: count })),
  }),
  satisfaction: Satisfaction.extend({ before: share }),
  nps: Nps.extend({ before: z.number().nullable() }),
  wards: z.array(WardFigures), // the one that needs most attention first
  worst: z.object({ wardId: z.uuid(), wardName: z.string(), by: z.enum(['nps', 'satisfaction', 'coverage']) }).nullable(),
  opinions: z.object({
    kinds: z.array(z.object({ kind: z.enum(opinionKinds), n: count, before: count })),
    categories: z.array(
      z.object({ kind: z.enum(opinionKinds), categoryId: z.uuid().nullable(), category: z.string().nullable(), n: count }),
    ),
    departments: z.array(
      z.object({
        departmentId: z.uuid().nullable(),
        departmentName: z.string().nullable(),
        praise: count,
        complaint: count,
        suggestion: count,
        remark: count,
      }),
    ),
  }),
  trend: z.array(
    z.object({
      month,
      discharged: count,
      coverage: share,
      satisfaction: share, // null where it is hidden
      nps: z.number().nullable(),
      complaints: count,
      praise: count,
    }),
  ),
})
export type Dashboard = z.infer<typeof Dashboard>

const patient = { patientId: z.uuid(), patientName: z.string() }
const units = { departmentName: z.string().nullable(), wardName: z.string().nullable() }

export const DischargeRow = z.object({
  id: z.uuid(),
  ...patient,
  ...units,
  number: z.string(),
  dischargedOn: localDate,
  mainDiagnosisName: guarded('diagnosis', z.string().nullable()),
  isAlive: z.boolean(),
  reachedOn: localDate.nullable(),
  isCovered: z.boolean(),
})
export type DischargeRow = z.infer<typeof DischargeRow>

export const ContactRow = z.object({
  id: z.uuid(),
  ...patient,
  ...units,
  programmeName: z.string(),
  closedOn: localDate,
  outcome: z.string(),
  tries: z.int(),
})
export type ContactRow = z.infer<typeof ContactRow>

export const verdicts = ['satisfied', 'noOpinion', 'dissatisfied', 'promoter', 'passive', 'detractor'] as const
export const AnswerRow = z.object({
  id: z.string(), // of the response and its answer
  responseId: z.uuid(),
  patientId: z.uuid().nullable(), // null: of one who asked to be forgotten
  patientName: z.string().nullable(),
  ...units,
  questionnaireTitle: z.string(),
  day: localDate,
  verdict: z.enum(verdicts),
  score: z.number().nullable(),
  text: z.string().nullable(),
})
export type AnswerRow = z.infer<typeof AnswerRow>

export const OpinionRow = z.object({
  id: z.uuid(),
  patientId: z.uuid().nullable(),
  patientName: z.string().nullable(),
  ...units,
  day: localDate,
  kind: z.enum(opinionKinds),
  category: z.string().nullable(),
  text: z.string(),
})
export type OpinionRow = z.infer<typeof OpinionRow>

export const analyticsApi = contract('analytics', {
  dashboard: get('/dashboard', { may: 'analytics.read', input: z.object(filter), reply: Dashboard }),
  /** The rows behind a figure: `coverage` takes the base of the coverage apart into the covered and the others. */
  discharges: get('/rows/discharges', {
    may: 'analytics.read',
    about: 'patientId',
    input: z.object({ ...rowFilter, coverage: z.enum(['base', 'covered', 'open']).optional(), ...cursor }),
    reply: page(DischargeRow),
  }),
  contacts: get('/rows/contacts', {
    may: 'analytics.read',
    about: 'patientId',
    input: z.object({ ...rowFilter, reached: z.enum(['yes', 'no']).optional(), outcome: z.string().max(40).optional(), ...cursor }),
    reply: page(ContactRow),
  }),
  answers: get('/rows/answers', {
    may: 'analytics.read',
    about: 'patientId',
    input: z.object({ ...rowFilter, measure: z.enum(['satisfaction', 'nps']), verdict: z.enum(verdicts).optional(), ...cursor }),
    reply: page(AnswerRow),
  }),
  opinions: get('/rows/opinions', {
    may: 'analytics.read',
    about: 'patientId',
    input: z.object({ ...rowFilter, kind: z.enum(opinionKinds).optional(), categoryId: z.uuid().optional(), ...cursor }),
    reply: page(OpinionRow),
  }),
  export: post('/dashboard/export', {
    may: 'analytics.export',
    input: z.object({ ...filter, ...exportAsk }),
    reply: z.unknown(),
    file: 'application/octet-stream',
    isQuiet: true,
  }),
})

export const analyticsErrors = defineErrors('analytics', {
  tooFewAnswers: 'forbidden', // fewer than `least`: who answered could be guessed
  periodTurned: 'invalid', // it ends before it begins
  periodTooLong: 'invalid', // more than 24 months
})
