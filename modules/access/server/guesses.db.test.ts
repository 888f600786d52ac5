import { DEVICE_COOKIE, SESSION_COOKIE } from '@renxin/server'
import { expect, test, vi } from 'vitest'
import { mostGuesses, placeOfAddress } from './rules.ts'
import { openAccess, password } from './testing.ts'

vi.setConfig({ testTimeout: 120_000 }) // hundreds of passwords are hashed

const { house, http, newUser } = await openAccess()

type From = { address: string; device?: string }

/** Signs in from an address, with what a browser there carries. */
async function signInFrom({ address, device }: From, name: string, pass = password) {
  const response = await http.inject({
    method: 'POST',
    url: '/api/access/sign-in',
    remoteAddress: address,
    headers: { 'x-renxin': '1' },
    cookies: device ? { [DEVICE_COOKIE]: device } : {},
    payload: { name, password: pass, hospitalId: house.hospitalId },
  })
  const cookie = (wanted: string) => response.cookies.find((c) => c.name === wanted)
  return { status: response.statusCode, code: response.json().code, device: cookie(DEVICE_COOKIE), session: cookie(SESSION_COOKIE) }
}

/** So many wrong passwords, each on a name of its own, so that no name is locked. */
async function guess(from: From, count: number) {
  let nth = 0
  const work = async () => {
    while (nth++ < count) await signInFrom(from, `nobody${from.address}${nth}`, 'Guess-2026')
  }
  await Promise.all([work(), work(), work(), work()])
}

test('whoever tries one password on many names from one address is refused after a while, right or wrong, and let in again later', async () => {
  const { name } = await newUser()
  const from = { address: '10.1.1.1' }

  await guess(from, mostGuesses.address)

  expect(await signInFrom(from, name)).toMatchObject({ status: 429, code: 'house.tooManyRequests' })
  expect(await signInFrom(from, 'nobody', 'x')).toMatchObject({ status: 429 })
  expect(await signInFrom({ address: '10.1.1.2' }, name)).toMatchObject({ status: 200 })
  house.advance({ minutes: 10, seconds: 1 })
  expect(await signInFrom(from, name)).toMatchObject({ status: 200 })
})

test('a hospital behind one address is not shut out by a stranger there: a browser in which somebody has signed in is counted by itself', async () => {
  const { name } = await newUser()
  const { name: colleague } = await newUser()
  const address = '10.1.2.1'
  const first = await signInFrom({ address }, name)
  const device = first.device?.value ?? ''

  await guess({ address }, mostGuesses.address)

  expect(first.device).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/api/access' })
  expect(await signInFrom({ address }, name)).toMatchObject({ status: 429 })
  expect(await signInFrom({ address, device }, colleague)).toMatchObject({ status: 200 })
  expect(await signInFrom({ address, device: `${house.hospitalId}.made-up` }, colleague)).toMatchObject({ status: 429 })
})

test('from a known browser too, guessing ends', async () => {
  const { name } = await newUser()
  const address = '10.1.3.1'
  const device = (await signInFrom({ address }, name)).device?.value ?? ''

  await guess({ address, device }, mostGuesses.device)

  expect(await signInFrom({ address, device }, name)).toMatchObject({ status: 429 })
  expect(await signInFrom({ address }, name)).toMatchObject({ status: 200 })
})

test('what a browser carries lets nobody in, and the database keeps no more than its hash', async () => {
  const { name } = await newUser()
  const { device } = await signInFrom({ address: '10.1.4.1' }, name)

  const asked = await http.inject({
    url: '/api/access/me',
    cookies: { [DEVICE_COOKIE]: device?.value ?? '', [SESSION_COOKIE]: device?.value ?? '' },
  })
  const kept = await house.sql('select 1 from access.devices where encode(token_hash, $1) = $2', ['escape', device?.value.split('.')[1]])

  expect(asked.statusCode).toBe(401)
  expect(kept).toEqual([])
})

test.each([
  ['10.1.2.3', '10.1.2.3'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
])('%s is the place %s', (address, place) => {
  expect(placeOfAddress(address)).toBe(place)
})

const EACH = 99
/** How far from even it may be which of the two takes longer; 0.5 is even. With 99 of each, chance alone goes beyond it once in a million times. */
const BOUND = 0.2

test('how long a refusal takes does not tell whether somebody has the name', async () => {
  const users = await Promise.all(Array.from({ length: EACH / 3 }, () => newUser()))
  const took: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  const from = { address: '10.1.5.1' }
  for (let i = 0; i < EACH; i++) {
    const pair = [['known', users[i % users.length]?.name ?? ''], ['unknown', `stranger${i % users.length}`]] as const // biome-ignore format: a pair
    for (const [kind, name] of i % 2 === 0 ? pair : pair.toReversed()) {
      const began = performance.now()
      const { status } = await signInFrom(from, name, 'Guess-2026')
      took[kind].push(performance.now() - began)
      expect(status).toBe(401)
    }
  }

  const longer =
    took.known.flatMap((a) => took.unknown.map((b) => (a > b ? 1 : a === b ? 0.5 : 0))).reduce<number>((sum, n) => sum + n, 0) / EACH ** 2

  expect(Math.abs(longer - 0.5)).toBeLessThan(BOUND)
})
