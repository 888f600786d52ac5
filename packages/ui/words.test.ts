import { afterEach, expect, test } from 'vitest'
import { catalogues, defineWords, faultsOf, houseWords, setLanguage } from './words.ts'

afterEach(() => setLanguage('zh'))

const words = defineWords('sample', {
  zh: { title: '投诉', waiting: '{{n}} 项待办', status: { open: '待处理' }, errors: { alreadyClosed: '已由{{by}}办结。' } },
  en: { title: 'Complaints', waiting: '{{n}} waiting', status: { open: 'Open' }, errors: { alreadyClosed: 'Closed by {{by}}.' } },
})

test('a sentence is a string in the present language, and a function where it holds something', () => {
  expect([words.title, words.waiting({ n: 3 }), words.status.open]).toEqual(['投诉', '3 项待办', '待处理'])

  setLanguage('en')

  expect([words.title, words.waiting({ n: 3 }), words.status.open]).toEqual(['Complaints', '3 waiting', 'Open'])
})

test('a refusal becomes the sentence of its code, with its details', () => {
  expect(words.of({ code: 'sample.alreadyClosed', kind: 'conflict', details: { by: '王护士' } })).toBe('已由王护士办结。')
})

test('a code that no catalogue knows is told by its kind, and anything else is unexpected', () => {
  expect(words.of({ code: 'sample.somethingNew', kind: 'forbidden', details: {} })).toBe(houseWords.errors.forbidden)
  expect(words.of({ code: 'house.tooManyRequests', kind: 'unavailable', details: {} })).toBe(houseWords.errors.tooManyRequests)
  expect(words.of(new TypeError('x is undefined'))).toBe(houseWords.errors.unexpected)
  expect(words.of(null)).toBeUndefined()
})

test('what a text says is not taken for a command of the catalogue', () => {
  expect(words.errors.alreadyClosed({ by: '<b>$t(title) {{n}}</b>' })).toContain('<b>')
})

test('the house has every sentence in both languages', () => {
  expect(catalogues().flatMap(faultsOf)).toEqual([])
})

test('a missing sentence, an empty one and a different placeholder are found', () => {
  const faults = faultsOf({ module: 'm', zh: { a: '甲{{n}}', b: '', c: '丙' }, en: { a: 'A{{m}}', b: 'B', d: { e: 'E' } } })

  expect(faults).toEqual(['m.a: {n} in Chinese, {m} in English', 'm.b: no Chinese', 'm.c: no English', 'm.d.e: no Chinese'])
})
