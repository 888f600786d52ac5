import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { largestHidden, smallestSample } from '../contract.ts'
import { type Cell, hiddenDepartments, hiddenRows, hiddenUnits, ofPeople } from './hidden-rows.ts'

const cell = (departmentId: string, key: string, counts: readonly number[]): Cell => ({
  departmentId,
  wardId: departmentId,
  key,
  counts,
  people: counts.reduce((a, b) => a + b, 0),
})
const people = (cells: readonly Cell[]) => cells.reduce((n, c) => n + c.people, 0)

const counts = fc.oneof(fc.tuple(fc.nat(3), fc.nat(2)), fc.tuple(fc.nat(30), fc.nat(9)), fc.tuple(fc.nat(9), fc.constant(0)))
const tables = fc
  .uniqueArray(fc.record({ d: fc.constantFrom('内', '外', '妇', '儿'), k: fc.constantFrom('男', '女', '不详'), counts }), {
    selector: ({ d, k }) => d + k,
    maxLength: 12,
  })
  .map((all) => all.map(({ d, k, counts: c }) => cell(d, k, c)))
const leasts = fc.constantFrom(smallestSample, 8, largestHidden)
const holds = (what: (cells: Cell[], least: number) => void) => fc.assert(fc.property(tables, leasts, what), { numRuns: 3000 })

describe('a table told apart by sex, age or another question', () => {
  test('never shows a row of too few people, and what is left of all after the shown rows is nobody or enough', () =>
    holds((cells, least) => {
      const hidden = hiddenRows(cells, least)
      if (!hidden) return
      const rows = [...Map.groupBy(cells, (c) => c.key)]

      for (const [key, of] of rows) if (!hidden.has(key)) expect(people(of) === 0 || people(of) >= least).toBe(true)
      const left = rows.filter(([key]) => hidden.has(key))
      expect(left.length !== 1).toBe(true)
      expect(left.length === 0 || people(left.flatMap(([, of]) => of)) >= least).toBe(true)
    }))

  test('where one person may stand in several rows, those who are not in a shown row are nobody or at least five', () => {
    const everybody = [cell('内', '', [18, 2])]

    expect(hiddenRows([cell('内', '头痛', [16, 2]), cell('内', '恶心', [9, 1]), cell('内', '发热', [3, 0])], 5, everybody)).toEqual(
      new Set(['头痛', '发热']), // of 20 two had no headache: what those two said could be reckoned
    )
  })

  test('where several options may be chosen only the number of people counts', () => {
    expect(ofPeople([cell('内', '男', [6, 1]), { ...cell('内', '女', [6, 5]), people: 7 }]).map((c) => c.counts)).toEqual([[7], [7]])
  })
})

describe('the same table of one department', () => {
  test('is shown whole or not at all, never with a row of too few, and taking all shown ones away leaves nobody or enough of several', () =>
    holds((cells, least) => {
      const hidden = hiddenDepartments(cells, least)

      for (const c of cells) if (!hidden.has(c.departmentId)) expect(c.people === 0 || c.people >= least).toBe(true)
      const isAllHidden = cells.every((c) => hidden.has(c.departmentId))
      for (const [, of] of Map.groupBy(cells, (c) => c.key)) {
        const left = of.filter((c) => hidden.has(c.departmentId) && c.people > 0)
        if (left.length > 0 && !isAllHidden) {
          expect(left.length).toBeGreaterThan(1)
          expect(people(left)).toBeGreaterThanOrEqual(least)
        }
      }
    }))

  test('where every row has enough people nothing is hidden', () => {
    expect(hiddenDepartments([cell('内', '男', [9, 2]), cell('内', '女', [7, 1]), cell('外', '男', [5, 1])], 5)).toEqual(new Set())
  })
})

test('a department of four is hidden, and with it the next smallest, from which it could be reckoned', () => {
  const units = hiddenUnits(
    [
      { departmentId: '内', wardId: '内一', people: 20 },
      { departmentId: '外', wardId: '外一', people: 9 },
      { departmentId: '儿', wardId: '儿一', people: 4 },
    ],
    5,
  )

  expect(['内', '外', '儿', undefined].map(units.total)).toEqual([false, true, true, false])
})
