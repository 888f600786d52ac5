import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

/**
 * The two keys of one hospital, drawn from the master key by HKDF (RFC 5869): one to seal, one to find. As key objects: Node prepares a key given as bytes
 * anew at each use, which was measured five times slower.
 */
export type HospitalKeys = { seal: KeyObject; index: KeyObject }

type Keyed = { keys: HospitalKeys }

const FORMAT = 1
const draw = (master: Buffer, hospitalId: number, use: string) =>
  createSecretKey(Buffer.from(hkdfSync('sha256', master, `hospital:${hospitalId}`, use, 32)))

export const hospitalKeys = (master: Buffer, hospitalId: number): HospitalKeys => ({
  seal: draw(master, hospitalId, 'seal'),
  index: draw(master, hospitalId, 'index'),
})

/** A short print of the master key, kept in the database so that a wrong key is refused at start. */
export const fingerprint = (master: Buffer): string =>
  createHash('sha256').update('renxin fingerprint').update(master).digest('hex').slice(0, 32)

/** Encrypts a text under the hospital's key: one byte of format, 12 of nonce, 16 of tag, then AES-256-GCM. */
export function sealText(ctx: Keyed, text: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', ctx.keys.seal, nonce)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(FORMAT), nonce, cipher.getAuthTag(), body])
}

/** Throws where the bytes were changed or sealed under another key. */
export function openText(ctx: Keyed, bytes: Buffer): string {
  if (bytes[0] !== FORMAT) throw new Error(`a sealed text of unknown format ${bytes[0]}`)
  const decipher = createDecipheriv('aes-256-gcm', ctx.keys.seal, bytes.subarray(1, 13))
  decipher.setAuthTag(bytes.subarray(13, 29))
  return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]).toString('utf8')
}

/** 16 bytes that are equal for equal values of a kind, and tell nothing without the hospital's key. */
export const blindIndex = (ctx: Keyed, kind: string, value: string): Buffer =>
  createHmac('sha256', ctx.keys.index).update(`${kind}:${value}`).digest().subarray(0, 16)
