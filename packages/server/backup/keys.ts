import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** The key of all backups of an installation, and a short print of it that may be told to anybody. */
export type BackupKey = { bytes: Buffer; print: string; isOwn: boolean }

const draw = (from: Buffer, use: string) => Buffer.from(hkdfSync('sha256', from, 'renxin backup', use, 32))

/** Drawn from the master key by HKDF, or a key of its own; neither can be reckoned back to what it came from. */
export function backupKey(from: { master?: Buffer | null; own?: Buffer | null }): BackupKey | undefined {
  const source = from.own ?? from.master
  if (!source) return undefined
  const bytes = draw(source, from.own ? 'own key' : 'master key')
  const print = createHash('sha256').update('renxin backup print').update(bytes).digest('hex').slice(0, 12)
  return { bytes, print, isOwn: from.own !== undefined && from.own !== null }
}

/** Each file has a key of its own, drawn from its name, so that one file cannot stand in for another. */
export const fileKey = (key: BackupKey, salt: Buffer, name: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key.bytes, salt, `file:${name}`, 32))

/** Signs what stands in a backup unsealed, so that whoever has no key can read it and not change it. */
const sign = (key: BackupKey, text: string): Buffer => createHmac('sha256', draw(key.bytes, 'signature')).update(text).digest()

export const signed = <T extends object>(key: BackupKey, facts: T): string => {
  const text = JSON.stringify(facts)
  return `${JSON.stringify({ facts, signature: sign(key, text).toString('hex') }, null, 1)}\n`
}

/** Whether the signature under these facts is of this key. */
export function isSigned(key: BackupKey, { facts, signature }: { facts: unknown; signature: string }): boolean {
  const said = Buffer.from(signature, 'hex')
  const right = sign(key, JSON.stringify(facts))
  return said.length === right.length && timingSafeEqual(said, right)
}
