import { newId } from '@renxin/kernel'
import { patients, registerPatient } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { expect, test } from 'vitest'
import { encountersApi } from '../contract.ts'
import { applyEncounterFacts, type EncounterFacts, encounters } from './index.ts'

const house = await openHouse([staff, patients, encounters], { now: '2025-11-08T10:00+08:00' })
const nurse = house.who('encounters.read', 'patients.names')
const apply = (...facts: EncounterFacts[]) => house.inside((ctx) => applyEncounterFacts(ctx, facts))
const at = (time: string) => new Date(`2025-11-${time.replace(' ', 'T')}:00+08:00`)

test('whose bed becomes free is listed with the day and the next place, stands on the time line, and is gone when it is called off', async () => {
  const [goer, mover] = [newId(), newId()]
  for (const id of [goer, mover]) await registerPatient(house.ctx, { id, name: '赵建国' })
  const stay = (patientId: string, number: string) => ({
    number,
    patientId,
    class: 'inpatient' as const,
    wardName: '心血管内科一病区',
    bed: '12床',
  })
  const [goes, moves] = [stay(goer, 'P1'), stay(mover, 'P2')]
  const leaving = async () => (await nurse.call(encountersApi.list, { leaving: 'yes' })).rows
  await apply(
    { ...goes, event: 'admit', sourceAt: at('01 09:00') },
    { ...moves, event: 'admit', sourceAt: at('01 09:10') },
    { ...stay(newId(), 'P3'), patientId: goer, event: 'admit', sourceAt: at('01 09:20') },
  )
  expect(await leaving()).toEqual([])

  await apply(
    { ...goes, event: 'planDischarge', sourceAt: at('08 09:00'), expectedDischargeAt: at('10 12:00') },
    { ...moves, event: 'planTransfer', sourceAt: at('08 09:00'), nextWardName: '重症医学科', nextBed: '3床' },
  )

  expect(await leaving()).toMatchObject([
    { number: 'P2', ward: { name: '心血管内科一病区' }, nextWard: { name: '重症医学科' }, nextBed: '3床', expectedDischargeAt: null },
    { number: 'P1', expectedDischargeAt: at('10 12:00').toISOString(), nextWard: null },
  ])
  const [ahead] = (await nurse.call(encountersApi.timeline, { patientId: goer })).rows
  expect(ahead).toMatchObject({ kind: 'dischargePlanned', at: at('10 12:00').toISOString() })

  await apply(
    { ...goes, event: 'cancelPlanDischarge', sourceAt: at('08 10:00') },
    { ...moves, event: 'transfer', sourceAt: at('08 10:00'), wardName: '重症医学科', bed: '3床' },
  )
  expect(await leaving()).toEqual([])
  expect((await nurse.call(encountersApi.timeline, { patientId: goer })).rows.map((r) => r.kind)).not.toContain('dischargePlanned')
})
