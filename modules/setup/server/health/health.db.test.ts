import { readdir, rm } from 'node:fs/promises'
import { access } from '@renxin/access'
import { ssoApi } from '@renxin/access/contract'
import { anchorAudit, audit, startProcess } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { startProvider, testClient } from '@renxin/server/testing-provider'
import { staff } from '@renxin/staff'
import { afterAll, expect, test } from 'vitest'
import { healthItems, installationApi, keysApi } from '../../contract.ts'
import { healthTried } from '../index.ts'
import { machineNow, makeStreet } from '../street.fixture.ts'

const { folder, machine, setup } = await makeStreet(() => house.house)
const { auditPlace } = machine
const house = await openHouse([staff, access, setup], { now: machineNow().toISOString() })
const administrator = house.who('setup.health')
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

test('the page shows each item and each process; what is not yet done is amber, nothing is red', async () => {
  await house.inside((ctx) => audit(ctx, { action: 'test.done' }))
  await house.tick('house.seal')
  await house.inside((ctx) => anchorAudit(ctx, auditPlace))

  const { checks, processes } = await administrator.call(installationApi.health, {})

  expect(checks.map((c) => c.item)).toEqual([...healthItems])
  const notGood = checks.filter((c) => c.state !== 'good' && c.item !== 'disk' && c.item !== 'memory') // of this machine nothing is known
  expect(notGood).toMatchObject([{ item: 'backup', state: 'warning', finding: 'backupFirst' }])
  expect(processes).toMatchObject([{ pid: process.pid, roles: ['web', 'worker'], isLeading: true, megabytes: 200 }])
})

test.each(['database', 'disk', 'audit', 'jobs', 'queue', 'doors', 'processes', 'clock', 'memory', 'certificate', 'sso'] as const)(
  'a test of %s does it for real and goes well here',
  async (item) => {
    expect(await administrator.call(installationApi.tryHealth, { item })).toMatchObject({ item, ok: true })
  },
)

test('the test of the disk leaves no file behind', async () => {
  await administrator.call(installationApi.tryHealth, { item: 'disk' })

  expect((await readdir(folder)).filter((name) => name.includes('try'))).toEqual([])
})

test('what is written by a test is delivered like everything else', async () => {
  const before = (await house.events(healthTried)).length
  await administrator.call(installationApi.tryHealth, { item: 'queue' })

  await house.settle()

  expect((await house.events(healthTried)).length).toBe(before + 1)
  expect(await house.sql('select count(*)::int as n from house.events where pending')).toEqual([{ n: 0 }])
})

test('what goes wrong in a test is told, not thrown: no backup, nobody at a door, an audit row changed', async () => {
  machine.knock = async () => ({ ok: false, what: 'MLLP 2575' })
  await house.ownerSql('alter table house.audit no force row level security')
  await house.ownerSql(`update house.audit set reason = 'changed' where action = 'test.done'`)
  await house.ownerSql('alter table house.audit force row level security')

  const backup = await administrator.call(installationApi.tryHealth, { item: 'backup' })
  const doors = await administrator.call(installationApi.tryHealth, { item: 'doors' })
  const trail = await administrator.call(installationApi.tryHealth, { item: 'audit' })

  expect(backup).toMatchObject({ ok: false, what: 'There is no backup that can be used.', fault: 'noBackup' })
  expect(doors).toMatchObject({ ok: false, what: 'MLLP 2575', fault: null })
  expect(trail).toMatchObject({ ok: false, what: '#1' })
})

test('the provider of single sign-on is asked for what it is, its keys and its time; what is wrong with it is a sentence, and is remembered', async () => {
  const homeUrl = 'http://crm.hospital.test'
  const provider = await startProvider({ homeUrl })
  const security = house.who('access.rules')
  const place = { homeUrl, issuerUrl: provider.issuer, clientId: testClient.id, label: '工号', claim: 'name', match: 'name' } as const
  const save = (change: object = {}) =>
    security.call(ssoApi.saveSso, { ...place, isActive: true, alwaysAsks: true, trustsFactor: false, signsOutThere: true, ...change })
  const line = async () => (await administrator.call(installationApi.health, {})).checks.find((c) => c.item === 'sso')
  const ask = () => administrator.call(installationApi.tryHealth, { item: 'sso' })
  const host = new URL(provider.issuer).host

  await save()
  expect(await line()).toEqual({ item: 'sso', state: 'good', finding: 'ssoUnasked', what: host })
  expect(await ask()).toMatchObject({
    ok: true,
    finding: 'ssoGood',
    what: expect.stringMatching(/^127\.0\.0\.1:\d+ · \d\.\d s · [01]\.\d s$/),
  })
  expect(await line()).toMatchObject({ state: 'good', finding: 'ssoGood' })
  machine.now = () => new Date(machineNow().getTime() - 120_000)
  expect(await ask()).toMatchObject({ ok: false, finding: 'ssoClock', what: expect.stringMatching(/ · (119|120|121)\.\d s$/) })
  machine.now = machineNow
  await save({ issuerUrl: `${provider.issuer}/nothing-here` })
  expect(await ask()).toMatchObject({ ok: false, finding: 'ssoRubbish', what: host })
  await provider.stop()
  await save()
  expect(await ask()).toMatchObject({ ok: false, finding: 'ssoDown', what: host })
  expect(await line()).toMatchObject({ state: 'bad', finding: 'ssoDown' })
})

test('whoever may not see it is refused', async () => {
  const nurse = house.who('patients.read')

  await expect(nurse.call(installationApi.health, {})).rejects.toMatchObject({ code: 'house.forbidden' })
  await expect(nurse.call(installationApi.tryHealth, { item: 'disk' })).rejects.toMatchObject({ code: 'house.forbidden' })
})

test('the keys are shown with their versions and the way of a new one, which who may begins, once, and it is audited', async () => {
  const keeper = house.who('setup.health', 'setup.keys', { name: '钱工' })
  const before = await administrator.call(keysApi.keys, {})
  await expect(administrator.call(keysApi.rotateKeys, { suite: 'sm' })).rejects.toMatchObject({ code: 'house.forbidden' })

  const begun = await keeper.call(keysApi.rotateKeys, { suite: 'sm' })
  await expect(keeper.call(keysApi.rotateKeys, { suite: 'sm' })).rejects.toMatchObject({ code: 'setup.rotationUnderWay' })

  const row = { number: 1, suite: 'aes', state: 'current' }
  expect(before).toMatchObject({ suite: 'aes', backupSuite: 'aes', rotation: null })
  expect(before.rows).toMatchObject(['anchor', 'index', 'seal'].map((purpose) => ({ purpose, ...row })))
  expect(begun).toMatchObject({ suite: 'sm', backupSuite: 'sm', rotation: { number: 2, startedBy: '钱工', resealed: 0, finishedAt: null } })
  expect(begun.rows.map((k) => `${k.purpose} ${k.number} ${k.suite} ${k.state}`)).toEqual([
    'anchor 1 aes old',
    'anchor 2 sm current',
    'index 1 aes current',
    'seal 1 aes old',
    'seal 2 sm current',
  ])
  expect(await house.sql(`select actor_name, detail from house.audit where action = 'house.keysRotated'`)).toEqual([
    { actor_name: '钱工', detail: { key: 2, suite: 'sm' } },
  ])
  expect(JSON.stringify(await keeper.call(keysApi.keys, {}))).not.toMatch(/[0-9a-f]{32}/) // nothing of the keys themselves
})
