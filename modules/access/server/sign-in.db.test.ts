import { savePerson, saveUnit } from '@renxin/staff'
import { expect, test } from 'vitest'
import { access, createApiKey, createUser } from './index.ts'
import { openAccess, password } from './testing.ts'

const { house, newUser, ask, signIn } = await openAccess()

test('the right name and password open a session in a cookie that scripts and other sites cannot reach', async () => {
  const { name } = await newUser()

  const { status, body, cookie, session } = await signIn(` ${name.toUpperCase()} `)

  expect(status).toBe(200)
  expect(body).toMatchObject({ user: { name, displayName: '王护士' }, permissions: { 'followups.work': 'hospital' } })
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' })
  expect((await ask('/me', { cookie: session })).body).toMatchObject({ user: { name } })
  expect(await house.sql('select 1 from access.sessions where encode(token_hash, $1) = $2', ['escape', session.split('.')[1]])).toEqual([])
})

test('each wrong password says how many tries are left, the fifth locks, and the right one is refused until ten minutes are over', async () => {
  const { name } = await newUser()

  const left = []
  for (let i = 0; i < 4; i++) left.push((await signIn(name, 'wrong-1')).body.triesLeft)
  const fifth = await signIn(name, 'wrong-1')
  const right = await signIn(name)

  expect(left).toEqual([4, 3, 2, 1])
  expect(fifth).toMatchObject({ status: 403, body: { code: 'access.locked', minutes: 10 } })
  expect(right).toMatchObject({ status: 403, body: { code: 'access.locked' } })

  house.advance({ minutes: 10 })
  expect((await signIn(name)).status).toBe(200)
})

test('a name that nobody has is answered like one that somebody has', async () => {
  const { name } = await newUser()

  const known = []
  const unknown = []
  for (let i = 0; i < 6; i++) {
    known.push(await signIn(name, 'wrong-1'))
    unknown.push(await signIn('nobody.at.all', 'wrong-1'))
  }

  const said = (a: { status: number; body: { code: string; triesLeft?: number; minutes?: number } }) => [
    a.status,
    a.body.code,
    a.body.triesLeft,
    a.body.minutes,
  ]
  expect(unknown.map(said)).toEqual(known.map(said))
})

test('of many guesses at the same moment none escapes the count', async () => {
  const { name } = await newUser()

  const answers = await Promise.all(Array.from({ length: 12 }, () => signIn(name, 'wrong-1')))

  expect(answers.filter((a) => a.body.code === 'access.wrongPassword')).toHaveLength(4)
  expect(answers.filter((a) => a.body.code === 'access.locked')).toHaveLength(8)
})

test('a right password ends the row of wrong ones', async () => {
  const { name } = await newUser()
  await signIn(name, 'wrong-1')

  await signIn(name)

  expect((await signIn(name, 'wrong-1')).body.triesLeft).toBe(4)
})

test('whoever signs in gets a new token, and the one planted before is worth nothing', async () => {
  const planted = (await signIn((await newUser()).name)).session
  const victim = await newUser()

  const { session } = await signIn(victim.name, password, planted)

  expect(session).not.toBe(planted)
  expect((await ask('/me', { cookie: planted })).status).toBe(401)
  expect((await ask('/me', { cookie: session })).body.user.id).toBe(victim.id)
})

test('signing out ends this session, signing out everywhere ends all', async () => {
  const { name } = await newUser()
  const [first, second, third] = [(await signIn(name)).session, (await signIn(name)).session, (await signIn(name)).session]

  await ask('/sign-out', { cookie: first, body: {} })
  expect((await ask('/me', { cookie: first })).status).toBe(401)
  expect((await ask('/me', { cookie: second })).status).toBe(200)

  await ask('/sign-out-everywhere', { cookie: second, body: {} })
  expect((await ask('/me', { cookie: third })).status).toBe(401)
})

test('a session that nobody used for an hour is over, one in use lives on, but not beyond twelve hours', async () => {
  const { name } = await newUser()
  const [idle, used] = [(await signIn(name)).session, (await signIn(name)).session]

  house.advance({ minutes: 40 })
  await ask('/me', { cookie: used })
  house.advance({ minutes: 40 })

  expect((await ask('/me', { cookie: idle })).status).toBe(401)
  expect((await ask('/me', { cookie: used })).status).toBe(200)
  for (let i = 0; i < 13; i++) {
    house.advance({ minutes: 50 })
    await ask('/me', { cookie: used })
  }
  expect((await ask('/me', { cookie: used })).status).toBe(401)
})

test('a disabled account is told so only after the right password, and its sessions are over at once', async () => {
  const { id, name } = await newUser()
  const { session } = await signIn(name)
  await house.sql('update access.users set is_disabled = true where id = $1', [id])

  expect((await ask('/me', { cookie: session })).status).toBe(401)
  expect((await signIn(name, 'wrong-1')).body.code).toBe('access.wrongPassword')
  expect((await signIn(name)).body.code).toBe('access.disabled')
})

test('a password given by somebody else must be changed before anything else, and changing it ends all sessions but this one', async () => {
  const { name } = await newUser({ mustChangePassword: true })
  const { session, body } = await signIn(name)
  const other = (await signIn(name)).session

  expect(body).toMatchObject({ user: { mustChangePassword: true }, permissions: {} })
  const wrong = await ask('/me/password', { cookie: session, body: { current: 'wrong-1', next: 'Better-2027' } })
  expect(wrong).toMatchObject({ status: 400, body: { code: 'access.wrongCurrentPassword', triesLeft: 4 } })
  const weak = await ask('/me/password', { cookie: session, body: { current: password, next: 'weakweak' } })
  expect(weak.body.code).toBe('access.weakPassword')
  const changed = await ask('/me/password', { cookie: session, body: { current: password, next: 'Better-2027' } })

  expect(changed.body).toMatchObject({ user: { mustChangePassword: false }, permissions: { 'followups.work': 'hospital' } })
  expect((await ask('/me', { cookie: other })).status).toBe(401)
  expect((await ask('/me', { cookie: session })).status).toBe(401)
  expect((await ask('/me', { cookie: changed.cookie?.value ?? '' })).status).toBe(200)
  expect((await signIn(name)).status).toBe(401)
})

test('the wards and departments of the person behind an account come with it', async () => {
  const unit = (fields: object) => ({ id: crypto.randomUUID(), code: null, campusId: null, departmentId: null, isActive: true, ...fields })
  const { department, ward, personId } = await house.inside(async (ctx) => {
    const department = await saveUnit(ctx, { ...unit({ kind: 'department', name: '心内科' }), kind: 'department', name: '心内科' })
    const ward = await saveUnit(ctx, { ...unit({}), kind: 'ward', name: '心内病区', departmentId: department.id })
    const person = {
      id: crypto.randomUUID(),
      number: null,
      name: '李护士长',
      job: 'nurse' as const,
      title: null,
      isActive: true,
      unitIds: [ward.id],
    }
    return { department, ward, personId: (await savePerson(ctx, person)).id }
  })
  const { name } = await newUser({ personId })

  const { body } = await signIn(name)

  expect(body).toMatchObject({ departments: [department.id], wards: [ward.id] })
})

test('two hospitals may have the same name to sign in with; neither opens the other', async () => {
  const { name } = await newUser()
  const there = await house.addHospital('仁爱医院')
  await house.inside(async (ctx) => access.prepare?.(ctx), there)
  await house.inside(
    (ctx) => createUser(ctx, { name, displayName: '另一位', password: 'Other-2026', roleKeys: ['systemAdministrator'] }),
    there,
  )

  const here = await signIn(name)
  const other = await ask('/sign-in', { body: { name, password: 'Other-2026', hospitalId: there } })
  const crossed = await ask('/sign-in', { body: { name, password: 'Other-2026', hospitalId: house.hospitalId } })

  expect(here.body.user.displayName).toBe('王护士')
  expect(other.body).toMatchObject({ user: { displayName: '另一位' }, hospital: { id: there } })
  expect(crossed.status).toBe(401)
  const forged = `${there}.${here.session.split('.')[1]}`
  expect((await ask('/me', { cookie: forged })).status).toBe(401)
  const users = await ask('/users', { cookie: other.cookie?.value ?? '' })
  expect(users.body.rows.map((u: { displayName: string }) => u.displayName)).toEqual(['另一位'])
})

test('whoever still has a session of one hospital can sign in to another', async () => {
  const { name } = await newUser()
  const there = await house.addHospital('仁和医院')
  await house.inside(async (ctx) => access.prepare?.(ctx), there)
  await house.inside((ctx) => createUser(ctx, { name: 'admin', displayName: '仁和管理员', password: 'Other-2026' }), there)
  const { session } = await signIn(name)

  const other = await ask('/sign-in', { cookie: session, body: { name: 'admin', password: 'Other-2026', hospitalId: there } })

  expect(other.body).toMatchObject({ hospital: { id: there } })
})

test('personas are stepped into in the demo hospital only, with a new token', async () => {
  const demo = await house.addHospital('演示医院')
  await house.inside(async (ctx) => access.prepare?.(ctx), demo)
  const persona = { password, isPersona: true }
  const nurse = await house.inside(
    (ctx) => createUser(ctx, { ...persona, name: 'persona.a', displayName: '随访护士', roleKeys: ['followupNurse'] }),
    demo,
  )
  const leader = await house.inside(
    (ctx) => createUser(ctx, { ...persona, name: 'leader', displayName: '院长', roleKeys: ['hospitalLeader'] }),
    demo,
  )
  const accounts = await ask(`/demo-accounts?hospitalId=${demo}`)
  const before = await ask('/sign-in', { body: { name: 'persona.a', password, hospitalId: demo } })

  const after = await ask('/me/persona', { cookie: before.cookie?.value ?? '', body: { userId: leader.id } })

  expect(accounts.body.rows.map((a: { id: string }) => a.id)).toEqual([nurse.id, leader.id])
  expect(after.body).toMatchObject({ user: { name: 'leader' } })
  expect((await ask('/me', { cookie: before.cookie?.value ?? '' })).status).toBe(401)
  const real = await newUser({ isPersona: true })
  const refused = await ask('/me/persona', { cookie: (await signIn(real.name)).session, body: { userId: real.id } })
  expect(refused.body.code).toBe('access.onlyDemo')
  expect((await ask(`/demo-accounts?hospitalId=${house.hospitalId}`)).body.rows).toEqual([])
})

test('an API key opens what its scopes say, in its own hospital, until it is revoked or runs out', async () => {
  const key = await house.inside((ctx) => createApiKey(ctx, { name: 'HIS', scopes: ['access.read'], expiresOn: '2030-01-01' }))
  const there = await house.addHospital('仁济医院')

  expect(key.secret).toMatch(new RegExp(`^rx_${house.hospitalId}_[\\w-]{43}$`))
  expect((await ask('/users', { key: key.secret })).status).toBe(200)
  expect((await ask('/roles', { key: key.secret.replace(/.$/, '') })).status).toBe(401)
  expect((await ask('/users', { key: key.secret.replace(`rx_${house.hospitalId}_`, `rx_${there}_`) })).status).toBe(401)
  expect((await ask('/audit', { key: key.secret })).status).toBe(403)
  expect(await house.sql('select 1 as n from access.api_keys where last_used_at is not null')).toHaveLength(1)

  await house.sql("update access.api_keys set revoked_at = now() where name = 'HIS'")
  expect((await ask('/users', { key: key.secret })).status).toBe(401)
})

test('of a password and a PIN the database keeps argon2id, of a session and a key a hash, and none of them as it is', async () => {
  const { id, name } = await newUser()
  const { session } = await signIn(name)
  await ask('/me/pin', { cookie: session, body: { password, pin: '2580' } })
  const { secret } = await house.inside((ctx) => createApiKey(ctx, { name: 'LIS', scopes: ['access.read'] }))

  const [user] = await house.sql<{ password_hash: string; pin_hash: string }>(
    'select password_hash, pin_hash from access.users where id = $1',
    [id],
  )
  for (const kept of [user?.password_hash, user?.pin_hash]) expect(kept).toMatch(/^\$argon2id\$v=19\$m=\d{5,},t=\d,p=\d\$/)
  const all = JSON.stringify([
    await house.sql('select to_jsonb(u) as row from access.users u'),
    await house.sql('select to_jsonb(s) as row, encode(token_hash, $1) as token from access.sessions s', ['escape']),
    await house.sql('select to_jsonb(k) as row, encode(secret_hash, $1) as secret from access.api_keys k', ['escape']),
  ])
  for (const plain of [password, '"2580"', session.slice(-20), secret.slice(-20)]) expect(all).not.toContain(plain)
})

test('signing in, and being refused, stand in the audit trail with the address', async () => {
  const { id, name } = await newUser()
  await signIn(name, 'wrong-1')
  house.advance({ seconds: 1 })
  await signIn(name)

  const rows = await house.sql('select action, actor_name, address from house.audit where object_id = $1 order by id', [id])

  expect(rows).toEqual([
    { action: 'access.signInRefused', actor_name: 'nobody', address: '127.0.0.1' },
    { action: 'access.signIn', actor_name: '王护士', address: '127.0.0.1' },
  ])
})
