import type { WorkCalendar } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { beginsAt, closesFrom, complaintNumber, deadlineOf, reminderDue, urgencyOf, workingDaysLeft } from './rules.ts'

// 2026: 25–27 September and 1–7 October free, 20 September and 10 October worked.
const calendar: WorkCalendar = {
  exceptions: new Map([
    ['2026-09-20', true],
    ['2026-09-25', false],
    ...[1, 2, 3, 4, 5, 6, 7].map((d): [string, boolean] => [`2026-10-0${d}`, false]),
    ['2026-10-10', true],
  ]),
  announcedYears: new Set([2026]),
}

test('one department answers within five working days, the day of receipt not counted', () => {
  expect(deadlineOf(calendar, '2026-09-04', 1)).toEqual({ days: 5, halfwayOn: '2026-09-08', eveOn: '2026-09-10', answerBy: '2026-09-11' })
})

test('several departments have ten working days', () => {
  expect(deadlineOf(calendar, '2026-09-04', 2)).toMatchObject({ days: 10, halfwayOn: '2026-09-11', answerBy: '2026-09-18' })
})

test('a complaint that no unit is named in has five', () => {
  expect(deadlineOf(calendar, '2026-09-04', 0).days).toBe(5)
})

test('a Sunday worked in exchange counts, the days of a feast do not', () => {
  // Fri 18 → Sun 20 (worked), Mon 21, Tue 22, Wed 23, Thu 24
  expect(deadlineOf(calendar, '2026-09-18', 1).answerBy).toBe('2026-09-24')
  // Wed 30 September → 8, 9, 10 (Saturday, worked), 12, 13 October
  expect(deadlineOf(calendar, '2026-09-30', 1).answerBy).toBe('2026-10-13')
})

test('a complaint received on a holiday has its first day on the next working day', () => {
  expect(deadlineOf(calendar, '2026-10-03', 1).answerBy).toBe('2026-10-13')
})

test.each([
  ['2026-09-04', 5],
  ['2026-09-10', 1],
  ['2026-09-11', 0],
  ['2026-09-12', -1], // a Saturday: late all the same
  ['2026-09-14', -1],
  ['2026-09-15', -2],
])('on %s there are %i working days until 11 September', (today, left) => {
  expect(workingDaysLeft(calendar, today, '2026-09-11')).toBe(left)
})

const days = { halfwayOn: '2026-09-08', eveOn: '2026-09-10', answerBy: '2026-09-11' }

test.each([
  ['2026-09-07', 'calm'],
  ['2026-09-08', 'halfway'],
  ['2026-09-10', 'dueSoon'],
  ['2026-09-11', 'dueSoon'],
  ['2026-09-12', 'overdue'],
])('on %s an open case is %s', (today, expected) => {
  expect(urgencyOf({ status: 'assigned', ...days }, today)).toBe(expected)
  expect(urgencyOf({ status: 'closed', ...days }, today)).toBe('calm')
})

test.each([
  ['2026-09-07', 'none', undefined],
  ['2026-09-08', 'none', 'halfway'],
  ['2026-09-09', 'halfway', undefined],
  ['2026-09-10', 'halfway', 'eve'],
  ['2026-09-11', 'eve', undefined],
  ['2026-09-12', 'eve', 'overdue'],
  ['2026-09-20', 'overdue', undefined],
  ['2026-09-12', 'none', 'overdue'], // the server was down: the latest reminder, not all of them
] as const)('on %s a case last reminded of %s is reminded of %s', (today, reminded, expected) => {
  expect(reminderDue({ reminded, ...days }, today)).toBe(expected)
})

test('what was asked of somebody closes only when verified; what was asked of nobody may close at once', () => {
  expect(closesFrom('resolved')).toEqual(['verified'])
  expect(closesFrom('onTheSpot')).toContain('accepted')
  expect(closesFrom('notTaken')).not.toContain('assigned')
  expect(beginsAt('reopen')).toEqual(['closed'])
})

test('a number is read aloud with its year, and grows beyond four digits', () => {
  expect([complaintNumber(2026, 7), complaintNumber(2026, 12_345)]).toEqual(['TS2026-0007', 'TS2026-12345'])
})
