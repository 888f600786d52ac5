import { ATTEMPT_COOKIE, DEVICE_COOKIE, SESSION_COOKIE } from '@renxin/server'
import { openBrowser, startProvider, testClient } from '@renxin/server/testing-provider'
import { savePerson } from '@renxin/staff'
import { generate } from 'otplib'
import { afterAll, expect, test } from 'vitest'
import { signInPresets, ssoLogoutPath } from '../../contract.ts'
import { changeRules } from '../sign-in-rules.ts'
import { openAccess, password } from '../testing.ts'
import { saveSso } from './settings.ts'

const homeUrl = 'http://crm.hospital.test'
const { house, http, newUser, ask, signIn } = await openAccess()
const ourAddress = await http.listen({ host: '127.0.0.1', port: 0 }) // where the provider itself reaches us
const provider = await startProvider({
  homeUrl,
  logoutUrl: `${ourAddress}${ssoLogoutPath(house.hospitalId)}`,
  people: { zhang: { employee_number: 'E0077' }, mail: { email: 'nurse1@hospital.cn', email_verified: false } },
})
afterAll(() => provider.stop())

const settings = {
  isActive: true,
  label: '用医院工号登录',
  homeUrl,
  issuerUrl: provider.issuer,
  clientId: testClient.id,
  clientSecret: testClient.secret,
  claim: 'preferred_username',
  match: 'name',
  alwaysAsks: true,
  trustsFactor: false,
  signsOutThere: true,
} as const
const set = (change: object = {}) => house.inside((ctx) => saveSso(ctx, { ...settings, ...change }))
await set()

type Cookies = { attempt?: string; session?: string }

/** Asks as a browser does that carries these cookies. */
async function post(path: string, body: object, { attempt, session }: Cookies = {}) {
  const response = await http.inject({
    method: 'POST',
    url: `/api/access${path}`,
    headers: { 'x-renxin': '1' },
    cookies: { ...(attempt && { [ATTEMPT_COOKIE]: attempt }), ...(session && { [SESSION_COOKIE]: session }) },
    payload: { hospitalId: house.hospitalId, ...body },
  })
  const cookie = (name: string) => response.cookies.find((c) => c.name === name)
  return {
    status: response.statusCode,
    body: response.json(),
    attempt: cookie(ATTEMPT_COOKIE),
    session: cookie(SESSION_COOKIE)?.value ?? '',
    device: cookie(DEVICE_COOKIE),
  }
}

/** Sets out, says at the provider who one is, and stands where one is sent back to. */
async function goThere(who: Parameters<ReturnType<typeof openBrowser>>[1], browser = openBrowser(homeUrl), session = '') {
  const begun = await post('/sso/begin', {}, { session })
  const back = await browser(begun.body.url, who)
  return { attempt: begun.attempt?.value ?? '', begun, came: Object.fromEntries(back.searchParams), url: new URL(begun.body.url) }
}

async function signInThere(login: string, more: object = {}) {
  const { attempt, came } = await goThere({ login, ...more })
  return { ...(await post('/sso/finish', came, { attempt })), attempt }
}

test('whoever has an account here signs in at the hospital’s provider, with the rights he has here, and it stands in the audit', async () => {
  const { id, name } = await newUser()

  const { attempt, begun, came, url } = await goThere({ login: name.toUpperCase().toLowerCase() })
  const done = await post('/sso/finish', came, { attempt })

  expect(begun.attempt).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/api/access' })
  expect(url.searchParams.get('code_challenge_method')).toBe('S256')
  expect(done).toMatchObject({ status: 200, body: { user: { name }, permissions: { 'followups.work': 'hospital' } } })
  expect((await ask('/me', { cookie: done.session })).body).toMatchObject({ user: { name } })
  expect(done.device?.value).toBeTruthy()
  const trail = await house.sql('select action, actor_name from house.audit where object_id = $1', [id])
  expect(trail).toEqual([{ action: 'access.signInBySso', actor_name: '王护士' }])
})

test('the staff number names the account where the hospital says so; it must be one person’s, who works here', async () => {
  await set({ claim: 'employee_number', match: 'number' })
  const person = {
    id: crypto.randomUUID(),
    number: 'E0077',
    name: '张护士',
    job: 'nurse' as const,
    title: null,
    isActive: true,
    unitIds: [],
  }
  await house.inside((ctx) => savePerson(ctx, person))
  const { name } = await newUser({ personId: person.id })

  const known = await signInThere('zhang')
  const unknown = await signInThere('nobody-with-a-number')
  await house.inside((ctx) => savePerson(ctx, { ...person, isActive: false }))
  const left = await signInThere('zhang')
  await set()

  expect(known).toMatchObject({ status: 200, body: { user: { name } } })
  expect(unknown.body.code).toBe('access.ssoRefused') // the provider says no number of him
  expect(left.body.code).toBe('access.ssoNoAccount')
})

test('nobody gets an account or a right by it: without one, and with one that is disabled, the words are the same', async () => {
  const { id, name } = await newUser()
  await house.sql('update access.users set is_disabled = true where id = $1', [id])

  house.advance({ seconds: 1 })
  const nobody = await signInThere('nobody.at.all')
  house.advance({ seconds: 1 })
  const disabled = await signInThere(name)

  const said = ({ status, body: { requestId: _, ...body }, session }: typeof nobody) => ({ status, body, session })
  expect(said(disabled)).toEqual(said(nobody))
  expect(nobody).toMatchObject({ status: 403, body: { code: 'access.ssoNoAccount' }, session: '' })
  expect(await house.sql("select 1 from access.users where name = 'nobody.at.all'")).toEqual([])
  const trail = await house.sql(
    "select detail ->> 'because' as because from house.audit where action = 'access.signInRefused' order by id desc limit 2",
  )
  expect(trail).toEqual([{ because: 'disabled' }, { because: 'ssoNoAccount' }])
})

test('an answer opens once, in the browser in which it was asked for, and for some minutes', async () => {
  const { name } = await newUser()
  const stale = { status: 401, body: { code: 'access.ssoStale' }, session: '' }

  const first = await goThere({ login: name })
  expect(await post('/sso/finish', first.came)).toMatchObject(stale)
  const other = await goThere({ login: name })
  expect(await post('/sso/finish', first.came, { attempt: other.attempt })).toMatchObject(stale)
  expect(await post('/sso/finish', { ...first.came, state: other.came.state ?? '' }, { attempt: first.attempt })).toMatchObject(stale)
  expect((await post('/sso/finish', first.came, { attempt: first.attempt })).status).toBe(200)
  expect(await post('/sso/finish', first.came, { attempt: first.attempt })).toMatchObject(stale)
  house.advance({ minutes: 11 })
  expect(await post('/sso/finish', other.came, { attempt: other.attempt })).toMatchObject(stale)
  expect(await post('/sso/finish', { ...other.came, state: 'made up' }, { attempt: other.attempt })).toMatchObject(stale)
})

test('of one answer that comes back many times at once, one goes in', async () => {
  const { name } = await newUser()
  const { attempt, came } = await goThere({ login: name })

  const outcomes = await Promise.all([1, 2, 3].map(() => post('/sso/finish', came, { attempt })))

  expect(outcomes.filter((o) => o.status === 200).length).toBeLessThanOrEqual(1)
  expect(
    await house.sql('select count(*)::int as n from access.sessions s join access.users u on u.id = s.user_id where u.name = $1', [name]),
  ).toEqual([{ n: outcomes.filter((o) => o.status === 200).length }])
})

test('a code of another attempt, and one that was used already, are refused by the provider, and so are we', async () => {
  const { name } = await newUser()
  const [one, two] = [await goThere({ login: name }), await goThere({ login: name })]

  const injected = await post('/sso/finish', { ...two.came, code: one.came.code ?? '' }, { attempt: two.attempt })
  const done = await goThere({ login: name })
  await post('/sso/finish', done.came, { attempt: done.attempt })
  const after = await goThere({ login: name })
  const replayed = await post('/sso/finish', { ...after.came, code: done.came.code ?? '' }, { attempt: after.attempt })
  const madeUp = await goThere({ login: name })
  const wrong = await post('/sso/finish', { ...madeUp.came, code: 'made-up' }, { attempt: madeUp.attempt })

  for (const refused of [injected, replayed, wrong])
    expect(refused).toMatchObject({ status: 401, body: { code: 'access.ssoRefused' }, session: '' })
  const trail = await house.sql("select detail from house.audit where detail ->> 'because' = 'sso' order by id desc limit 3")
  expect(trail).toEqual(Array(3).fill({ detail: { because: 'sso', wrong: 'code' } }))
})

test('whoever gives up at the provider is told so, and whoever comes back with another provider’s name is not let in', async () => {
  const { name } = await newUser()
  const gone = await signInThere(name, { stops: true })
  const { attempt, came } = await goThere({ login: name })
  const mixed = await post('/sso/finish', { ...came, iss: 'https://another.example' }, { attempt })

  expect(gone).toMatchObject({ status: 401, body: { code: 'access.ssoDenied' } })
  expect(mixed).toMatchObject({ status: 401, body: { code: 'access.ssoRefused' } })
})

test('who has an authenticator here types its code after it; wrong ones count as they do beside a password', async () => {
  const { name } = await newUser()
  const { session } = await signIn(name)
  const { secret } = (await ask('/me/second-factor', { cookie: session, body: { password } })).body
  const codeNow = () => generate({ secret, epoch: Math.floor(house.now().getTime() / 1000) })
  await ask('/me/second-factor/confirm', { cookie: session, body: { code: await codeNow() } })
  house.advance({ minutes: 1 })

  const half = await signInThere(name)
  const early = await post('/sso/code', { code: await codeNow() }) // without the browser's cookie
  const right = await codeNow()
  const wrong = await post('/sso/code', { code: right === '000000' ? '111111' : '000000' }, half)
  const done = await post('/sso/code', { code: right }, half)
  const again = await post('/sso/code', { code: right }, half)

  expect(half).toMatchObject({ status: 401, body: { code: 'access.ssoCodeNeeded' }, session: '' })
  expect(early.body.code).toBe('access.ssoStale')
  expect(wrong.body).toMatchObject({ code: 'access.wrongCode', triesLeft: 4 })
  expect(done).toMatchObject({ status: 200, body: { user: { name } } })
  expect(again.body.code).toBe('access.ssoStale')

  await set({ trustsFactor: true })
  house.advance({ minutes: 1 })
  const onlyPassword = await signInThere(name)
  const several = await signInThere(name, { mfa: true })
  await set()
  expect(onlyPassword.body.code).toBe('access.ssoCodeNeeded')
  expect(several.status).toBe(200)
})

test('where everybody needs a second factor, one at the provider is enough if the hospital says so, else one is set up here first', async () => {
  await house.inside((ctx) => changeRules(ctx, signInPresets.grade3))
  const { name } = await newUser()

  const without = await signInThere(name, { mfa: true })
  await set({ trustsFactor: true })
  const withIt = await signInThere(name, { mfa: true })
  await house.inside((ctx) => changeRules(ctx, { ...signInPresets.grade3, secondFactor: 'optional' }))
  await set()

  expect(without.body).toMatchObject({ user: { mustAddFactor: true }, permissions: {} })
  expect(withIt.body).toMatchObject({ user: { mustAddFactor: false }, permissions: { 'followups.work': 'hospital' } })
})

test('a password that was given for once, or has grown old, keeps nobody back whom the provider knows', async () => {
  const { name } = await newUser({ mustChangePassword: true })

  const done = await signInThere(name)

  expect(done.body).toMatchObject({ user: { mustChangePassword: false }, permissions: { 'followups.work': 'hospital' } })
  expect((await ask('/me', { cookie: done.session })).body).toMatchObject({
    user: { mustChangePassword: false },
    permissions: { 'followups.work': 'hospital' },
  })
  expect((await signIn(name)).body).toMatchObject({ user: { mustChangePassword: true }, permissions: {} })
})

test('it keeps nobody back either when he unlocks his screen, or has looked at the house as another role', async () => {
  const { name } = await newUser({ roleKeys: ['securityAdministrator'], mustChangePassword: true })
  const { session } = await signInThere(name)
  await ask('/me/pin', { cookie: session, body: { password, pin: '2580' } })
  const [nurse] = await house.sql("select id from access.roles where key = 'followupNurse'")

  const unlocked = await ask('/unlock', { cookie: session, body: { pin: '2580' } })
  const viewing = await ask('/me/viewing', { cookie: session, body: { roleId: nurse?.id, unitIds: [] } })
  const back = await ask('/me/viewing/end', { cookie: session, method: 'POST' })

  for (const { body } of [unlocked, back])
    expect(body).toMatchObject({ user: { mustChangePassword: false }, permissions: { 'access.viewAs': 'hospital' } })
  expect(viewing.body).toMatchObject({ user: { mustChangePassword: false }, viewing: { role: { key: 'followupNurse' } } })
})

test('what was left open at the provider opens no screen that is locked here: the password is typed there anew', async () => {
  await set({ alwaysAsks: false })
  const { name } = await newUser()
  const browser = openBrowser(homeUrl)
  const first = await goThere({ login: name }, browser)
  const { session } = await post('/sso/finish', first.came, { attempt: first.attempt })
  const left = await goThere({}, browser) // nobody is asked who he is

  house.advance({ minutes: 61 })
  const locked = await post('/sso/begin', {}, { session })
  await set()
  const always = await post('/sso/begin', {})

  expect(left.url.searchParams.get('prompt')).toBe(null)
  for (const { body } of [locked, always])
    expect(Object.fromEntries(new URL(body.url).searchParams)).toMatchObject({ prompt: 'login', max_age: '300' })
  await expect(browser(locked.body.url, {})).rejects.toThrow('统一身份认证')
})

test('signing in again takes the place of the locked session; its idle time is the hospital’s', async () => {
  const { name } = await newUser()
  const { session } = await signInThere(name)
  await ask('/me/lock', { cookie: session, body: {} })

  const again = await goThere({ login: name }, openBrowser(homeUrl), session)
  const back = await post('/sso/finish', again.came, { attempt: again.attempt, session })

  expect((await ask('/me', { cookie: session })).status).toBe(401)
  expect((await ask('/me/sessions', { cookie: back.session })).body.rows).toHaveLength(1)
  house.advance({ minutes: 61 })
  expect((await ask('/me', { cookie: back.session })).status).toBe(401)
})

test('who signs out here is sent to sign out there; where the hospital does not want it, he is not', async () => {
  const { name } = await newUser()
  const { session } = await signInThere(name)
  const out = await ask('/sign-out', { cookie: session, body: {} })
  const everywhere = await ask('/sign-out-everywhere', { cookie: (await signInThere(name)).session, body: {} })
  const byPassword = await ask('/sign-out', { cookie: (await signIn(name)).session, body: {} })
  await set({ signsOutThere: false })
  const stays = await ask('/sign-out', { cookie: (await signInThere(name)).session, body: {} })
  await set()

  for (const { body } of [out, everywhere]) {
    const url = new URL(body.leaveUrl)
    expect(url.origin).toBe(provider.issuer)
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${homeUrl}/`)
  }
  expect(byPassword.body).toEqual({ leaveUrl: null })
  expect(stays.body).toEqual({ leaveUrl: null })
  expect((await ask('/me', { cookie: session })).status).toBe(401)
})

test('who signs out at the provider, or is shut out there, is out here too: in that browser, and nobody else; the list of sessions says which came so', async () => {
  const { id, name } = await newUser()
  const other = await newUser()
  const [here, there] = [openBrowser(homeUrl), openBrowser(homeUrl)]
  const enter = async (browser: typeof here, login = name) => {
    const { came, attempt } = await goThere({ login }, browser)
    return (await post('/sso/finish', came, { attempt })).session
  }
  const [left, kept, foreign] = [await enter(here), await enter(there), await enter(openBrowser(homeUrl), other.name)]
  const byPassword = (await signIn(name)).session
  const { rows } = (await ask('/me/sessions', { cookie: byPassword })).body

  await here(`${provider.issuer}/session/end?client_id=${testClient.id}&post_logout_redirect_uri=${encodeURIComponent(`${homeUrl}/`)}`)

  const status = async (session: string) => (await ask('/me', { cookie: session })).status
  expect(await Promise.all([left, kept, foreign, byPassword].map(status))).toEqual([401, 200, 200, 200])
  expect(rows.map((s: { isBySso: boolean; ssoIssuer: string | null }) => [s.isBySso, s.ssoIssuer]).sort()).toEqual([
    [false, null],
    [true, provider.issuer],
    [true, provider.issuer],
  ])
  const trail = await house.sql("select object_id, detail from house.audit where action = 'access.signOutBySso'")
  expect(trail).toEqual([{ object_id: id, detail: { count: 1 } }])
})

test('an address of mail that nobody verified names no account', async () => {
  await set({ claim: 'email' })
  const done = await signInThere('mail')
  await set()

  expect(done).toMatchObject({ status: 401, body: { code: 'access.ssoRefused' } })
})

test('where it is not switched on there is no button, and the password stays', async () => {
  await set({ isActive: false })
  const { name } = await newUser()
  const off = await ask(`/sso?hospitalId=${house.hospitalId}`)
  const begun = await post('/sso/begin', {})
  await set()
  const on = await ask(`/sso?hospitalId=${house.hospitalId}`)

  expect(off.body).toEqual({ label: null, homeUrl: null })
  expect(begun.body.code).toBe('access.ssoOff')
  expect(on.body).toEqual({ label: '用医院工号登录', homeUrl })
  expect((await signIn(name)).status).toBe(200)
})

test('nothing of a person’s sign-in there stands readable in the database', async () => {
  const { name } = await newUser()
  const { url } = await goThere({ login: name })
  const { session } = await signInThere(name)

  const kept = JSON.stringify([
    await house.sql('select encode(secrets, $1) as secrets, encode(state_hash, $1) as state from access.sso_attempts', ['escape']),
    await house.sql(
      'select encode(leave_url, $1) as url, encode(sso_subject, $1) as subject, encode(sso_sid, $1) as sid from access.sessions',
      ['escape'],
    ),
    await house.sql('select encode(secret, $1) as secret from access.sso', ['escape']),
  ])
  for (const secret of [
    url.searchParams.get('nonce'),
    url.searchParams.get('state'),
    'id_token_hint',
    testClient.secret,
    session.split('.')[1],
  ])
    expect(kept).not.toContain(secret)
})

test('what was set anew of single sign-on stands in the trail, before and after, and the secret does not', async () => {
  await set({ label: '统一认证' })
  await set()

  const rows = await house.sql(
    `select detail from house.audit where action = 'access.ssoChanged' and detail #>> '{before,label}' = '统一认证'`,
  )
  expect(rows[0]?.detail).toMatchObject({
    before: { label: '统一认证', hasSecret: true },
    after: { label: '用医院工号登录', hasSecret: true },
  })
  expect(JSON.stringify(rows)).not.toContain(testClient.secret)
})
