import { contract, cursor, defineErrors, del, exportAsk, get, guarded, localDate, moment, page, post, put } from '@renxin/kernel'
import { z } from 'zod'
import { icdRange, textOf, visitClasses } from './programmes-contract.ts'

/** ICD-9-CM-3: `36.06`, `36`, or from one to another, both inclusive: `81.51-81.55`. */
const operationRange = z
  .string()
  .trim()
  .regex(/^\d{2}(\.\d{1,4})?(-\d{2}(\.\d{1,4})?)?$/)

/** Which discharges a cohort is chosen from: all that is said must hold. Of one patient the first of the period counts. */
export const CohortFilter = z
  .object({
    classes: z.array(z.enum(visitClasses)).min(1).default(['inpatient']),
    from: localDate, // day of the discharge; both ends inclusive
    to: localDate,
    departmentIds: z.array(z.uuid()).max(200).default([]),
    diagnoses: z.array(icdRange).max(100).default([]),
    /** Where a diagnosis is looked for: the main one of the stay, or any of its diagnoses. */
    diagnosesIn: z.enum(['main', 'any']).default('main'),
    operations: z.array(operationRange).max(100).default([]),
    ageFrom: z.int().min(0).max(130).nullable().default(null),
    ageTo: z.int().min(0).max(130).nullable().default(null),
    sex: z.enum(['male', 'female']).nullable().default(null),
    withoutDispositions: z.array(z.enum(['1', '2', '3', '4', '5', '9'])).default(['5']),
  })
  .refine((f) => f.to >= f.from, { path: ['to'] })
export type CohortFilter = z.infer<typeof CohortFilter>

export const visitDoers = ['centre', 'doctor', 'both'] as const
export type VisitDoer = (typeof visitDoers)[number]
/** Who has answered, or is to: each has a task of its own. */
export const visitSides = ['centre', 'doctor'] as const
export type VisitSide = (typeof visitSides)[number]
export const sidesOf = (who: VisitDoer): readonly VisitSide[] => (who === 'both' ? visitSides : [who])

const VisitShape = z.object({
  name: z.string().trim().min(1).max(40),
  unit: z.enum(['days', 'months']),
  after: z.int().min(1).max(3650), // the discharge
  beforeDays: z.int().min(0).max(180),
  afterDays: z.int().min(0).max(365),
  who: z.enum(visitDoers),
  questionnaireId: z.uuid(),
})
export const CohortVisit = VisitShape.refine((v) => v.beforeDays < v.after * (v.unit === 'months' ? 28 : 1), {
  path: ['beforeDays'],
}).refine((v) => v.unit === 'days' || v.after <= 120, { path: ['after'] })
export type CohortVisit = z.infer<typeof CohortVisit>
export const MOST_VISITS = 30
export const MOST_MEMBERS = 20_000

const about = {
  name: z.string().trim().min(1).max(60),
  purpose: z.string().trim().max(2000).default(''),
  ethicsNumber: z.string().trim().max(100).nullable().default(null),
  leadName: z.string().trim().min(1).max(60),
}
export const CohortBody = z.object({ ...about, filter: CohortFilter, visits: z.array(CohortVisit).max(MOST_VISITS).default([]) })
export type CohortBody = z.infer<typeof CohortBody>

export const cohortStatuses = ['draft', 'frozen', 'closed'] as const
export const CohortCard = z.object({
  id: z.uuid(),
  name: z.string(),
  leadName: z.string(),
  status: z.enum(cohortStatuses),
  members: z.int().nullable(), // null while it is a draft
  visits: z.int(),
  frozenAt: moment.nullable(),
  updatedAt: moment,
})
export type CohortCard = z.infer<typeof CohortCard>

export const exportLayouts = ['wide', 'long'] as const
export const cohortFormats = ['spss', 'xlsx', 'csv', 'fhir'] as const
export const CohortExport = z.object({
  serial: z.string(), // as in the house's list of exports
  at: moment,
  byName: z.string(),
  format: z.enum(cohortFormats),
  layout: z.enum(exportLayouts),
  isIdentified: z.boolean(),
  members: z.int(),
  reason: z.string(),
})
export type CohortExport = z.infer<typeof CohortExport>

export const Cohort = CohortCard.omit({ visits: true }).extend({
  purpose: z.string(),
  ethicsNumber: z.string().nullable(),
  filter: CohortFilter,
  visits: z.array(VisitShape.extend({ position: z.int(), questionnaireTitle: z.string() })),
  revision: z.int(),
  createdByName: z.string(),
  frozenByName: z.string().nullable(),
  closedAt: moment.nullable(),
  closedByName: z.string().nullable(),
  programmeId: z.uuid().nullable(),
  planned: z.int(), // members whose tasks are made
  seen: z.int(), // members whom the reader may see: of these are all figures
  standing: z.object({ active: z.int(), withdrawn: z.int(), lost: z.int(), dead: z.int() }),
  exports: z.array(CohortExport), // the newest first, fifty at most
})
export type Cohort = z.infer<typeof Cohort>

/** A discharge that the filter takes, and what of it the filter looks at. */
export const CohortTaken = z.object({
  encounterId: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(), // masked for those who may not see whole names
  sex: z.enum(['male', 'female', 'unknown', 'other']),
  age: z.int().nullable(),
  departmentName: z.string().nullable(),
  dischargedOn: localDate,
  diagnosis: guarded('diagnosis', z.object({ code: z.string().nullable(), name: z.string() }).nullable()),
  operation: guarded('diagnosis', z.object({ code: z.string().nullable(), name: z.string() }).nullable()),
})
export type CohortTaken = z.infer<typeof CohortTaken>

/**
 * What became of one visit of one member. `notAsked`: its window was over before it was planned, or the study before its window, so nobody was asked. `upcoming` and `open`: it may still be done. The
 * others: done in its window or outside, or not done since the member had died, had withdrawn or refused, could not be reached any more, or for no reason that is
 * known.
 */
export const visitStates = ['inWindow', 'outOfWindow', 'missing', 'lost', 'withdrawn', 'dead', 'open', 'upcoming', 'notAsked'] as const
export type VisitState = (typeof visitStates)[number]
export const doneStates: readonly VisitState[] = ['inWindow', 'outOfWindow']

export const VisitFigures = z.object({
  position: z.int(),
  side: z.enum(visitSides),
  /** Those whose window is over and who were asked, and how many of these have done it. */
  due: z.int(),
  done: z.int(),
  counts: z.record(z.enum(visitStates), z.int()), // of all members
})
export type VisitFigures = z.infer<typeof VisitFigures>

/** Of one question of a visit: of those who were done, how many were asked it, and how many of these have no answer. */
export const ItemFigures = z.object({
  linkId: z.string(),
  text: z.string(),
  asked: z.int(),
  missing: z.int(),
  mean: z.number().nullable(), // of what is a number or has a score
  meanOf: z.int(),
})
export type ItemFigures = z.infer<typeof ItemFigures>

export const memberStatuses = ['active', 'withdrawn', 'lost'] as const
export const CohortMember = z.object({
  encounterId: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(),
  pseudonym: z.string(),
  dischargedOn: localDate,
  status: z.enum([...memberStatuses, 'dead']),
  leftOn: localDate.nullable(),
  note: z.string(),
  taskId: z.uuid().nullable(), // where one visit was asked about
  state: z.enum(visitStates).nullable(),
})
export type CohortMember = z.infer<typeof CohortMember>

const one = z.object({ id: z.uuid() })
const may = 'followups.cohorts'
const side = z.enum(visitSides)

export const cohortsApi = contract('followups', {
  cohorts: get('/cohorts', { may, reply: z.object({ rows: z.array(CohortCard) }) }),
  cohort: get('/cohorts/:id', { may, input: one, reply: Cohort }),
  /** What may be asked at a visit: the hospital's published questionnaires. */
  cohortQuestionnaires: get('/cohort-questionnaires', {
    may,
    reply: z.object({ rows: z.array(z.object({ id: z.uuid(), title: z.string() })) }),
  }),
  cohortPreview: get('/cohort-preview', {
    may,
    input: z.object({ what: textOf(CohortFilter) }),
    reply: z.object({ all: z.int(), matching: z.int(), members: z.int() }), // discharges of the period, those that the filter takes, patients
  }),
  cohortWhom: get('/cohort-whom', {
    may,
    about: 'patientId',
    input: z.object({ what: textOf(CohortFilter), ...cursor }),
    reply: page(CohortTaken),
  }),
  saveCohort: put('/cohorts/:id', {
    may,
    input: z.object({ id: z.uuid(), revision: z.int().min(0), body: CohortBody }), // the revision that the writer began from; 0 for a new one
    reply: Cohort,
  }),
  discardCohort: del('/cohorts/:id', { may, input: one, reply: one }),
  freezeCohort: post('/cohorts/:id/freeze', {
    may,
    input: z.object({ id: z.uuid(), revision: z.int(), members: z.int().min(0) }), // as many as were shown to whoever freezes
    reply: Cohort,
  }),
  /** What a frozen cohort says of itself. */
  describeCohort: put('/cohorts/:id/about', {
    may,
    input: z.object({
      id: z.uuid(),
      revision: z.int(),
      purpose: about.purpose,
      ethicsNumber: about.ethicsNumber,
      leadName: about.leadName,
    }),
    reply: Cohort,
  }),
  addVisits: post('/cohorts/:id/visits', {
    may,
    input: z.object({ id: z.uuid(), revision: z.int(), visits: z.array(CohortVisit).min(1).max(MOST_VISITS) }),
    reply: Cohort,
  }),
  closeCohort: post('/cohorts/:id/close', { may, input: one, reply: Cohort }),
  cohortVisits: get('/cohorts/:id/visits', { may, input: one, reply: z.object({ seen: z.int(), rows: z.array(VisitFigures) }) }),
  cohortItems: get('/cohorts/:id/items', {
    may,
    input: z.object({ id: z.uuid(), position: z.coerce.number().int(), side }),
    reply: z.object({ done: z.int(), rows: z.array(ItemFigures) }),
  }),
  /** The rows behind each figure: of one visit in one state, or of those who have no answer to one question of it; or all. */
  cohortMembers: get('/cohorts/:id/members', {
    may,
    about: 'patientId',
    input: z.object({
      id: z.uuid(),
      position: z.coerce.number().int().optional(),
      side: side.optional(),
      state: z.enum([...visitStates, 'due', 'done']).optional(),
      missing: z.string().max(255).optional(),
      status: z.enum([...memberStatuses, 'dead']).optional(), // how they stand now
      ...cursor,
    }),
    reply: page(CohortMember),
  }),
  setMember: put('/cohorts/:id/members/:encounterId', {
    may,
    about: 'patientId',
    input: z.object({
      id: z.uuid(),
      encounterId: z.uuid(),
      status: z.enum(memberStatuses),
      leftOn: localDate.nullable(),
      note: z.string().trim().max(500).default(''),
    }),
    reply: CohortMember,
  }),
  exportCohort: post('/cohorts/:id/export', {
    may,
    input: z.object({
      id: z.uuid(),
      layout: z.enum(exportLayouts).default('wide'),
      /** With names, numbers, days and words as they were said. */
      isIdentified: z.boolean().default(false),
      ...exportAsk,
      format: z.enum(cohortFormats).default('spss'),
    }),
    reply: z.unknown(),
    file: 'application/octet-stream',
  }),
})

export const cohortErrors = defineErrors('followups', {
  cohortNotFound: 'not_found',
  cohortChanged: 'conflict', // somebody saved it since it was read
  cohortFrozen: 'conflict',
  cohortNotFrozen: 'conflict',
  cohortClosed: 'conflict',
  cohortNameTaken: 'conflict',
  cohortCountMoved: 'conflict', // was, is: the filter takes another number than was shown
  cohortEmpty: 'invalid',
  cohortTooLarge: 'invalid', // most, is
  cohortPeriodOpen: 'invalid', // the period ends after today
  cohortMemberNotFound: 'not_found',
  cohortMemberDay: 'invalid', // nobody leaves before the discharge, or after today
  cohortVisitNotFound: 'not_found',
})
