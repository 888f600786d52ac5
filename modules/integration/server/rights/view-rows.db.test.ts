import { encounters } from '@renxin/encounters'
import { files } from '@renxin/files'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { rightsApi } from '@renxin/patients/contract'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { integration } from '../index.ts'
import { postgresHis } from '../views/his-of-test.ts'
import { openScene } from '../views/scene-of-test.ts'

const house = await openHouse([staff, files, patients, encounters, integration], { now: '2026-03-10T10:00+08:00' })
const his = await postgresHis()
const { begin, prefix, write, read } = await openScene(house, his, 'PostgreSQL')
beforeEach(begin)
afterAll(() => his.close())

const clerk = house.who('patients.read', 'patients.names', 'patients.edit', 'patients.rights', { name: '陈静' })
const chief = house.who('patients.read', 'patients.rights', 'patients.erase', { name: '周主任' })
const asked = (patientId: string) => ({ id: newId(), patientId, asker: 'patient', proof: 'identityCard' }) as const

/** Whose stay this is, and its bed, by which one sees that the row was read. */
const seen = async () => {
  const rows = await house.sql<{ id: string; name: string; bed: string }>(
    'select p.id, p.name, e.bed from encounters.cards e join patients.cards p on p.id = e.patient_id where e.number = $1',
    [`${prefix()}1`],
  )
  const [row] = rows
  if (!row) throw new Error('the stay was not read')
  return row
}

test('a correction by right holds against a view that still has the old name; a new name in it is taken', async () => {
  await write(1)
  await read()
  const { id } = await seen()
  const request = { ...asked(id), kind: 'correction' as const, items: [{ field: 'name' as const, value: '赵健国' }] }
  await clerk.call(rightsApi.recordRight, request)
  await clerk.call(rightsApi.decideCorrection, { id: request.id, decisions: [{ field: 'name', isAccepted: true }] })
  house.setNow('2026-03-12T10:00+08:00')

  await write(1, { 更新: '2026-03-11 10:00:00', 床号: '13' })
  await read()
  expect(await seen()).toEqual({ id, name: '赵健国', bed: '13' })
  await write(1, { 更新: '2026-03-11 11:00:00', 床号: '14', 姓名: '赵建' })
  await read()
  expect(await seen()).toEqual({ id, name: '赵建', bed: '14' })
})

test('an erasure holds against a view that shows the row again, and the row loses its words', async () => {
  await write(1)
  await read()
  const { id } = await seen()
  const contacts = () => house.sql('select 1 from patients.contacts where patient_id = $1', [id])
  expect(await contacts()).toHaveLength(1)
  const request = { ...asked(id), kind: 'erasure' as const }
  await clerk.call(rightsApi.recordRight, request)
  await chief.call(rightsApi.erase, { id: request.id, hasRead: true })
  house.setNow('2026-03-12T10:00+08:00')

  await write(1, { 更新: '2026-03-11 10:00:00', 床号: '15' })
  await read()

  expect(await seen()).toMatchObject({ id, bed: '15' })
  expect(await contacts()).toEqual([])
  await house.tick('integration.clearErased')
  expect(await house.sql('select 1 from integration.view_rows where patient_id = $1 and body is not null', [id])).toEqual([])
})
