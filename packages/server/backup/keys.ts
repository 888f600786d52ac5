import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { type Digest, digestOf, type Suite } from '../secrets/suites.ts'

/** The key of all backups of an installation, drawn for each suite by its own hash, and a short print of it that may be told to anybody. */
export type BackupKey = { roots: Readonly<Record<Suite, Buffer>>; print: string; isOwn: boolean }

const draw = (from: Buffer, use: string, digest: Digest) => Buffer.from(hkdfSync(digest, from, 'renxin backup', use, 32))

/** Drawn from the master key by HKDF, or a key of its own; neither can be reckoned back to what it came from. */
export function backupKey(from: { master?: Buffer | null; own?: Buffer | null }): BackupKey | undefined {
  const source = from.own ?? from.master
  if (!source) return undefined
  const rootBy = (digest: Digest) => draw(source, from.own ? 'own key' : 'master key', digest)
  const roots = { aes: rootBy('sha256'), sm: rootBy('sm3') }
  const print = createHash('sha256').update('renxin backup print').update(roots.aes).digest('hex').slice(0, 12)
  return { roots, print, isOwn: from.own !== undefined && from.own !== null }
}

/** Each file has a key of its own, drawn from its name, so that one file cannot stand in for another. 国密 has two: 16 bytes of SM4 and 32 of HMAC-SM3. */
export const fileKey = (key: BackupKey, suite: Suite, salt: Buffer, name: string): Buffer =>
  Buffer.from(hkdfSync(digestOf[suite], key.roots[suite], salt, `file:${name}`, suite === 'sm' ? 48 : 32))

/** Signs what stands in a backup unsealed, so that whoever has no key can read it and not change it. Each suite has a key of its own for this. */
const sign = (key: BackupKey, suite: Suite, text: string): Buffer =>
  createHmac(digestOf[suite], draw(key.roots[suite], 'signature', digestOf[suite]))
    .update(text)
    .digest()

/** `by` names the hash where it is not SHA-256. */
export const signed = <T extends object>(key: BackupKey, suite: Suite, facts: T): string => {
  const signature = sign(key, suite, JSON.stringify(facts)).toString('hex')
  return `${JSON.stringify({ facts, signature, ...(suite === 'sm' && { by: digestOf.sm }) }, null, 1)}\n`
}

type Signed = { facts: unknown; signature: string; by?: 'sm3' | undefined }

/** Whether the signature under these facts is of this key. */
export function isSigned(key: BackupKey, { facts, signature, by }: Signed): boolean {
  const said = Buffer.from(signature, 'hex')
  const right = sign(key, by === 'sm3' ? 'sm' : 'aes', JSON.stringify(facts))
  return said.length === right.length && timingSafeEqual(said, right)
}
