import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, patients } from '@renxin/patients'
import { type FieldDefinition, fieldsApi } from '@renxin/patients/contract'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { beforeAll, expect, test } from 'vitest'
import { importsApi } from '../../imports-contract.ts'
import { integration } from '../index.ts'
import { workOnce } from './loop.ts'
import { csv } from './table.fixture.ts'

const house = await openHouse([staff, files, patients, encounters, integration], { now: '2026-11-10T09:00+08:00' })
const engineer = house.who('integration.import', 'patients.manage')

const define = (said: Pick<FieldDefinition, 'key' | 'label' | 'kind' | 'object'> & Partial<FieldDefinition>) =>
  engineer.call(fieldsApi.saveField, {
    id: newId(), options: [], isRequired: false, pattern: null, least: null, most: null, position: 0, isActive: true, isSearchable: false,
    isInList: false, isSensitive: false, riskOption: null, ...said,
  }) // biome-ignore format: a list

beforeAll(async () => {
  await define({ key: 'living', label: '居住情况', kind: 'choice', object: 'patient', options: ['独居', '与家人同住'] })
  await define({ key: 'diseases', label: '慢病', kind: 'multiple', object: 'patient', options: ['高血压', '糖尿病'] })
  await define({ key: 'firstSeen', label: '建档日期', kind: 'date', object: 'patient' })
  await define({ key: 'escort', label: '陪护人数', kind: 'number', object: 'inpatient', most: '3' })
})

async function work() {
  while (await workOnce(house.house, house.hospitalId));
}
async function check(kind: 'patients' | 'encounters', rows: string[][]) {
  const id = newId()
  await engineer.call(importsApi.upload, { id, kind, name: '一览.csv', base64: csv(rows).toString('base64') })
  await engineer.call(importsApi.check, { id })
  await work()
  return id
}
async function run(kind: 'patients' | 'encounters', rows: string[][]) {
  const id = await check(kind, rows)
  await engineer.call(importsApi.applyImport, { id })
  await work()
  return id
}
const undo = async (id: string) => {
  await engineer.call(importsApi.undoImport, { id })
  await work()
}
const values = () =>
  house.sql(
    `select d.key, v.said_object_id, v.object_id, v.position, v.text_value, v.number_value, v.date_value, v.said_at, v.is_shown
     from patients.field_values v join patients.field_definitions d on d.id = v.field_id order by 1, 2, 4`,
  )
const rowsOf = async (id: string) => (await engineer.call(importsApi.importRows, { id })).rows

test('columns that are called as the hospital’s own fields are read as them, and what a field does not take is named', async () => {
  const id = await check('patients', [
    ['病案号', '姓名', '居住情况', '慢病', 'firstSeen'],
    ['F1', '王芳', '独居', '糖尿病、高血压', '2020/1/5'],
    ['F2', '李强', '在月球', '', '不知道'],
  ])

  const file = await engineer.call(importsApi.importFile, { id })
  expect(file.columns.map((c) => c.fields[0])).toEqual([
    'recordNumber',
    'name',
    'own:patient:living',
    'own:patient:diseases',
    'own:patient:firstSeen',
  ])
  expect(file.ownFields.map((f) => f.label).sort()).toEqual(['居住情况', '建档日期', '慢病'].sort())
  expect((await rowsOf(id)).map((r) => [r.result, ...r.problems.map((p) => `${p.column} ${p.details.label}`)])).toEqual([
    ['new'],
    ['failed', '2 居住情况', '4 建档日期'],
  ])
  await engineer.call(importsApi.applyImport, { id })
  await work()
  expect((await values()).map((v) => [v.key, v.text_value ?? v.date_value])).toEqual([
    ['diseases', '高血压'],
    ['diseases', '糖尿病'],
    ['firstSeen', '2020-01-05'],
    ['living', '独居'],
  ])
})

test('an import of own fields is taken back: they are as before, and what was said since stays', async () => {
  house.advance({ minutes: 1 })
  const before = await values()
  const heads = ['病案号', '姓名', '居住情况', '慢病']
  const first = await run('patients', [heads, ['F1', '王芳', '与家人同住', '高血压'], ['F9', '新人', '独居', '']])
  expect((await rowsOf(first)).map((r) => [r.result, ...r.changes.map((c) => c.field)])).toEqual([['changed', '居住情况', '慢病'], ['new']]) // biome-ignore format: one thought
  await undo(first)
  expect(await values()).toEqual(before)

  const second = await run('patients', [heads, ['F1', '王芳', '与家人同住', '高血压']])
  house.advance({ minutes: 1 })
  const mr = [{ system: '', type: 'MR', value: 'F1' }]
  await house.inside((ctx) => applyPatientFacts(ctx, [{ identifiers: mr, sourceAt: house.now(), extra: { diseases: '糖尿病' } }]))
  await undo(second)
  expect((await values()).map((v) => [v.key, v.text_value ?? v.date_value])).toEqual([
    ['diseases', '糖尿病'],
    ['firstSeen', '2020-01-05'],
    ['living', '独居'],
  ])
  expect((await rowsOf(second))[0]?.kept).toEqual([{ field: '慢病', reason: 'changedSince' }])
})

test('own fields of a stay come with a list of stays, and go with it', async () => {
  const before = await values()
  const heads = ['住院号', '病案号', '姓名', '入院日期', '陪护人数']
  const id = await run('encounters', [heads, ['ZY1', 'F1', '王芳', '2026-11-01', '2'], ['ZY2', 'F1', '王芳', '2026-11-05', '9']])
  expect((await rowsOf(id)).map((r) => [r.result, ...r.problems.map((p) => p.details.label)])).toEqual([['new'], ['failed', '陪护人数']])
  expect((await values()).filter((v) => v.key === 'escort').map((v) => v.number_value)).toEqual([2])

  await undo(id)

  expect(await values()).toEqual(before)
})
