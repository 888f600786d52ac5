import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkAnswers } from './check.ts'
import { fhirUrls } from './index.ts'
import { inspect } from './inspect.ts'
import type { Answers } from './model.ts'
import { readForm } from './read-form.ts'
import { answersOf, toResponseItems } from './response.ts'
import { toAnswerRows } from './rows.ts'
import { scoreAnswers } from './score.ts'
import { enabledItems, progressOf, visibleItems } from './visible.ts'

const ids = ['a', 'b', 'c', 'd', 'e', 'f']
const linkId = fc.constantFrom(...ids)
const condition = fc.record({
  question: linkId,
  operator: fc.constantFrom('exists', '=', '!=', '>', '<', '>=', '<='),
  answer: fc.oneof(
    fc.boolean().map((answerBoolean) => ({ answerBoolean })),
    fc.integer({ min: 0, max: 10 }).map((answerInteger) => ({ answerInteger })),
    fc.constantFrom('x', 'y').map((code) => ({ answerCoding: { code } })),
  ),
})
const optionList = ['x', 'y', 'z'].map((code, at) => ({ valueCoding: { code }, extension: [{ url: fhirUrls.ordinal, valueDecimal: at }] }))
const item = (id: string, below: fc.Arbitrary<object[]>) =>
  fc
    .record({
      type: fc.constantFrom('boolean', 'integer', 'choice', 'open-choice', 'string', 'group', 'quantity', 'date'),
      required: fc.boolean(),
      repeats: fc.boolean(),
      conditions: fc.array(condition, { maxLength: 2 }),
      enableBehavior: fc.constantFrom('all', 'any'),
      below,
    })
    .map(({ type, conditions, below, ...rest }) => ({
      linkId: id,
      text: id,
      type,
      ...rest,
      ...(type.endsWith('choice') ? { answerOption: optionList } : {}),
      enableWhen: conditions.map(({ question, operator, answer }) => ({ question, operator, ...answer })),
      item: below,
    }))
const form = fc
  .tuple(
    item('a', fc.constant([])),
    item('b', fc.tuple(item('c', fc.constant([])), item('d', fc.constant([])))),
    item('e', fc.tuple(item('f', fc.constant([])))),
  )
  .map((items) => ({ resourceType: 'Questionnaire', title: 't', item: items }))
const value = fc.oneof(
  fc.boolean(),
  fc.integer({ min: 0, max: 10 }),
  fc.constantFrom('x', 'y', 'z', '', 'text', '2026-09-04'),
  fc.string({ minLength: 1, maxLength: 5 }).map((other) => ({ other })),
)
const answers: fc.Arbitrary<Answers> = fc.dictionary(linkId, fc.array(value, { maxLength: 3 }), { maxKeys: 6 })

/** The answers without those that are not in force. */
function inForce(definition: object, given: Answers): Answers {
  const enabled = enabledItems(readForm(definition), given)
  return Object.fromEntries(Object.entries(given).filter(([id]) => enabled.has(id)))
}

describe('for any form and any answers', () => {
  test('answers that are not in force never count, wherever one looks', () => {
    fc.assert(
      fc.property(form, answers, (definition, given) => {
        const f = readForm(definition)
        const counted = inForce(definition, given)

        expect(enabledItems(f, counted)).toEqual(enabledItems(f, given))
        expect(toAnswerRows(f, given)).toEqual(toAnswerRows(f, counted))
        expect(scoreAnswers(f, given)).toEqual(scoreAnswers(f, counted))
        expect(toResponseItems(f, given)).toEqual(toResponseItems(f, counted))
        expect(checkAnswers(f, given)).toEqual(checkAnswers(f, counted))
        for (const row of toAnswerRows(f, given)) expect(enabledItems(f, given).has(row.linkId)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('accepted answers come back out of the response as they went in, with the same score', () => {
    fc.assert(
      fc.property(form, answers, (definition, given) => {
        const f = readForm(definition)
        fc.pre(checkAnswers(f, given).length === 0)

        const back = answersOf(f, { resourceType: 'QuestionnaireResponse', item: toResponseItems(f, given) })

        expect(toAnswerRows(f, back)).toEqual(toAnswerRows(f, given))
        expect(scoreAnswers(f, back)).toEqual(scoreAnswers(f, given))
        expect(checkAnswers(f, back)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('the order in which answers are held changes nothing', () => {
    fc.assert(
      fc.property(form, answers, (definition, given) => {
        const f = readForm(definition)
        const turned = Object.fromEntries(Object.entries(given).reverse())

        expect(toAnswerRows(f, turned)).toEqual(toAnswerRows(f, given))
        expect(checkAnswers(f, turned)).toEqual(checkAnswers(f, given))
      }),
    )
  })

  test('a child is never in force without its parent, and progress never passes its end', () => {
    fc.assert(
      fc.property(form, answers, (definition, given) => {
        const f = readForm(definition)
        const shown = visibleItems(f, given)
        const { answered, total } = progressOf(f, given)

        for (const i of shown) if (i.parent !== null) expect(shown.some((p) => p.linkId === i.parent)).toBe(true)
        expect(answered).toBeLessThanOrEqual(total)
      }),
    )
  })
})

describe('whatever JSON comes', () => {
  const json = fc.jsonValue({ maxDepth: 5 })
  const nearly = fc.record({
    resourceType: fc.constant('Questionnaire'),
    title: json,
    item: fc.array(
      fc.dictionary(
        fc.constantFrom('linkId', 'type', 'text', 'item', 'answerOption', 'enableWhen', 'initial', 'extension', 'required', 'code'),
        json,
      ),
    ),
  })

  test('is read, inspected, checked and scored without an error', () => {
    fc.assert(
      fc.property(fc.oneof(json, nearly), json, (definition, given) => {
        const { form: f } = inspect(definition)
        const anything = (typeof given === 'object' && given !== null && !Array.isArray(given) ? given : { q: given }) as Answers // on purpose: a stranger's JSON

        for (const p of checkAnswers(f, anything)) expect(p.code).toEqual(expect.any(String))
        expect(toAnswerRows(f, anything).length).toBeGreaterThanOrEqual(0)
        expect(scoreAnswers(f, anything).total.count).toBeGreaterThanOrEqual(0)
        expect(answersOf(f, given)).toEqual(expect.any(Object))
      }),
      { numRuns: 1000 },
    )
  })
})
