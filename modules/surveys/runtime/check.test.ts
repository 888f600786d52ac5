import { expect, test } from 'vitest'
import { checkAnswers } from './check.ts'
import { fhirUrls } from './index.ts'
import type { Answers, Value } from './model.ts'
import { readForm } from './read-form.ts'

const form = (...item: object[]) => readForm({ resourceType: 'Questionnaire', item })
const problems = (item: object, ...given: Value[]) =>
  checkAnswers(form({ linkId: 'q', text: 'q', ...item }), { q: given }).map(({ linkId, ...p }) => p)
const options = { answerOption: [{ valueCoding: { code: 'a' } }, { valueCoding: { code: 'b' } }] }
const ext = (url: string, value: object) => ({ url, ...value })

test.each<[string, object, Value[], object[]]>([
  ['a required question without an answer', { type: 'string', required: true }, [], [{ code: 'required' }]],
  ['a required question with blanks only', { type: 'text', required: true }, [' '], [{ code: 'required' }]],
  ['a question that may stay open', { type: 'string' }, [], []],
  ['two answers to one question', { type: 'choice', ...options }, ['a', 'b'], [{ code: 'oneAnswerOnly' }]],
  ['two answers where several may be given', { type: 'choice', repeats: true, ...options }, ['a', 'b'], []],
  ['an answer that is no option', { type: 'choice', ...options }, ['c'], [{ code: 'notAnOption' }]],
  ['words of one’s own to an open choice', { type: 'open-choice', ...options }, [{ other: '别的' }], []],
  ['words of one’s own to a closed choice', { type: 'choice', ...options }, [{ other: '别的' }], [{ code: 'notAnOption' }]],
  ['a half to a whole number', { type: 'integer' }, [1.5], [{ code: 'notWhole' }]],
  ['text to a number', { type: 'decimal' }, ['1'], [{ code: 'wrongKind' }]],
  ['not a number to a number', { type: 'decimal' }, [Number.NaN], [{ code: 'wrongKind' }]],
  [
    'below the least',
    { type: 'integer', extension: [ext(fhirUrls.minValue, { valueInteger: 0 })] },
    [-1],
    [{ code: 'tooSmall', limit: 0 }],
  ],
  ['the least itself', { type: 'integer', extension: [ext(fhirUrls.minValue, { valueInteger: 0 })] }, [0], []],
  [
    'above the most',
    { type: 'integer', extension: [ext(fhirUrls.maxValue, { valueInteger: 10 })] },
    [11],
    [{ code: 'tooLarge', limit: 10 }],
  ],
  [
    '11 to the net promoter question',
    { type: 'integer', extension: [ext(fhirUrls.measure, { valueCode: 'nps' })] },
    [11],
    [{ code: 'tooLarge', limit: 10 }],
  ],
  [
    'too many decimals',
    { type: 'decimal', extension: [ext(fhirUrls.decimals, { valueInteger: 1 })] },
    [36.55],
    [{ code: 'tooManyDecimals', limit: 1 }],
  ],
  ['one character too many, however it is coded', { type: 'string', maxLength: 2 }, ['𠮷田人'], [{ code: 'tooLong', limit: 2 }]],
  ['as many characters as may be', { type: 'string', maxLength: 2 }, ['𠮷田'], []],
  ['the thirtieth of February', { type: 'date' }, ['2026-02-30'], [{ code: 'notADate' }]],
  ['the twenty-ninth of February of a leap year', { type: 'date' }, ['2028-02-29'], []],
  [
    'a day before the first',
    { type: 'date', extension: [ext(fhirUrls.minValue, { valueDate: '2026-09-01' })] },
    ['2026-08-31'],
    [{ code: 'tooEarly', limit: '2026-09-01' }],
  ],
  [
    'a day after the last',
    { type: 'date', extension: [ext(fhirUrls.maxValue, { valueDate: '2026-09-01' })] },
    ['2026-09-02'],
    [{ code: 'tooLate', limit: '2026-09-01' }],
  ],
  ['a day where a moment is asked', { type: 'dateTime' }, ['2026-09-04'], []],
  ['a time of day without a zone', { type: 'dateTime' }, ['2026-09-04T09:00:00'], [{ code: 'notADate' }]],
  ['twenty-five o’clock', { type: 'time' }, ['25:00'], [{ code: 'notATime' }]],
  ['yes to a boolean', { type: 'boolean' }, [true], []],
  ['text to a boolean', { type: 'boolean' }, ['true'], [{ code: 'wrongKind' }]],
  ['an answer to a heading', { type: 'display' }, ['x'], [{ code: 'noSuchQuestion' }]],
])('%s', (_, item, given, expected) => {
  expect(problems(item, ...given)).toEqual(expected)
})

test('"none of these" stands alone', () => {
  const item = {
    type: 'choice',
    repeats: true,
    answerOption: [
      { valueCoding: { code: 'a' } },
      { valueCoding: { code: 'none' }, extension: [ext(fhirUrls.exclusive, { valueBoolean: true })] },
    ],
  }

  expect(problems(item, 'none')).toEqual([])
  expect(problems(item, 'a', 'none')).toEqual([{ code: 'exclusiveAlone' }])
})

test('a required group wants one of its questions answered, and only while it is in force', () => {
  const f = form(
    { linkId: 'go', type: 'boolean' },
    {
      linkId: 'g',
      type: 'group',
      required: true,
      enableWhen: [{ question: 'go', operator: '=', answerBoolean: true }],
      item: [
        { linkId: 'a', type: 'string' },
        { linkId: 'b', type: 'string' },
      ],
    },
  )
  const check = (answers: Answers) => checkAnswers(f, answers)

  expect(check({ go: [true] })).toEqual([{ linkId: 'g', code: 'required' }])
  expect(check({ go: [true], b: ['x'] })).toEqual([])
  expect(check({ go: [false] })).toEqual([])
})

test('nobody is held to a question that he is not shown or cannot change', () => {
  const concealed = { extension: [ext(fhirUrls.hidden, { valueBoolean: true })] }

  expect(problems({ type: 'string', required: true, readOnly: true })).toEqual([])
  expect(problems({ type: 'string', required: true, ...concealed })).toEqual([])
  expect(
    checkAnswers(form({ linkId: 'g', type: 'group', ...concealed, item: [{ linkId: 'q', type: 'string', required: true }] }), {}),
  ).toEqual([])
})

test('what answers no question of the form is refused by its name', () => {
  expect(checkAnswers(form({ linkId: 'q', type: 'string' }), { other: ['x'] })).toEqual([{ linkId: 'other', code: 'noSuchQuestion' }])
})
