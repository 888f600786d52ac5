import { expect, test } from 'vitest'
import { relationOf } from './relation.ts'

test.each([
  ['儿子', 'son'],
  ['1', 'spouse'],
  ['SPO', 'spouse'],
  ['妻子', 'spouse'],
  ['母亲', 'parent'],
  ['MTH', 'parent'],
  ['患者的女儿', 'daughter'],
  ['兄弟姐妹', 'sibling'],
  ['邻居', 'other'],
  ['', 'other'],
  [null, 'other'],
  ['guardian', 'guardian'],
] as const)('%s is a %s', (said, relation) => {
  expect(relationOf(said)).toBe(relation)
})
