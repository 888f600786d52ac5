export { checkAnswers, type Problem, type ProblemCode, problemCodes } from './check.ts'
export { urls as fhirUrls } from './fhir.ts'
export { type FilledValue, filledOf, isFilled, withFilled } from './fill.ts'
export { type Finding as FormFinding, type FindingCode, findingCodes, inspect, type KnownSource } from './inspect.ts'
export type {
  Analysis,
  AnalysisKind,
  Answers,
  Basis,
  Condition,
  FlagCondition,
  FlagOperator,
  Form,
  Item,
  ItemKind,
  Measure,
  Operator,
  Option,
  Phrase,
  QuestionKind,
  RedFlag,
  Severity,
  Value,
  Verdict,
} from './model.ts'
export { say } from './phrase.ts'
export { ageBands, analysisKinds, canAnalyse, dimensions, isSpread, questionOf } from './read-analyses.ts'
export { readForm } from './read-form.ts'
export { flagOperators, severities } from './read-red-flags.ts'
export { type RaisedFlag, raisedFlags } from './red-flags.ts'
export { answersOf, toResponseItems } from './response.ts'
export { type AnswerRow, toAnswerRows } from './rows.ts'
export {
  netPromoterScore,
  type Score,
  type Scores,
  satisfiedShare,
  scaleOf,
  scoreAnswers,
  scoreOf,
  scoreOfQuestion,
  topBoxShare,
  verdictOf,
} from './score.ts'
export { type Hidden, hideSmall, largestHidden, type Part, smallestSample } from './small-samples.ts'
export { answersTo, enabledItems, initialAnswers, isQuestion, progressOf, visibleItems } from './visible.ts'
