import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { type Digest, digestOf, type Suite } from '../secrets/suites.ts'

/** The key of all backups of an installation, and a short print of it that may be told to anybody. */
export type BackupKey = { bytes: Buffer; print: string; isOwn: boolean }

const draw = (from: Buffer, use: string, digest: Digest = 'sha256') => Buffer.from(hkdfSync(digest, from, 'renxin backup', use, 32))

/** Drawn from the master key by HKDF, or a key of its own; neither can be reckoned back to what it came from. */
export function backupKey(from: { master?: Buffer | null; own?: Buffer | null }): BackupKey | undefined {
  const source = from.own ?? from.master
  if (!source) return undefined
  const bytes = draw(source, from.own ? 'own key' : 'master key')
  const print = createHash('sha256').update('renxin backup print').update(bytes).digest('hex').slice(0, 12)
  return { bytes, print, isOwn: from.own !== undefined && from.own !== null }
}

/** Each file has a key of its own, drawn from its name, so that one file cannot stand in for another. 国密 has two: 16 bytes of SM4 and 32 of HMAC-SM3. */
export const fileKey = (key: BackupKey, suite: Suite, salt: Buffer, name: string): Buffer =>
  Buffer.from(hkdfSync(digestOf[suite], key.bytes, salt, `file:${name}`, suite === 'sm' ? 48 : 32))

/** Signs what stands in a backup unsealed, so that whoever has no key can read it and not change it. Each suite has a key of its own for this. */
const sign = (key: BackupKey, digest: Digest, text: string): Buffer =>
  createHmac(digest, draw(key.bytes, 'signature', digest))
    .update(text)
    .digest()

/** `by` names the digest where it is not SHA-256. */
export const signed = <T extends object>(key: BackupKey, suite: Suite, facts: T): string => {
  const digest = digestOf[suite]
  const signature = sign(key, digest, JSON.stringify(facts)).toString('hex')
  return `${JSON.stringify({ facts, signature, ...(digest === 'sm3' && { by: digest }) }, null, 1)}\n`
}

/** Whether the signature under these facts is of this key. */
export function isSigned(
  key: BackupKey,
  { facts, signature, by = 'sha256' }: { facts: unknown; signature: string; by?: Digest | undefined },
): boolean {
  const said = Buffer.from(signature, 'hex')
  const right = sign(key, by, JSON.stringify(facts))
  return said.length === right.length && timingSafeEqual(said, right)
}
