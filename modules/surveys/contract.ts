import { contract, cursor, defineErrors, get, guarded, localDate, moment, page, post, put } from '@renxin/kernel'
import { TimelineEntry } from '@renxin/patients/contract'
import { z } from 'zod'
import { ResponseCard } from './responses-contract.ts'
import { type FilledValue, largestHidden, smallestSample } from './runtime/index.ts'
import { Answers, Definition, findingCodes, measures, verdicts } from './shapes.ts'

export * from './analyses-contract.ts'
export * from './responses-contract.ts'
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

/** A name in Chinese and in English. */
const Named = z.tuple([z.string(), z.string()])

/** An item that is filled from the hospital's records, and where that came from. */
export const FilledItem = z.object({
  linkId: z.string(),
  path: z.string(),
  title: Named, // what the source is called
  value: z.union([z.string(), z.number()]).nullable(), // null: nothing stands there
  at: moment.nullable(), // when it was so, or was said
  of: z.string().nullable(), // of which record it is
  system: z.string().nullable(), // which keeps that
  isKept: z.boolean(), // from whoever asks: he has no permission for records of that kind
})
export type FilledItem = z.infer<typeof FilledItem>

/** All of a form's filled items, those that tell a diagnosis apart. */
export const FilledShown = z.object({ open: z.array(FilledItem), diagnosis: guarded('diagnosis', z.array(FilledItem)) })
export type FilledShown = z.infer<typeof FilledShown>

/** What is shown, as a form works with it. */
export const filledValues = (filled: FilledShown | null | undefined): FilledValue[] =>
  [...(filled?.open ?? []), ...(filled?.diagnosis ?? [])].flatMap(({ title: _, isKept: __, value, ...found }) =>
    value === null ? [] : [{ ...found, value }],
  )

/** `answers` are those that were given; what was filled in from the records stands in `filled`, as it was when it was completed. */
export const Response = ResponseCard.extend({ definition: Definition, answers: Answers, filled: FilledShown.nullable() })
export type Response = z.infer<typeof Response>

/** One of the versions of what somebody answered; `reason` is null of the first, which corrects nothing. */
export const AnswerVersion = z.object({
  id: z.uuid(),
  at: moment,
  byName: z.string().nullable(),
  reason: z.string().nullable(),
  answers: Answers,
  filled: FilledShown.nullable(),
})
export type AnswerVersion = z.infer<typeof AnswerVersion>

const isolated = z.object({ isHidden: z.literal(true), linkId: z.string(), text: z.string() })
const shown = z.object({
  isHidden: z.literal(false),
  linkId: z.string(),
  text: z.string(),
  kind: z.string(),
  isFilled: z.boolean(), // from the hospital's records
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
const range = { from: localDate, to: localDate, departmentId: z.uuid().optional(), wardId: z.uuid().optional() }

const Basis = z.object({ title: z.string(), issuer: z.string(), year: z.int().nullable(), part: z.string(), link: z.string().nullable() })

/** A questionnaire for one disease that came with the product; the hospital takes it, and it is then one of its own. */
export const TemplateCard = z.object({
  key: z.string(),
  title: Named,
  specialty: z.string(),
  about: z.string(),
  edition: z.int(),
  questions: z.int(),
  filled: z.int(), // items that the hospital's records fill in
  bases: z.array(Basis), // the public documents from which what is asked was taken
  taken: z
    .object({
      id: z.uuid(),
      status: z.enum(questionnaireStatuses),
      currentNumber: z.int().nullable(),
      hasDraft: z.boolean(),
      edition: z.int().nullable(),
    })
    .nullable(),
})
export type TemplateCard = z.infer<typeof TemplateCard>

/** Below how many answers the hospital shows nothing. */
export const SmallSamples = z.object({ least: z.int().min(smallestSample).max(largestHidden) })
export type SmallSamples = z.infer<typeof SmallSamples>

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
  /** What a form may be filled with from the hospital's records. */
  sources: get('/sources', {
    may: 'surveys.read',
    reply: z.object({
      rows: z.array(
        z.object({
          path: z.string(),
          group: Named,
          title: Named,
          kind: z.enum(['text', 'longText', 'number', 'date', 'dateTime']),
          takesChoice: z.boolean(), // it must be named more closely, by one of its choices
        }),
      ),
    }),
  }),
  templates: get('/templates', { may: 'surveys.read', reply: z.object({ rows: z.array(TemplateCard) }) }),
  template: get('/templates/:key', {
    may: 'surveys.read',
    input: z.object({ key: z.string().max(100) }),
    reply: TemplateCard.extend({ definition: Definition }),
  }),
  /** Makes it a questionnaire of the hospital, published; one that was taken before stays as the hospital made it. */
  takeTemplate: post('/templates/:key/take', {
    may: 'surveys.edit',
    input: z.object({ key: z.string().max(100), id: z.uuid(), versionId: z.uuid() }),
    reply: Questionnaire,
  }),
  /** Lays a later edition over the questionnaire as its draft: it is looked through and published like any change. */
  renewTemplate: post('/templates/:key/renew', {
    may: 'surveys.edit',
    input: z.object({ key: z.string().max(100), revision: z.int().min(0) }),
    reply: Questionnaire,
  }),
  sourceChoices: get('/source-choices', {
    may: 'surveys.edit',
    input: z.object({ path: z.string().max(200), search: z.string().max(100).default('') }),
    reply: z.object({ rows: z.array(z.object({ value: z.string(), title: Named })) }),
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
    reply: z.object({ title: z.string(), n: z.int(), least: z.int(), questions: z.array(QuestionResult) }),
  }),
  smallSamples: get('/small-samples', { may: 'surveys.results', reply: SmallSamples }),
  saveSmallSamples: put('/small-samples', { may: 'surveys.edit', input: SmallSamples, reply: SmallSamples }),
  responses: get('/responses', {
    may: 'surveys.results',
    about: 'patientId',
    input: z.object({ questionnaireId: z.uuid(), ...range, ...cursor }),
    reply: page(ResponseCard),
  }),
  // What one patient answered belongs to his stay: who may see that sees it, whatever he may do with questionnaires.
  response: get('/responses/:id', { may: 'encounters.read', about: 'patientId', input: z.object({ id: z.uuid() }), reply: Response }),
  /** What stands now and what it was before it was put right, the newest first; asked by any of them. */
  answerVersions: get('/responses/:id/versions', {
    may: 'encounters.read',
    about: 'patientId',
    input: z.object({ id: z.uuid() }),
    reply: z.object({ patientId: z.uuid(), definition: Definition, versions: z.array(AnswerVersion) }),
  }),
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
  templateNotFound: 'not_found',
  templateNotTaken: 'conflict', // there is nothing to lay it over
  draftInTheWay: 'conflict', // what is being written would be lost
  nothingToPublish: 'conflict',
  notPublishable: 'invalid', // findings: why
  editedByOthers: 'conflict',
  neverPublished: 'conflict', // it has no version that could be asked
  answersRefused: 'invalid', // problems: which question, why
  alreadyCorrected: 'conflict', // byName: others answers stand in the place of these by now
  nothingCorrected: 'conflict', // they say what the former ones said
  idTaken: 'conflict', // a response with this id is already there and says something else
})
