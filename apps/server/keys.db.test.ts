import { spawn } from 'node:child_process'
import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '@renxin/kernel'
import { contactsOf, findPatientIds, mergePatients, partPatients, registerPatient, revealContacts } from '@renxin/patients'
import { fillDemo } from '@renxin/seed'
import {
  blindIndex,
  type Context,
  fingerprint,
  finishMaster,
  type House,
  inHospital,
  keyNumberOf,
  lastRotation,
  makeFirstKeys,
  makeHouse,
  makeLive,
  openPool,
  openText,
  readKeys,
  resealTick,
  rotateKeys,
  runTick,
  sealedTables,
  sealText,
  silentLog,
  sql,
  wrapUnder,
} from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { calendarOf, modules } from './modules.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 }) // a hospital is filled, on a machine that may be busy

const house = await openHouse(modules, { calendarOf })
const owner = openPool(house.urls.ownerUrl, { max: 1 })
afterAll(() => owner.end())
let demo: number

/** The house as another process has it: the same database, nothing shared in memory. */
const another = (): House => {
  const { pool, masterKey, authenticator, now } = house.house
  return makeHouse({ pool, modules, masterKey, authenticator, now, log: silentLog, live: makeLive(), calendarOf })
}
const at = <T>(on: House, work: (ctx: Context) => Promise<T>) => inHospital(on, demo, work)
const seal = resealTick(modules, 0)
const rotation = () => at(house.house, lastRotation)
const keys = () => house.ownerSql('select number, suite, retired_at is not null as gone from house.keys where hospital_id = $1 and purpose = $2 order by 1', [demo, 'seal']) // biome-ignore format: one thought

/** Whoever knows a key looks for a newer one every five seconds: until the last has, something is still sealed under the old one. */
async function finish(on: House): Promise<void> {
  const began = performance.now()
  while ((await rotation())?.finishedAt === null) {
    expect(performance.now() - began).toBeLessThan(60_000)
    await runTick(on, seal)
    await pause(5)
  }
}

beforeAll(async () => {
  demo = await house.addHospital('仁心演示医院')
  await at(house.house, async (ctx) => {
    for (const module of modules) await module.prepare?.(ctx)
  })
  await fillDemo(house.house, demo, { patients: 60 })
})

/** Bytes that nothing is sealed in. */
const notSealed = {
  'access.api_keys.secret_hash': 'SHA-256',
  'access.client_tokens.hash': 'SHA-256',
  'access.devices.token_hash': 'SHA-256',
  'access.failures.name_index': 'blind',
  'access.guesses.place': 'blind',
  'access.recovery_codes.hash': 'SHA-256',
  'access.sessions.token_hash': 'SHA-256',
  'access.sessions.sso_sid': 'blind',
  'access.sessions.sso_subject': 'blind',
  'access.sso_attempts.browser_hash': 'SHA-256',
  'access.sso_attempts.sso_sid': 'blind',
  'access.sso_attempts.sso_subject': 'blind',
  'access.sso_logouts.jti_hash': 'SHA-256',
  'access.sso_attempts.state_hash': 'SHA-256',
  'files.contents.body': 'what people handed in, as it is',
  'integration.fhir_resources.hash': 'SHA-256',
  'integration.import_rows.key': 'blind',
  'integration.import_rows.print': 'blind',
  'integration.link_visits.ticket_hash': 'SHA-256',
  'integration.messages.content_hash': 'SHA-256',
  'integration.unclaimed.content_hash': 'SHA-256',
  'integration.unclaimed.body': 'under a key of no hospital',
  'integration.view_rows.hash': 'SHA-256',
  'patients.contacts.phone_index': 'blind',
  'patients.contacts.phone_last4': 'blind',
  'patients.erased_numbers.number_hash': 'blind',
  'patients.patients.identity_card_index': 'blind',
  'patients.patients.identity_card_last4': 'blind',
  'patients.people.phone_index': 'blind',
  'patients.staff_numbers.number': 'blind',
}

test('every column of bytes is named: as sealed, or with what it is instead', async () => {
  const there = await house.ownerSql(`
    select table_schema || '.' || table_name || '.' || column_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where data_type = 'bytea' and table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema', 'house', 'public') order by 1`)
  const named = sealedTables(modules).flatMap((t) => t.columns.filter(([, how]) => how === 'bytes').map(([c]) => `${t.name}.${c}`))

  expect(there.map((r) => r.name)).toEqual([...named, ...Object.keys(notSealed)].sort())
})

/** Everything of this hospital in which the head of something sealed under this key stands, wherever it is. */
async function underKey(number: number): Promise<string[]> {
  const head = `\\\\x0[23]${number.toString(16).padStart(4, '0')}`
  const tables = await house.ownerSql(`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relforcerowsecurity and n.nspname <> 'house' order by 1`)
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await at(house.house, (ctx) => sql`select from ${sql.table(name)} t where t::text ~ ${head} limit 1`.execute(ctx.db))
    if (rows.length > 0) found.push(String(name))
  }
  return found
}

test('while a new key goes through everything, two processes read, find and write; nothing stays under the old key, which is gone', async () => {
  const processes = [another(), another()]
  const [worker] = processes as [House, House]
  const phone = (n: number) => `139${String(n).padStart(8, '0')}`
  let n = 0
  let isOver = false
  const known: { id: string; number: string }[] = []
  const work = async (here: House) => {
    while (!isOver) {
      n += 1
      const [id, number] = [newId(), phone(n)]
      await at(here, (ctx) => registerPatient(ctx, { id, name: '王试', phone: number, identityCard: null }))
      known.push({ id, number })
      const one = known[Math.floor(known.length / 2)]
      if (one) {
        expect(await at(here, (ctx) => findPatientIds(ctx, { phone: one.number, limit: 5 }))).toEqual([one.id])
        expect((await at(here, (ctx) => contactsOf(ctx, one.id)))[0]?.masked).toMatch(/^139/)
      }
      await pause(5)
    }
  }
  const [kept, joined] = [newId(), newId()]
  for (const [id, number] of [[kept, phone(90_000_001)], [joined, phone(90_000_002)]] as const) // biome-ignore format: one thought
    await at(worker, (ctx) => registerPatient(ctx, { id, name: '并档', phone: number }))
  await at(worker, (ctx) => mergePatients(ctx, { survivorId: kept, retiredId: joined }))
  const working = processes.map(work)

  await at(worker, (ctx) => rotateKeys(house.house, ctx, { seconds: 1 }))
  const again = await at(worker, (ctx) => rotateKeys(house.house, ctx, { seconds: 1 }))
  await pause(1000)
  await Promise.race([finish(worker), ...working]).finally(() => {
    isOver = true
  })
  await Promise.all(working)

  expect(again).toBeUndefined()
  expect(known.length).toBeGreaterThan(10)
  expect(await keys()).toEqual([{ number: 1, suite: 'aes', gone: true }, { number: 2, suite: 'aes', gone: false }]) // biome-ignore format: one thought
  expect(await underKey(1)).toEqual([])
  expect((await underKey(2)).length).toBeGreaterThan(4)
  expect(
    await house.ownerSql('select from house.wrapped_keys where hospital_id = $1 and purpose = $2 and number = 1', [demo, 'seal']),
  ).toEqual([])
  const fresh = another()
  for (const { id, number } of known)
    expect((await at(fresh, (ctx) => revealContacts(ctx, { patientId: id, reason: '核对' })))[0]?.number).toBe(number)
  await at(fresh, (ctx) => partPatients(ctx, { survivorId: kept, retiredId: joined, saidAt: house.now() }))
  expect((await at(fresh, (ctx) => revealContacts(ctx, { patientId: joined, reason: '核对' })))[0]?.number).toBe(phone(90_000_002))
})

test('to 国密 and killed in the middle, again and again: whoever comes next goes on where it stood, and nothing is lost', async () => {
  const before = await at(another(), (ctx) => findPatientIds(ctx, { name: '王', limit: 1000 }))
  await at(house.house, (ctx) => rotateKeys(house.house, ctx, { suite: 'sm', seconds: 0 }))
  const program = join(import.meta.dirname, 'keys-test.fixture.ts')
  const kill = async () => {
    const child = spawn(process.execPath, [program, house.urls.appUrl, house.house.masterKey.toString('hex')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    await pause(120 + Math.floor(performance.now() % 200))
    child.kill('SIGKILL')
    await once(child, 'exit')
    return (await rotation())?.resealed ?? 0
  }

  const [first, second] = [await kill(), await kill()]
  await finish(another())

  expect(second).toBeGreaterThanOrEqual(first)
  expect((await keys()).at(-1)).toEqual({ number: 3, suite: 'sm', gone: false })
  expect(await underKey(2)).toEqual([])
  expect(await at(another(), (ctx) => findPatientIds(ctx, { name: '王', limit: 1000 }))).toEqual(before)
  const numbers = await Promise.all(before.slice(0, 20).map((patientId) => at(another(), (ctx) => revealContacts(ctx, { patientId, reason: '核对' })))) // biome-ignore format: one thought
  expect(numbers.flat().length).toBeGreaterThan(5) // some have no telephone
  for (const { number } of numbers.flat()) expect(number).toMatch(/\d{6}/)
})

test('another process learns of a key before it is used, and reads at once what is sealed under one that it does not know', async () => {
  const [here, there] = [another(), another()]
  await at(there, async () => {})
  await at(here, (ctx) => rotateKeys(here, ctx, { seconds: 0 }))
  await pause(20)

  const sealed = await at(here, async (ctx) => sealText(ctx, '王芳'))
  const read = await at(there, async (ctx) => openText(ctx, sealed))

  expect(keyNumberOf(sealed)).toBe(4)
  expect(read).toBe('王芳')
  await finish(here)
})

test('a new key is not used before its time, by nobody', async () => {
  expect(await at(house.house, (ctx) => rotateKeys(house.house, ctx, { seconds: 3 }))).toMatchObject({ number: 5 })
  const [here, there] = [another(), another()]
  const numbers = () => Promise.all([here, there].map((h) => at(h, async (ctx) => keyNumberOf(sealText(ctx, '王芳')))))

  await runTick(here, seal)
  const early = await numbers()
  await pause(3200)
  const late = await numbers()

  expect(early).toEqual([4, 4])
  expect(late).toEqual([5, 5])
  await finish(here)
})

test('a transaction that was open when a pass ended may still write under the old key: the old key waits for it', async () => {
  const slow = another()
  let goOn = () => {}
  const waits = new Promise<void>((done) => {
    goOn = done
  })
  const id = newId()
  const written = at(slow, async (ctx) => {
    await sql`select 1`.execute(ctx.db) // it begins
    const old = sealText(ctx, '13900009999')
    await waits
    await registerPatient(ctx, { id, name: '迟来', phone: '13900009999' })
    await sql`update patients.contacts set phone = ${old} where patient_id = ${id}::uuid`.execute(ctx.db)
  })
  await pause(100)
  expect(await at(house.house, (ctx) => rotateKeys(house.house, ctx, { seconds: 0 }))).toMatchObject({ number: 6 })
  const worker = another()
  for (let turn = 0; turn < 30; turn += 1) await runTick(worker, seal)
  const meanwhile = await rotation()

  goOn()
  await written
  await finish(worker)

  expect(meanwhile?.finishedAt).toBeNull()
  expect(await underKey(5)).toEqual([])
  expect((await at(another(), (ctx) => revealContacts(ctx, { patientId: id, reason: '核对' })))[0]?.number).toBe('13900009999')
})

test('the keys lie wrapped: neither they nor the master key can be read in the database, and another master key opens none', async () => {
  const rows = await house.ownerSql('select wrapped from house.wrapped_keys where hospital_id = $1', [demo])
  const ring = await readKeys(house.house.pool, house.house.masterKey, demo)

  for (const key of ring.seals.values()) for (const { wrapped } of rows) expect(wrapped.includes(key.cipher.export())).toBe(false)
  await expect(readKeys(house.house.pool, Buffer.alloc(32, 7), demo)).rejects.toThrow('another master key')
  await expect(house.sql('select * from house.wrapped_keys')).rejects.toThrow('permission denied')
  await expect(house.sql('select * from house.keys')).rejects.toThrow('permission denied')
})

test('what a hospital sealed before keys were kept is opened, goes over to a kept key, and opens the same after it', async () => {
  const old = await house.addHospital('从前的医院')
  await house.ownerSql(`insert into house.keys (hospital_id, purpose, number, suite, usable_at, is_drawn)
    select ${old}, p, 1, 'aes', now(), true from unnest(array['seal', 'index', 'anchor']) p`)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(hkdfSync('sha256', house.house.masterKey, `hospital:${old}`, 'seal', 32)), nonce)
  const body = Buffer.concat([cipher.update('13800001111'), cipher.final()])
  const sealed = Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), body])
  const id = newId()
  const phones = (on: House) =>
    inHospital(on, old, async (ctx) => (await revealContacts(ctx, { patientId: id, reason: '核对' })).map((c) => c.number))
  const here = another()
  await inHospital(here, old, async (ctx) => {
    await registerPatient(ctx, { id, name: '从前', phone: '13800001111' })
    await sql`update patients.contacts set phone = ${sealed} where patient_id = ${id}::uuid`.execute(ctx.db)
  })
  const before = await phones(here)

  await inHospital(here, old, (ctx) => rotateKeys(here, ctx, { seconds: 0 }))
  for (let turn = 0; turn < 200 && !(await inHospital(here, old, lastRotation))?.finishedAt; turn += 1) await runTick(here, seal)

  expect(before).toEqual(['13800001111'])
  expect(await phones(another())).toEqual(['13800001111'])
  const { rows } = await inHospital(here, old, (ctx) => sql<{ phone: Buffer }>`select phone from patients.contacts where patient_id = ${id}::uuid`.execute(ctx.db)) // biome-ignore format: one thought
  expect(rows.map((r) => keyNumberOf(r.phone))).toEqual([2])
})

test('a hospital that begins with 国密 seals by SM4 and finds by HMAC-SM3', async () => {
  const id = await house.addHospital('国密医院')
  await makeFirstKeys(house.house.pool, house.house.masterKey, id, 'sm')

  const keysThere = await readKeys(house.house.pool, house.house.masterKey, id)
  const found = await inHospital(another(), id, async (ctx) => [sealText(ctx, '王芳')[0], blindIndex(ctx, 'patients.phone', '1').length])

  expect([keysThere.current.suite, ...keysThere.indexes.map((k) => k.suite), ...keysThere.anchors.map((k) => k.suite)]).toEqual([
    'sm',
    'sm',
    'sm',
  ])
  expect(found).toEqual([3, 16])
})

test('a new master key: both open while processes go over to it one after the other, no key is made meanwhile, and then the old one opens nothing', async () => {
  const [old, next] = [house.house.masterKey, randomBytes(32)]
  const withNext = (): House => ({ ...another(), masterKey: next, keys: new Map() })
  const first = async (on: House) => at(on, async (ctx) => {
    const [id = ''] = await findPatientIds(ctx, { name: '王', limit: 1 })
    return (await revealContacts(ctx, { patientId: id, reason: '核对' }))[0]?.number
  }) // biome-ignore format: one thought
  const before = await first(another())
  await house.ownerSql(`insert into house.processes (id, host, pid, roles, version, started_at, seen_at, facts)
    values ('${newId()}', 'elsewhere', 1, '{web}', '1', now(), now(), '{"master": "${fingerprint(old)}"}')`)
  await house.ownerSql(`insert into house.settings (name, value) values ('key', '${fingerprint(old)}') on conflict do nothing`)

  const early = await finishMaster(owner, next)
  await wrapUnder(owner, old, next)
  const wrappedAgain = await wrapUnder(owner, old, next)
  const meanwhile = [await first(another()), await first(withNext())]
  const refused = at(another(), (ctx) => rotateKeys(house.house, ctx))
  await expect(refused).rejects.toThrow('the master key is being changed')
  const stillUsed = await finishMaster(owner, next)
  await house.ownerSql('delete from house.processes')
  const done = await finishMaster(owner, next)

  expect([early, stillUsed, done]).toEqual(['notUnderWay', 'stillUsed', 'done'])
  expect(wrappedAgain).toBeGreaterThan(5)
  expect(meanwhile).toEqual([before, before])
  expect(await first(withNext())).toBe(before)
  await expect(first(another())).rejects.toThrow('another master key')
  expect(await house.ownerSql('select name, value from house.settings where name like $1', ['%ey'])).toEqual([
    { name: 'key', value: fingerprint(next) },
  ])
})
