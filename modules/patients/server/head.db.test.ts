import { access } from '@renxin/access'
import { newId } from '@renxin/kernel'
import { audit } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { overviewApi, patientsApi, segmentsApi } from '../contract.ts'
import {
  mergePatients,
  noteContact,
  noteCriticalValues,
  noteStandings,
  patients,
  registerPatient,
  type Standing,
  setHold,
  takeStandings,
  withdrawCriticalValues,
} from './index.ts'

const house = await openHouse([staff, access, patients], { now: '2026-09-04T09:00+08:00' })
const nurse = house.who('patients.read', 'patients.names', 'patients.edit', 'patients.viewers', { name: '陈静' })
const headOf = (id: string) => nurse.call(overviewApi.head, { id })
const register = async (said: Partial<Parameters<typeof registerPatient>[1]> = {}) =>
  (await registerPatient(house.ctx, { id: newId(), name: '赵建国', phone: '13800138000', ...said })).id

const nothing: Omit<Standing, 'patientId'> = {
  state: null,
  visitingOn: null,
  bookedAt: null,
  encounterId: null,
  class: null,
  departmentId: null,
  wardId: null,
  attendingId: null,
  nursingLevel: null,
  condition: null,
  mainDiagnosisCode: null,
  mainDiagnosisName: null,
  everCritical: false,
  everLevelOne: false,
  daysSincePrior: null,
  seenOn: null,
  firstSeenOn: null,
  dischargedOn: null,
  visits: 0,
  stays: 0,
}
const stand = (patientId: string, said: Partial<Standing>) =>
  house.inside(async (ctx) => {
    await takeStandings(ctx, [patientId])
    await noteStandings(ctx, [{ ...nothing, patientId, ...said }])
  })

test('the head says what to mind, the gravest first', async () => {
  const id = await register({ phone: null })
  await setHold(house.ctx, { patientId: id, cause: 'openComplaint', objectId: newId() })
  await nurse.call(patientsApi.refuse, { patientId: id, kind: 'channel', value: 'message', refused: true })
  await nurse.call(overviewApi.addCaution, { patientId: id, id: newId(), kind: 'payer', text: '住院押金不足' })
  await nurse.call(overviewApi.addCaution, { patientId: id, id: newId(), kind: 'incompatibility', text: '不可与头孢类同用' })
  await noteCriticalValues(house.ctx, [{ id: newId(), patientId: id, text: '血钾 K' }])

  const { alerts } = await headOf(id)

  expect(alerts.map((a) => a.kind)).toEqual(['criticalValue', 'incompatibility', 'openComplaint', 'refused', 'noPhone', 'payer'])
  expect(alerts[1]?.text).toBe('不可与头孢类同用')
})

test('a warning goes when somebody has dealt with it, a critical value also when it is withdrawn', async () => {
  const id = await register()
  const [byHand, critical, other] = [newId(), newId(), newId()]
  await nurse.call(overviewApi.addCaution, { patientId: id, id: byHand, kind: 'other', text: '听力差' })
  await noteCriticalValues(house.ctx, [
    { id: critical, patientId: id, text: '血钾' },
    { id: other, patientId: id, text: '血糖' },
  ])

  await nurse.call(overviewApi.endCaution, { cautionId: byHand })
  await nurse.call(overviewApi.endCaution, { cautionId: other })
  await withdrawCriticalValues(house.ctx, [critical])

  expect((await headOf(id)).alerts).toEqual([])
  await noteCriticalValues(house.ctx, [{ id: critical, patientId: id, text: '血钾 又' }])
  expect((await headOf(id)).alerts).toMatchObject([{ kind: 'criticalValue', text: '血钾 又' }])
})

test('risks are facts with their reasons: how ill, how nursed, how soon again, how old', async () => {
  const id = await register({ birthOn: '1940-09-05' })
  const stay = {
    state: 'inHospital',
    class: 'inpatient',
    condition: '病危',
    nursingLevel: '特级',
    everCritical: true,
    everLevelOne: true,
  } as const

  await stand(id, { ...stay, daysSincePrior: 31 })
  expect((await headOf(id)).risks).toEqual([
    { kind: 'criticalNow', text: '病危', days: null },
    { kind: 'intensiveNursing', text: '特级', days: null },
    { kind: 'readmission', text: null, days: 31 },
    { kind: 'age', text: null, days: 85 },
  ])
  await stand(id, { ...stay, state: 'discharged', dischargedOn: '2026-09-01', daysSincePrior: 32 })

  expect((await headOf(id)).risks.map((r) => r.kind)).toEqual(['everCritical', 'everLevelOne', 'age'])
})

test('the head says where they stand and when they were last spoken to', async () => {
  const id = await register()
  await stand(id, {
    state: 'visited',
    visitingOn: '2026-09-04',
    class: 'outpatient',
    seenOn: '2026-09-04',
    firstSeenOn: '2025-01-01',
    visits: 7,
  })
  await noteContact(house.ctx, id, house.now())

  expect(await headOf(id)).toMatchObject({
    standing: { state: 'visiting', class: 'outpatient' },
    visits: 7,
    firstSeenOn: '2025-01-01',
    lastContacts: [{ at: house.now().toISOString() }],
  })
})

test('who saw the file is told from the audit trail, of the files merged into it too', async () => {
  const [id, retiredId] = [await register(), await register({ name: '赵建' })]
  await headOf(retiredId)
  await house.inside((ctx) => audit(ctx, { action: 'patients.phoneRevealed', patientId: id, reason: '电话随访' }))
  await house.inside((ctx) => mergePatients(ctx, { survivorId: id, retiredId }))

  const { rows } = await nurse.call(overviewApi.viewers, { patientId: id })

  expect(rows.map((r) => [r.actorName, r.action, r.reason])).toEqual(
    expect.arrayContaining([
      ['陈静', 'patients.head', null],
      ['system', 'patients.phoneRevealed', '电话随访'],
    ]),
  )
  await expect(house.who('patients.read').call(overviewApi.viewers, { patientId: id })).rejects.toMatchObject({ kind: 'forbidden' })
})

test('a warning follows its patient into the file that survives', async () => {
  const [survivorId, retiredId] = [await register(), await register({ name: '赵建' })]
  await nurse.call(overviewApi.addCaution, { patientId: retiredId, id: newId(), kind: 'other', text: '听力差' })

  await house.inside((ctx) => mergePatients(ctx, { survivorId, retiredId }))

  expect((await headOf(retiredId)).id).toBe(survivorId)
  expect((await headOf(survivorId)).alerts).toMatchObject([{ kind: 'other', text: '听力差' }])
})

test('a ward sees the heads of its own patients alone', async () => {
  const id = await register()
  const ofWard = house.who({ 'patients.read': 'ward' }, { wards: [newId()] })

  await expect(ofWard.call(overviewApi.head, { id })).rejects.toMatchObject({ code: 'patients.notFound' })
})

test('from what age on somebody is aged is the hospital’s own word, and it may say that age is no reason', async () => {
  const id = await register({ birthOn: '1950-01-01' }) // 76
  const manager = house.who('patients.read', 'patients.manage')
  const settings = await manager.call(patientsApi.settings, {})
  const age = async (oldFromAge: number | null) => {
    await manager.call(patientsApi.changeSettings, { ...settings, oldFromAge })
    return (await headOf(id)).risks
  }

  expect(await age(75)).toEqual([{ kind: 'age', text: null, days: 76 }])
  expect(await age(77)).toEqual([])
  expect(await age(null)).toEqual([])
})

test('the head names the groups that somebody belongs to, key patients first', async () => {
  const id = await register()
  const keeper = house.who('patients.read', 'patients.names', 'patients.edit', 'patients.manage')
  const [loyal, key] = [newId(), newId()]
  const own = { conditions: null, position: 1, isActive: true }
  await keeper.call(segmentsApi.saveSegment, { ...own, id: loyal, kind: 'loyalty', name: '老朋友' })
  await keeper.call(segmentsApi.saveSegment, { ...own, id: key, kind: 'key', name: '透析' })
  for (const segmentId of [loyal, key]) await keeper.call(segmentsApi.mark, { patientId: id, segmentId, isIn: true, reason: '科室名单' })

  expect((await headOf(id)).segments.map((s) => s.name)).toEqual(['透析', '老朋友'])
})
