export { checkAnswers, type Problem, type ProblemCode, problemCodes } from './check.ts'
export { urls as fhirUrls } from './fhir.ts'
export { type Finding as FormFinding, type FindingCode, findingCodes, inspect } from './inspect.ts'
export type { Answers, Condition, Form, Item, ItemKind, Measure, Operator, Option, Phrase, QuestionKind, Value, Verdict } from './model.ts'
export { readForm, say } from './read-form.ts'
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
export { answersTo, enabledItems, initialAnswers, isQuestion, progressOf, visibleItems } from './visible.ts'
