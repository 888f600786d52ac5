import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { BackupRefused } from './errors.ts'
import { type BackupKey, fileKey } from './keys.ts'

/*
 * A sealed file: "RXBACKUP" 1, 16 bytes of salt, then pieces. A piece is its length and whether it is the last (4 bytes), and AES-256-GCM over the
 * deflated bytes with its tag. The nonce is the number of the piece, which the key of the file never sees twice; length and flag are authenticated
 * with it. So a piece that was changed, moved, repeated or taken away is seen, and so is an end that is missing (Hoang, Reyhanitabar, Rogaway
 * and Vizár 2015: STREAM).
 */
const MAGIC = Buffer.from('RXBACKUP\u0001', 'latin1')
const SALT = 16
const TAG = 16
const LAST = 0x8000_0000
const MOST = 16 * 2 ** 20

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

export type SealedFile = { bytes: number; sha256: string }

/** Writes a sealed file piece by piece. What was appended and flushed can be read back though the file was never finished. */
export async function createSealed(path: string, key: BackupKey, name: string) {
  const file = await open(path, 'wx', 0o600)
  const salt = randomBytes(SALT)
  const ownKey = fileKey(key, salt, name)
  const hash = createHash('sha256')
  let bytes = 0
  let pieces = 0

  const write = async (...parts: Buffer[]) => {
    for (const part of parts) hash.update(part)
    const { bytesWritten } = await file.writev(parts)
    bytes += bytesWritten
  }
  const append = async (plain: Buffer, isLast: boolean) => {
    const body = await deflate(plain, { level: 1 })
    const head = Buffer.alloc(4)
    head.writeUInt32BE(((isLast ? LAST : 0) | (body.length + TAG)) >>> 0)
    const cipher = createCipheriv('aes-256-gcm', ownKey, nonceOf(pieces))
    cipher.setAAD(head)
    const sealed = cipher.update(body)
    cipher.final()
    pieces += 1
    await write(head, sealed, cipher.getAuthTag())
  }
  await write(MAGIC, salt)
  return {
    append: (plain: Buffer) => append(plain, false),
    /** Until it is on the disk. */
    flush: () => file.datasync(),
    finish: async (): Promise<SealedFile> => {
      await append(Buffer.alloc(0), true)
      await file.sync()
      await file.close()
      return { bytes, sha256: hash.digest('hex') }
    },
    close: () => file.close().catch(() => undefined),
  }
}

export type SealedWriter = Awaited<ReturnType<typeof createSealed>>

type Reading = {
  /** What to call it when it is spoilt. */
  shown: string
  /** A file still being written ends where its last whole piece ends. */
  mayBeUnfinished?: boolean
}

/** The bytes that went in, piece by piece; throws where the file is not what was written. */
export async function* readSealed(path: string, key: BackupKey, name: string, { shown, mayBeUnfinished = false }: Reading) {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new BackupRefused(error.code === 'ENOENT' ? `${shown} is missing.` : `${shown} cannot be read (${error.code}).`, 'spoilt')
  })
  try {
    const read = readerOf(file)
    const start = await read(MAGIC.length + SALT)
    if (!start) {
      if (mayBeUnfinished) return
      throw new BackupRefused(`${shown} is cut short: it ends in its first bytes.`, 'spoilt')
    }
    if (!start.subarray(0, MAGIC.length).equals(MAGIC))
      throw new BackupRefused(`${shown} is spoilt: it does not begin as a sealed file does.`, 'spoilt')
    const ownKey = fileKey(key, start.subarray(MAGIC.length), name)
    for (let piece = 0; ; piece += 1) {
      const head = await read(4)
      const word = head?.readUInt32BE() ?? 0
      const length = word & ~LAST
      const body = head && length >= TAG && length <= MOST ? await read(length) : undefined
      if (!head || (!body && mayBeUnfinished)) {
        if (mayBeUnfinished) return
        throw new BackupRefused(`${shown} is cut short: its end is missing after ${piece} pieces.`, 'spoilt')
      }
      if (!body)
        throw new BackupRefused(`${shown} is ${length > MOST || length < TAG ? 'spoilt' : 'cut short'} in piece ${piece + 1}.`, 'spoilt')
      const opened = openPiece({ ownKey, piece, head, body })
      if (!opened) {
        if (mayBeUnfinished && !(await read(1))) return // the power went while it was written
        throw new BackupRefused(
          `${shown} is spoilt in piece ${piece + 1}: its bytes are not those that were written, or the key is another.`,
          'spoilt',
        )
      }
      yield await inflate(opened)
      if (word >= LAST) break
    }
    if (await read(1)) throw new BackupRefused(`${shown} is spoilt: something was put behind its end.`, 'spoilt')
  } finally {
    await file.close()
  }
}

type Piece = { ownKey: Buffer; piece: number; head: Buffer; body: Buffer }

function openPiece({ ownKey, piece, head, body }: Piece): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', ownKey, nonceOf(piece))
  decipher.setAAD(head)
  decipher.setAuthTag(body.subarray(body.length - TAG))
  const packed = decipher.update(body.subarray(0, body.length - TAG))
  try {
    decipher.final()
    return packed
  } catch {
    return undefined
  }
}

function nonceOf(piece: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(piece), 4)
  return nonce
}

/** Exactly so many bytes, or nothing where the file ends before. */
const readerOf = (file: FileHandle) => async (wanted: number) => {
  const bytes = Buffer.allocUnsafe(wanted)
  for (let have = 0; have < wanted; ) {
    const { bytesRead } = await file.read(bytes, have, wanted - have)
    if (bytesRead === 0) return undefined
    have += bytesRead
  }
  return bytes
}
