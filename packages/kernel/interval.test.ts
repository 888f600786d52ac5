import { describe, expect, test } from 'vitest'
import { wilson } from './interval.ts'

const rounded = ({ low, high }: { low: number; high: number }) => [low, high].map((n) => Number(n.toFixed(4)))

describe('the interval of a share', () => {
  // Newcombe (1998), Statist. Med. 17, 857–872: table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is the one in the paper', (count, n, low, high) => {
    expect(rounded(wilson(count, n))).toEqual([low, high])
  })

  test('of nothing is everything', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
  })
})
