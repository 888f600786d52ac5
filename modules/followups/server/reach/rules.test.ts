import { expect, test } from 'vitest'
import { type NumberKnown, proposeHour, proposeNumber, type Try } from './rules.ts'

const number = (id: string, relation: string, kind = 'mobile', more: Partial<NumberKnown> = {}): NumberKnown => ({
  id,
  relation,
  kind,
  isPreferred: false,
  isBad: false,
  ...more,
})
const landline = number('landline', 'self', 'landline')
const [own, second, daughter] = [number('own', 'self'), number('second', 'self'), number('daughter', 'daughter')]
const all = [landline, own, second, daughter]
const tried = (contactId: string, isAnswered = false, isToday = false, hour = 10): Try => ({ contactId, isAnswered, isToday, hour })
const rung = (tries: readonly Try[], numbers = all) => {
  const { contactId, why } = proposeNumber(numbers, tries)
  return `${contactId}: ${why}`
}

test.each([
  ['nobody was rung yet: the patient’s own telephone', [], 'own: first'],
  ['it is silent today: the second', [tried('own', false, true)], 'second: next'],
  ['that too: a relative', [tried('own', false, true), tried('second', false, true)], 'daughter: next'],
  ['she too: the landline', [tried('own', false, true), tried('second', false, true), tried('daughter', false, true)], 'landline: next'],
  ['all of them: from the beginning', all.map((n) => tried(n.id, false, true)), 'own: again'],
  ['the next day it begins with the patient again', [tried('own'), tried('second')], 'own: first'],
  ['the daughter picked up before: her first', [tried('own'), tried('daughter', true)], 'daughter: answered'],
  [
    'the landline was picked up more often than she was',
    [tried('daughter', true), tried('landline', true), tried('landline', true)],
    'landline: answered',
  ],
  ['who picked up before is silent today: the next', [tried('daughter', true), tried('daughter', false, true)], 'own: next'],
  ['three times in vain, never once picked up: the second', [tried('own'), tried('own'), tried('own')], 'second: fresh'],
])('%s', (_, tries, wanted) => expect(rung(tries)).toBe(wanted))

test('a number that is nobody’s is never proposed; the one that is left is the only one; without any there is none', () => {
  expect(rung([], [{ ...own, isBad: true }, daughter])).toBe('daughter: only')
  expect(rung([], [{ ...own, isBad: true }])).toBe('null: only')
  expect(rung([], [own, { ...daughter, isPreferred: true }])).toBe('daughter: preferred')
})

test('how often it was picked up is told of the number that is proposed', () => {
  expect(proposeNumber(all, [tried('daughter', true), tried('daughter'), tried('own')])).toMatchObject({ answered: 1, tries: 2 })
})

const hours = { from: 9, until: 20 }
const at = (hour: number, isAnswered = false) => tried('own', isAnswered, false, hour)
test.each([
  ['nothing is known of anybody who was never tried', [], { hour: null }],
  ['one try in vain says nothing of the hour', [at(10)], { hour: null }],
  ['twice in vain at ten: the nearest hour that was not tried', [at(10), at(10)], { hour: 9, hourWhy: 'untried', hourTries: 2 }],
  ['nine and ten in vain: eleven', [at(10), at(10), at(9)], { hour: 11, hourWhy: 'untried', hourTries: 3 }],
  [
    'the hour in which somebody picked up',
    [at(10), at(10), at(18, true)],
    { hour: 18, hourWhy: 'answered', hourAnswered: 1, hourTries: 1 },
  ],
  ['the hour in which it was most often', [at(9, true), at(18, true), at(18, true), at(18)], { hour: 18, hourAnswered: 2, hourTries: 3 }],
  ['as often in both: where fewer tries were in vain', [at(9, true), at(9), at(18, true)], { hour: 18 }],
])('%s', (_, tries, wanted) => expect(proposeHour(tries, hours)).toMatchObject(wanted))

test('where every hour was tried in vain none is proposed', () => {
  const everyHour = Array.from({ length: 11 }, (_, i) => at(9 + i))

  expect(proposeHour([...everyHour, at(9)], hours).hour).toBeNull()
})
