import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { digestOf, keyNumberOf, openBytes, sealBytes, sealKey, suites } from './suites.ts'
import { openKey, wrapKey } from './wrap.ts'

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex')

test('SM3 answers the two examples of GB/T 32905-2016, annex A', () => {
  const sm3 = (text: string | Buffer) => createHash('sm3').update(text).digest('hex')

  expect(sm3('abc')).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
  expect(sm3('abcd'.repeat(16))).toBe('debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732')
})

test('SM4 answers the first example of GB/T 32907-2016, annex A, and the second, which encrypts a million times', () => {
  const key = hex('0123456789abcdeffedcba9876543210')
  const cipher = createCipheriv('sm4-ecb', key, null).setAutoPadding(false)
  const once = cipher.update(key)
  let often = once
  for (let i = 1; i < 1_000_000; i += 1) often = cipher.update(often)

  expect(once.toString('hex')).toBe('681edf34d206965e86b3e94f536e4246')
  expect(often.toString('hex')).toBe('595298c7c6fd271f0402f804c33d3f66')
})

test('HMAC-SM3 is the HMAC of RFC 2104 over SM3, worked out by hand', () => {
  const key = Buffer.concat([hex('00112233445566778899aabbccddeeff'), Buffer.alloc(48)])
  const pad = (byte: number) => Buffer.from(key.map((b) => b ^ byte))
  const sm3 = (...parts: Buffer[]) => createHash('sm3').update(Buffer.concat(parts)).digest()
  const byHand = sm3(pad(0x5c), sm3(pad(0x36), Buffer.from('仁心')))

  expect(createHmac('sm3', key.subarray(0, 16)).update('仁心').digest()).toEqual(byHand)
})

test.each(suites)('%s: what is sealed is opened, names its key, is another each time, and says nothing of what it holds', (suite) => {
  const key = sealKey(258, suite, randomBytes(32))
  for (const text of ['', '王', '13812345678', '很长的文字'.repeat(5000)]) {
    const [one, two] = [sealBytes(key, text), sealBytes(key, text)]

    expect(openBytes(key, one).toString('utf8')).toBe(text)
    expect(keyNumberOf(one)).toBe(258)
    expect(one).not.toEqual(two)
    if (text.length > 3) expect(one.includes(Buffer.from(text.slice(0, 4)))).toBe(false)
  }
})

test.each(suites)('%s: every byte that is changed, and every byte that is missing, is noticed', (suite) => {
  const key = sealKey(7, suite, randomBytes(32))
  const sealed = sealBytes(key, '身份证')

  for (let at = 0; at < sealed.length; at += 1) {
    if (suite === 'aes' && (at === 1 || at === 2)) continue // which key it is: another one does not open it
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => openBytes(key, changed), `byte ${at}`).toThrow()
  }
  expect(() => openBytes(key, sealed.subarray(0, -1))).toThrow()
})

test.each(suites)('%s: another key opens nothing, nor does the same key of the other suite', (suite) => {
  const bytes = randomBytes(32)
  const sealed = sealBytes(sealKey(1, suite, bytes), '王芳')

  expect(() => openBytes(sealKey(1, suite, randomBytes(32)), sealed)).toThrow()
  expect(() => openBytes(sealKey(1, suite === 'aes' ? 'sm' : 'aes', bytes), sealed)).toThrow()
})

test('what was sealed before keys had numbers is of the first key, and is opened', () => {
  const bytes = randomBytes(32)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', bytes, nonce)
  const body = Buffer.concat([cipher.update('王芳'), cipher.final()])
  const sealed = Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), body])

  expect(keyNumberOf(sealed)).toBe(1)
  expect(openBytes(sealKey(1, 'aes', bytes), sealed).toString()).toBe('王芳')
})

test('bytes that are none of ours name no key', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.of(1, 2, 3), Buffer.of(2, 0, 1), Buffer.alloc(40), Buffer.from([9, ...randomBytes(60)])])
    expect(keyNumberOf(bytes)).toBeUndefined()
})

test.each(suites)('%s: a key lies wrapped under the master key by its own suite, and opens under its own name alone', (suite) => {
  const [master, bytes, name] = [randomBytes(32), randomBytes(32), { hospitalId: 3, purpose: 'seal', number: 2 } as const]
  const kept = { ...name, suite, is_drawn: false, wrapped: wrapKey(master, suite, name, bytes) }

  expect(openKey(master, 3, kept)).toEqual(bytes)
  expect(() => openKey(master, 4, kept)).toThrow()
  expect(() => openKey(master, 3, { ...kept, number: 3 })).toThrow()
  expect(() => openKey(randomBytes(32), 3, kept)).toThrow()
  const drawn = Buffer.from(hkdfSync(digestOf[suite], master, 'renxin wrap', `3 seal 2 ${suite}`, 32))
  expect(openBytes(sealKey(0, suite, drawn), kept.wrapped)).toEqual(bytes)
})

test('a key of 国密 that was wrapped when SHA-256 drew what wraps it opens all the same', () => {
  const [master, bytes] = [randomBytes(32), randomBytes(32)]
  const drawn = Buffer.from(hkdfSync('sha256', master, 'renxin wrap', '3 index 1 sm', 32))
  const kept = { purpose: 'index', number: 1, suite: 'sm', is_drawn: false, wrapped: sealBytes(sealKey(0, 'sm', drawn), bytes) } as const

  expect(openKey(master, 3, kept)).toEqual(bytes)
})
