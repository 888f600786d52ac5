import { encounters, getEncounter } from '@renxin/encounters'
import { encountersApi } from '@renxin/encounters/contract'
import { files } from '@renxin/files'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import type { Target } from '../../columns-contract.ts'
import { applyRows, codesOf, guessColumns, type Row, readRow } from './index.ts'

const house = await openHouse([staff, files, patients, encounters])

const factsOf = (rows: readonly Row[], target: Target = 'encounters') =>
  rows.flatMap((row) => {
    const mapping = guessColumns(target, Object.keys(row), rows)
    return readRow(target, mapping, row, { zone: 'Asia/Shanghai', codes: codesOf().codes, readAt: house.now() }).facts ?? []
  })

const stay = (n: number, more: Row = {}): Row => ({
  ZYH: `Z${n}`,
  BAH: `B${n}`,
  XM: '赵建国',
  RYRQ: '2026-03-01 09:30',
  CYRQ: '2026-03-09 10:00',
  BQ: '心内一病区',
  ...more,
})

test('some hundred rows are told at once, and each is answered with its patient and its visit', async () => {
  const outcomes = await house.inside((ctx) => applyRows(ctx, factsOf(Array.from({ length: 300 }, (_, n) => stay(n)))))

  expect(new Set(outcomes.map((o) => o.patientId)).size).toBe(300)
  expect(new Set(outcomes.map((o) => o.encounterId)).size).toBe(300)
  const one = await house.inside((ctx) => getEncounter(ctx, outcomes[7]?.encounterId ?? ''))
  expect(one).toMatchObject({ number: 'Z7', status: 'discharged', class: 'inpatient', ward: { name: '心内一病区' }, lengthOfStayDays: 8 })
})

test('a row that the database refuses stands alone with its failure, the others of its batch are taken', async () => {
  const [bad, ...good] = factsOf([stay(1001, { XM: '坏' }), stay(1002), stay(1003), stay(1004)])
  const broken = { ...bad, person: bad?.person && { ...bad.person, birthOn: '2026-02-31' } }

  const outcomes = await house.inside((ctx) => applyRows(ctx, [...good.slice(0, 1), broken, ...good.slice(1)]))

  expect(outcomes.map((o) => o.failure !== null)).toEqual([false, true, false, false])
  expect(outcomes[1]).toMatchObject({ patientId: null, encounterId: null, failure: '22008' })
  const seen = await house.who('encounters.read').call(encountersApi.list, { class: 'inpatient', status: 'discharged' })
  expect(seen.rows.length).toBeGreaterThan(2)
})

test('the lines of a report that come in several rows are one report', async () => {
  const line = (XMMC: string, JG: string): Row => ({
    BGDH: 'L1',
    BAH: 'B1',
    XMMC,
    JG,
    DW: 'mmol/L',
    BGSJ: '2026-03-09 10:00',
    GXSJ: '2026-03-09 10:01',
  })

  const [outcome] = await house.inside((ctx) =>
    applyRows(ctx, factsOf([line('钾', '6.8'), line('钠', '141'), line('氯', '101')], 'reports')),
  )

  expect(
    await house.sql('select name, amount from encounters.report_item_cards where patient_id = $1 order by position', [outcome?.patientId]),
  ).toEqual([
    { name: '钾', amount: 6.8 },
    { name: '钠', amount: 141 },
    { name: '氯', amount: 101 },
  ])
})
