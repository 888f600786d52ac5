import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LineStatus, ReportStatus } from './facts.ts'
import type { StoredItem } from './kinds.ts'
import { pack, type StoredPanel, unpack } from './lines.ts'
import { criticalValues, hear, newRecord, type RecordState, type Statement } from './rules.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 8, 1, 0, minute))
const item = (code: string, value: string | null, flag: string | null = null): StoredItem => ({
  code, name: `${code}名`, value, amount: value === null ? null : Number(value), unit: 'mmol/L', range: null, flag, observedAt: null,
}) // biome-ignore format: a line of a report
const line = (
  code: string,
  value: string | null,
  status: LineStatus = 'final',
  flag: string | null = null,
  subId: string | null = null,
) => ({
  subId,
  status,
  item: item(code, value, flag),
})
const panel = (code: string, lines: StoredPanel['lines'], status: ReportStatus = 'final'): StoredPanel => ({
  code,
  status,
  title: code,
  lines,
})
const said = (minute: number, ...panels: StoredPanel[]): Statement => ({
  is: 'report',
  source: 'LIS',
  number: 'R1',
  sourceAt: at(minute),
  said: { status: 'final' },
  panels,
})
const whole = (minute: number, ...items: StoredItem[]): Statement => ({
  is: 'report',
  source: 'HIS',
  number: 'R1',
  sourceAt: at(minute),
  said: { status: 'final', items },
})
const after = (...statements: readonly Statement[]): RecordState => {
  const record = newRecord('report')
  for (const s of statements) hear(record, s)
  return record
}
const shown = ({ values }: RecordState) =>
  (values.items as readonly StoredItem[]).map((i) => [i.code, i.value, i.status ?? 'final', ...(i.former ?? []).map((f) => f.value)])

describe('a report that comes in several messages', () => {
  test('shows the lines of all of them, panel by panel, and is final when all of it is', () => {
    const first = said(1, panel('肾功能', [line('CREA', '88'), line('UREA', '5')]))
    const second = said(2, panel('肾功能', [line('UA', '300')]), panel('血糖', [line('GLU', '7.1', 'preliminary')], 'preliminary'))
    const third = said(3, panel('血糖', [line('GLU', '7.2')]))

    expect(shown(after(first, second))).toEqual([
      ['CREA', '88', 'final'],
      ['UREA', '5', 'final'],
      ['UA', '300', 'final'],
      ['GLU', '7.1', 'preliminary'],
    ])
    expect(after(first, second).values).toMatchObject({ status: 'preliminary', title: '肾功能、血糖' })
    expect(after(first, second, third).values).toMatchObject({ status: 'final' })
  })

  test('keeps what a corrected line said before, and a critical value that was wrong is none any more', () => {
    const found = said(1, panel('生化', [line('K', '6.8', 'final', 'HH'), line('NA', '140')]))
    const corrected = said(9, panel('生化', [line('K', '4.1', 'corrected')], 'corrected'))

    expect(shown(after(found, corrected))).toEqual([
      ['K', '4.1', 'corrected', '6.8'],
      ['NA', '140', 'final'],
    ])
    expect(criticalValues(after(found)).size).toBe(1)
    expect(criticalValues(after(found, corrected)).size).toBe(0)
  })

  test('keeps a withdrawn line with what it said, and nothing of a line that was another patient’s', () => {
    const first = said(1, panel('生化', [line('K', '6.8', 'final', 'HH'), line('NA', '140')]))

    expect(shown(after(first, said(2, panel('生化', [line('K', null, 'withdrawn')]))))).toContainEqual(['K', null, 'withdrawn', '6.8'])
    expect(criticalValues(after(first, said(2, panel('生化', [line('K', null, 'withdrawn')])))).size).toBe(0)
    expect(shown(after(first, said(2, panel('生化', [line('K', null, 'mistaken')]))))).toEqual([['NA', '140', 'final']])
    expect(
      shown(after(first, said(2, panel('生化', [line('K', null, 'mistaken')])), said(3, panel('生化', [line('K', '4.0')])))),
    ).toContainEqual(['K', '4.0', 'final'])
  })

  test('does not lose a value to the announcement of one to come', () => {
    expect(shown(after(said(1, panel('生化', [line('K', '4.1')])), said(2, panel('生化', [line('K', null, 'preliminary')]))))).toEqual([
      ['K', '4.1', 'final'],
    ])
  })

  test('keeps lines of one code apart by their sub-number, and by their order where they have none', () => {
    expect(shown(after(said(1, panel('培养', [line('ORG', '1', 'final', null, '1'), line('ORG', '2', 'final', null, '2')]))))).toHaveLength(
      2,
    )
    expect(shown(after(said(1, panel('糖耐量', [line('GLU', '5'), line('GLU', '8')]))))).toHaveLength(2)
  })
})

test('a report stays the laboratory’s where a comment that comes alone does not show of what it is', () => {
  const kinds = (...all: [number, string][]) => after(...all.map(([minute, kind]) => ({ ...said(minute), said: { kind } }))).values.kind

  expect(kinds([1, 'laboratory'], [2, 'other'])).toBe('laboratory')
  expect(kinds([2, 'other'], [1, 'laboratory'])).toBe('laboratory')
  expect(kinds([2, 'imaging'], [1, 'laboratory'], [3, 'other'])).toBe('imaging')
})

test('a report that comes whole loses the lines that are no longer in it and keeps what the others said before', () => {
  const state = after(whole(1, item('K', '6.8', 'HH'), item('NA', '140')), whole(2, item('K', '4.1')))

  expect(shown(state)).toEqual([['K', '4.1', 'final', '6.8']])
  expect(after(whole(1, item('K', '6.8'))).parts).toBeUndefined()
  expect(after(whole(1, item('K', '6.8')), whole(1, item('K', '6.8')))).toEqual(after(whole(1, item('K', '6.8'))))
})

describe('whatever is said of a report', () => {
  const value = fc.constantFrom('1', '2', '3', null)
  const status = fc.constantFrom<LineStatus>('preliminary', 'final', 'corrected', 'withdrawn', 'mistaken')
  const lines = fc.uniqueArray(fc.tuple(fc.constantFrom('K', 'NA', 'CL'), value, status), { selector: ([code]) => code, maxLength: 3 })
  const panels = fc.uniqueArray(fc.tuple(fc.constantFrom('甲', '乙'), lines, fc.constantFrom<ReportStatus>('preliminary', 'final')), {
    selector: ([code]) => code,
    minLength: 1,
    maxLength: 2,
  })
  const inParts = fc.array(panels, { minLength: 1, maxLength: 7 }).map((all) =>
    all.map(
      (ofMessage, minute) =>
      said(minute, ...ofMessage.map(([code, its, sure]) => panel(code, its.map(([c, v, s]) => line(c, s === 'withdrawn' ? null : v, s)), sure))), // biome-ignore format: one thought
    ),
  )
  const inWhole = fc
    .array(fc.uniqueArray(fc.tuple(fc.constantFrom('K', 'NA', 'CL'), value), { selector: ([code]) => code }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((all) => all.map((its, minute) => whole(minute, ...its.map(([code, v]) => item(code, v)))))
  const anyhow = fc
    .oneof(inParts, inWhole)
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })))

  test('ends in the same lines in every order and with every doubling of its messages', () => {
    fc.assert(
      fc.property(anyhow, ([once, shuffled]) => {
        expect(after(...shuffled)).toEqual(after(...once))
      }),
    )
  })

  test('is the same after it was laid away and taken out again', () => {
    fc.assert(
      fc.property(anyhow, ([all]) => {
        const { parts, values } = after(...all)
        if (parts) expect(unpack(JSON.parse(JSON.stringify(pack(parts))), values.items as readonly StoredItem[])).toEqual(parts)
      }),
    )
  })
})
