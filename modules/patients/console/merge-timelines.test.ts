import { expect, test } from 'vitest'
import { mergeTimelines, type Source } from './merge-timelines.ts'

const source = (module: string, days: number[], hasMore = false): Source => ({
  module,
  rows: days.map((day) => ({
    id: `${module}${day}`,
    at: `2026-09-${String(day).padStart(2, '0')}T00:00:00Z`,
    kind: 'x',
    title: '',
    patientId: 'p',
  })),
  hasMore,
  isLoading: false,
  isLoadingMore: false,
  error: null,
  more: async () => {},
})
const ids = (...sources: Source[]) => mergeTimelines(sources).entries.map((e) => e.entry.id)

test('what several modules tell is one line, newest first', () => {
  expect(ids(source('a', [9, 5]), source('b', [7, 1]))).toEqual(['a9', 'b7', 'a5', 'b1'])
})

test('nothing is shown that something unread may still come before', () => {
  const merged = mergeTimelines([source('a', [9, 8], true), source('b', [7, 1])])

  expect(merged.entries.map((e) => e.entry.id)).toEqual(['a9', 'a8'])
  expect(merged.hasMore).toBe(true)
  expect(merged.next.map((s) => s.module)).toEqual(['a'])
})

test('no module, no line', () => {
  expect(mergeTimelines([])).toEqual({ entries: [], hasMore: false, next: [] })
})
