import { expect, test } from 'vitest'
import { fitInto } from './rules.ts'

const calls = (...seconds: number[]) => seconds.map((s, n) => ({ seconds: s, n }))
const taken = (all: { seconds: number; n: number }[], seconds: number) => fitInto(all, seconds).map((c) => c.n)

test('the most urgent first, as long as they fit; who would take longer than is left is passed over', () => {
  expect(taken(calls(240, 240, 240), 600)).toEqual([0, 1])
  expect(taken(calls(240, 400, 300, 60), 600)).toEqual([0, 2, 3])
  expect(taken(calls(240, 360), 600)).toEqual([0, 1]) // to the second
  expect(taken(calls(601), 600)).toEqual([])
  expect(taken([], 600)).toEqual([])
})
