import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAYS_TO_LEARN, hear } from './silence.ts'

const now = new Date('2026-09-04T14:30:00+08:00')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
const days = (seconds: number) => Array<number>(28).fill(seconds)

test('a door that is never quiet for more than ten minutes at this hour alarms after ten, one that is quiet all night does not', () => {
  const busy = { now, quietSeconds: days(600), floorMinutes: 5 }
  expect(hear({ ...busy, lastAt: ago(599) })).toBe('fine')
  expect(hear({ ...busy, lastAt: ago(601) })).toBe('silent')
  expect(hear({ ...busy, lastAt: ago(601), quietSeconds: [...days(600), 8 * 3600] })).toBe('fine')
})

test('a silence below the floor never alarms, whatever the past', () => {
  expect(hear({ now, lastAt: ago(29 * 60), quietSeconds: days(10), floorMinutes: 30 })).toBe('fine')
  expect(hear({ now, lastAt: ago(31 * 60), quietSeconds: days(10), floorMinutes: 30 })).toBe('silent')
})

test('a door is not judged before it was known for a week, nor one that never said anything', () => {
  const young = Array<number>(DAYS_TO_LEARN - 1).fill(60)
  expect(hear({ now, lastAt: ago(86_400), quietSeconds: young, floorMinutes: 1 })).toBe('learning')
  expect(hear({ now, lastAt: null, quietSeconds: days(60), floorMinutes: 1 })).toBe('never')
})

test('it never alarms at a silence that this hour has seen before', () => {
  const seconds = fc.integer({ min: 0, max: 200_000 })
  fc.assert(
    fc.property(fc.array(seconds, { minLength: DAYS_TO_LEARN, maxLength: 28 }), fc.integer({ min: 1, max: 60 }), (past, floorMinutes) => {
      for (const silence of past) expect(hear({ now, lastAt: ago(silence), quietSeconds: past, floorMinutes })).toBe('fine')
    }),
  )
})
