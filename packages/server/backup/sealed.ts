import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { digestOf, type Suite, suites } from '../secrets/suites.ts'
import { BackupRefused } from './errors.ts'
import { type BackupKey, fileKey } from './keys.ts'

/*
 * A sealed file: "RXBACKUP", a byte that says by which suite, 16 bytes of salt, then pieces. A piece is its length and whether it is the last (4 bytes), and the deflated
 * bytes encrypted with their tag: by AES-256-GCM, or by SM4 in counter mode with HMAC-SM3 over the encrypted bytes. The nonce is the number of the piece, which the key of
 * the file never sees twice; number, length and flag are authenticated with it. So a piece that was changed, moved, repeated or taken away is seen, and so is an end that is
 * missing (Hoang, Reyhanitabar, Rogaway and Vizár 2015: STREAM).
 */
const MAGIC = Buffer.from('RXBACKUP', 'latin1')
const suiteBytes: Readonly<Record<Suite, number>> = { aes: 1, sm: 2 }
const SALT = 16
const START = MAGIC.length + 1 + SALT
const tagLength: Readonly<Record<Suite, number>> = { aes: 16, sm: 32 }
const LAST = 0x8000_0000
const MOST = 16 * 2 ** 20

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

/** How long a sealed file is, and the hash of all its bytes. */
export type SealedFile = { bytes: number; sha256: string } | { bytes: number; sm3: string }

/** Writes a sealed file piece by piece. What was appended and flushed can be read back though the file was never finished. */
export async function createSealed(path: string, { key, suite }: { key: BackupKey; suite: Suite }, name: string) {
  const file = await open(path, 'wx', 0o600)
  const salt = randomBytes(SALT)
  const ownKey = fileKey(key, suite, salt, name)
  const hash = createHash(digestOf[suite])
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
    head.writeUInt32BE(((isLast ? LAST : 0) | (body.length + tagLength[suite])) >>> 0)
    const parts = sealPiece({ suite, ownKey, piece: pieces, head }, body)
    pieces += 1
    await write(head, ...parts)
  }
  await write(MAGIC, Buffer.of(suiteBytes[suite]), salt)
  return {
    append: (plain: Buffer) => append(plain, false),
    /** Until it is on the disk. */
    flush: () => file.datasync(),
    finish: async (): Promise<SealedFile> => {
      await append(Buffer.alloc(0), true)
      await file.sync()
      await file.close()
      const digest = hash.digest('hex')
      return suite === 'sm' ? { bytes, sm3: digest } : { bytes, sha256: digest }
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
    const start = await read(START)
    if (!start) {
      if (mayBeUnfinished) return
      throw new BackupRefused(`${shown} is cut short: it ends in its first bytes.`, 'spoilt')
    }
    const suite = suites.find((s) => suiteBytes[s] === start[MAGIC.length])
    if (!suite || !start.subarray(0, MAGIC.length).equals(MAGIC))
      throw new BackupRefused(`${shown} is spoilt: it does not begin as a sealed file does.`, 'spoilt')
    const ownKey = fileKey(key, suite, start.subarray(MAGIC.length + 1), name)
    const tag = tagLength[suite]
    for (let piece = 0; ; piece += 1) {
      const head = await read(4)
      const word = head?.readUInt32BE() ?? 0
      const length = word & ~LAST
      const body = head && length >= tag && length <= MOST ? await read(length) : undefined
      if (!head || (!body && mayBeUnfinished)) {
        if (mayBeUnfinished) return
        throw new BackupRefused(`${shown} is cut short: its end is missing after ${piece} pieces.`, 'spoilt')
      }
      if (!body)
        throw new BackupRefused(`${shown} is ${length > MOST || length < tag ? 'spoilt' : 'cut short'} in piece ${piece + 1}.`, 'spoilt')
      const opened = openPiece({ suite, ownKey, piece, head }, body)
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

type Piece = { suite: Suite; ownKey: Buffer; piece: number; head: Buffer }

/** The encrypted bytes and their tag. */
function sealPiece({ suite, ownKey, piece, head }: Piece, body: Buffer): [Buffer, Buffer] {
  if (suite === 'sm') {
    const cipher = createCipheriv('sm4-ctr', ownKey.subarray(0, SM4), counterOf(piece))
    const sealed = Buffer.concat([cipher.update(body), cipher.final()])
    return [sealed, macOf(ownKey, piece, head, sealed)]
  }
  const cipher = createCipheriv('aes-256-gcm', ownKey, nonceOf(piece))
  cipher.setAAD(head)
  const sealed = cipher.update(body)
  cipher.final()
  return [sealed, cipher.getAuthTag()]
}

function openPiece({ suite, ownKey, piece, head }: Piece, bytes: Buffer): Buffer | undefined {
  const body = bytes.subarray(0, bytes.length - tagLength[suite])
  const tag = bytes.subarray(body.length)
  if (suite === 'sm') {
    if (!timingSafeEqual(tag, macOf(ownKey, piece, head, body))) return undefined
    const decipher = createDecipheriv('sm4-ctr', ownKey.subarray(0, SM4), counterOf(piece))
    return Buffer.concat([decipher.update(body), decipher.final()])
  }
  const decipher = createDecipheriv('aes-256-gcm', ownKey, nonceOf(piece))
  decipher.setAAD(head)
  decipher.setAuthTag(tag)
  const packed = decipher.update(body)
  try {
    decipher.final()
    return packed
  } catch {
    return undefined
  }
}

const SM4 = 16
const macOf = (ownKey: Buffer, piece: number, head: Buffer, sealed: Buffer): Buffer =>
  createHmac('sm3', ownKey.subarray(SM4)).update(nonceOf(piece)).update(head).update(sealed).digest()

function nonceOf(piece: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(piece), 4)
  return nonce
}

/** Where the counter of a piece begins: 32 bits are left for its blocks, of which the largest piece has 2^20. */
const counterOf = (piece: number): Buffer => Buffer.concat([nonceOf(piece), Buffer.alloc(4)])

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
