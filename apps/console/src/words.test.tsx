import { catalogues, faultsOf } from '@renxin/ui/words'
import { expect, test } from 'vitest'
import './modules.ts'
import './words.ts'

test('every sentence of every module is there in Chinese and in English', () => {
  expect(catalogues().length).toBeGreaterThan(3)
  expect(catalogues().flatMap(faultsOf)).toEqual([])
})
