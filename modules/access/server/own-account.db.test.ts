import { generate } from 'otplib'
import { expect, test } from 'vitest'
import { signInPresets } from '../contract.ts'
import { changeRules, rulesOf } from './sign-in-rules.ts'
import { openAccess, password } from './testing.ts'

const { house, newUser, ask, signIn } = await openAccess()
const set = (rules: object) => house.inside((ctx) => changeRules(ctx, { ...signInPresets.grade3, secondFactor: 'optional', ...rules }))
const codeOf = (secret: string) => generate({ secret, epoch: Math.floor(house.now().getTime() / 1000) })

/** An account with an authenticator, and what its owner keeps of it. */
async function withFactor(fields: object = {}) {
  const user = await newUser(fields)
  const { session } = await signIn(user.name)
  const { secret, uri } = (await ask('/me/second-factor', { cookie: session, body: { password } })).body
  const { body } = await ask('/me/second-factor/confirm', { cookie: session, body: { code: await codeOf(secret) } })
  return { ...user, session, secret, uri, recoveryCodes: body.recoveryCodes as string[] }
}

test('who has an authenticator signs in with the password and a code; no code counts twice', async () => {
  const { name, secret, uri } = await withFactor()
  house.advance({ minutes: 1 })
  const code = await codeOf(secret)

  const without = await signIn(name)
  const wrong = await signIn(name, password, undefined, { code: code === '000000' ? '111111' : '000000' })
  const right = await signIn(name, password, undefined, { code })
  const again = await signIn(name, password, undefined, { code })

  expect(uri).toContain(`secret=${secret}`)
  expect(without).toMatchObject({ status: 401, body: { code: 'access.codeNeeded' }, session: '' })
  expect(wrong).toMatchObject({ status: 401, body: { code: 'access.wrongCode', triesLeft: 4 }, session: '' })
  expect(right).toMatchObject({ status: 200, body: { user: { hasSecondFactor: true } } })
  expect(again).toMatchObject({ status: 401, body: { code: 'access.wrongCode' } })
})

test('whoever knows the password guesses five codes and is locked out', async () => {
  const { name, secret } = await withFactor()
  house.advance({ minutes: 1 })
  const right = await codeOf(secret)
  const wrong = right === '000000' ? '111111' : '000000'

  for (let i = 0; i < 4; i++) {
    await signIn(name, password, undefined, { code: wrong })
    await signIn(name) // the right password in between does not begin the count anew
  }
  const fifth = await signIn(name, password, undefined, { code: wrong })

  expect(fifth).toMatchObject({ status: 403, body: { code: 'access.locked' } })
  expect((await signIn(name, password, undefined, { code: right })).status).toBe(403)
})

test('a recovery code opens once; neither it nor the secret stands readable in the database', async () => {
  const { name, secret, recoveryCodes } = await withFactor()
  const [first = ''] = recoveryCodes

  const used = await signIn(name, password, undefined, { code: first.toUpperCase() })
  const again = await signIn(name, password, undefined, { code: first })

  expect(recoveryCodes).toHaveLength(10)
  expect(used.status).toBe(200)
  expect(again.body.code).toBe('access.wrongCode')
  const kept = JSON.stringify(await house.sql('select totp_secret::text, totp_pending::text from access.users', []))
  expect(kept).not.toContain(Buffer.from(secret).toString('hex'))
})

test('an authenticator that was only shown counts for nothing, and one that is there is taken away only with a code', async () => {
  const { name } = await newUser()
  const { session } = await signIn(name)
  await ask('/me/second-factor', { cookie: session, body: { password } })
  expect((await signIn(name)).status).toBe(200)

  const bearer = await withFactor()
  const wrong = await ask('/me/second-factor/remove', { cookie: bearer.session, body: { password, code: '000000' } })
  house.advance({ minutes: 1 })
  const code = await codeOf(bearer.secret)
  const removed = await ask('/me/second-factor/remove', { cookie: bearer.session, body: { password, code } })

  expect(wrong.body.code).toBe('access.wrongNewCode')
  expect(removed.body).toMatchObject({ user: { hasSecondFactor: false } })
  expect((await signIn(bearer.name)).status).toBe(200)
})

test('until the hospital has saved its rules those of grade 3 hold, save that nobody is shut out for want of an authenticator; the preset asks one of everybody', async () => {
  const fresh = await house.addHospital('仁爱医院')
  const rules = await house.inside((ctx) => rulesOf(ctx), fresh)

  expect(rules).toEqual({ ...signInPresets.grade3, secondFactor: 'optional' })
  expect(signInPresets.grade3).toMatchObject({ kinds: 3, maxAgeDays: 90, tries: 5, secondFactor: 'everybody', auditApart: true })
  expect(signInPresets.modern).toMatchObject({ minLength: 15, kinds: 1, maxAgeDays: null })
})

test('where everybody needs a second factor, an account without one may do nothing but set it up', async () => {
  await set({ secondFactor: 'everybody' })
  const { name } = await newUser()

  const { session, body } = await signIn(name)
  const { secret } = (await ask('/me/second-factor', { cookie: session, body: { password } })).body
  await ask('/me/second-factor/confirm', { cookie: session, body: { code: await codeOf(secret) } })
  house.advance({ minutes: 1 })
  const remove = await ask('/me/second-factor/remove', { cookie: session, body: { password, code: await codeOf(secret) } })

  expect(body).toMatchObject({ user: { mustAddFactor: true }, permissions: {} })
  expect((await ask('/me', { cookie: session })).body).toMatchObject({
    user: { mustAddFactor: false },
    permissions: { 'followups.work': 'hospital' },
  })
  expect(remove.body.code).toBe('access.factorAsked')
  await set({})
})

test('where administrators need a second factor, one who owes it owes it at each sign-in, also while a password for once waits to be changed', async () => {
  await set({ secondFactor: 'administrators' })
  const { name } = await newUser({ roleKeys: ['securityAdministrator'] })
  const { name: newcomer } = await newUser({ roleKeys: ['securityAdministrator'], mustChangePassword: true })
  const { name: nurse } = await newUser()

  const first = await signIn(name)
  const second = await signIn(name)
  const both = await signIn(newcomer)
  const other = await signIn(nurse)
  await set({})

  for (const { body } of [first, second]) expect(body).toMatchObject({ user: { mustAddFactor: true }, permissions: {} })
  expect(both.body).toMatchObject({ user: { mustAddFactor: true, mustChangePassword: true }, permissions: {} })
  expect(other.body).toMatchObject({ user: { mustAddFactor: false }, permissions: { 'followups.work': 'hospital' } })
})

test('a locked session answers nothing until its PIN is typed; five wrong ones end it', async () => {
  const { name } = await newUser()
  const { session } = await signIn(name)
  const simple = await ask('/me/pin', { cookie: session, body: { password, pin: '1234' } })
  await ask('/me/pin', { cookie: session, body: { password, pin: '2580' } })
  const unlock = (pin: string) => ask('/unlock', { cookie: session, body: { pin } })

  await ask('/me/lock', { cookie: session, body: {} })
  const locked = await ask('/me', { cookie: session })
  const wrong = await unlock('1357')
  const right = await unlock('2580')
  await ask('/me/lock', { cookie: session, body: {} })
  for (let i = 0; i < 5; i++) await unlock('1357')

  expect(simple.body.code).toBe('access.simplePin')
  expect(locked.status).toBe(401)
  expect(wrong.body).toMatchObject({ code: 'access.wrongPin', triesLeft: 4 })
  expect(right.body).toMatchObject({ user: { name, hasPin: true }, permissions: { 'followups.work': 'hospital' } })
  expect((await unlock('2580')).body.code).toBe('access.sessionNotFound')
})

test('a PIN opens a session that was not used for a while, never one that is over, and never another', async () => {
  const { name } = await newUser()
  const { session } = await signIn(name)
  await ask('/me/pin', { cookie: session, body: { password, pin: '2580' } })

  house.advance({ minutes: 61 })
  const idle = await ask('/me', { cookie: session })
  const back = await ask('/unlock', { cookie: session, body: { pin: '2580' } })
  house.advance({ hours: 12 })
  const over = await ask('/unlock', { cookie: session, body: { pin: '2580' } })
  const nobody = await ask('/unlock', { body: { pin: '2580' } })

  expect([idle.status, back.status, over.status, nobody.status]).toEqual([401, 200, 404, 404])
})

test('each sees where he is signed in and ends one; the others stay', async () => {
  const { name } = await newUser()
  const { session: here } = await signIn(name)
  const { session: there } = await signIn(name)
  const stranger = await newUser()
  const { session: theirs } = await signIn(stranger.name)

  const { rows } = (await ask('/me/sessions', { cookie: here })).body
  const other = rows.find((s: { isCurrent: boolean }) => !s.isCurrent)
  const foreign = await ask(`/me/sessions/${other.id}/end`, { cookie: theirs, body: {} })
  await ask(`/me/sessions/${other.id}/end`, { cookie: here, body: {} })

  expect(rows).toHaveLength(2)
  expect(foreign.body.code).toBe('access.sessionNotFound')
  expect((await ask('/me', { cookie: here })).status).toBe(200)
  expect((await ask('/me', { cookie: there })).status).toBe(401)
})

test('a password that has grown old is changed before anything else, and none of the last five is taken', async () => {
  const { name } = await newUser()
  house.advance({ days: 91 })

  const { session, body } = await signIn(name)
  let cookie = session
  let current = password
  for (const next of ['Better-2027', 'Better-2028', 'Better-2029', 'Better-2030']) {
    cookie = (await ask('/me/password', { cookie, body: { current, next } })).cookie?.value ?? ''
    current = next
    house.advance({ minutes: 1 })
  }
  const former = await ask('/me/password', { cookie, body: { current, next: password } })
  cookie = (await ask('/me/password', { cookie, body: { current, next: 'Better-2031' } })).cookie?.value ?? ''
  house.advance({ minutes: 1 })
  cookie = (await ask('/me/password', { cookie, body: { current: 'Better-2031', next: 'Better-2032' } })).cookie?.value ?? ''
  const longAgo = await ask('/me/password', { cookie, body: { current: 'Better-2032', next: password } })

  expect(body).toMatchObject({ user: { mustChangePassword: true }, permissions: {} })
  expect(former).toMatchObject({ status: 409, body: { code: 'access.formerPassword' } })
  expect(longAgo.status).toBe(200)
})

test('the hospital’s own figures count: three tries, a lock of half an hour, twelve characters', async () => {
  await set({ tries: 3, lockMinutes: 30, minLength: 12 })
  const { name } = await newUser({ password: 'Nurse-2026-Ward' })

  const left = [(await signIn(name, 'wrong-1')).body.triesLeft, (await signIn(name, 'wrong-1')).body.triesLeft]
  const third = await signIn(name, 'wrong-1')
  const weak = newUser({ password })

  expect(left).toEqual([2, 1])
  expect(third.body).toMatchObject({ code: 'access.locked', minutes: 30 })
  await expect(weak).rejects.toMatchObject({ code: 'access.weakPassword', details: { minLength: 12, kinds: 3 } })
  await set({})
})
