import type pg from 'pg'
import type { Log } from '../context.ts'
import { readKeys } from './key-list.ts'
import type { HospitalKeys } from './texts.ts'

/** Keys are read again when they are asked for and as old as this; nobody waits for it. */
const FRESH_MS = 5000
/** Nobody works with keys that are as old as this: what is asked for waits until they are read. */
const OLDEST_MS = 15_000
/**
 * A new key is used after so many seconds. By then every process that still does anything knows it, whatever became of the others: nobody has to ask them. Twice
 * what the oldest keys are.
 */
export const SECONDS_UNTIL_USED = (2 * OLDEST_MS) / 1000

export type Known = { keys: HospitalKeys | undefined; readAt: number; reading: Promise<HospitalKeys> | undefined }

/** What a house knows of keys. */
type Holder = { pool: pg.Pool; masterKey: Buffer; log: Log; keys: Map<number, Known> }

/** The keys of a hospital, at once where they were read a moment ago. */
export async function keysOf(house: Holder, hospitalId: number): Promise<HospitalKeys> {
  const { keys, readAt } = knownOf(house, hospitalId)
  const age = performance.now() - readAt
  if (!keys || age > OLDEST_MS) return readAnew(house, hospitalId)
  if (age > FRESH_MS)
    readAnew(house, hospitalId).catch((error: unknown) => house.log.warn({ err: error, hospitalId }, 'keys could not be read again'))
  return keys
}

/** Reads the keys again, once for all who ask meanwhile. They are put right in place: whatever holds them, has the new one too. */
export function readAnew(house: Holder, hospitalId: number): Promise<HospitalKeys> {
  const known = knownOf(house, hospitalId)
  known.reading ??= readInto(known, house, hospitalId).finally(() => {
    known.reading = undefined
  })
  return known.reading
}

async function readInto(known: Known, house: Holder, hospitalId: number): Promise<HospitalKeys> {
  const asked = performance.now()
  const found = await readKeys(house.pool, house.masterKey, hospitalId)
  known.keys = known.keys ? Object.assign(known.keys, found) : found
  known.readAt = asked
  return known.keys
}

function knownOf({ keys }: Holder, hospitalId: number): Known {
  const known = keys.get(hospitalId)
  if (known) return known
  const unread: Known = { keys: undefined, readAt: Number.NEGATIVE_INFINITY, reading: undefined }
  keys.set(hospitalId, unread)
  return unread
}
