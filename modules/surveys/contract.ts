import { contract, cursor, defineErrors, get, localDate, moment, page, post, put } from '@renxin/kernel'
import { TimelineEntry } from '@renxin/patients/contract'
import { z } from 'zod'
import { Answers, Definition, findingCodes, measures, verdicts } from './shapes.ts'

export * from './runtime/index.ts'
export { Answers as AnswersShape, Definition } from './shapes.ts'

export const Finding = z.object({
  linkId: z.string().nullable(),
  code: z.enum(findingCodes),
  /** `blocks`: it cannot be used so. `limits`: it can, and this part of it will not do all it says. */
  weight: z.enum(['blocks', 'limits']),
  detail: z.string(),
})

export const questionnaireStatuses = ['draft', 'active', 'disabled'] as const
export const QuestionnaireCard = z.object({
  id: z.uuid(),
  /** The well-known name of a questionnaire that came with the product: `recovery`, `inpatient-satisfaction`, `nps`. */
  key: z.string().nullable(),
  title: z.string(),
  status: z.enum(questionnaireStatuses),
  currentVersionId: z.uuid().nullable(),
  currentNumber: z.int().nullable(),
  hasDraft: z.boolean(),
  updatedAt: moment,
})
export type QuestionnaireCard = z.infer<typeof QuestionnaireCard>

export const VersionCard = z.object({
  id: z.uuid(),
  number: z.int(),
  publishedAt: moment,
  /** When the first answer to it came; it can never change again. */
  frozenAt: moment.nullable(),
})

export const Version = z.object({
  id: z.uuid(),
  questionnaireId: z.uuid(),
  number: z.int(),
  title: z.string(),
  definition: Definition,
  publishedAt: moment,
  frozenAt: moment.nullable(),
})
export type Version = z.infer<typeof Version>

export const Questionnaire = QuestionnaireCard.extend({
  versions: z.array(VersionCard),
  /** What is being written now. */
  draft: Definition.nullable(),
  /** How often it was saved: who saves names the revision that he began from. */
  revision: z.int(),
  findings: z.array(Finding),
})
export type Questionnaire = z.infer<typeof Questionnaire>

export const channels = ['phone', 'bedside', 'console', 'sms', 'wechat', 'paper', 'kiosk'] as const
export const respondents = ['patient', 'relative', 'staff'] as const
export type Channel = (typeof channels)[number]
export type Respondent = (typeof respondents)[number]

export const ResponseCard = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  patientName: z.string(),
  encounterId: z.uuid().nullable(),
  questionnaireId: z.uuid(),
  questionnaireTitle: z.string(),
  versionNumber: z.int(),
  channel: z.enum(channels),
  respondent: z.enum(respondents),
  completedAt: moment,
  wardName: z.string().nullable(),
  departmentName: z.string().nullable(),
  scoreMean: z.number().nullable(),
})
export type ResponseCard = z.infer<typeof ResponseCard>

export const Response = ResponseCard.extend({ definition: Definition, answers: Answers })
export type Response = z.infer<typeof Response>

const isolated = z.object({ isHidden: z.literal(true), linkId: z.string(), text: z.string() })
const shown = z.object({
  isHidden: z.literal(false),
  linkId: z.string(),
  text: z.string(),
  kind: z.string(),
  measure: z.enum(measures).nullable(),
  /** People who answered this question. */
  n: z.int(),
  options: z.array(z.object({ key: z.string(), label: z.string(), count: z.int(), share: z.number() })),
  /** Of scores, or of the numbers where there are no scores. */
  mean: z.number().nullable(),
  smallest: z.number().nullable(),
  largest: z.number().nullable(),
  verdicts: z.partialRecord(z.enum(verdicts), z.int()),
  /** −100 to 100; only for the net promoter question. */
  nps: z.number().nullable(),
  /** The newest free texts. */
  texts: z.array(z.string()),
})
export const QuestionResult = z.discriminatedUnion('isHidden', [isolated, shown])
export type QuestionResult = z.infer<typeof QuestionResult>
/** Below this many answers a figure could tell who said it. */
export const smallestSample = 5

const range = { from: localDate, to: localDate, departmentId: z.uuid().optional(), wardId: z.uuid().optional() }

export const surveysApi = contract('surveys', {
  questionnaires: get('/questionnaires', {
    may: 'surveys.read',
    input: z.object({ status: z.enum(questionnaireStatuses).optional(), ...cursor }),
    reply: page(QuestionnaireCard),
  }),
  questionnaire: get('/questionnaires/:id', { may: 'surveys.read', input: z.object({ id: z.uuid() }), reply: Questionnaire }),
  version: get('/versions/:id', { may: 'surveys.read', input: z.object({ id: z.uuid() }), reply: Version }),
  exportVersion: get('/versions/:id/file', {
    may: 'surveys.read',
    input: z.object({ id: z.uuid() }),
    reply: z.unknown(),
    file: 'application/fhir+json',
  }),
  inspect: post('/inspect', {
    may: 'surveys.edit',
    bodyLimit: 4 * 1024 * 1024,
    input: z.object({ definition: z.unknown() }), // whatever the file held: what it is, the findings say
    reply: z.object({ title: z.string(), questions: z.int(), findings: z.array(Finding) }),
  }),
  create: post('/questionnaires', {
    may: 'surveys.edit',
    bodyLimit: 4 * 1024 * 1024,
    input: z.object({ id: z.uuid(), definition: Definition }),
    reply: Questionnaire,
  }),
  saveDraft: put('/questionnaires/:id/draft', {
    may: 'surveys.edit',
    bodyLimit: 4 * 1024 * 1024,
    input: z.object({ id: z.uuid(), definition: Definition, revision: z.int().min(0) }),
    reply: Questionnaire,
  }),
  publish: post('/questionnaires/:id/publish', {
    may: 'surveys.edit',
    input: z.object({ id: z.uuid(), versionId: z.uuid(), revision: z.int() }),
    reply: Questionnaire,
  }),
  copy: post('/questionnaires/:id/copy', {
    may: 'surveys.edit',
    input: z.object({ id: z.uuid(), newId: z.uuid(), title: z.string().trim().min(1).max(200) }),
    reply: Questionnaire,
  }),
  disable: post('/questionnaires/:id/disable', { may: 'surveys.edit', input: z.object({ id: z.uuid() }), reply: Questionnaire }),
  enable: post('/questionnaires/:id/enable', { may: 'surveys.edit', input: z.object({ id: z.uuid() }), reply: Questionnaire }),
  results: get('/results', {
    may: 'surveys.results',
    input: z.object({ questionnaireId: z.uuid(), ...range }),
    reply: z.object({ title: z.string(), n: z.int(), questions: z.array(QuestionResult) }),
  }),
  responses: get('/responses', {
    may: 'surveys.results',
    about: 'patientId',
    input: z.object({ questionnaireId: z.uuid(), ...range, ...cursor }),
    reply: page(ResponseCard),
  }),
  // What one patient answered belongs to his stay: who may see that sees it, whatever he may do with questionnaires.
  response: get('/responses/:id', { may: 'encounters.read', about: 'patientId', input: z.object({ id: z.uuid() }), reply: Response }),
  timeline: get('/timeline/:patientId', {
    may: 'encounters.read',
    about: 'patientId',
    input: z.object({ patientId: z.uuid(), ...cursor }),
    reply: page(TimelineEntry),
  }),
})

export const surveyErrors = defineErrors('surveys', {
  questionnaireNotFound: 'not_found',
  versionNotFound: 'not_found',
  responseNotFound: 'not_found',
  nothingToPublish: 'conflict',
  notPublishable: 'invalid', // findings: why
  editedByOthers: 'conflict',
  neverPublished: 'conflict', // it has no version that could be asked
  answersRefused: 'invalid', // problems: which question, why
  idTaken: 'conflict', // a response with this id is already there and says something else
})
