import { rm } from 'node:fs/promises'
import { access } from '@renxin/access'
import { startProcess } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { installationApi } from '../../contract.ts'
import { machineNow, makeStreet } from '../street.fixture.ts'

const { folder, backups, machine, setup } = await makeStreet()
const house = await openHouse([staff, access, setup], { now: machineNow().toISOString() })
const li = house.who('setup.health', { name: '李主任' })
const wang = house.who('setup.health', { name: '王工' })
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

beforeEach(async () => {
  house.setNow(machineNow())
  machine.doors = async () => ({ rows: [{ name: 'HIS', state: 'fine' }] })
  backups.alarms = ['none']
  backups.lastGoodAt = null
  await li.call(installationApi.recallAlarms, {})
})

const silentHis = () => {
  machine.doors = async () => ({ rows: [{ name: 'HIS', state: 'silent' }] })
}
const alarms = async (of = li) => (await of.call(installationApi.alarms, {})).rows.filter((a) => a.item === 'doors' || a.item === 'backup') // nothing is known of this machine's disk and memory

test('what is amber is no alarm; what is red is one, with what was found', async () => {
  expect(await alarms()).toEqual([])

  silentHis()

  expect(await alarms()).toEqual([{ item: 'doors', finding: 'doorsSilent', what: 'HIS', putOff: null }])
})

test('whoever puts it off is named to the others, for a day; then it is back', async () => {
  silentHis()

  await li.call(installationApi.putOffAlarms, { items: ['doors'] })

  expect(await alarms(wang)).toMatchObject([{ item: 'doors', putOff: { byName: '李主任' } }])
  house.advance({ hours: 23, minutes: 59 })
  expect(await alarms(wang)).toMatchObject([{ putOff: { byName: '李主任' } }])
  house.advance({ minutes: 2 })
  expect(await alarms(wang)).toMatchObject([{ putOff: null }])
})

test('another alarm, and the same one when it has become worse, are told all the same', async () => {
  silentHis()
  await li.call(installationApi.putOffAlarms, { items: ['doors'] })

  backups.alarms = ['old']
  backups.lastGoodAt = new Date(machineNow().getTime() - 3 * 86_400_000).toISOString()

  expect(await alarms()).toMatchObject([
    { item: 'backup', putOff: null },
    { item: 'doors', putOff: { byName: '李主任' } },
  ])
  await wang.call(installationApi.putOffAlarms, { items: ['backup'] })
  backups.mode = 'off'
  const worse = await alarms()
  backups.mode = 'on'
  expect(worse).toMatchObject([{ item: 'backup', finding: 'backupOff', putOff: null }, { item: 'doors' }])
})

test('nothing that is well can be put off beforehand', async () => {
  await li.call(installationApi.putOffAlarms, { items: ['doors'] })

  silentHis()

  expect(await alarms()).toMatchObject([{ item: 'doors', putOff: null }])
})

test('it can be called back at once, by any of them', async () => {
  silentHis()
  await li.call(installationApi.putOffAlarms, { items: ['doors'] })
  expect((await wang.call(installationApi.health, {})).alarms).toMatchObject([{ item: 'doors', putOff: { byName: '李主任' } }])

  await wang.call(installationApi.recallAlarms, {})

  expect(await alarms()).toMatchObject([{ item: 'doors', putOff: null }])
})

test('nobody but whoever answers for the system is told', async () => {
  const nurse = house.who('patients.read', 'followups.work')

  await expect(nurse.call(installationApi.alarms, {})).rejects.toMatchObject({ code: 'house.forbidden' })
  await expect(nurse.call(installationApi.putOffAlarms, { items: ['doors'] })).rejects.toMatchObject({ code: 'house.forbidden' })
})
