import type { Answers, Form, Item, Measure, Value, Verdict } from './model.ts'
import { optionOf, scoreOf, verdictOf } from './score.ts'
import { answersTo, enabledItems, isQuestion } from './visible.ts'

/** One answer as statistics read it. */
export type AnswerRow = {
  /** Which of its question's answers it is, from 0. */
  nth: number
  linkId: string
  code: string
  measure: Measure | null
  verdict: Verdict | null
  valueCode: string | null
  valueText: string | null
  valueNumber: number | null
  score: number | null
}

/** Every answer in force as a row, in the order of the page; a question with several answers has several rows. */
export function toAnswerRows(form: Form, answers: Answers, enabled = enabledItems(form, answers)): AnswerRow[] {
  return [...form.byLinkId.values()]
    .filter((i) => enabled.has(i.linkId) && isQuestion(i))
    .flatMap((item) => answersTo(answers, item.linkId).map((value, nth) => toRow(item, value, nth)))
}

function toRow(item: Item, value: Value, nth: number): AnswerRow {
  const option = optionOf(item, value)
  return {
    nth,
    linkId: item.linkId,
    code: item.code,
    measure: item.measure,
    verdict: verdictOf(item, value),
    valueCode: option ? option.key : typeof value === 'boolean' ? String(value) : null,
    valueText: option ? option.label.text : typeof value === 'object' ? value.other : typeof value === 'string' ? value : null,
    valueNumber: typeof value === 'number' ? value : null,
    score: scoreOf(item, value),
  }
}
