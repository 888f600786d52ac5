import { createHash } from 'node:crypto'
import { chown, mkdir, open, symlink } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { BackupRefused } from './errors.ts'

export type Unpacked = Map<string, { bytes: number; sha256: string }>
type Owner = { uid: number; gid: number } | undefined

const BLOCK = 512

/** Unpacks the tar (ustar) that PostgreSQL sends into a folder, and says what every file weighs and its SHA-256. */
export async function unpackTar(pieces: AsyncIterable<Buffer>, into: string, owner: Owner, shown: string): Promise<Unpacked> {
  const read = blocksOf(pieces)
  const found: Unpacked = new Map()
  for (;;) {
    const head = await read(BLOCK)
    if (!head) throw new BackupRefused(`${shown} is cut short: its list of files does not end.`, 'spoilt')
    if (head[0] === 0) break // two empty blocks close it
    const entry = entryOf(head, shown)
    const path = join(into, entry.name)
    if (entry.kind === 'folder') await mkdir(path, { recursive: true, mode: 0o700 })
    else await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    if (entry.kind === 'link') await symlink(entry.target, path)
    if (entry.kind === 'file') found.set(entry.name, await unpackFile(read, path, entry.bytes, owner, shown))
    if (owner && entry.kind === 'folder') await chown(path, owner.uid, owner.gid)
  }
  while (await read(BLOCK)); // to the very end, so that a spoilt one is seen
  return found
}

type Read = (most: number) => Promise<Buffer | undefined>

async function unpackFile(read: Read, path: string, bytes: number, owner: Owner, shown: string) {
  const file = await open(path, 'w', 0o600)
  const hash = createHash('sha256')
  try {
    for (let left = bytes; left > 0; ) {
      const piece = await read(Math.min(left, 2 ** 20))
      if (!piece) throw new BackupRefused(`${shown} is cut short in a file of the database.`, 'spoilt')
      hash.update(piece)
      await file.write(piece)
      left -= piece.length
    }
    if (owner) await file.chown(owner.uid, owner.gid)
  } finally {
    await file.close()
  }
  const padding = (BLOCK - (bytes % BLOCK)) % BLOCK
  if (padding) await read(padding)
  return { bytes, sha256: hash.digest('hex') }
}

function entryOf(head: Buffer, shown: string) {
  const text = (at: number, length: number) => head.toString('utf8', at, at + length).replace(/\0.*$/s, '')
  const octal = (at: number, length: number) => Number.parseInt(text(at, length).trim() || '0', 8)
  const sum = head.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
  if (sum !== octal(148, 8)) throw new BackupRefused(`${shown} is spoilt: an entry of its list of files is not whole.`, 'spoilt')
  const prefix = text(345, 155)
  const name = normalize(prefix ? `${prefix}/${text(0, 100)}` : text(0, 100)).replace(/\/$/, '')
  if (name.startsWith('..') || name.startsWith('/')) throw new BackupRefused(`${shown} names a file outside its folder.`, 'spoilt')
  const kinds: Record<string, 'file' | 'folder' | 'link'> = { '0': 'file', '': 'file', '5': 'folder', '2': 'link' }
  const kind = kinds[text(156, 1)]
  if (!kind) throw new BackupRefused(`${shown} holds an entry of a kind that PostgreSQL does not write.`, 'spoilt')
  return { name, kind, bytes: kind === 'file' ? octal(124, 12) : 0, target: text(157, 100) }
}

/** Exactly so many bytes, or nothing where the stream ends before. */
function blocksOf(pieces: AsyncIterable<Buffer>): Read {
  const stream = pieces[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  return async (wanted) => {
    const parts = [rest]
    for (let have = rest.length; have < wanted; ) {
      const next = await stream.next()
      if (next.done) return undefined
      parts.push(next.value)
      have += next.value.length
    }
    const all = parts.length === 1 ? rest : Buffer.concat(parts)
    rest = all.subarray(wanted)
    return all.subarray(0, wanted)
  }
}
