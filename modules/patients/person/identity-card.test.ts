import { expect, test } from 'vitest'
import { checkIdentityCard, longForm } from './identity-card.ts'

// 11010519491231002X is the example of GB 11643-1999 itself.
test('the example of the standard is valid, and tells a woman born on New Year’s Eve of 1949', () => {
  expect(checkIdentityCard('11010519491231002X')).toEqual({
    number: '11010519491231002X',
    isValid: true,
    birthOn: '1949-12-31',
    sex: 'female',
  })
})

test.each(['11010519491231002x', '11010519491231002Ｘ', ' 110105 19491231 002X ', '１１０１０５19491231002X', '110105-19491231-002X'])(
  '%s is the same number',
  (typed) => {
    expect(checkIdentityCard(typed)).toMatchObject({ number: '11010519491231002X', isValid: true })
  },
)

test.each([
  ['110105194912310021', 'a wrong check digit'],
  ['110105194902310027', 'the 31st of February'],
  ['11010519491331002X', 'a thirteenth month'],
  ['1101051949123100', 'two digits short'],
  ['X10105194912310021', 'a letter in front'],
  ['E12345678', 'a passport'],
  ['无', 'a word'],
  ['', 'nothing'],
])('%s is not valid: %s', (typed) => {
  expect(checkIdentityCard(typed)).toMatchObject({ isValid: false, birthOn: null, sex: null })
})

test('the division does not decide: 00 is accepted when the check digit is right', () => {
  expect(checkIdentityCard('000001195603122154')).toMatchObject({ isValid: true, birthOn: '1956-03-12', sex: 'male' })
})

test('the old number of fifteen digits has no check digit, and becomes the new one', () => {
  expect(checkIdentityCard('110105491231002')).toEqual({ number: '110105491231002', isValid: true, birthOn: '1949-12-31', sex: 'female' })
  expect(longForm('110105491231002')).toBe('11010519491231002X')
  expect(checkIdentityCard('110105490231002').isValid).toBe(false)
})

test('the leap day exists in a leap year only', () => {
  const body = (day: string) => longForm(`110105${day}002`)

  expect(checkIdentityCard(body('520229')).isValid).toBe(true)
  expect(checkIdentityCard('110105530229002').isValid).toBe(false)
})
