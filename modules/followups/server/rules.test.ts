import { makeClock, plainWeek } from '@renxin/kernel'
import { describe, expect, test } from 'vitest'
import { isSenior, type Outcome } from '../contract.ts'
import { afterSilence, codesOf, queueAt, retryMoment, spread } from './rules.ts'
import { movesBetween } from './windows.ts'

const clockAt = (now: string) => makeClock({ zone: 'Asia/Shanghai', now: () => new Date(now) })
const hours = { from: '08:30', until: '20:00' }
const said = (outcome: Outcome, now: string, more: object = {}) =>
  afterSilence(clockAt(now), outcome, {
    tries: 1,
    triesToday: 1,
    patience: { tries: 3, triesPerDay: 2, waitMinutes: 120 },
    hours,
    hasOtherNumber: false,
    callBackAt: null,
    ...more,
  })

describe('nobody answers', () => {
  test('it is tried again after the wait', () => {
    expect(said('noAnswer', '2026-09-04T10:00+08:00')).toEqual({ kind: 'retry', at: new Date('2026-09-04T12:00+08:00') })
  })

  test('the second time on one day it waits for ten the next morning', () => {
    const next = said('noAnswer', '2026-09-04T13:00+08:00', { tries: 2, triesToday: 2 })

    expect(next).toEqual({ kind: 'retry', at: new Date('2026-09-05T10:00+08:00') })
  })

  test('the last try closes the task', () => {
    expect(said('noAnswer', '2026-09-04T13:00+08:00', { tries: 3 })).toEqual({ kind: 'close' })
    expect(said('off', '2026-09-04T13:00+08:00', { tries: 4 })).toEqual({ kind: 'close' })
  })

  test('a busy line is tried soon, a telephone that is off later', () => {
    expect(said('busy', '2026-09-04T10:00+08:00')).toEqual({ kind: 'retry', at: new Date('2026-09-04T10:30+08:00') })
    expect(said('off', '2026-09-04T10:00+08:00')).toEqual({ kind: 'retry', at: new Date('2026-09-04T14:00+08:00') })
  })
})

describe('the hours in which patients are called', () => {
  test('a wait that ends at the last minute is kept, one that ends at closing time goes to the next morning', () => {
    expect(retryMoment(clockAt('2026-09-04T17:59+08:00'), 120, hours, false)).toEqual(new Date('2026-09-04T19:59+08:00'))
    expect(retryMoment(clockAt('2026-09-04T18:00+08:00'), 120, hours, false)).toEqual(new Date('2026-09-05T10:00+08:00'))
  })

  test('a wait over midnight ends when the hours begin', () => {
    expect(retryMoment(clockAt('2026-09-04T19:00+08:00'), 660, hours, false)).toEqual(new Date('2026-09-05T08:30+08:00'))
  })

  test('where the hours do not contain ten in the morning, the next day begins when they begin', () => {
    const evening = { from: '17:00', until: '20:00' }

    expect(retryMoment(clockAt('2026-09-04T19:30+08:00'), 60, evening, false)).toEqual(new Date('2026-09-05T17:00+08:00'))
  })

  test('enough for today never shortens a long wait', () => {
    expect(retryMoment(clockAt('2026-09-04T10:00+08:00'), 3 * 24 * 60, hours, true)).toEqual(new Date('2026-09-07T10:00+08:00'))
  })
})

describe('the number is not the patient’s', () => {
  test('another number is tried at once', () => {
    const now = '2026-09-04T10:00+08:00'

    expect(said('wrongNumber', now, { hasOtherNumber: true, tries: 9 })).toEqual({ kind: 'retry', at: new Date(now) })
    expect(said('voidNumber', now, { hasOtherNumber: true })).toEqual({ kind: 'retry', at: new Date(now) })
  })

  test('without another the task closes', () => {
    expect(said('wrongNumber', '2026-09-04T10:00+08:00')).toEqual({ kind: 'close' })
    expect(said('voidNumber', '2026-09-04T10:00+08:00')).toEqual({ kind: 'close' })
  })
})

test('a promised call-back is kept to its minute, even in the evening and after many tries', () => {
  const callBackAt = new Date('2026-09-04T20:30+08:00')

  expect(said('callLater', '2026-09-04T10:00+08:00', { callBackAt, tries: 9, triesToday: 9 })).toEqual({ kind: 'callBack', at: callBackAt })
})

test('a refusal closes; death, readmission and transfer cancel', () => {
  const at = '2026-09-04T10:00+08:00'

  expect(said('refused', at)).toEqual({ kind: 'close' })
  expect(said('patientDead', at)).toEqual({ kind: 'cancel', reason: 'died' })
  expect(said('readmitted', at)).toEqual({ kind: 'cancel', reason: 'readmitted' })
  expect(said('transferred', at)).toEqual({ kind: 'cancel', reason: 'transferred' })
})

test('a task stands as many hours before its deadline as its risk says', () => {
  const dueBy = new Date('2026-09-10T12:00+08:00')

  expect(queueAt(dueBy, 0)).toEqual(dueBy)
  expect(queueAt(dueBy, 48)).toEqual(new Date('2026-09-08T12:00+08:00'))
})

test('a range of diagnoses takes in everything that begins like its last code', () => {
  expect(codesOf('I20-I25')).toEqual({ from: 'I20', below: 'I26' })
  expect(codesOf('I21')).toEqual({ from: 'I21', below: 'I22' })
  expect(codesOf('C34.1')).toEqual({ from: 'C34.1', below: 'C34.2' })
  expect(codesOf('C00-C79')).toEqual({ from: 'C00', below: 'C7:' })
})

test('tasks go to whoever has the least', () => {
  const loads = [
    { id: 'a', openTasks: 2 },
    { id: 'b', openTasks: 0 },
  ]

  expect(spread(5, loads)).toEqual(['b', 'b', 'a', 'b', 'a'])
  expect(spread(0, loads)).toEqual([])
})

test('a rest day leads to the next working day, over a whole holiday', () => {
  const calendar = {
    exceptions: new Map([
      ['2026-10-01', false],
      ['2026-10-02', false],
      ['2026-10-05', false],
      ['2026-10-10', true],
    ]),
    announcedYears: new Set([2026]),
  }
  const rest = movesBetween(calendar, [], '2026-09-30', '2026-10-11', ['working', 'phone'])

  expect(rest.day).toEqual(['2026-10-11', '2026-10-05', '2026-10-04', '2026-10-03', '2026-10-02', '2026-10-01'])
  expect(rest.moved).toEqual(['2026-10-12', '2026-10-06', '2026-10-06', '2026-10-06', '2026-10-06', '2026-10-06'])
  expect(new Set(rest.kind)).toEqual(new Set(['working']))
})

test('a call that would fall on days without calls comes on the first day after; where it waits for working days too, on the first of those', () => {
  const springFestival = { fromOn: '2027-02-05', untilOn: '2027-02-11' } // until a Thursday; then a day without calls, then a weekend
  const silences = [springFestival, { fromOn: '2027-02-12', untilOn: '2027-02-12' }]

  const moves = movesBetween(plainWeek, silences, '2027-02-04', '2027-02-12', ['phone', 'working', 'both'])

  const to = (kind: string, day: string) => moves.moved[moves.day.findIndex((d, i) => d === day && moves.kind[i] === kind)]
  expect(to('phone', '2027-02-05')).toBe('2027-02-13')
  expect(to('both', '2027-02-05')).toBe('2027-02-15')
  expect(to('working', '2027-02-06')).toBe('2027-02-08') // a visit at the bed knows weekends and no days without calls
  expect(to('phone', '2027-02-04')).toBeUndefined()
})

describe('who is senior enough', () => {
  const wang = { title: '主管护师', startedOn: '2021-09-04' }

  test.each([
    [5, '2026-09-03', false], // the day before the fifth anniversary
    [5, '2026-09-04', true],
    [0, '2021-09-04', true],
    [6, '2026-09-04', false],
  ])('with %i years asked for on %s: %s', (minYears, today, fits) => {
    expect(isSenior(wang, { minYears, titles: [] }, today)).toBe(fits)
  })

  test('any of the titles will do, and no other', () => {
    expect(isSenior(wang, { minYears: 0, titles: ['副主任护师', '主管护师'] }, '2026-09-04')).toBe(true)
    expect(isSenior(wang, { minYears: 0, titles: ['副主任护师'] }, '2026-09-04')).toBe(false)
  })

  test('who began on the 29th of February has been here a year from the 1st of March', () => {
    const leap = { title: null, startedOn: '2024-02-29' }
    expect(isSenior(leap, { minYears: 1, titles: [] }, '2025-02-28')).toBe(false)
    expect(isSenior(leap, { minYears: 1, titles: [] }, '2025-03-01')).toBe(true)
  })

  test('of whom nothing is known fits where nothing is asked, and nowhere else', () => {
    const unknown = { title: null, startedOn: null }
    expect(isSenior(unknown, { minYears: 0, titles: [] }, '2026-09-04')).toBe(true)
    expect(isSenior(unknown, { minYears: 1, titles: [] }, '2026-09-04')).toBe(false)
    expect(isSenior(unknown, { minYears: 0, titles: ['护士'] }, '2026-09-04')).toBe(false)
  })
})
