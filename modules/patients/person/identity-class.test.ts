import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listedClass, wordKey } from './identity-class.ts'

const words = new Map([
  ['军人家属', '军人家属'],
  ['军属', '军人家属'],
  ['ret. cadre', '老干部'],
])

test.each([
  ['军属', '军人家属'],
  [' 军属 ', '军人家属'],
  ['军人家属', '军人家属'],
  ['ＲＥＴ．  Cadre', '老干部'],
] as const)('%s is %s in this hospital', (said, listed) => {
  expect(listedClass(words, said)).toBe(listed)
})

test('what nobody said and what is deleted stay so', () => {
  expect([listedClass(words, undefined), listedClass(words, null)]).toEqual([undefined, null])
})

test('a word that the list does not know stays as it was said', () => {
  fc.assert(
    fc.property(fc.string(), (said) => {
      fc.pre(!words.has(wordKey(said)))
      expect(listedClass(words, said)).toBe(said)
    }),
  )
})

test('what was brought to the list once is not changed again', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom(...words.keys())), (said) => {
      const once = listedClass(words, said)
      expect(listedClass(words, once)).toBe(once)
    }),
  )
})
