import { constants, createInflateRaw, inflateRawSync } from 'node:zlib'
import { importErrors } from '../../../imports-contract.ts'
import { MAX_UNPACKED_BYTES, unpacksTooLarge } from './refusals.ts'

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_ENTRY = 0x04034b50
const LONGEST_COMMENT = 65_535
const MOST_ENTRIES = 2000

type Entry = { name: string; method: number; packed: Buffer }

/**
 * The parts of a zip by name. An archive of more than 4 GiB (ZIP64) is no workbook of ours. The sizes that the archive claims are not
 * believed: `checkUnpacked` counts what really comes out.
 */
export function openZip(bytes: Buffer): Map<string, Entry> {
  const end = endOf(bytes)
  const count = bytes.readUInt16LE(end + 10)
  if (count > MOST_ENTRIES) throw unpacksTooLarge()
  const entries = new Map<string, Entry>()
  let at = bytes.readUInt32LE(end + 16)
  for (let n = 0; n < count; n += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw importErrors.fileBroken()
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((o) => bytes.readUInt16LE(at + o))
    const name = bytes.toString('utf8', at + 46, at + 46 + (nameLength ?? 0))
    const [size, local] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)]
    entries.set(name, { name, method: bytes.readUInt16LE(at + 10), packed: packedAt(bytes, local, size) })
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0)
  }
  return entries
}

function endOf(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - LONGEST_COMMENT); at -= 1) {
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at
  }
  throw importErrors.fileBroken()
}

function packedAt(bytes: Buffer, local: number, size: number): Buffer {
  if (local + 30 > bytes.length || bytes.readUInt32LE(local) !== LOCAL_ENTRY) throw importErrors.fileBroken()
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  if (start + size > bytes.length) throw importErrors.fileBroken()
  return bytes.subarray(start, start + size)
}

/** One small part, unpacked; a part that is larger than `most` is refused. */
export function unpack({ method, packed }: Entry, most: number): Buffer {
  if (method === 0) return packed
  try {
    return inflateRawSync(packed, { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH })
  } catch (error) {
    if (error instanceof RangeError) throw unpacksTooLarge()
    throw importErrors.fileBroken()
  }
}

/** Unpacks everything once, keeping nothing, and stops where it grows beyond what memory should bear. */
export async function checkUnpacked(entries: Iterable<Entry>, limit = MAX_UNPACKED_BYTES): Promise<void> {
  let total = 0
  for (const { method, packed } of entries) {
    if (method !== 0 && method !== 8) throw importErrors.fileBroken()
    if (method === 0) total += packed.length
    else {
      const inflate = createInflateRaw()
      inflate.end(packed)
      try {
        for await (const piece of inflate) {
          total += piece.length
          if (total > limit) throw unpacksTooLarge()
        }
      } catch (error) {
        if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) throw importErrors.fileBroken()
        throw error
      }
    }
    if (total > limit) throw unpacksTooLarge()
  }
}
