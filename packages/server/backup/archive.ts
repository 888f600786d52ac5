import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { Log } from '../context.ts'
import { clientFor } from '../hosts.ts'
import { listLog, logWriter } from './log-files.ts'
import { SLOT } from './make.ts'
import { connectForReplication, identify, lsnOf, receiveLog, reserveLog, segmentBytes } from './replication.ts'
import { listBackups, makeFolders, type Store, writeReached } from './store.ts'

/** The longest that what was committed may wait until it is in the archive. */
const FLUSH_MS = 1000
const FLUSH_BYTES = 2 ** 20
/** How often it is written down until when the log is complete. */
const REACHED_MS = 2000
/** A commit bears a time a moment before it is on the disk: so much is taken off. */
const MARGIN_MS = 2000

type Options = { store: Store; url: string; log: Log; retryMs?: number }
export type Archiver = { stop(): Promise<void> }

/** Takes the database's log into the store as it is written, from the first base backup on, and begins again after whatever breaks. */
export function startArchiver({ store, url, log, retryMs = 5000 }: Options): Archiver {
  const stopping = new AbortController()
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        await archive(store, url, stopping.signal)
      } catch (error) {
        if (!stopping.signal.aborted && !isHeldByAnother(error)) log.warn({ err: error }, 'the log archive was interrupted')
      }
      await pause(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/** Another process of the same installation does it. */
const isHeldByAnother = (error: unknown) => error instanceof Error && (error as { code?: string }).code === '55006'

async function archive(store: Store, url: string, signal: AbortSignal): Promise<void> {
  const replication = await connectForReplication(url)
  const asking = clientFor({ connectionString: url, application_name: 'renxin backup' })
  asking.on('error', () => undefined)
  const leave = () => void replication.end().catch(() => undefined)
  try {
    const { timeline, systemId } = await identify(replication)
    const { good } = await listBackups(store)
    if (!good.some((b) => b.timeline === timeline && b.systemId === systemId)) return // without a base the log brings nothing back
    await makeFolders(store)
    const bytes = await segmentBytes(replication)
    const from = Math.floor((await reserveLog(replication, SLOT)) / bytes) * bytes
    await asking.connect()
    signal.addEventListener('abort', leave)
    if (signal.aborted) return
    const writer = logWriter(store, timeline, bytes, await listLog(store))
    await follow({ store, timeline, from, bytes, writer, asking, copy: receiveLog(replication, { slot: SLOT, from, timeline }) })
  } finally {
    signal.removeEventListener('abort', leave)
    await Promise.all([replication.end().catch(() => undefined), asking.end().catch(() => undefined)])
  }
}

type Following = {
  store: Store
  timeline: number
  from: number
  bytes: number
  writer: ReturnType<typeof logWriter>
  asking: pg.Client
  copy: ReturnType<typeof receiveLog>
}

async function follow({ store, timeline, from, bytes, writer, asking, copy }: Following): Promise<void> {
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let written = from // up to here it was handed to the file
  let confirmed = from
  let goal: { lsn: number; at: Date } | undefined

  const put = async () => {
    if (waitingBytes === 0) return
    const all = Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
    for (let at = 0; at < all.length; ) {
      const room = bytes - (written % bytes)
      const part = all.subarray(at, at + room)
      await writer.append(written, part)
      written += part.length
      at += part.length
    }
  }
  const flush = async () => {
    await put()
    if (confirmed < written) await writer.flush()
    confirmed = written
    copy.confirm(confirmed, new Date())
    if (goal && confirmed >= goal.lsn) {
      await writeReached(store, { timeline, lsn: goal.lsn, at: new Date(goal.at.getTime() - MARGIN_MS).toISOString() })
      goal = undefined
    }
  }
  let failure: unknown
  let turn = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => {
    turn = turn.then(work).catch((error: unknown) => {
      failure ??= error
    })
    return turn
  }
  const flushing = setInterval(() => void inTurn(flush), FLUSH_MS)
  const ask = async () => {
    goal ??= await placeNow(asking)
  }
  const asked = setInterval(() => void inTurn(ask), REACHED_MS)
  try {
    for await (const piece of copy.pieces) {
      if (failure) throw failure
      if (piece.bytes.length === 0) continue
      waiting.push(piece.bytes)
      waitingBytes += piece.bytes.length
      if (waitingBytes >= FLUSH_BYTES) await inTurn(put)
    }
  } finally {
    clearInterval(flushing)
    clearInterval(asked)
    await inTurn(async () => {
      await put()
      await writer.flush()
    })
    await writer.close()
  }
}

async function placeNow(asking: pg.Client): Promise<{ lsn: number; at: Date }> {
  const { rows } = await asking.query('select clock_timestamp() as at, pg_current_wal_flush_lsn()::text as lsn')
  return { at: rows[0].at, lsn: lsnOf(rows[0].lsn) }
}
