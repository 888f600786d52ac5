import { access } from '@renxin/access'
import { newId } from '@renxin/kernel'
import { patients, registerPatient } from '@renxin/patients'
import { type FieldDefinition, fieldsApi } from '@renxin/patients/contract'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { encountersApi } from '../contract.ts'
import { applyEncounterFacts, encounters } from './index.ts'

const house = await openHouse([staff, access, patients, encounters], { now: '2026-09-04T09:00+08:00' })
const nurse = house.who('patients.read', 'patients.edit', 'patients.manage', 'encounters.read')
const define = (object: FieldDefinition['object'], key: string) =>
  nurse.call(fieldsApi.saveField, {
    id: newId(), object, key, label: key, kind: 'text', options: [], isRequired: false, pattern: null, least: null, most: null, position: 0,
    isActive: true, isSearchable: false, isInList: false, isSensitive: false, riskOption: null,
  }) // biome-ignore format: a plain field

test('a stay has the fields of in-patients, a visit those of out-patients; systems and hands fill them in', async () => {
  const [path, triage] = [await define('inpatient', 'path'), await define('outpatient', 'triage')]
  const patientId = newId()
  await registerPatient(house.ctx, { id: patientId, name: '赵建国' })
  const said = { patientId, sourceAt: house.now(), extra: { path: '急性心梗路径', triage: '三级' } }
  const [stay = '', visit = ''] = await house.inside((ctx) =>
    applyEncounterFacts(ctx, [
      { ...said, number: 'I1', event: 'admit', class: 'inpatient' },
      { ...said, number: 'O1', event: 'register', class: 'outpatient' },
    ]),
  )
  const fieldsOf = (id: string) => nurse.call(encountersApi.fields, { id })

  expect(await fieldsOf(stay)).toMatchObject({ patientId, object: 'inpatient', values: [{ fieldId: path.id, value: '急性心梗路径' }] })
  expect(await fieldsOf(visit)).toMatchObject({ object: 'outpatient', values: [{ fieldId: triage.id, value: '三级' }] })
  await nurse.call(encountersApi.setFields, { id: stay, values: { [path.id]: '退出路径' } })

  expect((await fieldsOf(stay)).values).toMatchObject([{ value: '退出路径', source: 'manual' }])
  await expect(nurse.call(encountersApi.setFields, { id: stay, values: { [triage.id]: 'x' } })).rejects.toMatchObject({
    code: 'patients.fieldNotFound',
  })
})
