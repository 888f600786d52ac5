import { expect, test } from 'vitest'
import { alarmsOf, isBackupDue, isDrillDue, lastPlanned, type Plan } from './plan.ts'
import type { Backup, Outcome } from './store.ts'

const plan: Plan = { at: '02:30', zone: 'Asia/Shanghai', keepDays: 14, alarmHours: 26, drillDays: 7 }
const at = (text: string) => new Date(`${text}+08:00`)
const outcome = (when: string, ok = true): Outcome => ({
  at: at(when).toISOString(),
  ok,
  problem: null,
  fault: null,
  seconds: 9,
  backupId: null,
  detail: {},
})
const backup = (startedAt: string): Backup => ({
  format: 1,
  id: '20261128T183000Z',
  startedAt: at(startedAt).toISOString(),
  endedAt: at(startedAt).toISOString(),
  startLsn: 0,
  endLsn: 0,
  timeline: 1,
  systemId: '1',
  segmentBytes: 1,
  postgres: '18.4',
  product: '1',
  keyPrint: '',
  isOwnKey: false,
  plainBytes: 0,
  files: {},
})
const known = { newest: undefined, last: undefined, goodDrill: undefined, lastDrill: undefined }

test('the planned hour is that of the hospital’s clock, today or yesterday', () => {
  expect(lastPlanned(plan, at('2026-11-28T02:29:59'))).toEqual(at('2026-11-27T02:30:00'))
  expect(lastPlanned(plan, at('2026-11-28T02:30:00'))).toEqual(at('2026-11-28T02:30:00'))
})

test.each([
  ['the first waits for its night', undefined, undefined, '2026-11-28T09:00:00', false],
  ['the first night it is made', undefined, undefined, '2026-11-29T02:30:30', true],
  ['once a night is enough', '2026-11-29T02:31:00', undefined, '2026-11-29T23:00:00', false],
  ['a night that was missed is made up for', '2026-11-26T02:31:00', undefined, '2026-11-28T08:30:00', true],
  ['one that failed waits for an hour', '2026-11-27T02:31:00', outcome('2026-11-28T02:31:00', false), '2026-11-28T03:00:00', false],
  ['and is tried again after it', '2026-11-27T02:31:00', outcome('2026-11-28T02:31:00', false), '2026-11-28T03:32:00', true],
])('backups: %s', (_, newest, last, now, expected) => {
  const since = at('2026-11-28T08:00:00')

  expect(isBackupDue(plan, { ...known, newest: newest ? backup(newest) : undefined, last }, { now: at(now), since })).toBe(expected)
})

test.each([
  ['there is nothing to try without a backup', { newest: undefined }, false],
  ['the first backup is tried', {}, true],
  ['within the week none follows', { goodDrill: outcome('2026-11-24T03:00:00') }, false],
  ['after a week one does', { goodDrill: outcome('2026-11-21T03:00:00') }, true],
  ['one that failed waits for the next backup', { lastDrill: outcome('2026-11-28T03:00:00', false) }, false],
  ['and is tried again then', { lastDrill: outcome('2026-11-27T03:00:00', false) }, true],
])('drills: %s', (_, said, expected) => {
  expect(isDrillDue(plan, { ...known, newest: backup('2026-11-28T02:30:00'), ...said }, at('2026-11-28T04:00:00'))).toBe(expected)
})

test('drills are never made by themselves where they are turned off', () => {
  expect(isDrillDue({ ...plan, drillDays: 0 }, { ...known, newest: backup('2026-11-28T02:30:00') }, at('2026-11-28T04:00:00'))).toBe(false)
})

const now = at('2026-11-28T12:00:00')
const reached = { timeline: 1, lsn: 0, at: at('2026-11-28T11:59:50').toISOString() }
const well = { ...known, newest: backup('2026-11-28T02:30:00'), goodDrill: outcome('2026-11-25T03:00:00'), bad: 0, reached }

test.each([
  ['nothing', {}, []],
  ['there is none', { newest: undefined, goodDrill: undefined }, ['none']],
  ['the newest is older than was set', { newest: backup('2026-11-27T09:59:00') }, ['old']],
  ['the last failed', { last: outcome('2026-11-28T02:30:00', false) }, ['failed']],
  ['one cannot be used', { bad: 1 }, ['spoilt']],
  ['the log is a quarter of an hour late', { reached: { ...reached, at: at('2026-11-28T11:45:00').toISOString() } }, ['logLate']],
  ['the last drill failed', { lastDrill: outcome('2026-11-28T03:00:00', false) }, ['drillFailed']],
  ['no drill went well for more than a week', { goodDrill: outcome('2026-11-20T03:00:00') }, ['drillOld']],
])('the alarm says when %s', (_, said, expected) => {
  expect(alarmsOf(plan, { ...well, ...said }, now)).toEqual(expected)
})
