import { expect, test } from 'vitest'
import {
  formatAge,
  formatChange,
  formatCount,
  formatDay,
  formatDue,
  formatDuration,
  formatFull,
  formatMoment,
  formatMoney,
  formatNearDay,
  formatNps,
  formatPercent,
  formatPhone,
  formatScore,
} from './formats.ts'

const now = '2026-09-04T01:00:00Z' // nine in the morning in Shanghai

test('moments are told by the clock on the hospital wall, wherever the browser stands', () => {
  expect(formatFull('2026-09-03T16:05:00Z')).toBe('2026-09-04 00:05')
  expect(formatMoment('2026-09-03T16:05:00Z', now)).toBe('今天 00:05')
  expect(formatMoment('2026-09-03T15:59:00Z', now)).toBe('昨天 23:59')
  expect(formatMoment('2026-08-20T06:05:00Z', now)).toBe('2026-08-20 14:05')
  expect(formatDay('2026-09-03T16:05:00Z')).toBe('2026-09-04')
  expect(formatMoment(null)).toBe('—')
})

test('what is due on a day has no time, what is due at a time has one', () => {
  expect(formatDue('2026-09-04T16:00:00Z', now)).toBe('明天')
  expect(formatDue('2026-09-11T16:00:00Z', now)).toBe('2026-09-12')
  expect(formatDue('2026-09-04T06:30:00Z', now)).toBe('今天 14:30')
})

test('a due day is told as one would say it', () => {
  expect(['2026-09-04', '2026-09-05', '2026-09-12', '2027-01-02'].map((d) => formatNearDay(d, now))).toEqual([
    '今天',
    '明天',
    '9月12日',
    '2027-01-02',
  ])
})

test.each([
  ['2026-08-23', '12天'],
  ['2026-08-07', '0月龄'],
  ['2026-02-01', '7月龄'],
  ['2024-05-04', '2岁4个月'],
  ['2021-09-04', '5岁'],
  ['2020-09-05', '5岁11个月'],
  ['1959-09-05', '66岁'],
  ['1959-09-04', '67岁'],
])('somebody born on %s is %s old', (bornOn, age) => {
  expect(formatAge(bornOn, '2026-09-04')).toBe(age)
})

test('phones are grouped, masked ones stay as they are', () => {
  expect(formatPhone('13800138000')).toBe('138 0013 8000')
  expect(formatPhone('138****8000')).toBe('138****8000')
  expect(formatPhone('0510-12345678')).toBe('0510-1234 5678')
  expect(formatPhone('01066886688')).toBe('010-6688 6688')
})

test('amounts keep their cents, shares one decimal, means two, and what is unknown is no zero', () => {
  expect(formatMoney('1280')).toBe('¥1,280.00')
  expect(formatMoney('-1234567.5')).toBe('-¥1,234,567.50')
  expect([formatPercent(0.9167), formatScore(4.618), formatNps(42), formatNps(-3), formatCount(1284)]).toEqual([
    '91.7%',
    '4.62',
    '+42',
    '-3',
    '1,284',
  ])
  expect([formatPercent(null), formatScore(undefined), formatNps(Number.NaN), formatMoney(null)]).toEqual(['—', '—', '—', '—'])
})

test('a change says its direction, and none where it rounds to nothing', () => {
  expect(formatChange(0.012)).toBe('▲ 1.2 个百分点')
  expect(formatChange(-3, { isShare: false, digits: 0 })).toBe('▼ 3')
  expect(formatChange(0.0001)).toBe('持平')
})

test('a talk is told in minutes and seconds, a stay in days and hours', () => {
  expect(formatDuration(155)).toBe('02:35')
  expect(formatDuration(76 * 3600)).toBe('3天4小时')
})
