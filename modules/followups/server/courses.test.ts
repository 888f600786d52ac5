import { describe, expect, test } from 'vitest'
import { ProgrammeBody, type Step, timesOf } from '../contract.ts'
import { type Course, heldUntil, joined } from './courses.ts'
import { stepRows } from './steps.ts'

const step = (more: Partial<Step> = {}): Step => ({
  name: '复查', unit: 'days', fromOffset: 0, byOffset: 7, days: 'any', repeat: null, channel: 'phone', assignee: 'centre', questionnaireId: null,
  tries: 3, triesPerDay: 2, waitMinutes: 120, ...more,
}) // biome-ignore format: a row

describe('a step that comes again', () => {
  test('every three months for two years is eight times, each counted from its own month', () => {
    const rows = stepRows({ steps: [step(), step({ repeat: { everyMonths: 3, forMonths: 24 } })], variants: [] })

    expect(rows.map((r) => r.position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(rows.map((r) => r.months)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24])
    expect(rows[8]?.name).toBe('复查 8/8')
  })

  test('what does not fill another turn is not another turn', () => {
    expect(timesOf({ repeat: { everyMonths: 4, forMonths: 11 } })).toBe(2)
  })

  test('it makes no more than sixty tasks of one visit, and none in hours', () => {
    const body = (steps: object[]) => ({ name: '方案', level: 'study', trigger: 'discharged', rule: { classes: ['inpatient'] }, steps })
    expect(ProgrammeBody.safeParse(body([step({ repeat: { everyMonths: 1, forMonths: 60 } })])).success).toBe(true)
    expect(ProgrammeBody.safeParse(body([step(), step({ repeat: { everyMonths: 1, forMonths: 60 } })])).success).toBe(false)
    expect(ProgrammeBody.safeParse(body([step({ unit: 'hours', repeat: { everyMonths: 1, forMonths: 2 } })])).success).toBe(false)
    expect(ProgrammeBody.safeParse(body([step({ repeat: { everyMonths: 6, forMonths: 3 } })])).success).toBe(false)
  })
})

test('no department has two ways of its own', () => {
  const id = '018f0000-0000-7000-8000-000000000001'
  const variants = [{ departmentIds: [id], steps: [step()] }, { departmentIds: [id], steps: [step()] }] // biome-ignore format: two of a kind
  const said = { name: '方案', level: 'study', trigger: 'discharged', rule: { classes: ['inpatient'] }, steps: [step()], variants }
  expect(ProgrammeBody.safeParse(said).success).toBe(false)
})

describe('who comes back while his course runs', () => {
  const course = (encounterId: string, day: string, endsOn: string, more: Partial<Course> = {}): Course => ({
    encounterId, trigger: 'discharged', onReturn: 'pause', anchorAt: new Date(`${day}T10:00+08:00`), anchorOn: day, endsOn, ...more,
  }) // biome-ignore format: a row

  test('joins it until its last day, and begins another the day after', () => {
    const found = joined([
      course('c', '2026-07-01', '2026-10-01'),
      course('a', '2026-01-01', '2026-06-30'),
      course('b', '2026-06-30', '2026-12-31'),
    ])
    expect([...found]).toEqual([['b', 'a']])
  })

  test('what joined a course extends it by nothing', () => {
    const found = joined([
      course('a', '2026-01-01', '2026-03-01'),
      course('b', '2026-02-01', '2026-06-01'),
      course('c', '2026-04-01', '2026-07-01'),
    ])
    expect([...found]).toEqual([['b', 'a']])
  })

  test('of visits that each begin anew the latest counts', () => {
    const anew = { trigger: 'visited', onReturn: 'anew' } as const
    const found = joined([course('b', '2026-02-01', '2026-02-08', anew), course('a', '2026-01-01', '2026-01-08', anew)])
    expect([...found]).toEqual([['a', 'b']])
  })

  test('two courses that go on have nothing to do with each other', () => {
    expect(
      joined([course('a', '2026-01-01', '2026-06-30', { onReturn: 'goOn' }), course('b', '2026-02-01', '2026-07-30', { onReturn: 'goOn' })])
        .size,
    ).toBe(0)
  })
})

describe('a window that lay in a stay', () => {
  const stay = (admittedOn: string, dischargedOn: string) => ({ admittedOn, dischargedOn })

  test('opens on the day after it', () => {
    expect(heldUntil('2026-03-10', '2026-03-17', [stay('2026-03-05', '2026-03-12')])).toBe('2026-03-13')
  })

  test('is held when he came in on its last day, and not when it had ended', () => {
    expect(heldUntil('2026-03-10', '2026-03-17', [stay('2026-03-17', '2026-03-20')])).toBe('2026-03-21')
    expect(heldUntil('2026-03-10', '2026-03-17', [stay('2026-03-18', '2026-03-20')])).toBeNull()
  })

  test('is not held when he went home before it', () => {
    expect(heldUntil('2026-03-10', '2026-03-17', [stay('2026-03-01', '2026-03-09')])).toBeNull()
  })

  test('is held again by a stay into which it was moved', () => {
    expect(heldUntil('2026-03-10', '2026-03-17', [stay('2026-03-20', '2026-03-25'), stay('2026-03-09', '2026-03-15')])).toBe('2026-03-26')
  })
})
