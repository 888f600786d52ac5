import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { patientsApi, peopleApi } from '../contract.ts'
import { mergePatients, noteCare, partPatients, patients, registerPatient } from './index.ts'

const house = await openHouse([staff, patients], { now: '2026-09-04T09:00+08:00' })
const clerk = house.who('patients.read', 'patients.names', 'patients.edit', 'patients.unmask')
const patient = (name: string) => house.inside((ctx) => registerPatient(ctx, { id: newId(), name }))
const person = (name: string, more: object = {}) =>
  clerk.call(peopleApi.savePerson, { id: newId(), kind: 'community' as const, name, ...more })

test('somebody who is no patient is found by name, reading, kind and telephone, and the number is sealed', async () => {
  const { id, masked } = await person('欧阳主任', { organisation: '梁溪区社区卫生服务中心', phone: '13812345678', note: '负责出院下转' })
  await person('某保险经理', { kind: 'payer' })
  const found = async (q: string) => (await clerk.call(peopleApi.people, { q })).rows.map((r) => r.id)

  expect(masked).toBe('138****5678')
  for (const q of ['欧阳', '主任', 'ouyang', '13812345678']) expect(await found(q)).toEqual([id])
  expect((await clerk.call(peopleApi.people, { kind: 'payer' })).rows.map((r) => r.name)).toEqual(['某保险经理'])
  expect((await clerk.call(peopleApi.revealPersonPhone, { id, reason: '下转沟通' })).number).toBe('13812345678')
  expect(JSON.stringify(await house.sql('select phone::text, phone_index::text from patients.people where id = $1', [id]))).not.toContain(
    '13812345678',
  )
  await expect(person('无号', { phone: '123' })).rejects.toMatchObject({ code: 'patients.badPhone' })
})

test('who saves somebody who is no patient, or looks him up, leaves his name to the audit', async () => {
  const { id } = await person('审计主任')
  await person('另一位主任')

  await clerk.call(peopleApi.people, { q: '审计主任' })

  const trail = await house.sql('select action, patient_id from house.audit where object_id = $1 order by action desc', [id])
  expect(trail).toEqual([
    { action: 'patients.savePerson', patient_id: null },
    { action: 'patients.people', patient_id: null },
  ])
  await clerk.call(peopleApi.people, { q: '另一位' })
  expect(await house.sql('select 1 from house.audit where object_id = $1', [id])).toHaveLength(2)
})

test('saved again the name is another, and a number that is not said stays', async () => {
  const { id } = await person('李旧名', { phone: '13812345670' })

  const saved = await clerk.call(peopleApi.savePerson, { id, kind: 'manager', name: '李新名', isActive: false })

  expect(saved).toMatchObject({ kind: 'manager', name: '李新名', masked: '138****5670', isActive: false })
  expect((await clerk.call(peopleApi.people, { q: '李旧名' })).rows).toEqual([])
  expect((await clerk.call(peopleApi.savePerson, { id, kind: 'manager', name: '李新名', phone: null })).masked).toBeNull()
})

test('somebody is tied to patients with a relation, which goes with the file in a merge and comes back when it is parted', async () => {
  const { id } = await person('赵小军', { kind: 'family' })
  const [father, double] = [await patient('赵建国'), await patient('赵建国')]
  await clerk.call(peopleApi.tiePerson, { personId: id, patientId: double.id, relation: 'child' })
  await clerk.call(peopleApi.tiePerson, { personId: id, patientId: double.id, relation: 'son' })
  const of = async (patientId: string) => (await clerk.call(peopleApi.peopleOfPatient, { patientId })).rows.map((r) => [r.name, r.relation])
  expect(await of(double.id)).toEqual([['赵小军', 'son']])

  await house.inside((ctx) => mergePatients(ctx, { survivorId: father.id, retiredId: double.id }))
  expect(await of(father.id)).toEqual([['赵小军', 'son']])
  await house.inside((ctx) => partPatients(ctx, { survivorId: father.id, retiredId: double.id }))

  expect([await of(father.id), await of(double.id)]).toEqual([[], [['赵小军', 'son']]])
  expect((await clerk.call(peopleApi.tiesOfPerson, { personId: id })).rows.map((r) => r.patient.id)).toEqual([double.id])
  await clerk.call(peopleApi.untiePerson, { personId: id, patientId: double.id })
  expect(await of(double.id)).toEqual([])
})

test('of those to whom somebody is tied only those are shown whom the reader may see', async () => {
  const [mine, theirs] = [newId(), newId()]
  const { id } = await person('院领导', { kind: 'manager' })
  const [a, b] = [await patient('甲'), await patient('乙')]
  await house.inside((ctx) =>
    noteCare(ctx, [
      { patientId: a.id, unitIds: [mine] },
      { patientId: b.id, unitIds: [theirs] },
    ]),
  )
  for (const { id: patientId } of [a, b]) await clerk.call(peopleApi.tiePerson, { personId: id, patientId, relation: 'other' })
  const doctor = house.who({ 'patients.read': 'department', 'patients.edit': 'department' }, { departments: [mine] })

  expect((await doctor.call(peopleApi.tiesOfPerson, { personId: id })).rows.map((r) => r.patientId)).toEqual([a.id])
  await expect(doctor.call(peopleApi.tiePerson, { personId: id, patientId: b.id, relation: 'other' })).rejects.toMatchObject({
    code: 'patients.notFound',
  })
  expect(await clerk.call(patientsApi.card, { id: b.id })).toBeDefined()
})
