import { expect, test } from 'vitest'
import { limitsOf, type Measured, markOf, tabulate } from './results-table.ts'

const item = (name: string, value: string, flag: string | null = null, observedAt: string | null = null) => ({
  code: name,
  name,
  value,
  amount: Number(value),
  unit: null,
  range: null,
  flag,
  observedAt,
})
const report = (id: string, at: string, ...items: Measured['items']): Measured => ({ id, title: '电解质', happenedAt: new Date(at), items })
const dayOf = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)

test('each analyte has one row, with the latest days in columns and of one day the latest value', () => {
  const table = tabulate(
    [
      report('c', '2026-09-03T01:00Z', item('钾', '3.9'), item('钠', '140')),
      report('b', '2026-09-01T08:00Z', item('钾', '4.4')),
      report('a', '2026-09-01T01:00Z', item('钾', '6.9', 'HH'), item('氯', '101')),
    ],
    2,
    dayOf,
  )

  expect(table.days).toEqual(['2026-09-03', '2026-09-01'])
  expect(table.analytes.map((a) => [a.name, a.latest.value, a.cells.map((c) => c?.value ?? null), a.hasTrend])).toEqual([
    ['钾', '3.9', ['3.9', '4.4'], true],
    ['钠', '140', ['140', null], false],
    ['氯', '101', [null, '101'], false],
  ])
})

test('a value whose days are not shown any more still stands as the latest', () => {
  const table = tabulate(
    [report('b', '2026-09-03T01:00Z', item('钾', '3.9')), report('a', '2026-01-01T01:00Z', item('钠', '131', 'L'))],
    1,
    dayOf,
  )

  expect(table.analytes[1]).toMatchObject({ name: '钠', latest: { value: '131', mark: 'L' }, cells: [null] })
})

test('a value counts for the day on which it was taken, where its line says so', () => {
  const table = tabulate([report('a', '2026-09-03T01:00Z', item('钾', '3.9', null, '2026-09-01T20:00:00.000Z'))], 3, dayOf)

  expect(table.days).toEqual(['2026-09-02'])
})

test.each([
  ['3.5-5.3', 3.5, 5.3],
  ['3.5 ～ 5.3', 3.5, 5.3],
  ['3.5--5.3', 3.5, 5.3],
  ['<5.2', null, 5.2],
  ['≥1', 1, null],
  ['阴性', null, null],
  [null, null, null],
])('the range %s has the limits %s and %s', (range, low, high) => {
  expect(limitsOf(range)).toEqual({ low, high })
})

test('flags beyond table 0078, and what is normal, have no mark', () => {
  expect(['H', 'LL', 'N', 'S', '', null].map(markOf)).toEqual(['H', 'LL', null, null, null, null])
})
