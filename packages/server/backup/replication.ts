import type pg from 'pg'
import { clientFor } from '../hosts.ts'
import { BackupRefused } from './errors.ts'

/*
 * PostgreSQL's streaming replication protocol (manual, "Frontend/Backend Protocol", 54.4): the server itself sends a base backup and its log as it is
 * written, over an ordinary connection. So nothing reads its files behind its back, and it is the same for the embedded server as for the hospital's own.
 */

/** The connection under a client of pg; its types leave out what is written into a copy. */
type Wire = pg.Connection & { sendCopyFromChunk(chunk: Buffer): void }
type Fields = { fields: readonly (string | null)[] }

const MOST_WAITING = 8 * 2 ** 20
const MICROSECONDS_TO_2000 = 946_684_800_000_000n

export async function connectForReplication(url: string): Promise<pg.Client> {
  // The types of pg do not name `replication`; its connection parameters pass it to the server.
  const client = clientFor({
    connectionString: url,
    application_name: 'renxin backup',
    keepAlive: true,
    replication: 'true',
  } as pg.ClientConfig & { connectionString: string })
  client.on('error', () => undefined) // whoever waits on it is told by the copy
  try {
    await client.connect()
  } catch (error) {
    const why = error instanceof AggregateError ? error.errors[0] : error
    const isRefused = /^(28|42501)/.test(String((error as { code?: unknown }).code)) // pg gives its errors their SQLSTATE
    const next = isRefused
      ? ' Name a role with REPLICATION in DATABASE_BACKUP_URL, and let it in by pg_hba.conf ("host replication …").'
      : ''
    throw new BackupRefused(`The database does not let a backup in: ${why instanceof Error ? why.message : why}.${next}`, 'unreachable')
  }
  return client
}

export type Identity = { systemId: string; timeline: number; lsn: number }

export async function identify(client: pg.Client): Promise<Identity> {
  const { rows } = await client.query('IDENTIFY_SYSTEM')
  return { systemId: String(rows[0].systemid), timeline: Number(rows[0].timeline), lsn: lsnOf(String(rows[0].xlogpos)) }
}

export async function segmentBytes(client: pg.Client): Promise<number> {
  const { rows } = await client.query('SHOW wal_segment_size')
  const [, size, unit] = /^(\d+)(MB|GB)$/.exec(String(rows[0].wal_segment_size)) ?? []
  return Number(size) * (unit === 'GB' ? 2 ** 30 : 2 ** 20)
}

/** Makes the server keep its log for us from now on, and says from where it does. */
export async function reserveLog(client: pg.Client, slot: string): Promise<number> {
  const known = await client.query(`READ_REPLICATION_SLOT ${slot}`)
  const kept = known.rows[0]?.restart_lsn
  if (kept) return lsnOf(String(kept))
  if (known.rows[0]?.slot_type) await client.query(`DROP_REPLICATION_SLOT ${slot}`) // it fell too far behind and what it kept is gone
  await client.query(`CREATE_REPLICATION_SLOT ${slot} PHYSICAL RESERVE_WAL`)
  const made = await client.query(`READ_REPLICATION_SLOT ${slot}`)
  return lsnOf(String(made.rows[0].restart_lsn))
}

export type BasePiece =
  | { is: 'start' | 'end'; lsn: number; timeline: number }
  | { is: 'tar' | 'manifest'; bytes: Buffer }
  | { is: 'tablespaces'; count: number }

/** A base backup as the server sends it: a tar with the log it needs, and a manifest with the checksum of every file. */
export async function* receiveBase(client: pg.Client): AsyncGenerator<BasePiece> {
  const options = `LABEL 'renxin', CHECKPOINT 'fast', WAL true, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256'`
  let results = 0
  let tablespaces = 0
  let isManifest = false
  for await (const message of copyOf(client, `BASE_BACKUP (${options})`).messages) {
    if (message.is === 'row') {
      if (results === 1) tablespaces += 1
      else yield { is: results === 0 ? 'start' : 'end', lsn: lsnOf(message.fields[0] ?? ''), timeline: Number(message.fields[1]) }
    } else if (message.is === 'done') {
      if (results === 1) yield { is: 'tablespaces', count: tablespaces }
      results += 1
    } else {
      const kind = String.fromCharCode(message.bytes[0] ?? 0)
      if (kind === 'm') isManifest = true
      if (kind === 'd') yield { is: isManifest ? 'manifest' : 'tar', bytes: message.bytes.subarray(1) }
    }
  }
}

export type LogPiece = { from: number; bytes: Buffer; serverEnd: number; sentAt: Date }

/** The log from a place on, for ever; `confirm` tells the server what it need not keep any longer. */
export function receiveLog(client: pg.Client, { slot, from, timeline }: { slot: string; from: number; timeline: number }) {
  const copy = copyOf(client, `START_REPLICATION SLOT ${slot} PHYSICAL ${lsnText(from)} TIMELINE ${timeline}`)
  async function* pieces(): AsyncGenerator<LogPiece> {
    for await (const message of copy.messages) {
      if (message.is !== 'data') continue
      const { bytes } = message
      const kind = String.fromCharCode(bytes[0] ?? 0)
      if (kind === 'w') {
        const [start, end, sentAt] = [number(bytes, 1), number(bytes, 9), momentOf(bytes, 17)]
        yield { from: start, bytes: bytes.subarray(25), serverEnd: end, sentAt }
      } else if (kind === 'k') {
        yield { from: number(bytes, 1), bytes: Buffer.alloc(0), serverEnd: number(bytes, 1), sentAt: momentOf(bytes, 9) }
      }
    }
  }
  const confirm = (lsn: number, at: Date) => {
    const status = Buffer.alloc(34)
    status.write('r')
    for (const place of [1, 9, 17]) status.writeBigUInt64BE(BigInt(lsn), place)
    status.writeBigInt64BE(BigInt(at.getTime()) * 1000n - MICROSECONDS_TO_2000, 25)
    copy.send(status)
  }
  return { pieces: pieces(), confirm }
}

type Message = { is: 'row'; fields: readonly (string | null)[] } | { is: 'data'; bytes: Buffer } | { is: 'done' }

/** A query whose answer is a copy: what comes is handed on as fast as it is taken, and the socket waits where it is not. */
function copyOf(client: pg.Client, text: string) {
  const waiting: Message[] = []
  let waitingBytes = 0
  let wire: Wire | undefined
  let failure: Error | undefined
  let isOver = false
  let wake = () => {}
  const push = (message: Message) => {
    waiting.push(message)
    if (message.is === 'data') waitingBytes += message.bytes.length
    if (waitingBytes > MOST_WAITING) wire?.stream.pause()
    wake()
  }
  const end = (error?: Error) => {
    failure ??= error
    isOver = true
    wake()
  }
  client.once('end', () => end(isOver ? undefined : new Error('the connection to the database ended')))
  client.query({
    submit: (connection: pg.Connection) => {
      wire = connection as Wire
      connection.query(text)
    },
    handleRowDescription: () => {},
    handleDataRow: ({ fields }: Fields) => push({ is: 'row', fields: fields.map((f) => f?.toString() ?? null) }),
    handleCopyData: ({ chunk }: { chunk: Buffer }) => push({ is: 'data', bytes: Buffer.from(chunk) }), // the parser uses its buffer again
    handleCommandComplete: () => push({ is: 'done' }),
    handleReadyForQuery: () => end(),
    handleError: (error: Error) => end(error),
  } as pg.Submittable) // pg calls these on whatever was submitted; its types name `submit` alone
  async function* messages(): AsyncGenerator<Message> {
    for (;;) {
      for (let message = waiting.shift(); message; message = waiting.shift()) {
        if (message.is === 'data') waitingBytes -= message.bytes.length
        if (waitingBytes < MOST_WAITING / 2 && wire?.stream.isPaused()) wire.stream.resume()
        yield message
      }
      if (failure) throw failure
      if (isOver) return
      await new Promise<void>((done) => {
        wake = done
      })
    }
  }
  return { messages: messages(), send: (bytes: Buffer) => wire?.sendCopyFromChunk(bytes) }
}

/** A place in the log: `16/B374D848` as a number of bytes. */
export function lsnOf(text: string): number {
  const [high = '', low = ''] = text.split('/')
  return Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(low, 16)
}
export const lsnText = (lsn: number): string => `${Math.floor(lsn / 2 ** 32).toString(16)}/${(lsn % 2 ** 32).toString(16)}`.toUpperCase()

const number = (bytes: Buffer, at: number) => Number(bytes.readBigUInt64BE(at))
const momentOf = (bytes: Buffer, at: number) => new Date(Number((bytes.readBigInt64BE(at) + MICROSECONDS_TO_2000) / 1000n))

/** The name of the file in which PostgreSQL keeps this part of the log. */
export function segmentName(timeline: number, lsn: number, bytes: number): string {
  const hex = (n: number) => n.toString(16).toUpperCase().padStart(8, '0')
  const number = Math.floor(lsn / bytes)
  const each = 2 ** 32 / bytes
  return hex(timeline) + hex(Math.floor(number / each)) + hex(number % each)
}

/** Where that file begins, and of which timeline it is. */
export function segmentPlace(name: string, bytes: number): { timeline: number; lsn: number } {
  const [timeline, high, low] = [0, 8, 16].map((at) => Number.parseInt(name.slice(at, at + 8), 16))
  return { timeline: timeline ?? 0, lsn: ((high ?? 0) * (2 ** 32 / bytes) + (low ?? 0)) * bytes }
}
