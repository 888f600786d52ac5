import { z } from 'zod'
import { findingCodes } from './runtime/inspect.ts'
import type { Measure, Verdict } from './runtime/model.ts'

/** A FHIR R4 Questionnaire as it came: what is unknown in it is kept. */
export const Definition = z.looseObject({ resourceType: z.literal('Questionnaire') })
export type Definition = z.infer<typeof Definition>

const Value = z.union([z.string().max(20_000), z.number(), z.boolean(), z.object({ other: z.string().max(20_000) })])
/** Answers by linkId, as the runtime and `QuestionnaireForm` hold them. */
export const Answers = z.record(z.string().max(255), z.array(Value).max(200))

export const measures = ['satisfaction', 'aspect', 'nps'] as const satisfies readonly Measure[]
export const verdicts = [
  'satisfied',
  'noOpinion',
  'dissatisfied',
  'promoter',
  'passive',
  'detractor',
  'notApplicable',
] as const satisfies readonly Verdict[]

export { findingCodes }
