import { isJson } from './fhir.ts'
import type { Answers, Condition, Form, Item, Value } from './model.ts'
import { isSameValue } from './read-form.ts'

export const answersTo = (answers: Answers, linkId: string): readonly Value[] => {
  const given = Object.hasOwn(answers, linkId) ? answers[linkId] : undefined
  return Array.isArray(given) ? given.filter((v) => !isBlank(v)) : []
}

const isBlank = (v: Value): boolean =>
  v === null || v === undefined || v === '' || (typeof v === 'string' && v.trim() === '') || (typeof v === 'object' && !v.other?.trim?.())

/** Whether a person is asked something by it. */
export const isQuestion = (item: Item): boolean => item.kind !== 'group' && item.kind !== 'display' && item.kind !== 'unsupported'

/**
 * The linkIds that are in force with these answers (FHIR: enabled). An item is in force when its parent is and its conditions hold; what is
 * not in force counts as unanswered for every other condition, whatever is remembered for it. A question below another one
 * is asked once that one has an answer: there is no other place for its answer in a QuestionnaireResponse.
 */
export function enabledItems(form: Form, answers: Answers): ReadonlySet<string> {
  const known = new Map<string, boolean>()
  const isEnabled = (item: Item): boolean => {
    const before = known.get(item.linkId)
    if (before !== undefined) return before
    const parent = item.parent === null ? undefined : form.byLinkId.get(item.parent)
    const result = (!parent || (isEnabled(parent) && hasRoomFor(item, parent))) && conditionsHold(item)
    known.set(item.linkId, result)
    return result
  }
  const hasRoomFor = (item: Item, parent: Item) =>
    parent.kind === 'group' || item.kind === 'display' || (isQuestion(parent) && answersTo(answers, parent.linkId).length > 0)
  const conditionsHold = (item: Item) => {
    if (item.conditions.length === 0) return true
    return item.conditionsNeeded === 'any' ? item.conditions.some(holds) : item.conditions.every(holds)
  }
  const holds = (condition: Condition) => {
    const question = condition.isCircular ? undefined : form.byLinkId.get(condition.question)
    const given = question && isEnabled(question) ? answersTo(answers, question.linkId) : []
    return isMet(condition, question, given)
  }
  const enabled = new Set<string>()
  for (const item of form.byLinkId.values()) if (isEnabled(item)) enabled.add(item.linkId)
  return enabled
}

/** The items to show, in the order of the page. */
export function visibleItems(form: Form, answers: Answers): Item[] {
  const enabled = enabledItems(form, answers)
  return [...form.byLinkId.values()].filter((i) => enabled.has(i.linkId) && !isConcealed(i, form))
}

/** Whether it, or what it stands in, is never shown. */
export function isConcealed(item: Item, form: Form): boolean {
  const parent = item.parent === null ? undefined : form.byLinkId.get(item.parent)
  return item.isConcealed || (parent !== undefined && isConcealed(parent, form))
}

/** How far one has come: of the questions now shown, those with an answer. */
export function progressOf(form: Form, answers: Answers): { answered: number; total: number } {
  const questions = visibleItems(form, answers).filter((i) => isQuestion(i) && !i.isReadOnly)
  return { answered: questions.filter((i) => answersTo(answers, i.linkId).length > 0).length, total: questions.length }
}

/** What stands in the form before anybody answers. */
export const initialAnswers = (form: Form): Answers =>
  Object.fromEntries([...form.byLinkId.values()].filter((i) => i.initial.length > 0).map((i) => [i.linkId, i.initial]))

/** FHIR R4, code system questionnaire-enable-operator: `!=` holds when no answer is equal, so it holds without any answer. */
export function isMet(condition: Condition, question: Item | undefined, given: readonly Value[]): boolean {
  const { operator, expected } = condition
  if (operator === 'exists') return given.length > 0 === (expected.content === true)
  if (!question) return operator === '!='
  const isEqual = (v: Value) => isSameAnswer(v, question, expected)
  switch (operator) {
    case '=':
      return given.some(isEqual)
    case '!=':
      return !given.some(isEqual)
    case '>':
      return given.some((v) => order(v, question, expected) > 0)
    case '<':
      return given.some((v) => order(v, question, expected) < 0)
    case '>=':
      return given.some((v) => order(v, question, expected) >= 0)
    case '<=':
      return given.some((v) => order(v, question, expected) <= 0)
  }
}

type Fhir = { readonly name: string; readonly content: unknown }

function isSameAnswer(value: Value, question: Item, expected: Fhir): boolean {
  const option = question.options.find((o) => o.key === value)
  if (option) return isSameValue(option.value, expected)
  return plain(value) === numberOr(expected.content)
}

/** Below 0, 0, above 0; NaN, of which every comparison is false, where the two cannot be ordered. */
function order(value: Value, question: Item, expected: Fhir): number {
  const option = question.options.find((o) => o.key === value)
  const [a, b] = [option ? numberOr(option.value.content) : plain(value), numberOr(expected.content)]
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a !== 'string' || typeof b !== 'string') return Number.NaN
  if (question.kind === 'dateTime') return Date.parse(a) - Date.parse(b)
  return a < b ? -1 : a > b ? 1 : 0
}

const plain = (value: Value): unknown => (typeof value === 'object' ? value.other : value)
const numberOr = (content: unknown): unknown => (isJson(content) && 'value' in content ? content.value : content) // a quantity by its number
