import { access } from '@renxin/access'
import { auditApi } from '@renxin/access/contract'
import { newId } from '@renxin/kernel'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { patientsApi, trailApi } from '../contract.ts'
import { patients, registerPatient } from './index.ts'

const house = await openHouse([staff, access, patients], { prepare: true, now: '2026-09-04T09:00+08:00' })
const auditor = house.who('access.audit')
const nurse = house.who('patients.read', 'patients.names', { name: '护士甲' })
const wang = newId()
await house.inside((ctx) => registerPatient(ctx, { id: wang, name: '王桂芳', medicalRecordNumber: 'MR-4711' }))

test('the auditor finds a patient by a whole number or by name, masked, and sees who looked at the file', async () => {
  await nurse.call(patientsApi.file, { id: wang })

  const byNumber = await auditor.call(trailApi.ofTrail, { q: 'MR-4711' })
  const byName = await auditor.call(trailApi.ofTrail, { q: '王桂' })

  expect(byNumber.rows.map((p) => p.id)).toEqual([wang])
  expect(byName.rows.map((p) => p.id)).toEqual([wang])
  expect(byName.rows[0]?.name).not.toBe('王桂芳')
  expect((await auditor.call(trailApi.oneOfTrail, { id: wang })).name).toBe(byName.rows[0]?.name)
  expect((await auditor.call(auditApi.audit, { patientId: wang, action: 'patients.file' })).rows).toMatchObject([{ actorName: '护士甲' }])
})

test('a part of a number finds nobody, looking leaves its own trace, and nobody else may look', async () => {
  expect((await auditor.call(trailApi.ofTrail, { q: '4711' })).rows).toEqual([])
  expect(
    (await auditor.call(auditApi.audit, { patientId: wang, actorId: auditor.id, action: 'patients.ofTrail' })).rows.length,
  ).toBeGreaterThan(0)
  await expect(nurse.call(trailApi.ofTrail, { q: '王桂' })).rejects.toMatchObject({ code: 'house.forbidden' })
})
