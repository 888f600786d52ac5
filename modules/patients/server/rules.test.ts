import { makeClock } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { decideContact, endOfQuiet } from './rules.ts'

const clock = makeClock({ zone: 'Asia/Shanghai' })
const settings = { quietHours: [{ from: '21:00', to: '08:00' }], contactsPerDay: 1, contactsPerWeek: null }
const well = { isDeceased: false, refusals: [], isHeld: false, hasPhone: true, contactsToday: 0, contactsThisWeek: 0 }
const noon = new Date('2026-09-04T12:00+08:00')
const ask = { purpose: 'followup', channel: 'call' as const, at: noon, clock }

test('somebody well, with a phone, at noon, may be called', () => {
  expect(decideContact(well, settings, ask)).toEqual({ allowed: true })
})

test('the dead come before every other reason', () => {
  const known = { ...well, isDeceased: true, isHeld: true, hasPhone: false, contactsToday: 9 }

  expect(decideContact(known, settings, ask)).toEqual({ allowed: false, reason: 'deceased' })
})

test.each([
  ['channel', 'call', 'call', false],
  ['channel', 'message', 'call', true],
  ['channel', 'all', 'call', false],
  ['channel', 'all', 'inPerson', true],
  ['purpose', 'followup', 'inPerson', false],
  ['purpose', 'greeting', 'call', true],
] as const)('who refused the %s %s may be reached by %s: %s', (kind, value, channel, allowed) => {
  expect(decideContact({ ...well, refusals: [{ kind, value }] }, settings, { ...ask, channel }).allowed).toBe(allowed)
})

test('an open complaint holds planned contact back, at the bed too', () => {
  expect(decideContact({ ...well, isHeld: true }, settings, { ...ask, channel: 'inPerson' }).reason).toBe('openComplaint')
})

test('at the bed neither a phone nor the hour matters', () => {
  const night = new Date('2026-09-04T23:00+08:00')

  expect(decideContact({ ...well, hasPhone: false, contactsToday: 3 }, settings, { ...ask, channel: 'inPerson', at: night }).allowed).toBe(
    true,
  )
})

test('one contact a day: the next may be made when tomorrow’s quiet hours end', () => {
  expect(decideContact({ ...well, contactsToday: 1 }, settings, ask)).toEqual({
    allowed: false,
    reason: 'budget',
    until: new Date('2026-09-05T08:00+08:00'),
  })
})

test.each([
  ['2026-09-04T20:59+08:00', undefined],
  ['2026-09-04T21:00+08:00', '2026-09-05T08:00+08:00'],
  ['2026-09-05T00:30+08:00', '2026-09-05T08:00+08:00'],
  ['2026-09-05T07:59+08:00', '2026-09-05T08:00+08:00'],
  ['2026-09-05T08:00+08:00', undefined],
])('at %s the quiet hours end at %s', (at, until) => {
  expect(endOfQuiet(settings, new Date(at), clock)).toEqual(until ? new Date(until) : undefined)
})

test('the rest at noon is a quiet hour where a hospital says so', () => {
  const quietHours = [{ from: '12:00', to: '14:00' }]

  expect(endOfQuiet({ quietHours }, noon, clock)).toEqual(new Date('2026-09-04T14:00+08:00'))
})
