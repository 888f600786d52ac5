import { asText } from './fhir.ts'
import type { Answers, FlagCondition, Form, Item, RedFlag, Value } from './model.ts'
import { answersTo, enabledItems, isMet } from './visible.ts'

/** A rule that holds for these answers, and the questions whose answers made it hold. */
export type RaisedFlag = { readonly flag: RedFlag; readonly because: readonly string[] }

/**
 * The red flags that these answers raise, in the order in which they are written. The nurse's screen asks it with every answer, the server when the response is
 * recorded: what is not in force raises nothing, whatever is remembered for it.
 */
export function raisedFlags(form: Form, answers: Answers, enabled = enabledItems(form, answers)): RaisedFlag[] {
  return form.redFlags.flatMap((flag) => {
    const held = flag.conditions.filter((c) => enabled.has(c.question) && holds(c, form.byLinkId.get(c.question), answers))
    const isRaised = flag.needs === 'any' ? held.length > 0 : held.length === flag.conditions.length && held.length > 0
    return isRaised ? [{ flag, because: [...new Set(held.map((c) => c.question))] }] : []
  })
}

/** An answer suffices, and any one of those that are named for it. */
function holds({ question, operator, expected }: FlagCondition, item: Item | undefined, answers: Answers): boolean {
  if (!item) return false
  const given = answersTo(answers, item.linkId)
  if (operator === 'exists') return given.length > 0
  if (operator === 'contains') return given.some((v) => expected.some((e) => says(wordsOf(v, item), asText(e.content))))
  return expected.some((e) => isMet({ question, operator, expected: e, isCircular: false }, item, given))
}

const wordsOf = (value: Value, item: Item): string => {
  if (typeof value === 'object') return value.other
  return item.options.find((o) => o.key === value)?.label.text ?? String(value)
}

/** Width, case and spaces do not count. A word that is denied counts too: a doctor who looks once too often does no harm. */
const says = (text: string, word: string): boolean => plain(word) !== '' && plain(text).includes(plain(word))
const plain = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '')
