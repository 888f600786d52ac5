import { expect, test } from 'vitest'
import { dueAtOf, isFlagOverdue } from './rules.ts'

const at = (time: string) => new Date(`2026-09-04T${time}+08:00`)

test('a red flag is due so many minutes after it was raised; without a deadline it is due at once and never overdue', () => {
  expect(dueAtOf(at('09:00'), 30)).toEqual(at('09:30'))
  expect(dueAtOf(at('09:00'), null)).toBeNull()
  expect(isFlagOverdue({ status: 'open', dueAt: null }, at('23:00'))).toBe(false)
})

test.each([
  ['09:30', false],
  ['09:31', true],
])('one that is due at half past nine is overdue at %s: %s', (time, expected) => {
  expect(isFlagOverdue({ status: 'open', dueAt: at('09:30') }, at(time))).toBe(expected)
  expect(isFlagOverdue({ status: 'closed', dueAt: at('09:30') }, at(time))).toBe(false)
})
