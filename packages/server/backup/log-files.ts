import { randomBytes } from 'node:crypto'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BackupRefused } from './errors.ts'
import { segmentName, segmentPlace } from './replication.ts'
import { createSealed, readSealed, type SealedWriter } from './sealed.ts'
import { type Backup, logFolder, type Store, suiteOf, syncFolder } from './store.ts'

/** `<segment>.sealed` is whole; `<segment>.part-…` was being written, and what was flushed counts. */
const WHOLE = /^([0-9A-F]{24})\.sealed$/
const PART = /^([0-9A-F]{24})\.part-[0-9a-f]+$/
const nameOf = (segment: string) => `log/${segment}`

export type Archived = { whole: Set<string>; parts: Map<string, string[]> }

export async function listLog(store: Store): Promise<Archived> {
  const whole = new Set<string>()
  const parts = new Map<string, string[]>()
  for (const file of await readdir(logFolder(store)).catch(() => [])) {
    const [, done] = WHOLE.exec(file) ?? []
    const [, begun] = PART.exec(file) ?? []
    if (done) whole.add(done)
    if (begun) parts.set(begun, [...(parts.get(begun) ?? []), file])
  }
  return { whole, parts }
}

/** Writes the log as it comes, a file for each segment. What was flushed is never lost by a crash. */
export function logWriter(store: Store, timeline: number, segmentBytes: number, known: Archived) {
  let present: { segment: string; file: string; writer: SealedWriter } | undefined

  const begin = async (segment: string) => {
    const file = `${segment}.part-${randomBytes(4).toString('hex')}`
    const by = { key: store.key, suite: await suiteOf(store) }
    return { segment, file, writer: await createSealed(join(logFolder(store), file), by, nameOf(segment)) }
  }
  const finish = async ({ segment, file, writer }: NonNullable<typeof present>) => {
    await writer.finish()
    await rename(join(logFolder(store), file), join(logFolder(store), `${segment}.sealed`))
    await syncFolder(logFolder(store))
    for (const part of known.parts.get(segment) ?? []) await rm(join(logFolder(store), part), { force: true })
    known.whole.add(segment)
  }
  return {
    /** Bytes that lie within one segment. */
    append: async (lsn: number, bytes: Buffer) => {
      const segment = segmentName(timeline, lsn, segmentBytes)
      if (known.whole.has(segment)) return // told before: the server sends a segment from its start
      if (present?.segment !== segment) {
        await present?.writer.close()
        present = await begin(segment)
      }
      await present.writer.append(bytes)
      if ((lsn + bytes.length) % segmentBytes !== 0) return
      await finish(present)
      present = undefined
    },
    flush: async () => present?.writer.flush(),
    close: async () => present?.writer.close(),
  }
}

export type LogReach = {
  /** The log is complete from the backup until here. */
  lsn: number
  /** A segment that is missing though later ones are there. */
  gap: string | null
}

type Into = { folder: string } | null

/** Follows the log from a base backup on, segment by segment, to where it ends or has a gap; unpacks it where a folder is named. */
export async function followLog(store: Store, backup: Backup, into: Into = null): Promise<LogReach> {
  const { whole, parts } = await listLog(store)
  const { segmentBytes, timeline } = backup
  const start = Math.floor(backup.startLsn / segmentBytes) * segmentBytes
  let lsn = backup.endLsn
  for (let at = start; ; at += segmentBytes) {
    const segment = segmentName(timeline, at, segmentBytes)
    if (whole.has(segment)) {
      if (into) await unpackSegment(store, segment, `${segment}.sealed`, segmentBytes, into)
      lsn = Math.max(lsn, at + segmentBytes)
      continue
    }
    const files = parts.get(segment) ?? []
    const longest = files.length > 0 ? await longestPart(store, segment, files) : undefined
    if (longest && at + longest.bytes > backup.endLsn) {
      // Where it ends in the middle, PostgreSQL wants a file of full length; the zeros end the log.
      if (into) await writeFile(join(into.folder, segment), Buffer.concat([longest.body, Buffer.alloc(segmentBytes - longest.bytes)]))
      lsn = Math.max(lsn, at + longest.bytes)
      if (longest.bytes === segmentBytes) continue // it was killed between the last byte and the new name
    } else if (at + segmentBytes <= backup.endLsn || at < backup.endLsn) {
      continue // the base backup brings this part of the log itself
    }
    const later = [...whole, ...parts.keys()].filter((s) => s > segment && segmentPlace(s, segmentBytes).timeline === timeline)
    return { lsn, gap: later.length > 0 ? segment : null }
  }
}

async function unpackSegment(
  store: Store,
  segment: string,
  file: string,
  segmentBytes: number,
  { folder }: { folder: string },
): Promise<void> {
  const shown = `The log file ${file}`
  const body = await gather(readSealed(join(logFolder(store), file), store.key, nameOf(segment), { shown }))
  if (body.length !== segmentBytes)
    throw new BackupRefused(`${shown} is spoilt: it holds ${body.length} bytes of ${segmentBytes}.`, 'spoilt')
  await writeFile(join(folder, segment), body)
}

async function longestPart(store: Store, segment: string, files: readonly string[]): Promise<{ body: Buffer; bytes: number } | undefined> {
  let longest: Buffer | undefined
  for (const file of files) {
    const shown = `The log file ${file}`
    const body = await gather(readSealed(join(logFolder(store), file), store.key, nameOf(segment), { shown, mayBeUnfinished: true }))
    if (!longest || body.length > longest.length) longest = body
  }
  return longest && { body: longest, bytes: longest.length }
}

async function gather(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

/** Removes the log of before a base backup: no backup that is kept needs it. */
export async function dropLogBefore(store: Store, { timeline, startLsn, segmentBytes }: Backup): Promise<void> {
  const first = segmentName(timeline, startLsn, segmentBytes)
  const { whole, parts } = await listLog(store)
  const files = [
    ...[...whole].map((s) => [s, `${s}.sealed`] as const),
    ...[...parts].flatMap(([s, names]) => names.map((n) => [s, n] as const)),
  ]
  for (const [segment, file] of files) if (segment < first) await rm(join(logFolder(store), file), { force: true })
}
