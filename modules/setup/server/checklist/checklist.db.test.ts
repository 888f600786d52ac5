import { rm } from 'node:fs/promises'
import { access, createUser } from '@renxin/access'
import { encounters } from '@renxin/encounters'
import { feedback } from '@renxin/feedback'
import { followups } from '@renxin/followups'
import { programmesApi } from '@renxin/followups/contract'
import { newId } from '@renxin/kernel'
import { applyPatientFacts, patients } from '@renxin/patients'
import { sql, startProcess } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { enterPeople, enterUnits, staff } from '@renxin/staff'
import { surveys } from '@renxin/surveys'
import { afterAll, expect, test } from 'vitest'
import { checklistApi, type Step } from '../../contract.ts'
import { machineNow, makeStreet } from '../street.fixture.ts'

const { folder, backups, machine, setup } = await makeStreet()
const house = await openHouse([staff, access, patients, encounters, surveys, feedback, followups, setup], {
  now: machineNow().toISOString(),
  prepare: true,
})
const wang = house.who('setup.health', 'followups.programmes', { name: '王工' })
const here = await startProcess({
  house: house.house,
  roles: ['web', 'worker'],
  version: '1.0.0',
  facts: () => ({ rssMegabytes: 200, loopMs: 10, troubled: [], delivererSeconds: 0 }),
  beatMs: 300,
})
afterAll(async () => {
  await here.stop()
  await rm(folder, { recursive: true })
})

const stepOf = async (step: Step) => (await wang.call(checklistApi.checklist, {})).steps.find((s) => s.step === step)
const account = (name: string, ...roleKeys: string[]) =>
  house.inside((ctx) => createUser(ctx, { name, displayName: name, password: 'Huimin-2026-xin', roleKeys }))

test('a new hospital has its people, its systems and its first call before it', async () => {
  machine.doors = async () => ({ rows: [{ name: 'HIS', state: 'never' }] })
  await account('guanli', 'systemAdministrator', 'securityAdministrator')

  const { steps, isDone } = await wang.call(checklistApi.checklist, {})

  expect(isDone).toBe(false)
  const open = steps.flatMap((s) => (s.state === 'open' ? [s.step] : []))
  for (const step of ['units', 'people', 'accounts', 'offices', 'backup', 'drill', 'doors', 'patients', 'firstFollowup'] as const)
    expect(open, step).toContain(step)
})

test('each step turns by itself once it is done', async () => {
  const cardiology = { kind: 'department' as const, code: '0301', name: '心血管内科' }
  await house.inside((ctx) => enterUnits(ctx, [{ ...cardiology, isActive: true }]))
  await house.inside((ctx) => enterPeople(ctx, [{ number: 'N1', name: '李秀英', job: 'nurse', isActive: true, units: [cardiology] }]))
  await account('shenji', 'auditor')
  await house.inside((ctx) =>
    applyPatientFacts(ctx, [
      { id: newId(), identifiers: [{ system: 'HIS', type: 'MR', value: 'H1' }], sourceAt: house.now(), name: '赵建国', sex: 'male' },
    ]),
  )
  machine.doors = async () => ({ rows: [{ name: 'HIS', state: 'learning' }] })

  for (const step of ['units', 'people', 'accounts', 'offices', 'doors', 'patients'] as const)
    expect(await stepOf(step), step).toMatchObject({ state: 'done' })
  expect(await stepOf('units')).toMatchObject({ count: 1 })
  expect(await stepOf('accounts')).toMatchObject({ count: 2 })
})

test('an account that is disabled, and one without a role, count for nothing', async () => {
  await account('wu.jiaose')
  const { id } = await account('lizhi', 'followupNurse')
  await house.inside((ctx) => sql`update access.users set is_disabled = true where id = ${id}::uuid`.execute(ctx.db))

  expect(await stepOf('accounts')).toMatchObject({ count: 2 })
})

test('a programme counts as long as it is active', async () => {
  const active = (await wang.call(programmesApi.programmes, {})).rows.filter((p) => p.status === 'active')
  expect(await stepOf('programmes')).toMatchObject({ state: 'done', count: active.length })

  for (const { id } of active) await wang.call(programmesApi.disable, { id })

  expect(await stepOf('programmes')).toMatchObject({ state: 'open', count: 0 })
})

test('a try is kept with its error and who made it, until one goes well', async () => {
  const failed = await wang.call(checklistApi.tryStep, { step: 'backup' })

  expect(failed).toMatchObject({
    state: 'open',
    lastTry: { ok: false, byName: '王工', what: 'There is no backup that can be used.', fault: 'noBackup' },
  })
  expect(await stepOf('backup')).toMatchObject({ lastTry: { ok: false, what: 'There is no backup that can be used.', fault: 'noBackup' } })

  machine.readBackup = async () => '120 MB'
  backups.alarms = []
  backups.lastGoodAt = machineNow().toISOString()
  expect(await stepOf('backup')).toMatchObject({ state: 'warning' }) // it stands well, and failed when it was tried last
  const good = await wang.call(checklistApi.tryStep, { step: 'backup' })
  expect(good).toMatchObject({ state: 'done', lastTry: { ok: true, what: '120 MB', fault: null } })
})

test('what cannot be tried by a machine is looked at again', async () => {
  expect(await wang.call(checklistApi.tryStep, { step: 'firstFollowup' })).toMatchObject({
    state: 'open',
    lastTry: { ok: false, what: '' },
  })
  expect(await wang.call(checklistApi.tryStep, { step: 'people' })).toMatchObject({ state: 'done', lastTry: { ok: true, what: '1' } })
})

test('another hospital on the same machine has a checklist of its own', async () => {
  const stranger = await house.stranger('setup.health')

  const { steps } = await stranger.call(checklistApi.checklist, {})

  expect(steps.find((s) => s.step === 'units')).toMatchObject({ state: 'open', count: 0 })
  expect(steps.every((s) => s.lastTry === null)).toBe(true)
})

test('it is nobody’s but the administrator’s', async () => {
  const nurse = house.who('patients.read', 'followups.work')

  await expect(nurse.call(checklistApi.checklist, {})).rejects.toMatchObject({ code: 'house.forbidden' })
  await expect(nurse.call(checklistApi.tryStep, { step: 'people' })).rejects.toMatchObject({ code: 'house.forbidden' })
})
