import { createHmac, type KeyObject } from 'node:crypto'
import { digestOf, keyNumberOf, openBytes, type SealKey, type Suite, sealBytes } from './suites.ts'

/** A key that makes what is equal for equal values, and tells nothing without it. */
export type MarkKey = { number: number; suite: Suite; key: KeyObject }

/**
 * The keys of one hospital as this process knows them; it is put right in place when another process makes a new one, so that whoever holds it has it too.
 * All keys open, the current one seals; `coming` is current once every process must know it.
 */
export type HospitalKeys = {
  seals: Map<number, SealKey>
  current: SealKey
  coming: { key: SealKey; at: number } | null
  /** For blind indexes, one over the other: the first was there first (decision 0015). */
  indexes: readonly MarkKey[]
  /** For the anchors of the audit trail, the newest last. */
  anchors: readonly MarkKey[]
}

type Keyed = { keys: HospitalKeys }

/** Sealed under a key that this process does not know (yet). */
export class UnknownKey extends Error {
  override name = 'UnknownKey'
}

/** The key under which is sealed now. */
export function currentKey(keys: HospitalKeys): SealKey {
  if (keys.coming && performance.now() >= keys.coming.at) {
    keys.current = keys.coming.key
    keys.coming = null
  }
  return keys.current
}

/** Encrypts a text under the hospital's current key. */
export const sealText = (ctx: Keyed, text: string): Buffer => sealBytes(currentKey(ctx.keys), text)

/** Throws where the bytes were changed or sealed under another key. */
export function openText(ctx: Keyed, bytes: Buffer): string {
  const number = keyNumberOf(bytes)
  if (number === undefined) throw new Error(`a sealed text of unknown format ${bytes[0]}`)
  const key = ctx.keys.seals.get(number)
  if (!key) throw new UnknownKey(`a text sealed under key ${number}, which is not there`)
  return openBytes(key, bytes).toString('utf8')
}

/** Whether two values say the same: of sealed ones what is sealed, which stands in other bytes each time. */
export function isSameText(ctx: Keyed, a: Buffer, b: Buffer): boolean {
  if (a.equals(b)) return true
  return keyNumberOf(a) !== undefined && keyNumberOf(b) !== undefined && openText(ctx, a) === openText(ctx, b)
}

/** 16 bytes that are equal for equal values of a kind, and tell nothing without the hospital's key. */
export function blindIndex(ctx: Keyed, kind: string, value: string): Buffer {
  let mark: string | Buffer = `${kind}:${value}`
  for (const { suite, key } of ctx.keys.indexes) mark = createHmac(digestOf[suite], key).update(mark).digest().subarray(0, 16)
  return mark as Buffer // a hospital has one index key at least (`ringOf`)
}
