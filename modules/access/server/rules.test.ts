import { expect, test } from 'vitest'
import { signInPresets } from '../contract.ts'
import { presets } from './presets.ts'
import { beyond, failedAgain, isAlive, isOld, isSimplePin, isStrong, minutesLocked, widest } from './rules.ts'

const { grade3, modern } = signInPresets
const at = (time: string) => new Date(`2026-09-04T${time}:00+08:00`)

test('the fifth wrong password in a row locks for ten minutes, and the one after the lock counts as the first again', () => {
  const four = { count: 4, lastAt: at('09:00'), lockedUntil: null }

  const five = failedAgain(four, at('09:01'), grade3)

  expect(five.lockedUntil).toEqual(at('09:11'))
  expect(minutesLocked(five, at('09:01'))).toBe(10)
  expect(minutesLocked(five, at('09:10'))).toBe(1)
  expect(minutesLocked(five, at('09:11'))).toBe(0)
  expect(failedAgain(five, at('09:12'), grade3)).toMatchObject({ count: 1, lockedUntil: null })
})

test('wrong passwords more than a day apart are not in a row', () => {
  expect(failedAgain({ count: 4, lastAt: new Date('2026-09-02T08:00+08:00'), lockedUntil: null }, at('09:00'), grade3).count).toBe(1)
})

test('a session ends an hour after its last use, and after twelve hours however much it is used', () => {
  const session = { lastUsedAt: at('09:00'), expiresAt: at('20:00'), idleMinutes: 60, lockedAt: null }

  expect(isAlive(session, at('09:59'))).toBe(true)
  expect(isAlive(session, at('10:00'))).toBe(false)
  expect(isAlive({ ...session, lastUsedAt: at('19:59') }, at('20:00'))).toBe(false)
  expect(isAlive({ ...session, lockedAt: at('09:05') }, at('09:06'))).toBe(false)
})

test.each([
  ['Renxin-2026', true],
  ['仁心仁术abc1', true],
  ['renxin-2026', true],
  ['renxin-abcd', false],
  ['abcdefgh', false],
  ['12345678', false],
  ['Ab1!', false],
  ['Aa1!Aa1!Aa1!'.replaceAll('!', '1'), false],
  ['nurse.wang1', false],
])('by grade 3 the password %s of nurse.wang is strong enough: %s', (password, expected) => {
  expect(isStrong(password, 'nurse.wang', grade3)).toBe(expected)
})

test('the modern preset asks for length, not for kinds, and never lets a password grow old', () => {
  expect(isStrong('correct horse battery', 'nurse.wang', modern)).toBe(true)
  expect(isStrong('Renxin-2026', 'nurse.wang', modern)).toBe(false)
  expect(isOld(new Date('2016-01-01T00:00Z'), at('09:00'), modern.maxAgeDays)).toBe(false)
  expect(isOld(new Date('2026-06-01T00:00Z'), at('09:00'), grade3.maxAgeDays)).toBe(true)
  expect(isOld(new Date('2026-07-01T00:00Z'), at('09:00'), grade3.maxAgeDays)).toBe(false)
})

test.each([
  ['1111', true],
  ['1234', true],
  ['87654', true],
  ['1357', false],
  ['2580', false],
])('the PIN %s is one that is tried first: %s', (pin, expected) => expect(isSimplePin(pin)).toBe(expected))

test('of several roles the widest scope of each permission counts', () => {
  const may = widest([
    { permission: 'patients.read', scope: 'department' },
    { permission: 'patients.read', scope: 'hospital' },
    { permission: 'patients.read', scope: 'own' },
  ])

  expect(may.get('patients.read')).toBe('hospital')
})

test('a wider scope than one’s own is beyond it, a narrower is not', () => {
  const may = widest([{ permission: 'feedback.read', scope: 'department' }])

  expect(beyond(may, [{ permission: 'feedback.read', scope: 'ward' }])).toBeUndefined()
  expect(beyond(may, [{ permission: 'feedback.read', scope: 'hospital' }])).toBe('feedback.read')
  expect(beyond(may, [{ permission: 'access.users', scope: 'own' }])).toBe('access.users')
})

test('who runs the system reads no patient, and who audits can only read', () => {
  expect(Object.keys(presets.systemAdministrator ?? {}).filter((p) => /^(patients|encounters|feedback)\./.test(p))).toEqual([])
  expect(Object.keys(presets.auditor ?? {})).toEqual([
    'access.audit',
    'access.exportAudit',
    'access.exports',
    'followups.draws',
    'staff.read',
  ])
})

test('there are the thirteen roles of a hospital', () => {
  expect(Object.keys(presets)).toHaveLength(13)
})
