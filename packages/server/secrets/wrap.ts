import { createHash, hkdfSync } from 'node:crypto'
import { type Digest, digestOf, openBytes, type Suite, sealBytes, sealKey } from './suites.ts'

export type Purpose = 'seal' | 'index' | 'anchor'
export type KeyName = { hospitalId: number; purpose: Purpose; number: number }

/** A short print of the master key, kept in the database so that a wrong key is refused at start. */
export const fingerprint = (master: Buffer): string =>
  createHash('sha256').update('renxin fingerprint').update(master).digest('hex').slice(0, 32)

/** The key that wraps one key, and no other: drawn from the master key by HKDF (RFC 5869) with the name of what it wraps. */
const wrapper = (master: Buffer, suite: Suite, { hospitalId, purpose, number }: KeyName, digest: Digest = digestOf[suite]) =>
  sealKey(0, suite, Buffer.from(hkdfSync(digest, master, 'renxin wrap', `${hospitalId} ${purpose} ${number} ${suite}`, 32)))

/** A key as it lies in the database: sealed, by its own suite, under the master key. */
export const wrapKey = (master: Buffer, suite: Suite, name: KeyName, bytes: Buffer): Buffer =>
  sealBytes(wrapper(master, suite, name), bytes)

/** What the database keeps of a key. */
export type KeptKey = { purpose: Purpose; number: number; suite: Suite; is_drawn: boolean; wrapped: Buffer | null }

/** The key itself. Throws where this master key is no longer the one, or not yet. */
export function openKey(master: Buffer, hospitalId: number, { purpose, number, suite, is_drawn: isDrawn, wrapped }: KeptKey): Buffer {
  const name = { hospitalId, purpose, number }
  if (wrapped) return unwrap(master, suite, name, wrapped)
  if (isDrawn) return drawnKey(master, name)
  throw new Error(`key ${number} (${purpose}) of hospital ${hospitalId} is wrapped under another master key`)
}

/** Keys of 国密 were wrapped under a key drawn by SHA-256 before that was drawn by SM3 as well: they open all the same. */
function unwrap(master: Buffer, suite: Suite, name: KeyName, wrapped: Buffer): Buffer {
  try {
    return openBytes(wrapper(master, suite, name), wrapped)
  } catch (error) {
    if (suite !== 'sm') throw error
    return openBytes(wrapper(master, suite, name, 'sha256'), wrapped)
  }
}

/** A key of the time before keys were kept: drawn from the master key. Anchors were signed with the key of the indexes. */
const drawnKey = (master: Buffer, { hospitalId, purpose }: KeyName): Buffer =>
  Buffer.from(hkdfSync('sha256', master, `hospital:${hospitalId}`, purpose === 'anchor' ? 'index' : purpose, 32))
