import { describe, expect, test } from 'vitest'
import { fhirUrls } from './index.ts'
import type { Answers } from './model.ts'
import { readForm } from './read-form.ts'
import { enabledItems, initialAnswers, progressOf, visibleItems } from './visible.ts'

const form = (...item: object[]) => readForm({ resourceType: 'Questionnaire', item })
const q = (linkId: string, type: string, more: object = {}) => ({ linkId, type, text: linkId, ...more })
const shown = (f: ReturnType<typeof form>, answers: Answers) => visibleItems(f, answers).map((i) => i.linkId)
const codes = (...given: string[]) => ({ answerOption: given.map((code) => ({ valueCoding: { system: 's', code } })) })

describe('a condition', () => {
  const onNumber = (operator: string, answerInteger: number) =>
    form(q('n', 'integer', { repeats: true }), q('then', 'string', { enableWhen: [{ question: 'n', operator, answerInteger }] }))
  const holds = (operator: string, expected: number, given: number[]) =>
    enabledItems(onNumber(operator, expected), { n: given }).has('then')

  test.each([
    ['=', 3, [3], true],
    ['=', 3, [2, 3], true],
    ['=', 3, [2], false],
    ['=', 3, [], false],
    ['!=', 3, [2], true],
    ['!=', 3, [2, 3], false],
    ['!=', 3, [], true], // R4: no answer has an equal value
    ['>', 3, [4], true],
    ['>', 3, [3], false],
    ['>', 3, [1, 4], true],
    ['>', 3, [], false],
    ['<', 3, [2], true],
    ['<', 3, [3], false],
    ['>=', 3, [3], true],
    ['>=', 3, [2], false],
    ['<=', 3, [3], true],
    ['<=', 3, [4], false],
  ])('n %s %i with %j is %s', (operator, expected, given, result) => {
    expect(holds(operator, expected, given)).toBe(result)
  })

  test('asks whether there is an answer, or that there is none', () => {
    const f = form(
      q('a', 'string'),
      q('with', 'string', { enableWhen: [{ question: 'a', operator: 'exists', answerBoolean: true }] }),
      q('without', 'string', { enableWhen: [{ question: 'a', operator: 'exists', answerBoolean: false }] }),
    )

    expect(shown(f, {})).toEqual(['a', 'without'])
    expect(shown(f, { a: ['  '] })).toEqual(['a', 'without'])
    expect(shown(f, { a: ['x'] })).toEqual(['a', 'with'])
  })

  test('compares codings by code, and by system where both name one', () => {
    const f = form(
      q('a', 'choice', codes('yes', 'no')),
      q('same', 'string', { enableWhen: [{ question: 'a', operator: '=', answerCoding: { system: 's', code: 'yes' } }] }),
      q('bare', 'string', { enableWhen: [{ question: 'a', operator: '=', answerCoding: { code: 'yes' } }] }),
      q('other', 'string', { enableWhen: [{ question: 'a', operator: '=', answerCoding: { system: 'else', code: 'yes' } }] }),
    )

    expect(shown(f, { a: ['yes'] })).toEqual(['a', 'same', 'bare'])
  })

  test('compares days, times, texts, yes and no, quantities', () => {
    const when = (question: string, operator: string, answer: object) =>
      q(question, 'string', { linkId: `${question}?`, enableWhen: [{ question, operator, ...answer }] })
    const f = form(
      q('day', 'date'),
      q('time', 'time'),
      q('text', 'string'),
      q('yes', 'boolean'),
      q('weight', 'quantity'),
      when('day', '<', { answerDate: '2026-09-05' }),
      when('time', '>=', { answerTime: '08:00:00' }),
      when('text', '=', { answerString: '好' }),
      when('yes', '!=', { answerBoolean: true }),
      when('weight', '>', { answerQuantity: { value: 60, unit: 'kg' } }),
    )

    expect(
      shown(f, { day: ['2026-09-04'], time: ['08:30:00'], text: ['好'], yes: [false], weight: [60.5] }).filter((l) => l.endsWith('?')),
    ).toEqual(['day?', 'time?', 'text?', 'yes?', 'weight?'])
    expect(
      shown(f, { day: ['2026-09-05'], time: ['07:59:00'], text: ['坏'], yes: [true], weight: [60] }).filter((l) => l.endsWith('?')),
    ).toEqual([])
  })

  test('holds for all of several, or for any where the form says so', () => {
    const two = (enableBehavior?: string) =>
      form(
        q('a', 'boolean'),
        q('b', 'boolean'),
        q('then', 'string', {
          enableBehavior,
          enableWhen: ['a', 'b'].map((question) => ({ question, operator: '=', answerBoolean: true })),
        }),
      )

    expect(enabledItems(two('all'), { a: [true] }).has('then')).toBe(false)
    expect(enabledItems(two('any'), { a: [true] }).has('then')).toBe(true)
    expect(enabledItems(two(), { a: [true], b: [true] }).has('then')).toBe(true)
  })
})

test('a question that is not in force counts as unanswered for the others, and is remembered for when it comes back', () => {
  const on = (question: string) => ({ enableWhen: [{ question, operator: '=', answerBoolean: true }] })
  const f = form(q('a', 'boolean'), q('b', 'boolean', on('a')), q('c', 'boolean', on('b')))
  const answers = { a: [false], b: [true] }

  expect(shown(f, answers)).toEqual(['a'])
  expect(shown(f, { ...answers, a: [true] })).toEqual(['a', 'b', 'c'])
})

test('with a group goes all that is in it', () => {
  const f = form(
    q('a', 'boolean'),
    q('g', 'group', {
      enableWhen: [{ question: 'a', operator: '=', answerBoolean: true }],
      item: [q('in', 'group', { item: [q('deep', 'string')] })],
    }),
  )

  expect(shown(f, { a: [false] })).toEqual(['a'])
  expect(shown(f, { a: [true] })).toEqual(['a', 'g', 'in', 'deep'])
})

test('a question below a question is asked once that one is answered; the help below it is always there', () => {
  const f = form(q('a', 'boolean', { item: [q('help', 'display'), q('why', 'string')] }))

  expect(shown(f, {})).toEqual(['a', 'help'])
  expect(shown(f, { a: [false] })).toEqual(['a', 'help', 'why'])
})

test.each([
  [
    'two questions that wait for each other',
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
  ],
  ['a question that waits for itself', [['a', 'a']]],
  [
    'a circle of three',
    [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ],
  ],
])('%s come to rest', (_, pairs) => {
  const f = form(
    ...pairs.map(([linkId = '', question]) => q(linkId, 'boolean', { enableWhen: [{ question, operator: '!=', answerBoolean: true }] })),
  )

  expect([...f.byLinkId.values()].flatMap((i) => i.conditions).filter((c) => c.isCircular)).toHaveLength(1)
  expect(enabledItems(f, { a: [true], b: [true], c: [true] }).size).toBeGreaterThan(0)
})

test('a group that waits for a question inside itself comes to rest', () => {
  const f = form(q('g', 'group', { enableWhen: [{ question: 'in', operator: 'exists', answerBoolean: true }], item: [q('in', 'string')] }))

  expect(shown(f, { in: ['x'] })).toEqual([])
})

test('a concealed item is in force, never shown and never in the progress', () => {
  const f = form(
    q('a', 'string'),
    q('secret', 'string', { initial: [{ valueString: 'x' }], extension: [{ url: fhirUrls.hidden, valueBoolean: true }] }),
  )

  expect(enabledItems(f, {}).has('secret')).toBe(true)
  expect(progressOf(f, initialAnswers(f))).toEqual({ answered: 0, total: 1 })
})

test('what stands in the form at first comes from initial values and from options marked so', () => {
  const f = form(
    q('n', 'integer', { initial: [{ valueInteger: 3 }] }),
    q('c', 'choice', { answerOption: [{ valueCoding: { code: 'x' } }, { valueCoding: { code: 'y' }, initialSelected: true }] }),
    q('w', 'quantity', { initial: [{ valueQuantity: { value: 60 } }] }),
  )

  expect(initialAnswers(f)).toEqual({ n: [3], c: ['y'], w: [60] })
})
