import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codesOf } from '../columns/index.ts'
import { judge, type Setting } from './judge.ts'
import { guessMapping } from './layout.ts'
import { heads, person } from './table.fixture.ts'

const settingOf = (more: Partial<Setting> = {}): Setting => ({
  kind: 'patients',
  heads,
  mapping: guessMapping('patients', heads, []),
  zone: 'Asia/Shanghai',
  codes: codesOf().codes,
  authority: 'HIS',
  saidAt: new Date('2026-11-10T01:00:00Z'),
  now: new Date('2026-11-10T01:00:00Z'),
  today: '2026-11-10',
  own: [],
  roles: null,
  isStrict: true,
  ...more,
})

test('a row says something, is put aside, or has a problem that keeps it out; whatever stands in it', () => {
  const spoilt = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('1.10101E+17', '45000', '2019-02-30', '合计', '', 'NULL', '１３９', '13900000001/010-12345678', '9999-12-31', '=1+1'),
  )
  fc.assert(
    fc.property(
      fc.array(spoilt, { maxLength: 12 }),
      fc.constantFrom('patients', 'encounters', 'staff', 'places' as const),
      fc.boolean(),
      (cells, kind, isStrict) => {
        const judged = judge(cells, settingOf({ kind, isStrict, mapping: guessMapping(kind, heads, []) }))
        const isOut = judged.problems.some((p) => p.level === 'error')
        expect([judged.aside !== null, judged.facts !== undefined, isOut].filter(Boolean)).toHaveLength(1)
      },
    ),
    { numRuns: 2000 },
  )
})

test('what a person would put right keeps a row out by day; at night the rest of it is taken', () => {
  const row = person(1, { 联系电话: '139', 出生日期: '2019-02-30' })
  const byDay = judge(row, settingOf())
  const byNight = judge(row, settingOf({ isStrict: false }))

  expect(byDay.facts).toBeUndefined()
  expect(byDay.problems.map((p) => `${p.level} ${p.field} ${p.code}`).sort()).toEqual(['error birthOn badDate', 'error mobile phoneShort'])
  expect(byNight.facts?.person?.name).toBe(row[1])
  expect(byNight.facts?.person?.birthOn).toBeUndefined()
  expect(byNight.problems.every((p) => p.level === 'warning')).toBe(true)
})
