import { describe, expect, test } from 'vitest'
import { fhirUrls } from './index.ts'
import type { Item } from './model.ts'
import { readForm } from './read-form.ts'
import { toAnswerRows } from './rows.ts'
import { netPromoterScore, satisfiedShare, scoreAnswers, topBoxShare, verdictOf } from './score.ts'

const scored = (code: string, score: number) => ({
  valueCoding: { code, display: code },
  extension: [{ url: fhirUrls.ordinal, valueDecimal: score }],
})
const none = { valueCoding: { code: 'na' }, extension: [{ url: fhirUrls.notApplicable, valueBoolean: true }] }
const measure = (valueCode: string) => ({ extension: [{ url: fhirUrls.measure, valueCode }] })
const five = { type: 'choice', answerOption: [5, 4, 3, 2, 1].map((n) => scored(String(n), n)).concat([none as never]) }
const form = (...item: object[]) => readForm({ resourceType: 'Questionnaire', item })
const one = (item: object): Item => {
  const read = form({ linkId: 'q', ...item }).items[0]
  if (!read) throw new Error('no item')
  return read
}

test('sums and means of each group and of the whole leave out what does not apply', () => {
  const f = form(
    {
      linkId: 'g',
      type: 'group',
      item: [
        { linkId: 'a', ...five },
        { linkId: 'b', ...five },
        { linkId: 'c', ...five },
      ],
    },
    { linkId: 'd', ...five },
  )

  const scores = scoreAnswers(f, { a: ['5'], b: ['2'], c: ['na'], d: ['1'] })

  expect(scores.groups.get('g')).toEqual({ sum: 7, count: 2, mean: 3.5 })
  expect(scores.total).toEqual({ sum: 8, count: 3, mean: 8 / 3 })
})

test('nothing scored is no score, which is not zero', () => {
  expect(scoreAnswers(form({ linkId: 'a', ...five }), { a: ['na'] }).total).toEqual({ sum: 0, count: 0, mean: null })
})

test('several answers to one question are worth their sum, as one question', () => {
  const f = form({ linkId: 'a', type: 'choice', repeats: true, answerOption: [scored('x', 1), scored('y', 2), scored('z', 4)] })

  expect(scoreAnswers(f, { a: ['x', 'z'] }).total).toEqual({ sum: 5, count: 1, mean: 5 })
})

test('an answer that is not in force is worth nothing', () => {
  const f = form(
    { linkId: 'a', ...five },
    { linkId: 'b', ...five, enableWhen: [{ question: 'a', operator: '=', answerCoding: { code: '1' } }] },
  )

  expect(scoreAnswers(f, { a: ['5'], b: ['1'] }).total.sum).toBe(5)
  expect(toAnswerRows(f, { a: ['5'], b: ['1'] }).map((r) => r.linkId)).toEqual(['a'])
})

test('the net promoter answer stands beside the sum', () => {
  const f = form({ linkId: 'a', ...five }, { linkId: 'n', type: 'integer', ...measure('nps') })

  expect(scoreAnswers(f, { a: ['4'], n: [9] })).toMatchObject({ total: { sum: 4, count: 1 }, nps: 9 })
})

test('a number is a score only on a scale', () => {
  const f = form(
    { linkId: 'age', type: 'integer' },
    { linkId: 'pain', type: 'integer', extension: [{ url: fhirUrls.scale, valueBoolean: true }] },
  )

  expect(scoreAnswers(f, { age: [67], pain: [3] }).total).toEqual({ sum: 3, count: 1, mean: 3 })
})

test('a score may stand on the option or on its coding, under the name of R4 or of R5', () => {
  const onCoding = { valueCoding: { code: 'x', extension: [{ url: fhirUrls.weight, valueDecimal: 7 }] } }

  expect(scoreAnswers(form({ linkId: 'a', type: 'choice', answerOption: [onCoding] }), { a: ['x'] }).total.sum).toBe(7)
})

describe('the verdict', () => {
  const satisfaction = one({ ...five, ...measure('satisfaction') })
  const nps = one({ type: 'integer', ...measure('nps') })

  test.each([
    ['5', 'satisfied'],
    ['4', 'satisfied'],
    ['3', 'noOpinion'],
    ['2', 'dissatisfied'],
    ['1', 'dissatisfied'],
    ['na', 'notApplicable'],
  ])('of %s on five points is %s', (answer, verdict) => {
    expect(verdictOf(satisfaction, answer)).toBe(verdict)
  })

  test.each([
    [0, 'detractor'],
    [6, 'detractor'],
    [7, 'passive'],
    [8, 'passive'],
    [9, 'promoter'],
    [10, 'promoter'],
  ])('of %i out of ten is %s', (answer, verdict) => {
    expect(verdictOf(nps, answer)).toBe(verdict)
  })

  test('is taken by the same parts of a longer scale', () => {
    const hundred = one({
      type: 'integer',
      extension: [
        ...measure('satisfaction').extension,
        { url: fhirUrls.minValue, valueInteger: 0 },
        { url: fhirUrls.maxValue, valueInteger: 100 },
      ],
    })

    expect([0, 25, 26, 74, 75, 100].map((n) => verdictOf(hundred, n))).toEqual([
      'dissatisfied',
      'dissatisfied',
      'noOpinion',
      'noOpinion',
      'satisfied',
      'satisfied',
    ])
  })

  test('is none where nothing is measured', () => {
    expect(verdictOf(one(five), '5')).toBeNull()
  })
})

test('figures: seventy promoters and ten detractors of a hundred are +60; 182 satisfied of 200 are 91 %', () => {
  expect(netPromoterScore({ promoter: 70, passive: 20, detractor: 10 })).toBe(60)
  expect(netPromoterScore({ promoter: 0, passive: 0, detractor: 0 })).toBeNull()
  expect(satisfiedShare({ satisfied: 182, noOpinion: 10, dissatisfied: 8 })).toBe(0.91)
  expect(satisfiedShare({ satisfied: 0, noOpinion: 0, dissatisfied: 0 })).toBeNull()
  expect(topBoxShare(one(five), [5, 5, 4, 1])).toBe(0.5)
  expect(topBoxShare(one(five), [5, 5, 4, 1], 2)).toBe(0.75)
  expect(topBoxShare(one(five), [])).toBeNull()
})

test('rows: one for each answer, with its words, its number, its score and its verdict', () => {
  const f = form(
    { linkId: 'a', ...five, ...measure('aspect'), code: [{ code: 'food' }] },
    { linkId: 'm', type: 'open-choice', repeats: true, answerOption: [{ valueCoding: { code: 'x', display: '甲' } }] },
    { linkId: 'n', type: 'integer' },
    { linkId: 'b', type: 'boolean' },
    { linkId: 't', type: 'text' },
  )
  const blank = { measure: null, verdict: null, valueCode: null, valueText: null, valueNumber: null, score: null, nth: 0 }

  expect(toAnswerRows(f, { a: ['2'], m: ['x', { other: '乙' }], n: [3], b: [true], t: ['好'] })).toEqual([
    { ...blank, linkId: 'a', code: 'food', measure: 'aspect', verdict: 'dissatisfied', valueCode: '2', valueText: '2', score: 2 },
    { ...blank, linkId: 'm', code: 'm', valueCode: 'x', valueText: '甲' },
    { ...blank, linkId: 'm', code: 'm', nth: 1, valueText: '乙' },
    { ...blank, linkId: 'n', code: 'n', valueNumber: 3 },
    { ...blank, linkId: 'b', code: 'b', valueCode: 'true' },
    { ...blank, linkId: 't', code: 't', valueText: '好' },
  ])
})
