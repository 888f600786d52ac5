import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/**
 * With what is sealed and found. `aes`: AES-256-GCM, HMAC-SHA-256. `sm` (国密): SM4 (GB/T 32907) in counter mode under HMAC-SM3 (GB/T 32905), encrypted first and
 * then signed, with two keys; Node's OpenSSL has no SM4-GCM.
 */
export type Suite = 'aes' | 'sm'
export const suites = ['aes', 'sm'] as const satisfies readonly Suite[]

export type Digest = 'sha256' | 'sm3'
export const digestOf: Readonly<Record<Suite, Digest>> = { aes: 'sha256', sm: 'sm3' }

/** 32 bytes from which everything that a key does is drawn. As key objects: Node prepares a key given as bytes anew at each use, five times slower. */
export type SealKey = { number: number; suite: Suite; cipher: KeyObject; signature: KeyObject | null }

export function sealKey(number: number, suite: Suite, bytes: Buffer): SealKey {
  if (suite === 'aes') return { number, suite, cipher: createSecretKey(bytes), signature: null }
  return { number, suite, cipher: draw(bytes, 'sm4', 16), signature: draw(bytes, 'hmac-sm3', 32) }
}

const draw = (from: Buffer, use: string, length: number) => createSecretKey(Buffer.from(hkdfSync('sm3', from, 'renxin seal', use, length)))

/** The first byte of what is sealed. The first format names no key: it is of the key with the number 1. */
const FIRST = 1
const AES = 2
const SM = 3
const [NONCE, TAG, START, MAC] = [12, 16, 16, 32]

/** The key that these bytes are sealed under; undefined where they are none that we wrote. */
export function keyNumberOf(bytes: Buffer): number | undefined {
  const format = bytes[0]
  if (format === FIRST) return bytes.length > NONCE + TAG ? 1 : undefined
  if (format === AES) return bytes.length >= 3 + NONCE + TAG ? bytes.readUInt16BE(1) : undefined
  return format === SM && bytes.length >= 3 + START + MAC ? bytes.readUInt16BE(1) : undefined
}

/** Format, two bytes of key number, then `aes`: 12 of nonce, 16 of tag, the text; `sm`: 16 to start the counter, 32 of HMAC over all that is before and after it, the text. */
export function sealBytes({ number, suite, cipher, signature }: SealKey, text: string | Buffer): Buffer {
  if (suite === 'aes') {
    const nonce = randomBytes(NONCE)
    const made = createCipheriv('aes-256-gcm', cipher, nonce)
    const body = [typeof text === 'string' ? made.update(text, 'utf8') : made.update(text), made.final()]
    return Buffer.concat([Buffer.of(AES, number >> 8, number & 255), nonce, made.getAuthTag(), ...body])
  }
  const head = Buffer.concat([Buffer.of(SM, number >> 8, number & 255), randomBytes(START)])
  const made = createCipheriv('sm4-ctr', cipher, head.subarray(3))
  const body = Buffer.concat([typeof text === 'string' ? made.update(text, 'utf8') : made.update(text), made.final()])
  return Buffer.concat([head, macOf(signature, head, body), body])
}

/** Throws where the bytes were changed or sealed under another key. */
export function openBytes({ suite, cipher, signature }: SealKey, bytes: Buffer): Buffer {
  const format = bytes[0]
  if (suite === 'aes' && format !== SM) {
    const at = format === FIRST ? 1 : 3
    const made = createDecipheriv('aes-256-gcm', cipher, bytes.subarray(at, at + NONCE))
    made.setAuthTag(bytes.subarray(at + NONCE, at + NONCE + TAG))
    return Buffer.concat([made.update(bytes.subarray(at + NONCE + TAG)), made.final()])
  }
  const head = bytes.subarray(0, 3 + START)
  const body = bytes.subarray(3 + START + MAC)
  const said = bytes.subarray(3 + START, 3 + START + MAC)
  if (format !== SM || suite !== 'sm' || said.length !== MAC || !timingSafeEqual(said, macOf(signature, head, body)))
    throw new Error('a sealed text was changed, or sealed under another key')
  const made = createDecipheriv('sm4-ctr', cipher, head.subarray(3))
  return Buffer.concat([made.update(body), made.final()])
}

function macOf(signature: KeyObject | null, head: Buffer, body: Buffer): Buffer {
  if (!signature) throw new Error('a key of this suite has no key to sign with')
  return createHmac('sm3', signature).update(head).update(body).digest()
}
