import { contract, cursor, defineErrors, exportAsk, get, localDate, page, post } from '@renxin/kernel'
import { z } from 'zod'
import { ResponseCard } from './responses-contract.ts'
import { analysisKinds, dimensions } from './runtime/index.ts'

const By = z.union([z.enum(dimensions), z.string().regex(/^question:.{1,255}$/)])

/** How the answers to one question are looked at. */
export const AnalysisAsk = z.object({ kind: z.enum(analysisKinds), item: z.string().max(255), by: By.optional() })

const counted = {
  n: z.int(), // people
  counts: z.array(z.int()), // of each option, in their order; several of one person where several may be chosen
  mean: z.number().nullable(),
  smallest: z.number().nullable(),
  largest: z.number().nullable(),
}
const Counted = z.object(counted)

/** What one value of the dimension, or everybody, answered; `null`: too few, or such could be reckoned from it. */
const AnalysisRow = z.object({
  key: z.string(), // '' where it is not known, or not answered
  label: z.string().nullable(), // null: sexes, bands of ages and months are worded by who shows them
  shown: Counted.nullable(),
})
export type AnalysisRow = z.infer<typeof AnalysisRow>

export const AnalysisResult = z.object({
  kind: z.enum(analysisKinds),
  item: z.string(),
  itemText: z.string(),
  unit: z.string().nullable(),
  by: z.string().nullable(),
  byText: z.string().nullable(), // the question by which it is told apart
  least: z.int(), // how many there must be for anything to be shown
  isKept: z.boolean(), // it is of records that are kept from whoever asks
  isHidden: z.boolean(), // too few answered altogether
  options: z.array(z.object({ key: z.string(), label: z.string() })),
  total: Counted.nullable(),
  rows: z.array(AnalysisRow),
})
export type AnalysisResult = z.infer<typeof AnalysisResult>

const asked = { questionnaireId: z.uuid(), from: localDate, to: localDate, departmentId: z.uuid().optional() }

export const analysesApi = contract('surveys', {
  /** The analyses that the questionnaire keeps, and the questions that may be looked at. */
  analyses: get('/analyses', {
    may: 'surveys.results',
    input: z.object({ questionnaireId: z.uuid() }),
    reply: z.object({
      title: z.string(),
      analyses: z.array(AnalysisAsk.extend({ name: z.string() })),
      questions: z.array(z.object({ linkId: z.string(), text: z.string(), kinds: z.array(z.enum(analysisKinds)), isSpread: z.boolean() })),
    }),
  }),
  analysis: get('/analysis', { may: 'surveys.results', input: z.object({ ...asked, ...AnalysisAsk.shape }), reply: AnalysisResult }),
  /** The responses behind a row, or behind one option of it; behind what is hidden there are none to see. */
  analysisRows: get('/analysis/rows', {
    may: 'surveys.results',
    about: 'patientId',
    input: z.object({
      ...asked,
      ...AnalysisAsk.shape,
      row: z.string().max(255).optional(),
      option: z.string().max(255).optional(),
      ...cursor,
    }),
    reply: page(ResponseCard),
  }),
  exportAnalyses: post('/analyses/export', {
    may: 'analytics.export',
    input: z.object({ ...asked, ...exportAsk }),
    reply: z.unknown(),
    file: 'application/octet-stream',
    isQuiet: true,
  }),
})

export const analysisErrors = defineErrors('surveys', {
  noSuchAnalysis: 'invalid', // the question cannot be looked at so
  tooFewAnswers: 'forbidden', // who answered could be guessed
})
