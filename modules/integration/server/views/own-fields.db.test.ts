import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { type FieldDefinition, fieldsApi } from '@renxin/patients/contract'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ColumnMapping } from '../../columns-contract.ts'
import { viewsApi } from '../../views-contract.ts'
import { integration } from '../index.ts'
import { postgresHis } from './his-of-test.ts'
import { mapping, openScene } from './scene-of-test.ts'

const house = await openHouse([staff, files, patients, encounters, integration], { now: '2026-03-10T10:00+08:00' })
const his = await postgresHis()
afterAll(() => his.close())
const { begin, prefix, engineer, settings, save, write, read, state, ask, viewId } = await openScene(house, his, 'PostgreSQL')
beforeEach(begin)

const define = (said: Pick<FieldDefinition, 'key' | 'label' | 'kind' | 'object'> & Partial<FieldDefinition>) =>
  house.who('patients.manage').call(fieldsApi.saveField, {
    id: newId(), options: [], isRequired: false, pattern: null, least: null, most: null, position: 0, isActive: true, isSearchable: false,
    isInList: false, isSensitive: false, riskOption: null, ...said,
  }) // biome-ignore format: a list

/** The view of a HIS that says more than others do: where somebody lives, as a code, and a number that nobody is to see. */
beforeAll(async () => {
  await define({ key: 'living', label: '居住情况', kind: 'choice', object: 'patient', options: ['独居', '与家人同住'] })
  await define({ key: 'escort', label: '陪护人数', kind: 'number', object: 'inpatient', most: '3' })
  await define({ key: 'bloodCard', label: '献血证号', kind: 'text', object: 'patient', isSensitive: true })
  await his.run(`create view 出院加项 as select h.*, h.床号 as 居住情况, 2 as 陪护人数, 'XZ20260042' as 献血证号 from 住院 h`)
})
const more: ColumnMapping = {
  ...mapping,
  'own:patient:living': { column: '居住情况' },
  'own:inpatient:escort': { column: '陪护人数' },
  'own:patient:bloodCard': { column: '献血证号' },
}
const from = () => ({ ...settings().from, name: '出院加项' })
const codes = { 'own:patient:living': { '1': '独居', '2': '与家人同住' } }
const kept = (no: number) =>
  house
    .sql<{ key: string; text: string | null; number: number | null; sealed: boolean }>(
      `select d.key, v.text_value as text, v.number_value as number, v.sealed is not null as sealed from patients.field_values v
       join patients.field_definitions d on d.id = v.field_id join encounters.cards e on v.object_id in (e.id, e.patient_id)
       where e.number = $1 and v.is_shown order by d.key`,
      [`${prefix()}${no}`],
    )
    .then((rows) => rows.map((r) => `${r.key} ${r.sealed ? 'sealed' : (r.text ?? r.number)}`))

test('columns of a view stand in the hospital’s own fields of the patient and of the stay; a code that means nothing is noted and read again', async () => {
  await write(1, { 床号: '1' })
  await write(2, { 床号: '7' })
  await save({ from: from(), mapping: more, codes })

  await read()

  expect(await kept(1)).toEqual(['bloodCard sealed', 'escort 2', 'living 独居'])
  expect(await kept(2)).toEqual(['bloodCard sealed', 'escort 2'])
  expect(await state()).toMatchObject({ waiting: 0, noted: 1 })
  expect((await engineer.call(viewsApi.viewRows, { id: viewId(), status: 'noted' })).rows[0]?.problems).toEqual([
    { field: 'own:patient:living', column: '居住情况', code: 'badOwnField', value: '7', stops: false },
  ])

  await save({ from: from(), mapping: more, codes: { 'own:patient:living': { ...codes['own:patient:living'], '7': '独居' } } })
  house.advance({ seconds: 1 })
  await engineer.call(viewsApi.reread, { id: viewId(), status: 'noted' })

  expect(await kept(2)).toContain('living 独居')
})

test('whoever sets the view up finds the own fields guessed by the names of the columns, and the sealed one masked', async () => {
  await write(1, { 床号: '2' })

  const columns = await ask({ what: 'columns', subject: 'discharges', from: from() })
  const dry = await ask({ what: 'dryRun', subject: 'discharges', from: from(), mapping: more, codes })

  if (columns?.what !== 'columns' || dry?.what !== 'dryRun') throw new Error(JSON.stringify([columns, dry]))
  expect(columns.mapping).toMatchObject({
    'own:patient:living': { column: '居住情况' },
    'own:inpatient:escort': { column: '陪护人数' },
    'own:patient:bloodCard': { column: '献血证号' },
  })
  expect(columns.rows[0]?.献血证号).toBe('XZ******42')
  expect(dry.rows[0]?.facts).toContainEqual({ about: 'patient', field: 'own:patient:living', value: '与家人同住' })
  expect(dry.rows[0]?.facts).toContainEqual({ about: 'patient', field: 'own:patient:bloodCard', value: 'XZ******42' })
  expect(dry.rows[0]?.facts).toContainEqual({ about: 'encounter', field: 'own:inpatient:escort', value: '2' })
  expect(dry.rows[0]?.problems).toEqual([])
})
