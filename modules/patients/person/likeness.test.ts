import { expect, test } from 'vitest'
import { type Compared, differsByOne, likenessOf, WORTH_A_LOOK } from './likeness.ts'

const person = (more: Partial<Compared>): Compared => ({
  id: '',
  name: '王建国',
  namePinyin: 'wang jian guo',
  sex: 'male',
  birthOn: '1956-03-12',
  identityCard: null,
  phones: [],
  familyPhones: [],
  district: null,
  ...more,
})
const like = (a: Partial<Compared>, b: Partial<Compared>, isOfOneMessage = false) => likenessOf(person(a), person(b), isOfOneMessage)
const kindsOf = (a: Partial<Compared>, b: Partial<Compared>) => like(a, b).reasons.map((r) => r.kind)

test.each<[string, Partial<Compared>, Partial<Compared>]>([
  ['the same name, day of birth and telephone', { phones: ['1'] }, { phones: ['1'] }],
  ['the same name and day of birth alone', {}, {}],
  ['the same identity card, although the name was mistyped', { identityCard: 'c' }, { identityCard: 'c', name: '王建果' }],
  ['the same sound, day of birth and telephone', { phones: ['1'] }, { phones: ['1'], name: '王健国' }],
  ['the same name and telephone, with day and month taken for one another', { phones: ['1'] }, { phones: ['1'], birthOn: '1956-12-03' }],
  ['the same name and telephone, a year beside', { phones: ['1'] }, { phones: ['1'], birthOn: '1957-03-12' }],
])('is worth a look: %s', (_, a, b) => {
  expect(like(a, b).score).toBeGreaterThanOrEqual(WORTH_A_LOOK)
})

test.each<[string, Partial<Compared>, Partial<Compared>]>([
  ['the same name with another day of birth', {}, { birthOn: '1971-08-01' }],
  ['the same name and day of birth with another identity card', { identityCard: 'c' }, { identityCard: 'd' }],
  [
    'husband and wife on one telephone',
    { phones: ['1'] },
    { phones: ['1'], name: '李秀英', namePinyin: 'li xiu ying', sex: 'female', birthOn: '1958-01-01' },
  ],
  [
    'twins',
    { phones: ['1'], name: '王大双', birthOn: '2026-09-01' },
    { phones: ['1'], name: '王小双', namePinyin: 'wang xiao shuang', birthOn: '2026-09-01' },
  ],
  [
    'a mother and her newborn on her card and telephone',
    { phones: ['1'], identityCard: 'c', name: '陈静', namePinyin: 'chen jing', sex: 'female', birthOn: '1994-12-31' },
    { phones: ['1'], identityCard: 'c', name: '陈静之子', namePinyin: 'chen jing zhi zi', birthOn: '2026-09-01' },
  ],
  [
    'a daughter who has her own name, on her mother’s telephone',
    { phones: ['1'], name: '陈静', namePinyin: 'chen jing', sex: 'female', birthOn: '1994-12-31' },
    { phones: ['1'], name: '陈竹', namePinyin: 'chen zhu', sex: 'female', birthOn: '2026-09-01' },
  ],
])('is not: %s', (_, a, b) => {
  expect(like(a, b).score).toBeLessThan(WORTH_A_LOOK)
})

test('the reasons are told, the heaviest first, and it does not matter who is named first', () => {
  const [a, b] = [
    { phones: ['1'], identityCard: 'c' },
    { phones: ['1'], identityCard: 'd', name: '王建果', namePinyin: 'wang jian guo' },
  ]

  expect(kindsOf(a, b)).toEqual(['otherIdentityCard', 'sameBirth', 'samePinyin', 'samePhone'])
  expect(like(b, a)).toEqual(like(a, b))
})

test('what one side does not say speaks neither way', () => {
  expect(kindsOf({}, { birthOn: null, sex: 'unknown', identityCard: 'c' })).toEqual(['sameName'])
})

test('one character more, less or other is a slip; two are another name', () => {
  expect([differsByOne('王建国', '王建果'), differsByOne('王建国', '王国'), differsByOne('欧阳娜', '欧阳娜娜')]).toEqual([true, true, true])
  expect([differsByOne('王建国', '李建果'), differsByOne('王芳', '李'), differsByOne('王', '李')]).toEqual([false, false, false])
})
