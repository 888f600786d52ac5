import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bookingNews, criticalValues, happenedAt, hear, newRecord, type RecordState, type Statement } from './rules.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 8, 1, 0, minute))
const said = (minute: number, fields: Statement['said']): Statement => ({
  is: 'report',
  source: 'LIS',
  number: 'R1',
  sourceAt: at(minute),
  said: fields,
})
const potassium = (value: string, flag: string | null) => ({
  code: 'K',
  name: '钾',
  value,
  amount: Number(value),
  unit: 'mmol/L',
  range: '3.5-5.3',
  flag,
  observedAt: null,
})
const after = (...statements: Statement[]): RecordState => {
  const record = newRecord('report')
  for (const s of statements) hear(record, s)
  return record
}

describe('a record', () => {
  test('keeps what a later word does not name, and loses what it deletes', () => {
    const record = after(
      said(1, { status: 'preliminary', findings: '右下肺见斑片影', conclusion: '炎症？' }),
      said(2, { status: 'final', conclusion: null }),
    )

    expect(record.values).toMatchObject({ status: 'final', findings: '右下肺见斑片影', conclusion: null })
  })

  test('ends in the same state in every order and with every doubling of its statements', () => {
    const field = fc.constantFrom('title', 'findings', 'conclusion', 'accessionNumber', 'isCritical')
    const fields = fc.dictionary(field, fc.constantFrom('甲', '乙', null))
    const statements = fc.uniqueArray(fc.record({ minute: fc.nat(60), fields }), { selector: (s) => s.minute, minLength: 1, maxLength: 8 })
    const heard = statements.chain((all) => {
      const each = all.map((s) => said(s.minute, { status: 'final', ...s.fields }))
      return fc.tuple(fc.constant(each), fc.shuffledSubarray([...each, ...each], { minLength: each.length * 2 }))
    })

    fc.assert(
      fc.property(heard, ([once, anyhow]) => {
        expect(after(...anyhow)).toEqual(after(...once))
      }),
    )
  })

  test('stands in lists where it was observed, else where its source last spoke of it', () => {
    expect(happenedAt('report', after(said(1, { status: 'final', observedAt: '2026-08-31T20:00:00.000Z' })))).toBe(
      '2026-08-31T20:00:00.000Z',
    )
    expect(happenedAt('report', after(said(1, { status: 'registered' }), said(9, { status: 'final' })))).toBe(at(9).toISOString())
  })
})

describe('a critical value', () => {
  test.each([
    ['HH', 1],
    ['LL', 1],
    ['AA', 1],
    ['H', 0],
    [null, 0],
  ])('the flag %s makes %i', (flag, expected) => {
    expect(criticalValues(after(said(1, { status: 'final', items: [potassium('6.8', flag)] }))).size).toBe(expected)
  })

  test('of a withdrawn report is none, and a report that is marked as a whole is one', () => {
    expect(criticalValues(after(said(1, { status: 'cancelled', items: [potassium('6.8', 'HH')] }))).size).toBe(0)
    expect(criticalValues(after(said(1, { status: 'final', isCritical: true, items: [potassium('4.0', null)] }))).size).toBe(1)
  })
})

test('an appointment is made once, changed when its time moves, cancelled when the patient does not come', () => {
  const booked = after(said(1, { status: 'booked', startsAt: '2026-09-10T01:00:00.000Z' }))
  const moved = after(said(1, { status: 'booked', startsAt: '2026-09-11T01:00:00.000Z' }))
  const arrived = after(said(2, { status: 'arrived', startsAt: '2026-09-10T01:00:00.000Z' }))
  const missed = after(said(3, { status: 'noShow' }))

  expect([bookingNews(undefined, booked), bookingNews(booked, moved), bookingNews(booked, arrived), bookingNews(booked, missed)]).toEqual([
    'made',
    'changed',
    undefined,
    'cancelled',
  ])
  expect(bookingNews(undefined, missed)).toBeUndefined()
})
